//! How long a search takes among 100,000 contacts: `cargo run --release -p ringside-directory --example search`.

#![expect(clippy::disallowed_methods, reason = "it measures real time, on the command line")]

use std::time::Instant;

use ringside_directory::{Index, SourceId};
use ringside_domain::{Contact, ContactNumber, PhoneNumber};

const CONTACTS: u64 = 100_000;
const SYLLABLES: [&str; 24] = [
    "mir", "jam", "len", "zer", "schmi", "dt", "mei", "er", "ha", "gen", "bau", "mann", "kow", "ski", "ar", "no",
    "ste", "fan", "ka", "tha", "rin", "ul", "rich", "ow",
];

fn name(seed: u64) -> String {
    let syllables = (0..3).map(|at| SYLLABLES[(seed / 24_u64.pow(at) % 24) as usize]);
    syllables.collect()
}

fn main() {
    let contacts = (0..CONTACTS).map(|n| {
        let (first, last) = (n.wrapping_mul(2_654_435_761) % 13_824, n.wrapping_mul(40_503) % 13_824);
        let number = PhoneNumber::from_e164(&format!("+4930{}", 10_000_000 + n * 7)).ok();
        Contact {
            name: format!("{} {}", name(first), name(last)).as_str().into(),
            company: format!("{} GmbH", name(n % 5_000)).as_str().into(),
            numbers: number.map(|number| ContactNumber { number, kind: None }).into_iter().collect(),
            ..Contact::default()
        }
    });
    let contacts: Vec<Contact> = contacts.collect();
    let begun = Instant::now();
    let mut index = Index::new();
    index.replace_source(&SourceId::new("csv:many"), contacts);
    println!("{CONTACTS} contacts are packed in {:.0?}", begun.elapsed());
    for text in
        ["miriam lens", "mirjam", "schmidtmann", "stefan haagen", "gmbg stefan", "gmbh", "030 1234", "zzzzzz", ""]
    {
        let mut times: Vec<_> = (0..21)
            .map(|_| {
                let begun = Instant::now();
                let found = index.people(text, 20);
                (begun.elapsed(), found.total)
            })
            .collect();
        times.sort_unstable();
        let (median, total) = times[times.len() / 2];
        println!("{text:15} {total:>7} found, {median:>9.1?} (slowest {:.1?})", times[times.len() - 1].0);
    }
}
