//! Why a verb stopped, told on standard error: lines for people, one object of one shape for programs.
//!
//! The `exit` of an object is always what the process ends with.

use std::io::{self, IsTerminal, Write};

use serde_json::{Value, json};

use super::output::{Mode, escaped};
use crate::config::ConfigError;
use crate::domain::Failure;
use crate::i18n::Texts;
use crate::report::{Face, Report, exit, exit_code};

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
        match self {
            Self::BrokenPipe => exit::DONE,
            Self::Said(text, code) => Told::said(&text, code).print(mode),
            Self::Config(error) => Told::said(&config_sentence(&error, texts), exit::USAGE).print(mode),
            Self::Failed(failure, user) => tell_failure(&failure, &user, None, mode, texts),
        }
    }
}

/// An end that says more than the failure behind it: what the process ends with, and what to do now.
pub(super) struct Ending {
    /// The exit code.
    pub(super) exit: u8,
    /// In place of the failure's own advice, which would be wrong here.
    pub(super) next_step: Option<String>,
    /// Whether the same command may be given again as it is.
    pub(super) retryable: bool,
}

/// Tells a failure; `ending` where the run as a whole ended otherwise than the failure would have it.
pub(super) fn tell_failure(failure: &Failure, user: &str, ending: Option<Ending>, mode: Mode, texts: &Texts) -> u8 {
    let mut report = Report::facing(Face::CommandLine, failure, user, texts);
    let ending = ending.unwrap_or_else(|| Ending {
        exit: exit_code(failure.kind),
        next_step: None,
        retryable: failure.kind.is_passing(),
    });
    report.next_step = ending.next_step.unwrap_or(report.next_step);
    Told {
        code: failure.kind.into(),
        exit: ending.exit,
        message: report.headline.clone(),
        cause: Some(report.cause.clone()),
        hint: Some(report.next_step.clone()),
        failure: Some(failure),
        retryable: ending.retryable,
        lines: report.lines(texts),
    }
    .print(mode)
}

/// Tells that the words of the command line cannot be used.
pub(super) fn tell_usage(message: &str, hint: Option<String>, mode: Mode) -> u8 {
    Told { code: "usage", hint, ..Told::said(message, exit::USAGE) }.print(mode)
}

/// Tells an end that is no failure of a request, with what to do.
pub(super) fn tell_end(code: &'static str, exit: u8, message: &str, hint: Option<String>, mode: Mode) -> u8 {
    Told { code, hint, ..Told::said(message, exit) }.print(mode)
}

/// What is told.
struct Told<'a> {
    code: &'static str,
    exit: u8,
    message: String,
    cause: Option<String>,
    hint: Option<String>,
    failure: Option<&'a Failure>,
    retryable: bool,
    lines: Vec<String>,
}

impl Told<'_> {
    fn said(text: &str, exit: u8) -> Self {
        let code = match exit {
            exit::USAGE => "refused",
            exit::INTERRUPTED => "interrupted",
            exit::STALE_PLAN => "stale-plan",
            exit::SIGN_IN => "no-password",
            exit::UNKNOWN => "unknown-outcome",
            _ => "other",
        };
        let message = crate::text::body(text).text;
        let lines = vec![message.clone()];
        Self { code, exit, message, cause: None, hint: None, failure: None, retryable: false, lines }
    }

    /// The same keys whatever happened; `null` where a thing is not known.
    fn object(&self) -> Value {
        let known = |text: &str| Some(text).filter(|text| !text.is_empty()).map(str::to_owned);
        json!({
            "code": self.code,
            "exit": self.exit,
            "message": self.message,
            "cause": self.cause,
            "hint": self.hint,
            "vendor_code": self.failure.and_then(|f| known(&f.code)),
            "vendor_text": self.failure.and_then(|f| known(&f.text)),
            "http_status": self.failure.and_then(|f| f.status),
            "request": self.failure.and_then(|f| known(&f.request)),
            "request_id": self.failure.and_then(|f| known(&f.request_id)),
            "retryable": self.retryable,
        })
    }

    fn print(self, mode: Mode) -> u8 {
        let mut to = io::stderr().lock();
        // Nothing can be told when standard error is gone as well; the exit code still speaks.
        let _ = if mode == Mode::Plain {
            let hint = self.hint.iter().filter(|_| self.failure.is_none());
            let lines: Vec<&str> = self.lines.iter().chain(hint).map(String::as_str).collect();
            writeln!(to, "manyou: {}", crate::text::body(&lines.join("\n  ")).text)
        } else {
            writeln!(to, "{}", escaped(self.object().to_string(), io::stderr().is_terminal()))
        };
        self.exit
    }
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
