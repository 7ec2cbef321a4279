//! How the screen signs in: on the demo, with a form, with a profile, or as before.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use manyou::app::Msg;
use manyou::app::msg::{Kept, Note, Seed, SignIn, SignInForm, Target};
use manyou::cli::Context;
use manyou::cli::folder::OwnFolder;
use manyou::cli::output::Trouble;
use manyou::cli::session;
use manyou::client::{Credentials, Secret};
use manyou::config::{Profile, SecretKind};
use manyou::domain::{Clock, Failure, FailureKind, Peer, UserId};
use manyou::engine::{Archive, LocalPage};
use manyou::runtime::{Attempt, Connected, Connector};
use manyou::server;
use tokio::sync::mpsc::UnboundedSender;

/// Signs in for the screen, and keeps what that took: the demo server, the last credentials.
#[derive(Clone)]
pub(crate) struct Door(Arc<Inner>);

struct Inner {
    context: Context,
    /// The demo's, until it takes it.
    folder: Mutex<Option<OwnFolder>>,
    clock: Arc<dyn Clock>,
    last: Mutex<Option<(Profile, Credentials)>>,
    demo: tokio::sync::Mutex<Option<Demo>>,
    /// Address and folder of the demo, once it runs.
    demo_at: Mutex<Option<(String, PathBuf)>>,
    /// Where archives lie while the program runs, where there is no other place for them.
    spare: Mutex<Option<OwnFolder>>,
}

/// The demo's server and the folder it lives in; dropped in this order.
struct Demo {
    server: server::Handle,
    folder: OwnFolder,
}

impl Door {
    /// A door of the program; `folder` and `clock` are the demo's, which else makes its own.
    pub(crate) fn new(context: Context, folder: Option<OwnFolder>, clock: Arc<dyn Clock>) -> Self {
        let (folder, last, demo) = (Mutex::new(folder), Mutex::new(None), tokio::sync::Mutex::new(None));
        let (demo_at, spare) = (Mutex::default(), Mutex::default());
        Self(Arc::new(Inner { context, folder, clock, last, demo, demo_at, spare }))
    }

    /// What [`SignIn::Again`] signs in with until something else did.
    pub(crate) fn remember(&self, profile: Profile, credentials: Credentials) {
        *self.0.last.lock().unwrap_or_else(PoisonError::into_inner) = Some((profile, credentials));
    }

    /// Ends the demo, if one runs, and removes its folder.
    pub(crate) async fn close(&self) {
        drop(self.folder());
        if let Some(Demo { mut server, folder: _folder }) = self.0.demo.lock().await.take() {
            // What is still being made would come back into the folder, and a kept one would stay half full.
            server.filled().await;
            server.shutdown().await;
        }
        drop(self.0.spare.lock().unwrap_or_else(PoisonError::into_inner).take());
    }

    async fn open(self, how: SignIn, out: UnboundedSender<Msg>) -> Result<Connected, Failure> {
        let (mut profile, credentials, place) = match how {
            SignIn::Demo => self.demo().await?,
            SignIn::Form(form) => self.typed(form)?,
            SignIn::Profile(name) => self.kept(name)?,
            SignIn::Again(user) => self.again(user)?,
        };
        profile.read_only |= self.0.context.global.read_only;
        self.remember(profile.clone(), credentials.clone());
        let notes = out.clone();
        let on_wait = Arc::new(move |wait, failure: &Failure| _ = out.send(Msg::Waiting(wait, failure.clone())));
        let engine = session::sign_in(&self.0.context, &profile, credentials, Some(on_wait)).await.map_err(failure)?;
        let engine = engine.with_archive(self.archive_of(&profile));
        if self.0.spare.lock().unwrap_or_else(PoisonError::into_inner).is_some() {
            _ = notes.send(Msg::Archive(Note::ForNow));
        }
        let session = engine.session();
        let account = manyou::app::Account {
            user: session.user.clone(),
            place: place.unwrap_or_else(|| profile.app_key.to_string()),
            read_only: session.read_only || profile.read_only || cfg!(not(feature = "delete")),
            on_behalf: profile.on_behalf,
            keeps: engine.archive().is_some(),
            target: target(&profile),
        };
        Ok(Connected { engine, account })
    }

    /// The archive of an account: in the demo's folder, else in this person's data folder. A session on behalf of
    /// somebody keeps nothing of theirs here.
    fn archive_of(&self, profile: &Profile) -> Option<Archive> {
        let demo = self.0.demo_at.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match demo {
            Some((api, folder)) if api == profile.api => Some(archive_below(&folder, profile)),
            _ => self.for_good_or_now(profile),
        }
    }

    /// In this person's data folder; where nothing can be begun there, one that lasts as long as the program.
    fn for_good_or_now(&self, profile: &Profile) -> Option<Archive> {
        if let Some(archive) = session::archive(&self.0.context, profile).filter(Archive::has_place) {
            return Some(archive);
        }
        let mut spare = self.0.spare.lock().unwrap_or_else(PoisonError::into_inner);
        if spare.is_none() && !profile.on_behalf {
            *spare = OwnFolder::of_file(&std::env::temp_dir()).ok();
        }
        spare.as_ref().filter(|_| !profile.on_behalf).map(|folder| archive_below(folder.path(), profile))
    }

    /// With what was typed. Where the last sign-in went to the same place, its profile's rules still hold.
    fn typed(&self, form: SignInForm) -> Result<Way, Failure> {
        let (fresh, credentials, place) = from_form(form)?;
        let last = self.0.last.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let profile = match last {
            Some((last, _)) if (&last.api, &last.app_key) == (&fresh.api, &fresh.app_key) => {
                Profile { user: fresh.user, on_behalf: false, client_id: None, ..last }
            }
            _ => fresh,
        };
        Ok((profile, credentials, place))
    }

    /// Starts the demo unless it runs, and signs in as its agent.
    async fn demo(&self) -> Result<Way, Failure> {
        let mut demo = self.0.demo.lock().await;
        if demo.is_none() {
            *demo = Some(self.start_demo().await?);
        }
        let ready = demo.as_ref().map(|demo| demo.server.ready()).unwrap_or_default();
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        let agent = &ready["users"][0];
        let target =
            Target { api: text(&ready["api"]), app_key: text(&ready["app_key"]), user: text(&agent["user_id"]) };
        let folder = demo.as_ref().map(|demo| demo.folder.path().to_owned()).unwrap_or_default();
        *self.0.demo_at.lock().unwrap_or_else(PoisonError::into_inner) = Some((target.api.clone(), folder));
        let form = SignInForm { target, password: text(&agent["password"]) };
        let (profile, credentials, _) = from_form(form)?;
        Ok((profile, credentials, Some("demo".to_owned())))
    }

    async fn start_demo(&self) -> Result<Demo, Failure> {
        let local = |e: &dyn std::fmt::Display| Failure::local(FailureKind::Local, e.to_string());
        let made = || OwnFolder::of_demo(None, &std::env::temp_dir());
        let folder = self.folder().map_or_else(made, Ok).map_err(|e| local(&e))?;
        let config = server::Config { data: Some(folder.path().to_owned()), demo: true, ..server::Config::default() };
        let server = server::start(config, Arc::clone(&self.0.clock)).await.map_err(|e| local(&e))?;
        Ok(Demo { server, folder })
    }

    fn folder(&self) -> Option<OwnFolder> {
        self.0.folder.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn kept(&self, name: String) -> Result<Way, Failure> {
        let store = session::Store::open(&self.0.context).map_err(failure)?;
        let profile =
            store.config.profile(&name).map_err(|e| Failure::local(FailureKind::Local, e.to_string()))?.clone();
        let read =
            |kind| store.secrets.read(&name, kind).map_err(|e| Failure::local(FailureKind::Local, e.to_string()));
        let user = profile.user.clone();
        let credentials = if profile.on_behalf {
            let client_id = profile.client_id.clone().unwrap_or_default();
            read(SecretKind::ClientSecret)?.map(|secret| Credentials::OnBehalf {
                user,
                client_id,
                client_secret: Secret::new(secret),
            })
        } else if let Some(token) = read(SecretKind::Token)? {
            Some(Credentials::Token { user, token: Secret::new(token) })
        } else {
            read(SecretKind::Password)?.map(|password| Credentials::Password { user, password: Secret::new(password) })
        };
        let credentials = credentials.ok_or_else(|| {
            Failure::local(
                FailureKind::WrongPassword,
                format!("no secret is kept for the profile; run: manyou login {name}"),
            )
        })?;
        Ok((profile, credentials, Some(name)))
    }

    fn again(&self, user: Option<UserId>) -> Result<Way, Failure> {
        let last = self.0.last.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let (mut profile, credentials) =
            last.ok_or_else(|| Failure::local(FailureKind::TokenExpired, "nobody was signed in before"))?;
        profile.user = user.unwrap_or(profile.user);
        let user = profile.user.clone();
        let credentials = match credentials {
            Credentials::Password { password, .. } => Credentials::Password { user, password },
            Credentials::Token { token, .. } => Credentials::Token { user, token },
            Credentials::OnBehalf { client_id, client_secret, .. } => {
                Credentials::OnBehalf { user, client_id, client_secret }
            }
        };
        Ok((profile, credentials, None))
    }
}

/// A connection, what opens it, and how the screen names the place.
type Way = (Profile, Credentials, Option<String>);

/// What a profile signs in to.
pub(crate) fn target(profile: &Profile) -> Target {
    Target { api: profile.api.clone(), app_key: profile.app_key.to_string(), user: profile.user.to_string() }
}

fn from_form(form: SignInForm) -> Result<Way, Failure> {
    let refused = |e: manyou::domain::GrammarError| Failure::local(FailureKind::Refused, e.to_string());
    let Target { api, app_key, user } = form.target;
    let user: UserId = user.parse().map_err(refused)?;
    let profile = Profile::new(api, app_key.parse().map_err(refused)?, user.clone());
    Ok((profile, Credentials::Password { user, password: Secret::new(form.password) }, None))
}

fn failure(trouble: Trouble) -> Failure {
    match trouble {
        Trouble::Failed(failure, _) => *failure,
        Trouble::Said(text, _) => Failure::local(FailureKind::Local, text),
        Trouble::Config(error) => Failure::local(FailureKind::Local, error.to_string()),
        Trouble::BrokenPipe => Failure::local(FailureKind::Local, "the output is closed"),
    }
}

fn archive_below(data: &std::path::Path, profile: &Profile) -> Archive {
    Archive::at(data, profile.api.clone(), profile.app_key.clone(), profile.user.clone())
}

/// What the archive of a profile has for the first picture; nothing waits for more than a few pages of a file.
pub(crate) fn seed(context: &Context, profile: &Profile) -> Option<Seed> {
    let archive = session::archive(context, profile)?;
    let list = archive.list_now();
    let listed_at = Some(list.at?);
    let (users, groups) = archive.names_now();
    let newest = |peer: Peer| {
        let LocalPage { page, served_from } = archive.newest_now(&peer)?;
        Some((peer, Kept { page, served_from }))
    };
    let bookmarks = archive.bookmarks_now();
    let open = archive.last_opened_now().and_then(newest);
    Some(Seed { target: target(profile), list: list.conversations, listed_at, users, groups, bookmarks, open })
}

/// What flags and profile name, with its secret: asked for while the terminal is still a plain one.
pub(crate) fn from_flags(context: &Context) -> Result<(session::Target, Credentials), Trouble> {
    let store = session::Store::open(context);
    let target = session::target(context, store.as_ref().ok())?;
    let credentials = session::credentials(context, &target, store.as_ref().ok())?;
    Ok((target, credentials))
}

impl Connector for Door {
    fn connect(&self, how: SignIn, out: UnboundedSender<Msg>) -> Attempt {
        Box::pin(self.clone().open(how, out))
    }

    fn archive(&self) -> Option<Archive> {
        let last = self.0.last.lock().unwrap_or_else(PoisonError::into_inner).clone();
        last.and_then(|(profile, _)| self.archive_of(&profile))
    }
}
