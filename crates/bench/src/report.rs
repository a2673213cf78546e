//! The table, as Markdown and as JSON.

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use serde_json::{Map, Value, json};

use crate::Extent;
use crate::machine;

/// One line of the table.
pub struct Row {
    name: String,
    target: String,
    measured: String,
    verdict: String,
    json: Map<String, Value>,
}

/// Which side of the target is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Good {
    AtMost,
    AtLeast,
}

impl Row {
    /// One number with a target.
    pub fn of(name: &str, value: f64, unit: &str, good: Good, target: f64) -> Self {
        let sign = if good == Good::AtMost { "≤" } else { "≥" };
        let mut row =
            Self::told(name, &format!("{sign} {} {unit}", number(target)), &format!("{} {unit}", number(value)));
        row.verdict = verdict(value, good, target);
        row.json.extend([
            ("value".to_owned(), json!(value)),
            ("unit".to_owned(), json!(unit)),
            ("target".to_owned(), json!(target)),
        ]);
        row
    }

    /// Something that holds or does not.
    pub fn holds(name: &str, target: &str, measured: impl Into<String>, holds: bool) -> Self {
        let mut row = Self::told(name, target, &measured.into());
        row.verdict = if holds { "met" } else { "missed" }.to_owned();
        row.json.insert("holds".to_owned(), json!(holds));
        row
    }

    /// Something to know that has no target.
    pub fn told(name: &str, target: &str, measured: &str) -> Self {
        let json = [("measured".to_owned(), json!(measured))].into_iter().collect();
        Self { name: name.into(), target: target.into(), measured: measured.into(), verdict: "–".into(), json }
    }

    pub fn not_measured(name: &str, target: &str, why: impl Into<String>) -> Self {
        let mut row = Self::told(name, target, &format!("not measured: {}", why.into()));
        row.verdict = "not measured".to_owned();
        row
    }

    /// Adds a word on how it was measured.
    #[must_use]
    pub fn remark(mut self, remark: impl AsRef<str>) -> Self {
        self.measured = format!("{} ({})", self.measured, remark.as_ref());
        self
    }
}

pub struct Report {
    extent: Extent,
    rows: Vec<(String, Row)>,
}

impl Report {
    pub fn new(extent: Extent) -> Self {
        Self { extent, rows: Vec::new() }
    }

    pub fn add(&mut self, subject: &str, rows: Vec<Row>) {
        for row in rows {
            eprintln!("   {}: {} → {}", row.name, row.measured, row.verdict);
            self.rows.push((subject.to_owned(), row));
        }
    }

    pub fn print(&self) {
        println!("{}", machine::describe());
        if self.extent.quick {
            println!("A quick run: a tenth of the rounds, not to be quoted.");
        }
        if cfg!(debug_assertions) {
            println!("A build without optimisation: not to be quoted.");
        }
        println!("\n| what | target | measured | verdict |\n| --- | --- | --- | --- |");
        for (_, row) in &self.rows {
            println!("| {} | {} | {} | {} |", row.name, row.target, row.measured, row.verdict);
        }
    }

    /// # Errors
    /// When the file cannot be written.
    pub fn write(&self, folder: &Path) -> anyhow::Result<()> {
        fs::create_dir_all(folder)?;
        let rows: Vec<Value> = self
            .rows
            .iter()
            .map(|(subject, row)| {
                let mut object = row.json.clone();
                object.insert("subject".to_owned(), json!(subject));
                object.insert("name".to_owned(), json!(row.name));
                object.insert("verdict".to_owned(), json!(row.verdict));
                Value::Object(object)
            })
            .collect();
        let whole = json!({
            "machine": machine::describe(),
            "quick": self.extent.quick,
            "optimised": !cfg!(debug_assertions),
            "rows": rows,
        });
        let path = folder.join("bench.json");
        fs::write(&path, serde_json::to_vec_pretty(&whole)?).with_context(|| path.display().to_string())?;
        eprintln!("written to {}", path.display());
        Ok(())
    }
}

fn verdict(value: f64, good: Good, target: f64) -> String {
    let missed = match good {
        Good::AtMost => value > target,
        Good::AtLeast => value < target,
    };
    if value.is_nan() {
        return "not measured".to_owned();
    }
    if !missed {
        return "met".to_owned();
    }
    if target == 0.0 {
        return format!("missed by {}", number(value));
    }
    format!("missed by {:.0} %", ((value - target) / target).abs() * 100.0)
}

/// With as many digits as say something.
fn number(value: f64) -> String {
    match value.abs() {
        large if large >= 10_000.0 => thousands(value),
        large if large >= 100.0 => format!("{value:.0}"),
        large if large >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}").trim_end_matches('0').trim_end_matches('.').to_owned(),
    }
}

fn thousands(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
