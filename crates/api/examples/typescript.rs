//! Prints the generated TypeScript contract.

fn main() {
    print!("{}", ringside_api::typescript::render());
}
