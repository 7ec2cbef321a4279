//! The command line: arguments in, output and exit code out. The screen's verbs are `main`'s.
//!
//! [`run`] does every other verb. Data goes to standard output, all else to standard error.

mod archive;
pub mod archive_args;
pub mod args;
mod attachments;
mod care;
#[cfg(feature = "delete")]
mod delete;
mod export;
mod fields;
pub mod folder;
mod import;
mod ink;
mod intake;
mod kept;
mod mirrored;
pub mod open;
pub mod output;
mod pairs;
pub mod peer;
#[cfg(feature = "delete")]
mod plan;
mod profiles;
mod progress;
mod purge;
mod read;
mod record;
mod search;
#[cfg(feature = "delete")]
mod seen;
mod serve;
pub mod session;
mod sync;
mod trouble;
pub mod usage;
pub mod values;

use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use clap::CommandFactory;
use jiff::tz::TimeZone;

use crate::cli::args::{Cli, Global, Verb};
use crate::cli::output::{Mode, Trouble};
use crate::config::Config;
use crate::domain::{Clock, ServerTime, parse_time};
use crate::engine::Archive;
use crate::i18n::{Lang, Texts};
use crate::report::exit;
use crate::runtime::clock::SystemClock;
use crate::runtime::log;

/// What every verb is given.
pub struct Context {
    /// The flags.
    pub global: Global,
    /// Sentences in the language asked for.
    pub texts: Texts,
    /// The system's clock.
    pub clock: Arc<dyn Clock>,
    /// For showing and reading times.
    pub zone: TimeZone,
    /// The archive the verb works with.
    kept: OnceLock<Archive>,
}

impl Context {
    /// Reads language and time zone.
    ///
    /// # Errors
    /// The time zone is not known.
    pub fn new(global: Global) -> Result<Self, Trouble> {
        let texts = Texts::new(language(global.lang.as_deref(), global.config.as_deref()));
        let zone = match &global.tz {
            Some(name) => TimeZone::get(name)
                .map_err(|_| Trouble::Said(texts.tr("usage-zone", &[("text", name.as_str().into())]), exit::USAGE))?,
            None => system_zone(&global, &texts),
        };
        Ok(Self { global, texts, clock: Arc::new(SystemClock::new()), zone, kept: OnceLock::new() })
    }

    /// The form of output.
    #[must_use]
    pub const fn mode(&self) -> Mode {
        Mode::of(&self.global)
    }

    /// Reads a time as typed.
    ///
    /// # Errors
    /// It is none.
    pub fn time(&self, text: &str) -> Result<ServerTime, Trouble> {
        parse_time(text, self.clock.now(), &self.zone)
            .ok_or_else(|| self.refuse("usage-time", &[("text", text.into())]))
    }

    /// A refusal of something typed.
    pub fn refuse(&self, key: &str, args: &[(&str, crate::i18n::Arg<'_>)]) -> Trouble {
        Trouble::Said(self.texts.tr(key, args), exit::USAGE)
    }

    /// The log level the flags ask for.
    #[must_use]
    pub fn log_level(&self) -> &str {
        match (&self.global.log, self.global.verbose) {
            (Some(level), _) => level,
            (None, 0) => "off",
            (None, 1) => "info",
            (None, _) => "debug",
        }
    }
}

/// The language of the flag, the environment or the configuration. A configuration that cannot be used is told by the
/// verb that needs it.
fn language(flag: Option<&str>, config: Option<&Path>) -> Lang {
    let config = session::config_path(config).and_then(|path| Config::load(&path)).unwrap_or_default();
    Lang::prefer(flag, config.lang.as_deref(), |name| std::env::var(name).ok())
}

/// The system's zone; a `TZ` that names none is told, and times are in UTC.
fn system_zone(global: &Global, texts: &Texts) -> TimeZone {
    let named = std::env::var("TZ").ok().filter(|name| !name.is_empty());
    match (TimeZone::try_system(), named) {
        (Ok(zone), _) if !zone.is_unknown() => zone,
        (_, Some(name)) => {
            output::note(global, &texts.tr("note-zone", &[("text", name.into())]));
            TimeZone::UTC
        }
        (_, None) => TimeZone::UTC,
    }
}

/// Does what the verb says; gives the exit code. The verbs of the screen are refused.
#[must_use]
pub fn run(cli: Cli) -> u8 {
    let mode = Mode::of(&cli.global);
    let context = match Context::new(cli.global) {
        Ok(context) => context,
        Err(trouble) => return trouble.tell(mode, &Texts::new(Lang::En)),
    };
    let level = if matches!(cli.verb, Some(Verb::Serve(_))) && context.global.verbose == 0 {
        "info"
    } else {
        context.log_level()
    };
    let _log = log::to_stderr(context.global.log.as_deref().unwrap_or(level));
    let outcome = match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => {
            let outcome = runtime.block_on(until_interrupted(&context, cli.verb));
            if let Some(archive) = context.kept.get() {
                archive::tell(&context, archive, outcome.is_ok());
            }
            // A blocked prompt or read must not keep the process.
            runtime.shutdown_background();
            outcome
        }
        Err(error) => Err(error.into()),
    };
    outcome.unwrap_or_else(|trouble| trouble.tell(mode, &context.texts))
}

async fn until_interrupted(context: &Context, verb: Option<Verb>) -> Result<u8, Trouble> {
    if matches!(verb, Some(Verb::Serve(_))) {
        return dispatch(context, verb).await;
    }
    tokio::select! {
        // The listener is there before anything is asked or printed.
        biased;
        () = interrupted() => Err(Trouble::Said(context.texts.t("cli-interrupted"), exit::INTERRUPTED)),
        outcome = dispatch(context, verb) => outcome,
    }
}

/// Listeners of one signal are woken one after another: a deletion that listens too is given time to hear it.
async fn interrupted() {
    _ = tokio::signal::ctrl_c().await;
    tokio::time::sleep(Duration::from_millis(100)).await;
}

async fn dispatch(context: &Context, verb: Option<Verb>) -> Result<u8, Trouble> {
    let has_fields = matches!(verb, Some(Verb::List(_) | Verb::History(_) | Verb::Show { .. } | Verb::Search(_)));
    if !context.global.fields.is_empty() && !has_fields {
        return Err(context.refuse("usage-fields-verb", &[]));
    }
    if context.global.offline && verb.as_ref().is_some_and(Verb::needs_server) {
        return Err(context.refuse("usage-offline", &[]));
    }
    match verb {
        Some(Verb::Login { name }) => profiles::login(context, name).await,
        Some(Verb::Logout { name }) => profiles::logout(context, name),
        Some(Verb::Profiles { what }) => profiles::manage(context, what).await,
        Some(Verb::List(args)) => read::list(context, &args).await,
        Some(Verb::History(args)) => read::history(context, *args).await,
        Some(Verb::Search(args)) => search::search(context, args).await,
        Some(Verb::Export(args)) => export::export(context, args).await,
        Some(Verb::Import { files }) => import::import(context, &files).await,
        Some(Verb::Archive { what }) => care::archive(context, what).await,
        Some(Verb::Sync(args)) => sync::sync(context, args).await,
        Some(Verb::Show { peer, id, raw, force }) => read::show(context, &peer, id, raw, force).await,
        #[cfg(feature = "delete")]
        Some(Verb::Delete { what }) => delete::delete(context, what).await,
        Some(Verb::Serve(args)) => serve::serve(context, args).await,
        Some(Verb::Completions { shell }) => completions(shell),
        Some(Verb::Version) => version(context.mode()),
        None | Some(Verb::Tui | Verb::Demo { .. } | Verb::Open { .. }) => {
            Err(Trouble::Said("the screen needs a terminal".to_owned(), exit::USAGE))
        }
    }
}

fn completions(shell: clap_complete::Shell) -> Result<u8, Trouble> {
    // Made in memory: clap_complete panics when its writer fails.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "manyou", &mut script);
    io::stdout().lock().write_all(&script)?;
    Ok(exit::DONE)
}

fn version(mode: Mode) -> Result<u8, Trouble> {
    let version = env!("CARGO_PKG_VERSION");
    let mut to = io::stdout().lock();
    match mode {
        Mode::Plain => writeln!(to, "manyou {version}")?,
        Mode::Json | Mode::Ndjson => {
            let delete = cfg!(feature = "delete");
            writeln!(to, "{}", serde_json::json!({"name": "manyou", "version": version, "delete": delete}))?;
        }
    }
    Ok(exit::DONE)
}

/// Whether a person can be asked.
pub(crate) fn can_ask(global: &Global) -> bool {
    !global.no_input && io::stdin().is_terminal() && io::stderr().is_terminal()
}
