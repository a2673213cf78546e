//! Who sits in the office, and where.

use crate::options::Sites;

/// How many extensions have names of their own; further ones are generated.
pub const NAMED_EXTENSIONS: usize = NAMED.len();

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

/// Support in Haifa 201–206, the service line in Berlin 301–304, the showroom in Hamburg 401–403.
const ELSEWHERE: [(&str, &str); 13] = [
    ("201", "Eitan Sharon"),
    ("202", "Dana Katz"),
    ("203", "Omer Gal"),
    ("204", "Shira Alon"),
    ("205", "Nir Tamir"),
    ("206", "Michal Stern"),
    ("301", "Jana Kessler"),
    ("302", "Malte Richter"),
    ("303", "Aylin Koç"),
    ("304", "Philipp Sander"),
    ("401", "Frauke Jansen"),
    ("402", "Ole Thomsen"),
    ("403", "Showroom Hamburg"),
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

/// Where people sit, and with it which service their telephones are at, where several are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Site {
    Main,
    Haifa,
    Berlin,
    Hamburg,
}

impl Site {
    const ALL: [Self; 4] = [Self::Main, Self::Haifa, Self::Berlin, Self::Hamburg];

    pub(crate) fn of(extension: &str) -> Self {
        match extension.parse() {
            Ok(200..300) => Self::Haifa,
            Ok(300..400) => Self::Berlin,
            Ok(400..500) => Self::Hamburg,
            Ok(0_u32..) | Err(_) => Self::Main,
        }
    }

    /// The numbers that customers dial, in E.164 digits.
    pub(crate) fn hotlines(self) -> Vec<String> {
        Group::ALL.into_iter().filter(|group| group.site() == self).map(Group::hotline).collect()
    }

    /// What stands before an extension in its public number, in E.164 digits. The German ones lie in the ranges that the
    /// regulator keeps free for fiction.
    fn trunk(self) -> &'static str {
        match self {
            Self::Main => "492214710",
            Self::Haifa => "97245550",
            Self::Berlin => "493023125",
            Self::Hamburg => "494066969",
        }
    }
}

/// The direct line of an extension, as it is shown to the world: E.164 digits.
pub(crate) fn public_number(extension: &str) -> String {
    format!("{}{extension}", Site::of(extension).trunk())
}

/// The extension that a number of the office's own is the direct line of.
pub(crate) fn extension_of(number: &str) -> Option<&str> {
    Site::ALL.into_iter().find_map(|site| number.strip_prefix(site.trunk()))
}

/// A ring group, by the part of the numbering plan it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Group {
    Support,
    Sales,
    Branch,
    Haifa,
    Berlin,
    Hamburg,
}

impl Group {
    pub(crate) const ALL: [Self; 6] =
        [Self::Support, Self::Sales, Self::Branch, Self::Haifa, Self::Berlin, Self::Hamburg];

    /// Whether an extension belongs to the group. Generated extensions are dealt out in turn.
    pub(crate) fn has(self, extension: &str) -> bool {
        let Ok(number) = extension.parse::<u32>() else { return false };
        let group = match (Site::of(extension), number) {
            (Site::Haifa, _) => Self::Haifa,
            (Site::Berlin, _) => Self::Berlin,
            (Site::Hamburg, _) => Self::Hamburg,
            (Site::Main, 0..41) => Self::Support,
            (Site::Main, 41..61) => Self::Sales,
            (Site::Main, 61..1000) => Self::Branch,
            (Site::Main, _) => [Self::Support, Self::Sales, Self::Branch][number as usize % 3],
        };
        group == self
    }

    fn site(self) -> Site {
        match self {
            Self::Support | Self::Sales | Self::Branch => Site::Main,
            Self::Haifa => Site::Haifa,
            Self::Berlin => Site::Berlin,
            Self::Hamburg => Site::Hamburg,
        }
    }

    /// The number that customers dial, in E.164 digits.
    pub(crate) fn hotline(self) -> String {
        public_number(match self {
            Self::Support => "900",
            Self::Sales => "901",
            Self::Branch => "902",
            Self::Haifa => "200",
            Self::Berlin => "300",
            Self::Hamburg => "400",
        })
    }
}

/// Numbers and names of `count` extensions of the main office, the generated ones with four or five digits, from 1000 on;
/// then those of the other sites, if there are any.
pub(super) fn extensions(count: usize, sites: Sites) -> Vec<(String, String)> {
    let owned = |&(number, name): &(&str, &str)| (number.to_owned(), name.to_owned());
    let main = NAMED.iter().map(owned).chain((0..).map(generated)).take(count);
    let elsewhere = ELSEWHERE.iter().map(owned).filter(|_| sites == Sites::Several);
    main.chain(elsewhere).collect()
}

fn generated(index: usize) -> (String, String) {
    let round = index / (FIRST.len() * LAST.len());
    let first = FIRST[index % FIRST.len()];
    let last = LAST[index % LAST.len()];
    // The two lists have coprime lengths, so that a pair comes again only after all others.
    let name = if round == 0 { format!("{first} {last}") } else { format!("{first} {last} {}", round + 1) };
    ((1000 + index).to_string(), name)
}
