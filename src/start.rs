//! The verbs of the screen: the demo, a profile or connection from flags, an archive without a server, a file, or the
//! welcome screen.

use std::path::PathBuf;
use std::sync::Arc;

use manyou::app::msg::SignIn;
use manyou::app::{Depth, KeptProfile, Local, Options, Target, ThemeKind, TimeFormat};
use manyou::cells::{Colors, Palette};
use manyou::cli::Context;
use manyou::cli::args::{Cli, Color, Global, Verb};
use manyou::cli::folder::OwnFolder;
use manyou::cli::open::{self as files, Opened};
use manyou::cli::output::{Mode, Trouble};
use manyou::cli::session::{self, Store};
use manyou::config::{Config, Dirs, Profile, Theme};
use manyou::domain::Clock;
use manyou::i18n::{Lang, Texts};
use manyou::keymap::Keymap;
use manyou::report::exit;
use manyou::runtime::clock::SystemClock;
use manyou::runtime::log;
use manyou::tui::terminal::{Capabilities, StartError, capabilities};
use manyou::tui::{End, Start, run};
use tokio::signal::unix::{SignalKind, signal};

use crate::door::{self, Door};
use crate::local::{self, Shut};

/// Opens the screen; gives the exit code.
pub(crate) fn screen(cli: Cli) -> u8 {
    let mode = Mode::of(&cli.global);
    let texts = Texts::new(Lang::choose(cli.global.lang.as_deref(), env));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let outcome = runtime.map_err(Trouble::from).and_then(|runtime| {
        let outcome = runtime.block_on(open(cli));
        runtime.shutdown_background();
        outcome
    });
    outcome.unwrap_or_else(|trouble| trouble.tell(mode, &texts))
}

fn env(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// What the verb asks for.
struct Wish {
    sign_in: Option<SignIn>,
    /// Where everything of a demo that was asked for lies, its log too.
    folder: Option<OwnFolder>,
    clock: Arc<dyn Clock>,
}

async fn open(cli: Cli) -> Result<u8, Trouble> {
    let context = Context::new(cli.global)?;
    let unknown = context.texts.t("delete-unknown");
    let is_offline = context.global.offline;
    let end = match cli.verb {
        Some(Verb::Open { files }) => Box::pin(show_files(context, &files)).await?,
        None | Some(Verb::Tui) if is_offline => Box::pin(show_archive(context)).await?,
        Some(_) if is_offline => return Err(context.refuse("usage-offline", &[])),
        verb => Box::pin(connect(context, verb)).await?,
    };
    match end {
        Ok(End::Quit) => Ok(exit::DONE),
        Ok(End::Unanswered) => Err(Trouble::Said(unknown, exit::UNKNOWN)),
        Ok(End::Hangup) => Ok(128 + 1),
        Ok(End::Signal(number)) => Ok(128 + u8::try_from(number).unwrap_or(0)),
        Err(error @ (StartError::NotATerminal | StartError::Dumb)) => {
            Err(Trouble::Said(format!("{error}; the verbs list, history and show need none"), exit::USAGE))
        }
        Err(error @ StartError::Io(_)) => Err(Trouble::Said(error.to_string(), exit::OTHER)),
    }
}

/// How the screen ended, if it could begin.
type Ended = Result<End, StartError>;

async fn connect(context: Context, verb: Option<Verb>) -> Result<Ended, Trouble> {
    let has_connection = context.global.profile.is_some() || context.global.api.is_some();
    let mut wish = Wish { sign_in: None, folder: None, clock: Arc::clone(&context.clock) };
    let mut flags = None;
    match verb {
        Some(Verb::Demo { keep, now }) => {
            if let Some(now) = now {
                wish.clock = Arc::new(SystemClock::starting_at(context.time(&now)?));
            }
            (wish.sign_in, wish.folder) = (Some(SignIn::Demo), Some(demo_folder(keep)?));
        }
        verb if has_connection || verb.is_some() => {
            flags = Some(door::from_flags(&context)?);
            wish.sign_in = Some(SignIn::Again(None));
        }
        _ => {}
    }
    let store = Store::open(&context).ok();
    let target = flags.as_ref().map(|(target, _)| door::target(&target.profile)).unwrap_or_default();
    let seed = flags.as_ref().and_then(|(target, _)| door::seed(&context, &target.profile));
    let start = Start { target, seed, ..start(&context, store.as_ref(), wish.sign_in)? };
    let _log = log_of(&context, wish.folder.as_ref(), &*wish.clock);
    let clock = Arc::clone(&wish.clock);
    let door = Door::new(context, wish.folder, wish.clock);
    if let Some((target, credentials)) = flags {
        door.remember(target.profile, credentials);
    }
    let end = Box::pin(run(start, Arc::new(door.clone()), clock)).await;
    door.close().await;
    Ok(end)
}

/// What files hold. The screen waits until they are read.
async fn show_files(context: Context, files: &[PathBuf]) -> Result<Ended, Trouble> {
    let Opened { archive, folder, name, messages, user } = files::open(&context, files, ends()).await?;
    let peers = archive.peers().await.map_err(|failure| Trouble::failed(failure, user.clone()))?;
    let seed = local::seed(&archive, &peers, Target { user, ..Target::default() });
    let store = Store::open(&context).ok();
    let local = Some(Local::File { name, messages });
    let start = Start { seed: Some(seed), local, ..start(&context, store.as_ref(), None)? };
    let _log = log_of(&context, Some(&folder), &*context.clock);
    let learning = tokio::spawn({
        let archive = archive.clone();
        async move { archive.index().await }
    });
    let end = Box::pin(run(start, Arc::new(Shut(Some(archive.clone()))), Arc::clone(&context.clock))).await;
    learning.abort();
    // What is still written would come back into the folder.
    archive.close().await;
    drop(folder);
    Ok(end)
}

/// The archive of the account that flags and profile name; nobody is asked for a secret.
async fn show_archive(context: Context) -> Result<Ended, Trouble> {
    let (account, archive) = session::offline(&context)?;
    let user = account.profile.user.to_string();
    let peers = archive.peers().await.map_err(|failure| Trouble::failed(failure, user.clone()))?;
    let target = door::target(&account.profile);
    let seed = local::seed(&archive, &peers, target.clone());
    let place = account.name.unwrap_or_else(|| account.profile.app_key.to_string());
    let who = format!("{user}@{place}");
    let local = Some(Local::Archive { who, since: context.clock.now() });
    let store = Store::open(&context).ok();
    let start = Start { target, seed: Some(seed), local, ..start(&context, store.as_ref(), None)? };
    let _log = log_of(&context, None, &*context.clock);
    Ok(Box::pin(run(start, Arc::new(Shut(Some(archive))), Arc::clone(&context.clock))).await)
}

/// Over once a signal asks the program to end; gives the exit code.
async fn ends() -> u8 {
    let of = |kind: SignalKind, number: u8| async move {
        match signal(kind) {
            Ok(mut signal) => _ = signal.recv().await,
            Err(_) => std::future::pending().await,
        }
        128 + number
    };
    tokio::select! {
        code = of(SignalKind::interrupt(), 2) => code,
        code = of(SignalKind::terminate(), 15) => code,
        code = of(SignalKind::hangup(), 1) => code,
    }
}

/// In the folder of a demo or a file, else in this person's; without a home folder there is no log.
fn log_of(context: &Context, folder: Option<&OwnFolder>, clock: &dyn Clock) -> Option<log::LogGuard> {
    let own = folder.map(|folder| folder.path().to_owned());
    let folder = own.or_else(|| Dirs::find().ok().map(|dirs| dirs.state))?;
    log::to_file(&folder, context.log_level(), clock).ok()
}

fn demo_folder(keep: Option<PathBuf>) -> Result<OwnFolder, Trouble> {
    OwnFolder::of_demo(keep.as_deref(), &std::env::temp_dir()).map_err(|e| {
        let place = keep.unwrap_or_else(std::env::temp_dir);
        Trouble::Said(format!("{}: no folder for the demo: {e}", place.display()), exit::OTHER)
    })
}

fn start(context: &Context, store: Option<&Store>, sign_in: Option<SignIn>) -> Result<Start, Trouble> {
    let ability = ability(&context.global);
    let config = store.map(|store| &store.config);
    let keymap = Keymap::defaults().map_err(|e| Trouble::Said(e.to_string(), exit::OTHER))?;
    let options = Options {
        texts: Arc::new(Texts::new(context.texts.lang())),
        keymap: Arc::new(keymap),
        zone: context.zone.clone(),
        ascii: context.global.ascii || !ability.utf8,
        theme: theme(config.and_then(|c| c.theme)),
        depth: match ability.colors {
            Colors::None => Depth::None,
            Colors::Ansi16 => Depth::Sixteen,
            Colors::Ansi256 => Depth::Indexed,
            Colors::True => Depth::True,
        },
        wrap: true,
        time: TimeFormat::Local,
        profiles: config.map(kept).unwrap_or_default(),
    };
    let palette = Palette { colors: ability.colors, utf8: ability.utf8 };
    Ok(Start {
        options,
        palette,
        term: env("TERM"),
        target: Target::default(),
        seed: None,
        local: None,
        sign_in,
        open: None,
    })
}

fn kept(config: &Config) -> Vec<KeptProfile> {
    let of = |(name, profile): (&String, &Profile)| KeptProfile { name: name.clone(), target: door::target(profile) };
    config.profiles.iter().map(of).collect()
}

fn ability(global: &Global) -> Capabilities {
    let found = capabilities(env);
    match global.color {
        Color::Never => Capabilities { colors: Colors::None, ..found },
        Color::Auto | Color::Always => found,
    }
}

/// The configured theme; else light where the terminal says its ground is (`COLORFGBG`), else dark.
fn theme(configured: Option<Theme>) -> ThemeKind {
    let light = || env("COLORFGBG").and_then(|v| v.rsplit(';').next().and_then(|n| n.parse::<u8>().ok()));
    match configured {
        Some(Theme::Dark) => ThemeKind::Dark,
        Some(Theme::Light) => ThemeKind::Light,
        _ if light().is_some_and(|n| n == 7 || n == 15) => ThemeKind::Light,
        _ => ThemeKind::Dark,
    }
}
