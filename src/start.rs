//! The verbs of the screen: the demo, a profile or connection from flags, or the welcome screen.

use std::path::PathBuf;
use std::sync::Arc;

use manyou::app::msg::SignIn;
use manyou::app::{Depth, KeptProfile, Options, Target, ThemeKind, TimeFormat};
use manyou::cli::Context;
use manyou::cli::args::{Cli, Color, Global, Verb};
use manyou::cli::demo::DemoFolder;
use manyou::cli::output::{Mode, Trouble};
use manyou::cli::session::Store;
use manyou::config::{Config, Dirs, Profile, Theme};
use manyou::domain::Clock;
use manyou::i18n::{Lang, Texts};
use manyou::keymap::Keymap;
use manyou::report::exit;
use manyou::runtime::clock::SystemClock;
use manyou::runtime::log;
use manyou::tui::terminal::{Capabilities, Colors, StartError, capabilities};
use manyou::tui::{End, Start, run, screen::Palette};

use crate::door::{self, Door};

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
    folder: Option<DemoFolder>,
    clock: Arc<dyn Clock>,
}

async fn open(cli: Cli) -> Result<u8, Trouble> {
    let context = Context::new(cli.global)?;
    let has_connection = context.global.profile.is_some() || context.global.api.is_some();
    let mut wish = Wish { sign_in: None, folder: None, clock: Arc::clone(&context.clock) };
    let mut flags = None;
    match cli.verb {
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
    // Without a home folder there is no log.
    let of_demo = wish.folder.as_ref().map(|folder| folder.path().to_owned());
    let folder = of_demo.or_else(|| Dirs::find().ok().map(|dirs| dirs.state));
    let _log = folder.and_then(|folder| log::to_file(&folder, context.log_level(), &*wish.clock).ok());
    let clock = Arc::clone(&wish.clock);
    let unknown = context.texts.t("delete-unknown");
    let door = Door::new(context, wish.folder, wish.clock);
    if let Some((target, credentials)) = flags {
        door.remember(target.profile, credentials);
    }
    let end = Box::pin(run(start, Arc::new(door.clone()), clock)).await;
    door.close().await;
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

fn demo_folder(keep: Option<PathBuf>) -> Result<DemoFolder, Trouble> {
    DemoFolder::open(keep.as_deref(), &std::env::temp_dir()).map_err(|e| {
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
    Ok(Start { options, palette, term: env("TERM"), target: Target::default(), seed: None, sign_in, open: None })
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
