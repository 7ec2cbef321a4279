//! What the program prints: columns for people, JSON for programs, problems on standard error.

use std::io::{self, IsTerminal, Write};

use serde_json::Value;

use crate::cli::args::Global;

pub use super::trouble::Trouble;

/// The three forms of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Columns.
    Plain,
    /// One document.
    Json,
    /// One object a line between a header and a trailer.
    Ndjson,
}

impl Mode {
    /// The form the flags ask for.
    #[must_use]
    pub const fn of(global: &Global) -> Self {
        if global.json {
            Self::Json
        } else if global.ndjson {
            Self::Ndjson
        } else {
            Self::Plain
        }
    }
}

/// Standard output, in one of the three forms.
pub struct Printer {
    mode: Mode,
    to: io::BufWriter<io::StdoutLock<'static>>,
    records: Vec<Value>,
    header: Value,
}

impl Printer {
    /// Prints the header where the form has one. `header` holds `schema` and `scope`.
    ///
    /// # Errors
    /// Standard output is gone.
    pub fn start(mode: Mode, header: Value) -> io::Result<Self> {
        let mut printer = Self { mode, to: io::BufWriter::new(io::stdout().lock()), records: Vec::new(), header };
        if mode == Mode::Ndjson {
            let header = printer.header.clone();
            printer.object(&header)?;
        }
        Ok(printer)
    }

    /// One record: as an object, or as its columns.
    ///
    /// # Errors
    /// Standard output is gone.
    pub fn record(&mut self, record: impl FnOnce() -> Value, columns: impl FnOnce() -> String) -> io::Result<()> {
        match self.mode {
            Mode::Plain => writeln!(self.to, "{}", columns()),
            Mode::Ndjson => self.object(&record()),
            Mode::Json => {
                self.records.push(record());
                Ok(())
            }
        }
    }

    /// Hands on what has been printed, so that a reader sees a page when it has come.
    ///
    /// # Errors
    /// Standard output is gone.
    pub fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }

    /// The trailer; with JSON the whole document.
    ///
    /// # Errors
    /// Standard output is gone.
    pub fn end(mut self, trailer: Value) -> io::Result<()> {
        match self.mode {
            Mode::Plain => {}
            Mode::Ndjson => self.object(&trailer)?,
            Mode::Json => {
                let mut whole = self.header.clone();
                whole["records"] = Value::Array(std::mem::take(&mut self.records));
                whole["trailer"] = trailer;
                self.object(&whole)?;
            }
        }
        self.to.flush()
    }

    fn object(&mut self, value: &Value) -> io::Result<()> {
        let text = escaped(value.to_string(), io::stdout().is_terminal());
        writeln!(self.to, "{text}")?;
        self.to.flush()
    }
}

/// JSON leaves C1 controls and bidirectional marks as they are; on a terminal they become `\u` escapes, which mean the
/// same. Characters that some readers take for the end of a line are escaped everywhere: one object stays one line.
pub(super) fn escaped(text: String, is_terminal: bool) -> String {
    if text.is_ascii() {
        return text;
    }
    let acts = |c: char| matches!(c, '\u{7f}'..='\u{9f}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}') || (is_terminal && acts(c)) {
            safe += &format!("\\u{:04x}", c as u32);
        } else {
            safe.push(c);
        }
    }
    safe
}

/// Prints a line for people on standard error unless they asked for quiet.
pub fn note(global: &Global, text: &str) {
    if !global.quiet {
        say(text);
    }
}

/// Prints a line for people on standard error.
pub(super) fn say(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{}", crate::text::body(text).text);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn one_object_stays_one_line_for_readers_that_know_more_line_ends() {
        let text = json!({"text": "a\u{2028}b\u{2029}c\u{85}d\u{202e}"}).to_string();
        let safe = escaped(text.clone(), false);
        assert!(!safe.contains(['\u{2028}', '\u{2029}', '\u{85}']) && safe.contains('\u{202e}'), "{safe}");
        assert_eq!(serde_json::from_str::<Value>(&safe).ok(), serde_json::from_str(&text).ok());
    }

    #[test]
    fn json_on_a_terminal_holds_nothing_that_acts_on_it() {
        let hostile = json!({"vendor_text": "\u{9b}2J\u{202e}\u{61c}\u{1b}[m"}).to_string();
        let safe = escaped(hostile.clone(), true);
        assert!(safe.is_ascii() && !safe.contains('\u{1b}'), "{safe}");
        assert_eq!(serde_json::from_str::<Value>(&safe).ok(), serde_json::from_str(&hostile).ok());
    }
}
