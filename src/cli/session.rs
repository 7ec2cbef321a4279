//! From flags, environment and profile to a signed-in engine.

use std::io::{self, BufRead, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::output::{Trouble, say};
use super::{Context, can_ask};
use crate::client::{Client, Credentials, Endpoint, HttpTransport, OnWait, Options, Secret};
use crate::config::{Config, ConfigError, Dirs, Profile, SecretKind, Secrets};
use crate::domain::{Failure, FailureKind, Resource};
use crate::engine::{Archive, Engine};
use crate::i18n::Texts;
use crate::report::exit;

/// Where configuration and secrets lie for this run.
pub struct Store {
    /// The configuration file.
    pub path: PathBuf,
    /// What is in it.
    pub config: Config,
    /// The secrets beside it.
    pub secrets: Secrets,
}

impl Store {
    /// Finds and reads the configuration.
    ///
    /// # Errors
    /// No home folder, a file that was named and is not there, or one that cannot be used.
    pub fn open(context: &Context) -> Result<Self, Trouble> {
        if let Some(path) = context.global.config.as_ref().filter(|path| !path.exists()) {
            return Err(context.refuse("usage-no-config", &[("path", path.display().to_string().into())]));
        }
        Self::open_or_new(context)
    }

    /// The same where a configuration that was named may still have to be made.
    ///
    /// # Errors
    /// As [`Store::open`], but not for a missing file.
    pub fn open_or_new(context: &Context) -> Result<Self, Trouble> {
        let path = config_path(context.global.config.as_deref())?;
        let beside = path.parent().unwrap_or_else(|| Path::new("."));
        let data = Dirs::find().map_or_else(|_| beside.to_owned(), |dirs| dirs.data);
        let config = Config::load(&path)?;
        Ok(Self { secrets: Secrets::below(&data), path, config })
    }
}

/// The file that is named, or the usual one.
pub(super) fn config_path(named: Option<&Path>) -> Result<PathBuf, ConfigError> {
    match named {
        Some(path) => Ok(path.to_owned()),
        None => Ok(Dirs::find()?.config.join("config.toml")),
    }
}

/// Where to connect and as whom, before any secret is known.
pub struct Target {
    /// The profile's name, unless flags alone describe the connection.
    pub name: Option<String>,
    /// The connection.
    pub profile: Profile,
}

/// The connection that flags, environment and profile describe together; flags win. No configuration is needed, or
/// read, when flags say it all.
///
/// # Errors
/// Nothing describes one, or the profile is not there.
pub fn target(context: &Context, store: Option<&Store>) -> Result<Target, Trouble> {
    let flags = &context.global;
    let whole = flags.api.is_some() && flags.app_key.is_some() && flags.user.is_some();
    let named = flags.profile.clone().filter(|_| !whole);
    let chosen = match store {
        Some(store) if !whole => named.or_else(|| store.config.default_profile.clone()).map(|name| {
            let profile = store.config.profile(&name).cloned();
            profile.map(|profile| (name, profile))
        }),
        _ => None,
    };
    let (name, mut profile) = match chosen.transpose()? {
        Some((name, profile)) => (Some(name), profile),
        None => (None, from_flags(context).map_err(|trouble| no_default(context, store).unwrap_or(trouble))?),
    };
    profile.api = flags.api.clone().unwrap_or(profile.api);
    profile.ws = flags.ws.clone().or(profile.ws);
    profile.app_key = flags.app_key.clone().unwrap_or(profile.app_key);
    profile.user = flags.user.clone().unwrap_or(profile.user);
    profile.client_id = flags.client_id.clone().or(profile.client_id);
    profile.on_behalf |= flags.on_behalf;
    profile.allow_plain_http |= flags.allow_plain_http;
    profile.read_only |= flags.read_only;
    Ok(Target { name, profile })
}

/// There are profiles and none of them was meant: says how to mean one.
pub(super) fn no_default(context: &Context, store: Option<&Store>) -> Option<Trouble> {
    let config = &store?.config;
    let is_open = config.default_profile.is_none() && context.global.api.is_none() && !config.profiles.is_empty();
    let names = || config.profiles.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
    is_open.then(|| context.refuse("usage-no-default", &[("names", names().into())]))
}

fn from_flags(context: &Context) -> Result<Profile, Trouble> {
    let flags = &context.global;
    let (Some(api), Some(app_key), Some(user)) = (&flags.api, &flags.app_key, &flags.user) else {
        return Err(context.refuse("cli-no-connection", &[]));
    };
    Ok(Profile {
        api: api.clone(),
        ws: flags.ws.clone(),
        app_key: app_key.clone(),
        user: user.clone(),
        allow_plain_http: flags.allow_plain_http,
        on_behalf: flags.on_behalf,
        client_id: flags.client_id.clone(),
        read_only: flags.read_only,
        delete: crate::config::DeleteRules::default(),
    })
}

/// Signs in as the flags and profile say.
///
/// # Errors
/// No connection, no password, or what the server said.
pub async fn open(context: &Context) -> Result<(Engine, Target), Trouble> {
    let store = Store::open(context);
    let target = target(context, store.as_ref().ok())
        .or_else(|e| store.as_ref().err().map_or(Err(e), |_| target(context, None)));
    let target = match (target, store) {
        (Ok(target), Ok(store)) => return connect(context, target, Some(&store)).await,
        // A configuration that was named is meant, even where flags say enough.
        (Ok(_), Err(trouble)) if context.global.config.is_some() => return Err(trouble),
        (Ok(target), Err(_)) => target,
        (Err(_), Err(trouble)) | (Err(trouble), Ok(_)) => return Err(trouble),
    };
    connect(context, target, None).await
}

/// The archive of a profile's account, in this person's data folder, keeping what the configuration says. A session on
/// behalf of somebody keeps nothing of theirs here; without a home folder nothing is kept.
#[must_use]
pub fn archive(context: &Context, profile: &Profile) -> Option<Archive> {
    if profile.on_behalf {
        return None;
    }
    let data = Dirs::find().ok()?.data;
    let archive = Archive::at(&data, profile.api.clone(), profile.app_key.clone(), profile.user.clone());
    Some(context.kept.get_or_init(|| archive.keeping(kept_days(context))).clone())
}

/// The days of the configuration. One that cannot be read takes nothing away: the verbs that need it tell.
fn kept_days(context: &Context) -> Option<u32> {
    let config = config_path(context.global.config.as_deref()).and_then(|path| Config::load(&path));
    config.ok()?.archive.keep_days
}

/// The same for a verb that works on nothing else.
///
/// # Errors
/// There is none: said why.
pub(super) fn kept(context: &Context, profile: &Profile) -> Result<Archive, Trouble> {
    archive(context, profile).ok_or_else(|| no_archive(context, profile))
}

/// Why a profile has no archive.
pub(super) fn no_archive(context: &Context, profile: &Profile) -> Trouble {
    if profile.on_behalf {
        Trouble::Said(context.texts.t("sync-no-archive"), exit::READ_ONLY)
    } else {
        Trouble::Said(context.texts.t("config-no-home"), exit::OTHER)
    }
}

/// The connection that flags and profile describe, with nobody asked for a secret: for what needs no server.
///
/// # Errors
/// Nothing describes one.
pub(super) fn unconnected(context: &Context) -> Result<Target, Trouble> {
    let store = Store::open(context);
    target(context, store.as_ref().ok())
}

/// The account that flags and profile describe, and its archive, for what asks no server.
///
/// # Errors
/// Nothing describes one, or nothing is kept of it.
pub fn offline(context: &Context) -> Result<(Target, Archive), Trouble> {
    let target = unconnected(context)?;
    let archive = kept(context, &target.profile)?;
    Ok((target, archive))
}

/// Signs in to `target`, with the secret of the profile, the environment, standard input or a prompt.
pub(crate) async fn connect(
    context: &Context,
    target: Target,
    store: Option<&Store>,
) -> Result<(Engine, Target), Trouble> {
    let credentials = credentials(context, &target, store)?;
    let engine = sign_in(context, &target.profile, credentials, Some(tell_waits(context))).await?;
    let archive = archive(context, &target.profile);
    Ok((engine.with_archive(archive), target))
}

/// Says on standard error that the client waits: who wants it, how long, and which attempt follows.
pub(super) fn tell_waits(context: &Context) -> OnWait {
    let (texts, is_quiet) = (Texts::new(context.texts.lang()), context.global.quiet);
    // The attempts of one read are requests that follow one another.
    let last = Mutex::new((String::new(), 0, 0_u32));
    Arc::new(move |wait, failure: &Failure| {
        let number = failure.request_id.trim_start_matches('r').parse::<u64>().unwrap_or(0);
        let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
        let is_same = last.0 == failure.request && last.1 + 1 == number;
        *last = (failure.request.clone(), number, if is_same { last.2 + 1 } else { 1 });
        let key = if failure.kind == FailureKind::RateLimited { "cli-waiting-asked" } else { "cli-waiting" };
        let args = [
            ("seconds", format!("{:.1}", wait.as_secs_f64()).into()),
            ("request", failure.request.as_str().into()),
            ("attempt", u64::from(last.2 + 1).into()),
            ("why", texts.t(&failure.kind.text_key()).into()),
        ];
        if !is_quiet {
            say(&texts.tr(key, &args));
        }
    })
}

/// Signs in with credentials at hand; `on_wait` hears when the client waits as the server asked.
///
/// # Errors
/// What the server said.
pub async fn sign_in(
    context: &Context,
    profile: &Profile,
    credentials: Credentials,
    on_wait: Option<OnWait>,
) -> Result<Engine, Trouble> {
    let user = profile.user.to_string();
    let failed = |failure: Failure| Trouble::failed(failure, user.clone());
    let endpoint =
        Endpoint::new(&profile.api, profile.ws.as_deref(), profile.app_key.clone(), profile.allow_plain_http);
    let mut options = Options::new(resource(context).map_err(failed)?);
    options.timeout = context.global.timeout.unwrap_or(options.timeout);
    options.chunk = profile.delete.chunk.unwrap_or(options.chunk);
    options.on_wait = on_wait;
    let transport = Arc::new(HttpTransport::new());
    let client = Client::new(endpoint.map_err(failed)?, transport, Arc::clone(&context.clock), options);
    Engine::sign_in(client, credentials).await.map_err(failed)
}

fn resource(context: &Context) -> Result<Resource, Failure> {
    let name = format!("manyou_{}_{}", std::process::id(), context.clock.now().ms());
    name.parse().map_err(|e: crate::domain::GrammarError| Failure::local(FailureKind::Refused, e.to_string()))
}

/// The credentials of `target`, asked for where nothing gives them.
///
/// # Errors
/// Nothing gives them and nobody can be asked.
pub fn credentials(context: &Context, target: &Target, store: Option<&Store>) -> Result<Credentials, Trouble> {
    let (flags, profile) = (&context.global, &target.profile);
    let user = profile.user.clone();
    let stored = |kind| match (store, &target.name) {
        (Some(store), Some(name)) => store.secrets.read(name, kind),
        _ => Ok(None),
    };
    if profile.on_behalf {
        let client_id = profile.client_id.clone().unwrap_or_default();
        let given = env("MANYOU_CLIENT_SECRET").map_or_else(|| stored(SecretKind::ClientSecret), |s| Ok(Some(s)))?;
        let client_secret = Secret::new(given.map_or_else(|| ask(context, &client_id, "cli-no-client-secret"), Ok)?);
        return Ok(Credentials::OnBehalf { user, client_id, client_secret });
    }
    if flags.token_stdin {
        return Ok(Credentials::Token { user, token: Secret::new(line_of_stdin()?) });
    }
    if !flags.password_stdin && env("MANYOU_PASSWORD").is_none() {
        let token = env("MANYOU_TOKEN").map_or_else(|| stored(SecretKind::Token), |token| Ok(Some(token)))?;
        if let Some(token) = token {
            return Ok(Credentials::Token { user, token: Secret::new(token) });
        }
    }
    let given = if flags.password_stdin { None } else { env("MANYOU_PASSWORD") };
    let given = match given {
        None if !flags.password_stdin => stored(SecretKind::Password)?,
        given => given,
    };
    let password = given.map_or_else(|| ask(context, profile.user.as_str(), "cli-no-password"), Ok)?;
    Ok(Credentials::Password { user, password: Secret::new(password) })
}

fn env(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|text| !text.is_empty())
}

/// A secret from standard input when a flag says so, else from the person; `missing` is what is said when nobody can be
/// asked.
fn ask(context: &Context, whose: &str, missing: &str) -> Result<String, Trouble> {
    if context.global.password_stdin {
        return line_of_stdin();
    }
    if !can_ask(&context.global) {
        return Err(Trouble::Said(context.texts.t(missing), exit::SIGN_IN));
    }
    let prompt = context.texts.tr("cli-prompt-password", &[("user", whose.into())]);
    let mut to = io::stderr().lock();
    write!(to, "{}", crate::text::label(&prompt).text)?;
    to.flush()?;
    let typed = without_echo(line_of_stdin);
    writeln!(to)?;
    typed
}

fn line_of_stdin() -> Result<String, Trouble> {
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// Typed characters are not shown while `read` runs; the terminal is put back whatever comes of it.
#[cfg(unix)]
fn without_echo<T>(read: impl FnOnce() -> Result<T, Trouble>) -> Result<T, Trouble> {
    use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
    let stdin = io::stdin();
    let before = tcgetattr(&stdin).map_err(io::Error::from)?;
    let mut quiet = before.clone();
    quiet.local_modes.remove(LocalModes::ECHO);
    tcsetattr(&stdin, OptionalActions::Flush, &quiet).map_err(io::Error::from)?;
    let typed = read();
    tcsetattr(&stdin, OptionalActions::Flush, &before).map_err(io::Error::from)?;
    typed
}

#[cfg(not(unix))]
fn without_echo<T>(read: impl FnOnce() -> Result<T, Trouble>) -> Result<T, Trouble> {
    read()
}
