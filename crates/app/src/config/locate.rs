//! Where in a file's text a key or a value stands.

use std::ops::Range;

use toml_edit::{Array, Document, Item, TableLike, Value};

/// A step towards a value: a key of a table, or a place in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Key(String),
    Index(usize),
}

/// The keys of a path, as a person names them: `accounts.region`.
pub(super) fn dotted(path: &[Step]) -> String {
    let keys = path.iter().filter_map(|step| match step {
        Step::Key(key) => Some(key.as_str()),
        Step::Index(_) => None,
    });
    keys.collect::<Vec<_>>().join(".")
}

/// Line and column of a byte, both from 1; a column counts characters.
pub(super) fn place(text: &str, offset: usize) -> (usize, usize) {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    let before = text.get(..offset).unwrap_or_default();
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (before.matches('\n').count() + 1, column)
}

/// The byte where the path's value stands, or, where the text has not got all of it, what is nearest above.
pub(super) fn find(text: &str, path: &[Step]) -> usize {
    let Ok(document) = Document::parse(text) else { return 0 };
    let mut at = 0;
    let mut node = Node::Table(document.as_table());
    for step in path {
        let Some((span, next)) = node.step(step) else { break };
        if let Some(span) = span {
            at = span.start;
        }
        node = next;
    }
    at
}

/// The dotted key of the innermost value that the byte belongs to.
pub(super) fn key_at(text: &str, offset: usize) -> Option<String> {
    let document = Document::parse(text).ok()?;
    let mut path = Vec::new();
    within(document.as_table(), offset, &mut path);
    (!path.is_empty()).then(|| path.join("."))
}

fn within(table: &dyn TableLike, offset: usize, path: &mut Vec<String>) {
    for (name, item) in table.iter() {
        let holds = |span: Option<Range<usize>>| span.is_some_and(|span| span.contains(&offset));
        let in_key = holds(table.key(name).and_then(|key| key.span()));
        let depth = path.len();
        path.push(name.to_owned());
        match item {
            Item::ArrayOfTables(list) => list.iter().for_each(|inner| within(inner, offset, path)),
            other => {
                if let Some(inner) = other.as_table_like() {
                    within(inner, offset, path);
                }
            }
        }
        if path.len() > depth + 1 || in_key || holds(item.span()) {
            return;
        }
        path.truncate(depth);
    }
}

#[derive(Clone, Copy)]
enum Node<'a> {
    Table(&'a dyn TableLike),
    Tables(&'a toml_edit::ArrayOfTables),
    List(&'a Array),
    Leaf,
}

impl<'a> Node<'a> {
    fn of(item: &'a Item) -> Self {
        match item {
            Item::ArrayOfTables(list) => Self::Tables(list),
            Item::Value(value) => Self::of_value(value),
            Item::Table(table) => Self::Table(table),
            Item::None => Self::Leaf,
        }
    }

    fn of_value(value: &'a Value) -> Self {
        match value {
            Value::Array(list) => Self::List(list),
            Value::InlineTable(table) => Self::Table(table),
            _ => Self::Leaf,
        }
    }

    fn step(self, step: &Step) -> Option<(Option<Range<usize>>, Self)> {
        match (self, step) {
            (Self::Table(table), Step::Key(key)) => {
                let item = table.get(key)?;
                let span = table.key(key).and_then(|key| key.span()).or_else(|| item.span());
                Some((span, Self::of(item)))
            }
            (Self::Tables(list), Step::Index(index)) => {
                let table = list.get(*index)?;
                Some((table.span(), Self::Table(table)))
            }
            (Self::List(list), Step::Index(index)) => {
                let value = list.get(*index)?;
                Some((value.span(), Self::of_value(value)))
            }
            _ => None,
        }
    }
}
