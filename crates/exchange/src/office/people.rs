//! Who sits in the office.

/// How many extensions have names of their own; further ones are generated.
pub const NAMED_EXTENSIONS: usize = NAMED.len();

/// The office's main number in E.164 digits. It lies in the range that the German regulator keeps free for fiction.
pub(crate) const MAIN_NUMBER: &str = "492214710";

/// The extension whose desk the demo shows.
pub(crate) const DESK: &str = "31";

/// Support 22–35, Sales 41–52, Branch 61–80.
const NAMED: [(&str, &str); 46] = [
    ("22", "Amira Haddad"),
    ("23", "Beat Zürcher"),
    ("24", "Clara Nussbaum"),
    ("25", "David Meier"),
    ("26", "Elif Yıldız"),
    ("27", "Fabio Conti"),
    ("28", "Greta Lindqvist"),
    ("29", "Hannes Ott"),
    ("30", "Ines Kovač"),
    ("31", "Anna Berger"),
    ("32", "Jonas Wyss"),
    ("33", "Katrin Sommer"),
    ("34", "Leïla Benali"),
    ("35", "Support desk"),
    ("41", "Luca Bianchi"),
    ("42", "Maja Novak"),
    ("43", "Noa Levi"),
    ("44", "Oskar Brandt"),
    ("45", "Paula Graf"),
    ("46", "Quentin Roche"),
    ("47", "Rina Shapira"),
    ("48", "Sven Holm"),
    ("49", "Tove Dahl"),
    ("50", "Ugo Ferri"),
    ("51", "Valentin Roth"),
    ("52", "Yael Mizrahi"),
    ("61", "Tamara Weiss"),
    ("62", "Urs Frei"),
    ("63", "Vera Lang"),
    ("64", "Wim de Boer"),
    ("65", "Xenia Popp"),
    ("66", "Yann Keller"),
    ("67", "Zoe Hartmann"),
    ("68", "Adam Krüger"),
    ("69", "Bettina Egli"),
    ("70", "Cédric Favre"),
    ("71", "Daria Wójcik"),
    ("72", "Emil Sørensen"),
    ("73", "Franziska Huber"),
    ("74", "Gideon Peretz"),
    ("75", "Hüseyin Demir"),
    ("76", "Isabelle Dubois"),
    ("77", "Jürg Steiner"),
    ("78", "Karin Öztürk"),
    ("79", "Warehouse Bern"),
    ("80", "Reception Bern"),
];

const FIRST: [&str; 24] = [
    "Anja", "Bruno", "Carla", "Dominik", "Eva", "Felix", "Gabriela", "Henrik", "Irena", "Jakob", "Kemal", "Lena",
    "Marco", "Nadine", "Omar", "Petra", "Ralf", "Selin", "Thomas", "Ulla", "Viktor", "Wanda", "Yusuf", "Zita",
];

const LAST: [&str; 25] = [
    "Ackermann",
    "Baumann",
    "Cohen",
    "Dietrich",
    "Engel",
    "Fischer",
    "Gerber",
    "Hofer",
    "Imhof",
    "Jung",
    "Kaya",
    "Lehmann",
    "Moser",
    "Neumann",
    "Oberholzer",
    "Pfister",
    "Rossi",
    "Schäfer",
    "Tanner",
    "Ullrich",
    "Vogt",
    "Wagner",
    "Yılmaz",
    "Zimmermann",
    "Ábrahám",
];

/// A ring group, by the part of the numbering plan it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Group {
    Support,
    Sales,
    Branch,
}

impl Group {
    pub(crate) const ALL: [Self; 3] = [Self::Support, Self::Sales, Self::Branch];

    /// Whether an extension belongs to the group. Generated extensions are dealt out in turn.
    pub(crate) fn has(self, extension: &str) -> bool {
        let Ok(number) = extension.parse::<u32>() else { return false };
        let group = match number {
            0..41 => Self::Support,
            41..61 => Self::Sales,
            61..1000 => Self::Branch,
            _ => Self::ALL[number as usize % Self::ALL.len()],
        };
        group == self
    }

    /// The number that customers dial.
    pub(crate) fn hotline(self) -> String {
        let suffix = match self {
            Self::Support => "900",
            Self::Sales => "901",
            Self::Branch => "902",
        };
        format!("{MAIN_NUMBER}{suffix}")
    }
}

/// Numbers and names of `count` extensions; the generated ones have four or five digits, from 1000 on.
pub(super) fn extensions(count: usize) -> Vec<(String, String)> {
    let named = NAMED.iter().map(|&(number, name)| (number.to_owned(), name.to_owned()));
    named.chain((0..).map(generated)).take(count).collect()
}

fn generated(index: usize) -> (String, String) {
    let round = index / (FIRST.len() * LAST.len());
    let first = FIRST[index % FIRST.len()];
    let last = LAST[index % LAST.len()];
    // The two lists have coprime lengths, so that a pair comes again only after all others.
    let name = if round == 0 { format!("{first} {last}") } else { format!("{first} {last} {}", round + 1) };
    ((1000 + index).to_string(), name)
}
