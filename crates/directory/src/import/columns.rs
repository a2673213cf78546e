//! What the columns of a file hold, by their headings and by their cells.

use ringside_domain::{Label, NumberPlan};

use super::ImportError;
use super::cells::{Look, bare, is_nothing, look, within_marks, without_fraction};
use super::headings::{Meaning, meaning};
use super::layout::Layout;
use crate::fold::fold;

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Column {
    Name,
    FirstName,
    LastName,
    Company,
    /// A telephone number; the heading is its kind.
    Number,
    /// What stands before the number of another column: `0221`.
    AreaCode,
    /// The same for a country: `+49`.
    CountryCode,
    /// What ends the number of another column: `66` behind `0221 669669-0`.
    Extension,
    Vip,
    Note,
}

impl Column {
    /// Stable, snake_case.
    pub fn code(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::FirstName => "first_name",
            Self::LastName => "last_name",
            Self::Company => "company",
            Self::Number => "number",
            Self::AreaCode => "area_code",
            Self::CountryCode => "country_code",
            Self::Extension => "extension",
            Self::Vip => "vip",
            Self::Note => "note",
        }
    }
}

/// So many filled cells of a column tell what it holds.
const LOOKED_AT: u32 = 200;

/// How the filled cells of a column look.
#[derive(Clone, Copy, Default)]
struct Cells {
    numbers: u32,
    /// Those of them with a plus, which nothing but a telephone number has.
    international: u32,
    digits: u32,
    others: u32,
    texts: u32,
    /// Those of them with so few digits as an extension has.
    short: u32,
    /// Those of them without a digit.
    words: u32,
    /// Filled cells between single quotation marks.
    marked: u32,
}

impl Cells {
    fn filled(self) -> u32 {
        self.numbers + self.digits + self.others + self.texts
    }

    fn add(&mut self, text: &str, plan: &NumberPlan) {
        let inner = within_marks(text);
        let text = inner.unwrap_or(text);
        let look = look(text, plan);
        self.marked += u32::from(inner.is_some() && look != Look::Nothing);
        match look {
            Look::Nothing => {}
            Look::Number => {
                self.numbers += 1;
                self.international += u32::from(bare(text).starts_with(['+', '(']) && text.contains('+'));
            }
            Look::Digits => self.digits += 1,
            Look::Other => self.others += 1,
            Look::Text => {
                self.texts += 1;
                let digits = text.chars().filter(char::is_ascii_digit).count();
                self.short += u32::from((1..=5).contains(&digits));
                self.words += u32::from(digits == 0);
            }
        }
    }

    fn all(self, count: u32) -> bool {
        count > 0 && count == self.filled()
    }

    fn most(self, count: u32) -> bool {
        count > 0 && count * 5 >= self.filled() * 3
    }
}

pub(super) struct Columns {
    columns: Vec<Option<Column>>,
    kinds: Vec<Label>,
    /// For each column of numbers, the columns of its country code and its area code.
    before: Vec<[Option<usize>; 2]>,
    /// The same for the column of its end.
    behind: Vec<Option<usize>>,
    /// Whether every cell is between single quotation marks.
    marked: Vec<bool>,
}

/// A filled cell of a column of numbers.
pub(super) struct NumberCell<'a> {
    pub text: &'a str,
    pub kind: &'a Label,
    pub country: &'a str,
    pub area: &'a str,
    /// What ends it, with its heading.
    pub end: Option<(&'a str, &'a Label)>,
}

impl Columns {
    /// Needs a column of numbers, and one of names or companies.
    pub fn of(layout: &Layout<'_>, plan: &NumberPlan) -> Result<Self, ImportError> {
        let cells = cells_of(layout, plan);
        let width = layout.headings.len().max(cells.len());
        let heading = |at: usize| layout.headings.get(at).map_or("", String::as_str);
        let mut meanings: Vec<Meaning> = (0..width).map(|at| meaning(heading(at))).collect();
        let cells: Vec<Cells> = (0..width).map(|at| cells.get(at).copied().unwrap_or_default()).collect();
        let said = meanings.clone();
        let swapped = swap(&mut meanings, &cells);
        judge_numbers(&mut meanings, &cells);
        judge_names(&mut meanings, &cells);
        let mut columns: Vec<Option<Column>> = meanings.iter().map(|meaning| column_of(*meaning)).collect();
        let has = |wanted: &[Column]| columns.iter().flatten().any(|column| wanted.contains(column));
        let has_number = has(&[Column::Number]);
        let has_name = has(&[Column::Name, Column::FirstName, Column::LastName, Column::Company]);
        if !(has_number && has_name) && (said_both(&said) || layout.is_unparted(plan)) {
            return Err(ImportError::ColumnsUnclear);
        }
        if !has_number {
            return Err(ImportError::NoNumberColumn);
        }
        if !has_name {
            return Err(ImportError::NoNameColumn);
        }
        let before = codes_before(&columns);
        let label = |at: usize| Label::new(within_marks(heading(at)).unwrap_or(heading(at)));
        let mut kinds: Vec<Label> = (0..width).map(label).collect();
        if let Some((number, name)) = swapped {
            kinds.swap(number, name);
        }
        let behind = ends_behind(&mut columns, &kinds, layout);
        let marked = cells.iter().map(|cells| cells.all(cells.marked)).collect();
        Ok(Self { columns, kinds, before, behind, marked })
    }

    /// Each column with its heading; a column without a heading is called by its place, `#3`.
    pub fn recognised(&self) -> Vec<(Label, Option<Column>)> {
        let named = |at: usize| match &self.kinds[at] {
            kind if kind.is_empty() => Label::new(&format!("#{}", at + 1)),
            kind => kind.clone(),
        };
        self.columns.iter().enumerate().map(|(at, column)| (named(at), *column)).collect()
    }

    fn field<'a>(&self, fields: &'a [String], at: usize) -> &'a str {
        let text = fields.get(at).map_or("", |text| text.trim());
        if self.marked.get(at) == Some(&true) { within_marks(text).unwrap_or(text) } else { text }
    }

    /// The first field of this kind that holds something.
    pub fn text<'a>(&self, fields: &'a [String], wanted: Column) -> &'a str {
        let at = (0..fields.len()).filter(|at| self.columns.get(*at) == Some(&Some(wanted)));
        at.map(|at| self.field(fields, at)).find(|text| !is_nothing(text)).unwrap_or_default()
    }

    /// The fields that hold numbers, with their kinds.
    pub fn numbers<'a>(&'a self, fields: &'a [String]) -> impl Iterator<Item = NumberCell<'a>> {
        let field = |at: Option<usize>| at.map_or("", |at| self.field(fields, at));
        (0..fields.len()).filter(|at| self.columns.get(*at) == Some(&Some(Column::Number))).filter_map(move |at| {
            let text = self.field(fields, at);
            let end = self.behind[at].map(|end| (field(Some(end)), &self.kinds[end]));
            let end = end.filter(|(text, _)| !is_nothing(text));
            let [country, area] = self.before[at].map(field);
            match (is_nothing(text), end) {
                (false, end) => Some(NumberCell { text, kind: &self.kinds[at], country, area, end }),
                // Without a number before it an end is read alone.
                (true, Some((text, kind))) => Some(NumberCell { text, kind, country: "", area: "", end: None }),
                (true, None) => None,
            }
        })
    }

    /// The fields behind the last heading.
    pub fn beyond<'a>(&self, fields: &'a [String]) -> &'a [String] {
        fields.get(self.columns.len()..).unwrap_or_default()
    }
}

fn cells_of(layout: &Layout<'_>, plan: &NumberPlan) -> Vec<Cells> {
    // Rows may be longer than the line of headings; what has no heading is no column, unless no column has one.
    let width = if layout.headings.is_empty() { usize::MAX } else { layout.headings.len() };
    let mut cells: Vec<Cells> = Vec::new();
    for fields in layout.rows().filter_map(|(_, record)| record.ok()) {
        for (at, text) in fields.iter().enumerate().take(width) {
            if cells.len() <= at {
                cells.resize(at + 1, Cells::default());
            }
            if cells[at].filled() < LOOKED_AT {
                cells[at].add(text, plan);
            }
        }
    }
    cells
}

/// The headings of a number and of a name that stand above each other's cells, which are swapped.
fn swap(meanings: &mut [Meaning], cells: &[Cells]) -> Option<(usize, usize)> {
    use Meaning::{Company, FirstName, LastName, Name, Number};
    let mut numbers = (0..meanings.len()).filter(|at| meanings[*at] == Number);
    let mut names = (0..meanings.len()).filter(|at| matches!(meanings[*at], Name | FirstName | LastName | Company));
    let (Some(number), Some(name), None, None) = (numbers.next(), names.next(), numbers.next(), names.next()) else {
        return None;
    };
    let are_swapped = cells[number].all(cells[number].words) && cells[name].all(cells[name].numbers);
    are_swapped.then(|| {
        meanings.swap(number, name);
        (number, name)
    })
}

/// Whether one heading says that it is a number's and another one that it is a name's.
fn said_both(said: &[Meaning]) -> bool {
    use Meaning::{Company, FirstName, LastName, Name, Number};
    said.contains(&Number) && said.iter().any(|it| matches!(it, Name | FirstName | LastName | Company))
}

/// Settles which columns hold numbers.
fn judge_numbers(meanings: &mut [Meaning], cells: &[Cells]) {
    for (meaning, cells) in meanings.iter_mut().zip(cells) {
        match meaning {
            Meaning::Number if cells.most(cells.others) => *meaning = Meaning::Other,
            Meaning::PerhapsTelephone if cells.most(cells.numbers) => *meaning = Meaning::Number,
            _ => {}
        }
    }
    let is_whole = |(meaning, cells): (&Meaning, &Cells)| match meaning {
        Meaning::Number => cells.numbers + cells.digits > 0,
        Meaning::Extension => !cells.most(cells.short) && cells.numbers + cells.digits > 0,
        _ => false,
    };
    let named = meanings.iter().zip(cells).any(is_whole);
    // The end of a number is none.
    let beside = meanings.contains(&Meaning::Number);
    for (meaning, cells) in meanings.iter_mut().zip(cells).filter(|(meaning, _)| **meaning == Meaning::Extension) {
        *meaning = if beside && cells.most(cells.short) { Meaning::EndOfNumber } else { Meaning::Number };
    }
    for (meaning, cells) in meanings.iter_mut().zip(cells) {
        // Order numbers begin with a zero too: beside a telephone column another heading needs better evidence.
        let telephones = if named { cells.international } else { cells.numbers };
        match meaning {
            Meaning::Nameless if cells.most(cells.numbers) => *meaning = Meaning::Number,
            Meaning::PerhapsNumber | Meaning::Unknown if cells.most(telephones) => *meaning = Meaning::Number,
            // "Kontakt" and "Kunde" are sometimes whom to call and sometimes where.
            Meaning::Name if cells.numbers == cells.filled() && cells.numbers > 0 => *meaning = Meaning::Number,
            Meaning::PerhapsCompany if telephones == cells.filled() && telephones > 0 => *meaning = Meaning::Number,
            _ => {}
        }
    }
    let has_number = meanings.contains(&Meaning::Number);
    for (meaning, cells) in meanings.iter_mut().zip(cells).filter(|(meaning, _)| **meaning == Meaning::SaidOfTelephone)
    {
        let is_number = !has_number && cells.most(cells.numbers);
        *meaning = if is_number { Meaning::Number } else { Meaning::Other };
    }
    // Digits alone could be anything: they are numbers where a heading says so and nothing else could be meant.
    for wanted in [&[Meaning::PerhapsTelephone, Meaning::PerhapsNumber][..], &[Meaning::Nameless, Meaning::Unknown]] {
        let by_heading = wanted.contains(&Meaning::PerhapsNumber);
        if meanings.contains(&Meaning::Number) {
            return;
        }
        for (meaning, cells) in meanings.iter_mut().zip(cells) {
            let fits = cells.most(cells.numbers + cells.digits) || (by_heading && cells.filled() == 0);
            if wanted.contains(meaning) && fits {
                *meaning = Meaning::Number;
                if !by_heading {
                    return;
                }
            }
        }
    }
}

/// Settles which columns hold the name and the company.
fn judge_names(meanings: &mut [Meaning], cells: &[Cells]) {
    let has = |meanings: &[Meaning], wanted: &[Meaning]| meanings.iter().any(|meaning| wanted.contains(meaning));
    let company = if has(meanings, &[Meaning::Company]) { Meaning::Other } else { Meaning::Company };
    let perhaps = meanings.iter_mut().zip(cells).filter(|(meaning, _)| **meaning == Meaning::PerhapsCompany);
    for (meaning, cells) in perhaps {
        *meaning = if cells.filled() == 0 || cells.most(cells.texts) { company } else { Meaning::Other };
    }
    if has(meanings, &[Meaning::Name, Meaning::FirstName, Meaning::LastName, Meaning::Company]) {
        return;
    }
    let mut unknown =
        meanings.iter_mut().zip(cells).filter(|(meaning, _)| matches!(meaning, Meaning::Nameless | Meaning::Unknown));
    if let Some((meaning, _)) = unknown.find(|(_, cells)| cells.most(cells.texts)) {
        *meaning = Meaning::Name;
    }
}

fn column_of(meaning: Meaning) -> Option<Column> {
    match meaning {
        Meaning::Name => Some(Column::Name),
        Meaning::FirstName => Some(Column::FirstName),
        Meaning::LastName => Some(Column::LastName),
        Meaning::Company => Some(Column::Company),
        Meaning::Note => Some(Column::Note),
        Meaning::Vip => Some(Column::Vip),
        Meaning::Number => Some(Column::Number),
        Meaning::AreaCode => Some(Column::AreaCode),
        Meaning::CountryCode => Some(Column::CountryCode),
        Meaning::EndOfNumber => Some(Column::Extension),
        Meaning::PerhapsCompany
        | Meaning::PerhapsTelephone
        | Meaning::PerhapsNumber
        | Meaning::Extension
        | Meaning::SaidOfTelephone
        | Meaning::Other
        | Meaning::Nameless
        | Meaning::Unknown => None,
    }
}

/// The codes to the left of each column of numbers, back to the number before it. A code to the right of the last
/// number is its own.
fn codes_before(columns: &[Option<Column>]) -> Vec<[Option<usize>; 2]> {
    let mut before = vec![[None; 2]; columns.len()];
    let mut codes = [None; 2];
    let mut last = None;
    for (at, column) in columns.iter().enumerate() {
        match column {
            Some(Column::CountryCode) => codes[0] = Some(at),
            Some(Column::AreaCode) => codes[1] = Some(at),
            Some(Column::Number) => {
                before[at] = codes;
                last = Some(at);
            }
            _ => {}
        }
    }
    let numbers = columns.iter().filter(|column| **column == Some(Column::Number)).count();
    if let Some(last) = last.filter(|last| numbers == 1 && before[*last] == [None; 2]) {
        before[last] = codes;
    }
    before
}

/// For each column of numbers, the column of its end: that of the nearest telephone before it, else behind it. A column
/// of ends that no number needs becomes none.
fn ends_behind(columns: &mut [Option<Column>], kinds: &[Label], layout: &Layout<'_>) -> Vec<Option<usize>> {
    let mut behind = vec![None; columns.len()];
    for at in (0..columns.len()).filter(|at| columns[*at] == Some(Column::Extension)).collect::<Vec<_>>() {
        let is_free = |of: &usize| columns[*of] == Some(Column::Number) && behind[*of].is_none();
        let is_telephone = |of: &usize| !is_mobile(&kinds[*of]) && !is_fax(&kinds[*of]);
        let near = || (0..at).rev().chain(at + 1..columns.len()).filter(is_free);
        let fax = || near().find(|of| is_fax(&kinds[*of]));
        let of = if is_fax(&kinds[at]) { fax() } else { near().find(is_telephone).or_else(fax) };
        match of {
            Some(of) if !are_whole(layout, of, at) => behind[of] = Some(at),
            _ => columns[at] = None,
        }
    }
    behind
}

/// Whether most of the numbers have the end that stands beside them.
fn are_whole(layout: &Layout<'_>, number: usize, end: usize) -> bool {
    let digits = |fields: &[String], at: usize| {
        let text = fields.get(at).map_or("", |text| without_fraction(bare(text)));
        text.chars().filter(char::is_ascii_digit).collect::<String>()
    };
    let (mut whole, mut all) = (0_u32, 0_u32);
    for fields in layout.rows().filter_map(|(_, record)| record.ok()) {
        let (number, end) = (digits(&fields, number), digits(&fields, end));
        // `0` is that of a switchboard.
        if !number.is_empty() && end.len() > 1 {
            all += 1;
            whole += u32::from(number.ends_with(&end));
        }
        if all == LOOKED_AT {
            break;
        }
    }
    all > 0 && whole * 5 >= all * 3
}

fn is_fax(heading: &Label) -> bool {
    fold(heading.as_str()).contains("fax")
}

/// The area and the end of a telephone are not its mobile's.
pub(super) fn is_mobile(heading: &Label) -> bool {
    const WORDS: [&str; 12] = [
        "mobil",
        "mobitel",
        "handy",
        "cell",
        "natel",
        "gsm",
        "movil",
        "celular",
        "portable",
        "komork",
        "נייד",
        "סלולר",
    ];
    let folded = fold(heading.as_str());
    WORDS.iter().any(|word| folded.contains(word))
}
