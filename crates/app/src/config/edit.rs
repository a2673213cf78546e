//! Puts the difference between two configurations into the text of a file; whatever the difference is not about stays
//! as somebody wrote it.

use toml::{Table, Value};
use toml_edit::{Array, ArrayOfTables, DocumentMut, InlineTable, Item, TableLike};

/// What the members of a list of tables are told apart by.
const NAMES: [&str; 2] = ["id", "name"];

/// Changes what differs between the two.
pub(super) fn apply(document: &mut DocumentMut, before: &Table, after: &Table) {
    let kept = apply_to(document.as_table_mut(), before, after);
    if !kept.is_empty() {
        let trailing = document.trailing().as_str().unwrap_or_default().to_owned();
        document.set_trailing(format!("{kept}{trailing}"));
    }
}

/// Dotted names of the values that differ.
pub(super) fn differences(before: &Table, after: &Table) -> Vec<String> {
    fn walk(prefix: &str, before: &Table, after: &Table, out: &mut Vec<String>) {
        for key in keys(before, after) {
            let name = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
            match (before.get(key), after.get(key)) {
                (b, a) if b == a => {}
                (Some(Value::Table(b)), Some(Value::Table(a))) => walk(&name, b, a, out),
                _ => out.push(name),
            }
        }
    }
    let mut out = Vec::new();
    walk("", before, after, &mut out);
    out
}

fn keys<'a>(before: &'a Table, after: &'a Table) -> impl Iterator<Item = &'a String> {
    before.keys().chain(after.keys().filter(|key| !before.contains_key(*key)))
}

/// Returns the comments of tables that went, which are about what follows them.
fn apply_to(document: &mut dyn TableLike, before: &Table, after: &Table) -> String {
    let mut kept = String::new();
    for key in keys(before, after) {
        match (before.get(key), after.get(key)) {
            (b, a) if b == a => {}
            (_, None) => {
                document.remove(key);
            }
            (b, Some(Value::Table(a))) => {
                let nothing = Table::new();
                let b = b.and_then(Value::as_table).unwrap_or(&nothing);
                if document.get(key).and_then(Item::as_table_like).is_none() {
                    document.insert(key, Item::Table(toml_edit::Table::new()));
                }
                if let Some(inner) = document.get_mut(key).and_then(Item::as_table_like_mut) {
                    kept.push_str(&apply_to(inner, b, a));
                }
            }
            (b, Some(Value::Array(a))) => {
                let b = b.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
                kept.push_str(&apply_to_list(document, key, b, a));
            }
            (_, Some(value)) => put(document, key, inline(value)),
        }
    }
    kept
}

fn apply_to_list(document: &mut dyn TableLike, key: &str, before: &[Value], after: &[Value]) -> String {
    let of_tables = |list: &[Value]| list.iter().all(Value::is_table) && !list.is_empty();
    if of_tables(after) || (after.is_empty() && of_tables(before)) {
        let empty = document.get(key).is_none_or(|item| item.as_array().is_some_and(Array::is_empty));
        if empty {
            document.insert(key, Item::ArrayOfTables(ArrayOfTables::new()));
        }
        match document.get_mut(key) {
            Some(Item::ArrayOfTables(list)) => return apply_to_tables(list, before, after),
            Some(Item::Value(toml_edit::Value::Array(list))) => apply_to_inline_tables(list, before, after),
            _ => {}
        }
        return String::new();
    }
    if let Some(list) = document.get_mut(key).and_then(Item::as_array_mut) {
        let gone = |value: &Value| before.contains(value) && !after.contains(value);
        list.retain(|item| !plain(item).is_some_and(|value| gone(&value)));
        for value in after.iter().filter(|value| !before.contains(value)) {
            list.push(inline(value));
        }
        if list.iter().map(plain).eq(after.iter().cloned().map(Some)) {
            return String::new();
        }
    }
    put(document, key, inline(&Value::Array(after.to_vec())));
    String::new()
}

fn name_of(value: &Value) -> Option<&str> {
    NAMES.iter().find_map(|name| value.get(name)?.as_str())
}

fn name_in(table: &dyn TableLike) -> Option<&str> {
    NAMES.iter().find_map(|name| table.get(name)?.as_str())
}

/// The member of that name.
fn named<'a>(list: &'a [Value], name: Option<&str>) -> Option<&'a Table> {
    list.iter().find(|value| name.is_some() && name_of(value) == name)?.as_table()
}

fn apply_to_tables(list: &mut ArrayOfTables, before: &[Value], after: &[Value]) -> String {
    let mut kept = String::new();
    let mut index = 0;
    while let Some(table) = list.get_mut(index) {
        let name = name_in(table).map(str::to_owned);
        let comment = std::mem::take(&mut kept);
        if !comment.is_empty() {
            let own = table.decor().prefix().and_then(|it| it.as_str()).unwrap_or_default().to_owned();
            table.decor_mut().set_prefix(format!("{comment}{own}"));
        }
        match (named(before, name.as_deref()), named(after, name.as_deref())) {
            (Some(b), Some(a)) => {
                apply_to(table, b, a);
                index += 1;
            }
            (Some(_), None) => {
                kept = of_the_file(table.decor().prefix().and_then(|it| it.as_str()).unwrap_or_default());
                list.remove(index);
            }
            (None, _) => index += 1,
        }
    }
    for value in after.iter().filter(|value| named(before, name_of(value)).is_none()) {
        if let Some(table) = value.as_table() {
            list.push(member(table));
        }
    }
    kept
}

/// Of the comments above a table, those that a blank line sets apart from it.
fn of_the_file(prefix: &str) -> String {
    match prefix.rfind("\n\n") {
        Some(at) if prefix[..at].contains('#') => format!("{}\n\n", &prefix[..at]),
        _ => String::new(),
    }
}

fn apply_to_inline_tables(list: &mut Array, before: &[Value], after: &[Value]) {
    let name = |item: &toml_edit::Value| item.as_inline_table().and_then(|it| name_in(it)).map(str::to_owned);
    list.retain(|item| {
        let name = name(item);
        named(before, name.as_deref()).is_none() || named(after, name.as_deref()).is_some()
    });
    for item in list.iter_mut() {
        let name = name(item);
        if let (Some(b), Some(a)) = (named(before, name.as_deref()), named(after, name.as_deref()))
            && let Some(table) = item.as_inline_table_mut()
        {
            apply_to(table, b, a);
        }
    }
    for value in after.iter().filter(|value| named(before, name_of(value)).is_none()) {
        list.push(inline(value));
    }
}

/// A new member of a list of tables: what it holds in a line each, its options in a table of their own.
fn member(table: &Table) -> toml_edit::Table {
    let mut out = toml_edit::Table::new();
    for (key, value) in table {
        match value {
            Value::Table(options) if key == "options" => {
                let mut inner = toml_edit::Table::new();
                for (key, value) in options {
                    inner.insert(key, Item::Value(inline(value)));
                }
                out.insert(key, Item::Table(inner));
            }
            other => {
                out.insert(key, Item::Value(inline(other)));
            }
        }
    }
    out
}

/// Sets a value; the comment behind the one before stays.
fn put(document: &mut dyn TableLike, key: &str, value: toml_edit::Value) {
    if let Some(known) = document.get_mut(key).and_then(Item::as_value_mut) {
        let decor = known.decor().clone();
        *known = value;
        *known.decor_mut() = decor;
    } else {
        document.insert(key, Item::Value(value));
    }
}

fn inline(value: &Value) -> toml_edit::Value {
    match value {
        Value::String(text) => text.as_str().into(),
        Value::Integer(number) => (*number).into(),
        Value::Float(number) => (*number).into(),
        Value::Boolean(flag) => (*flag).into(),
        Value::Datetime(time) => time.to_string().parse().unwrap_or_else(|_| time.to_string().into()),
        Value::Array(list) => toml_edit::Value::Array(list.iter().map(inline).collect()),
        Value::Table(table) => {
            let pairs = table.iter().map(|(key, value)| (key.as_str(), inline(value)));
            toml_edit::Value::InlineTable(pairs.collect::<InlineTable>())
        }
    }
}

fn plain(value: &toml_edit::Value) -> Option<Value> {
    let mut document = DocumentMut::new();
    document.insert("value", Item::Value(value.clone().decorated("", "")));
    toml::from_str::<Table>(&document.to_string()).ok()?.remove("value")
}
