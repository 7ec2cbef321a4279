//! What the program prints: columns for people, JSON for programs, problems on standard error.

use std::io::{self, IsTerminal, Write};

use serde_json::{Value, json};

use crate::cli::args::Global;
use crate::config::ConfigError;
use crate::domain::Failure;
use crate::i18n::Texts;
use crate::report::{Report, exit, exit_code};

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

/// Why a verb stopped.
#[derive(Debug)]
pub enum Trouble {
    /// A request failed, in the session of this user.
    Failed(Box<Failure>, String),
    /// A sentence and the exit code that goes with it.
    Said(String, u8),
    /// The configuration or a secret cannot be used.
    Config(ConfigError),
    /// The reader of our output is gone; no failure.
    BrokenPipe,
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::BrokenPipe;
        }
        Self::Said(error.to_string(), exit::OTHER)
    }
}

impl From<ConfigError> for Trouble {
    fn from(error: ConfigError) -> Self {
        Self::Config(error)
    }
}

impl Trouble {
    /// A request of `user`'s session failed.
    #[must_use]
    pub fn failed(failure: Failure, user: String) -> Self {
        Self::Failed(Box::new(failure), user)
    }

    /// Tells it on standard error and gives the exit code.
    pub fn tell(self, mode: Mode, texts: &Texts) -> u8 {
        let (object, lines, code) = match self {
            Self::BrokenPipe => return exit::DONE,
            Self::Said(text, code) => said(&text, code),
            Self::Config(error) => said(&config_sentence(&error, texts), exit::USAGE),
            Self::Failed(failure, user) => {
                let report = Report::new(&failure, &user, texts);
                (object(&failure, &report), report.lines(texts), exit_code(failure.kind))
            }
        };
        let mut to = io::stderr().lock();
        // Nothing can be told when standard error is gone as well; the exit code still speaks.
        if mode == Mode::Plain {
            let _ = writeln!(to, "manyou: {}", lines.join("\n  "));
        } else {
            let _ = writeln!(to, "{}", escape_for_terminal(object.to_string(), io::stderr().is_terminal()));
        }
        code
    }
}

fn said(text: &str, code: u8) -> (Value, Vec<String>, u8) {
    let word = match code {
        exit::USAGE => "refused",
        exit::INTERRUPTED => "interrupted",
        exit::STALE_PLAN => "stale-plan",
        exit::SIGN_IN => "no-password",
        _ => "other",
    };
    let clean = crate::text::body(text).text;
    (json!({"code": word, "exit": code, "message": clean, "retryable": false}), vec![clean], code)
}

fn config_sentence(error: &ConfigError, texts: &Texts) -> String {
    let shown = |path: &std::path::Path| path.display().to_string();
    match error {
        ConfigError::Io { path, source } => {
            texts.tr("config-io", &[("path", shown(path).into()), ("why", source.to_string().into())])
        }
        ConfigError::Syntax { path, line, text } => {
            let args = [("path", shown(path).into()), ("line", (*line).into()), ("why", text.as_str().into())];
            texts.tr("config-syntax", &args)
        }
        ConfigError::Exposed(path) => texts.tr("config-exposed", &[("path", shown(path).into())]),
        ConfigError::NoHome => texts.t("config-no-home"),
        ConfigError::ProfileName(name) => texts.tr("config-profile-name", &[("name", name.as_str().into())]),
        ConfigError::NoProfile { name, near: None } => texts.tr("config-no-profile", &[("name", name.as_str().into())]),
        ConfigError::NoProfile { name, near: Some(near) } => {
            texts.tr("config-no-profile-near", &[("name", name.as_str().into()), ("near", near.as_str().into())])
        }
    }
}

fn object(failure: &Failure, report: &Report) -> Value {
    json!({
        "code": <&str>::from(failure.kind),
        "exit": report.exit_code,
        "message": report.headline,
        "cause": report.cause,
        "hint": report.next_step,
        "vendor_code": failure.code,
        "vendor_text": failure.text,
        "http_status": failure.status,
        "request": failure.request,
        "request_id": failure.request_id,
        "retryable": failure.kind.is_passing(),
    })
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
        let text = escape_for_terminal(value.to_string(), io::stdout().is_terminal());
        writeln!(self.to, "{text}")?;
        self.to.flush()
    }
}

/// JSON leaves C1 controls and bidirectional marks as they are; on a terminal they become `\u` escapes, which mean the same.
fn escape_for_terminal(text: String, is_terminal: bool) -> String {
    if !is_terminal || text.is_ascii() {
        return text;
    }
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\u{7f}'..='\u{9f}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
        {
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
        let _ = writeln!(io::stderr().lock(), "{}", crate::text::body(text).text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_on_a_terminal_holds_nothing_that_acts_on_it() {
        let hostile = json!({"vendor_text": "\u{9b}2J\u{202e}\u{61c}\u{1b}[m"}).to_string();
        let safe = escape_for_terminal(hostile.clone(), true);
        assert!(safe.is_ascii() && !safe.contains('\u{1b}'), "{safe}");
        assert_eq!(serde_json::from_str::<Value>(&safe).ok(), serde_json::from_str(&hostile).ok());
    }
}
