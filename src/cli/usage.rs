//! The command line read; what cannot be used is told in the language asked for, and as an object where JSON was asked
//! for. No character of an argument acts on the terminal.

use std::error::Error as _;
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;

use clap::Parser;
use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

use super::args::Cli;
use super::language;
use super::output::Mode;
use super::trouble::tell_usage;
use crate::i18n::{Arg, Lang, Texts};
use crate::report::exit;
use crate::text::{body, label};

/// Reads the program's arguments.
///
/// # Errors
/// The exit code, once help or the refusal has been printed.
pub fn parse() -> Result<Cli, u8> {
    Cli::try_parse().map_err(|error| {
        let words: Vec<OsString> = std::env::args_os().collect();
        let env = |name: &str| std::env::var(name).ok().filter(|text| !text.is_empty());
        let config = asked(&words, "--config").or_else(|| env("MANYOU_CONFIG")).map(PathBuf::from);
        let texts = Texts::new(language(asked(&words, "--lang").as_deref(), config.as_deref()));
        if error.use_stderr() { refuse(&error, mode(&words), &texts) } else { show(&error, &texts) }
    })
}

/// Help and version. Nothing more can be told when standard output is gone.
fn show(error: &Error, texts: &Texts) -> u8 {
    if error.kind() == ErrorKind::DisplayHelp && texts.lang() != Lang::En {
        _ = writeln!(io::stdout().lock(), "{}\n", texts.t("usage-head"));
    }
    _ = error.print();
    exit::DONE
}

/// English for people keeps clap's own words, which show the usage as well.
fn refuse(error: &Error, mode: Mode, texts: &Texts) -> u8 {
    if mode == Mode::Plain && texts.lang() == Lang::En {
        _ = write!(io::stderr().lock(), "{}", body(&error.render().to_string()).text);
        return exit::USAGE;
    }
    tell_usage(&sentence(error, texts), Some(texts.t("usage-help")), mode)
}

/// What a flag says, found without clap, which gives no matches beside an error.
fn asked(words: &[OsString], flag: &str) -> Option<String> {
    let mut words = words.iter().filter_map(|word| word.to_str());
    let value =
        words.find_map(|word| word.strip_prefix(flag).filter(|rest| rest.is_empty() || rest.starts_with('=')))?;
    Some(value.strip_prefix('=').or_else(|| words.next()).unwrap_or_default().to_owned())
}

/// The form of output, found likewise.
fn mode(words: &[OsString]) -> Mode {
    let mut words = words.iter().skip(1).take_while(|word| *word != "--");
    words
        .find_map(|word| {
            [("--json", Mode::Json), ("--ndjson", Mode::Ndjson)].into_iter().find(|(name, _)| word == name)
        })
        .map_or(Mode::Plain, |(_, mode)| mode)
}

/// The commonest refusals in our own words; the others in clap's.
fn sentence(error: &Error, texts: &Texts) -> String {
    let of = |kind| said(error, kind);
    let say = |key: &str, args: &[(&str, String)]| {
        let args: Vec<(&str, Arg<'_>)> = args.iter().map(|(name, text)| (*name, text.as_str().into())).collect();
        texts.tr(key, &args)
    };
    let (arg, text) = (of(ContextKind::InvalidArg), of(ContextKind::InvalidValue));
    let near = |kind| match of(kind) {
        near if near.is_empty() => String::new(),
        near => say("usage-near", &[("near", near)]),
    };
    match error.kind() {
        ErrorKind::UnknownArgument => {
            say("usage-unknown-argument", &[("text", arg)]) + &near(ContextKind::SuggestedArg)
        }
        ErrorKind::InvalidSubcommand => {
            let text = of(ContextKind::InvalidSubcommand);
            say("usage-unknown-verb", &[("text", text)]) + &near(ContextKind::SuggestedSubcommand)
        }
        ErrorKind::MissingRequiredArgument => say("usage-missing-argument", &[("arg", arg)]),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            texts.t("usage-missing-verb")
        }
        ErrorKind::InvalidValue if text.is_empty() => say("usage-missing-value", &[("arg", arg)]),
        ErrorKind::InvalidValue => {
            let valid = of(ContextKind::ValidValue);
            say("usage-invalid-value", &[("arg", arg), ("text", text), ("valid", valid)])
        }
        ErrorKind::ValueValidation => validation(error, &arg, text, texts),
        ErrorKind::ArgumentConflict => say("usage-conflict", &[("arg", arg), ("other", of(ContextKind::PriorArg))]),
        ErrorKind::TooManyValues | ErrorKind::WrongNumberOfValues => say("usage-too-many-values", &[("arg", arg)]),
        _ => own_words(error),
    }
}

/// A value that its argument's own reader refused.
fn validation(error: &Error, arg: &str, text: String, texts: &Texts) -> String {
    let key = match arg.split(' ').next().unwrap_or_default() {
        "--page-size" => "usage-page-size",
        "--app-key" => "usage-app-key",
        "--cursor" => "usage-cursor",
        "--limit" => "usage-limit",
        "--timeout" => "usage-timeout",
        "--listen" => "usage-listen",
        "--allow-origin" => "usage-origin",
        "<PEER>" => "usage-peer",
        "<ID>" => "usage-message-id",
        _ => {
            let why = error.source().map(ToString::to_string).unwrap_or_default();
            let args = [("arg", arg.into()), ("text", text.into()), ("why", label(&why).text.into())];
            return texts.tr("usage-refused-value", &args);
        }
    };
    texts.tr(key, &[("text", text.into())])
}

fn said(error: &Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => label(text).text,
        Some(ContextValue::Strings(texts)) => label(&texts.join(", ")).text,
        _ => String::new(),
    }
}

/// The first paragraph of what clap prints.
fn own_words(error: &Error) -> String {
    let text = error.render().to_string();
    let first = text.split("\n\n").next().unwrap_or_default();
    first.trim_start_matches("error:").split_whitespace().collect::<Vec<_>>().join(" ")
}
