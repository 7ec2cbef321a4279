//! The command line read; wrong values of the commonest arguments are told in the language asked for.

use std::ffi::OsString;
use std::io::{self, Write};

use clap::Parser;
use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

use super::args::Cli;
use crate::i18n::{Lang, Texts};
use crate::report::exit;

/// Reads the program's arguments.
///
/// # Errors
/// The exit code, once help or the refusal has been printed.
pub fn parse() -> Result<Cli, u8> {
    Cli::try_parse().map_err(|error| {
        let words: Vec<OsString> = std::env::args_os().collect();
        let lang = Lang::choose(asked(&words).as_deref(), |name| std::env::var(name).ok());
        match sentence(&error, lang) {
            // Nothing can be told when standard error is gone; the exit code still speaks.
            Some(said) => _ = writeln!(io::stderr().lock(), "manyou: {}", crate::text::body(&said).text),
            None => _ = error.print(),
        }
        if error.use_stderr() { exit::USAGE } else { exit::DONE }
    })
}

/// What `--lang` says, found without clap, which gives no matches beside an error.
fn asked(words: &[OsString]) -> Option<String> {
    let mut words = words.iter().filter_map(|word| word.to_str());
    words.find_map(|word| word.strip_prefix("--lang=").or((word == "--lang").then_some("")).map(str::to_owned)).map(
        |value| match value.as_str() {
            "" => words.next().unwrap_or_default().to_owned(),
            _ => value,
        },
    )
}

/// English keeps clap's own words, which show the usage as well.
fn sentence(error: &Error, lang: Lang) -> Option<String> {
    if lang == Lang::En || error.kind() != ErrorKind::ValueValidation {
        return None;
    }
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.as_str()),
        _ => None,
    };
    let key = match text(ContextKind::InvalidArg)?.split(' ').next()? {
        "--page-size" => "usage-page-size",
        "--app-key" => "usage-app-key",
        "<PEER>" => "usage-peer",
        _ => return None,
    };
    Some(Texts::new(lang).tr(key, &[("text", text(ContextKind::InvalidValue)?.into())]))
}
