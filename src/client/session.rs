//! Signing in, the life of the token, and its renewal as the same user only (`protocol` 2).

use std::sync::Mutex;
use std::time::Duration;

use serde_json::{Value, json};

use super::call::{Call, encoded};
use super::{Client, Credentials, Secret, lock};
use crate::domain::{Failure, FailureKind, ServerTime, Service, UserId};
use crate::wire::rest::{self, TokenAnswer};

/// Who is signed in, and until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Whose view.
    pub user: UserId,
    /// Nothing may be changed in it.
    pub read_only: bool,
    /// When the token ends by our clock; `None` when it does not or nobody said.
    pub expires: Option<ServerTime>,
}

/// The session of a client, and the queue of those who want to renew it.
#[derive(Default)]
pub(super) struct LoginSlot {
    current: Mutex<Option<Login>>,
    renewing: tokio::sync::Mutex<()>,
}

#[derive(Clone)]
struct Login {
    credentials: Credentials,
    token: Secret,
    /// On the clock that never jumps: when less than a tenth of the life is left.
    renew_at: Option<Duration>,
    expires: Option<ServerTime>,
}

impl Client {
    /// Signs in. Replaces an earlier session only on success; nothing is retried.
    ///
    /// # Errors
    /// What the server said; [`FailureKind::IdentityChanged`] when it signed in somebody else.
    pub async fn sign_in(&self, credentials: Credentials) -> Result<Session, Failure> {
        let login = self.login(credentials).await?;
        let session = login.session();
        *lock(&self.inner.login.current) = Some(login);
        Ok(session)
    }

    /// The session, if signed in.
    #[must_use]
    pub fn session(&self) -> Option<Session> {
        lock(&self.inner.login.current).as_ref().map(Login::session)
    }

    /// The token of the session, for storing it; a secret.
    #[must_use]
    pub fn session_token(&self) -> Option<Secret> {
        lock(&self.inner.login.current).as_ref().map(|l| l.token.clone())
    }

    /// Who is signed in.
    pub(super) fn user(&self) -> Result<UserId, Failure> {
        self.session().map(|s| s.user).ok_or_else(not_signed_in)
    }

    /// A token for the next request; renewed ahead of its end where that is possible.
    pub(super) async fn token(&self) -> Result<Secret, Failure> {
        let login = self.current()?;
        let is_due = login.renew_at.is_some_and(|at| self.inner.clock.elapsed() >= at);
        if !is_due || matches!(login.credentials, Credentials::Token { .. }) {
            return Ok(login.token);
        }
        let due = Failure::local(FailureKind::TokenExpired, "the token is about to end");
        match self.renewed(&login.token, due).await {
            Ok(token) => Ok(token),
            // The old one may still serve for its last tenth; the server decides.
            Err(failure) if failure.kind.is_passing() => Ok(login.token),
            Err(failure) => Err(failure),
        }
    }

    /// A token other than `old`: the one another request has renewed meanwhile, or a new one.
    /// `why` is the failure when no new one can be had.
    pub(super) async fn renewed(&self, old: &Secret, why: Failure) -> Result<Secret, Failure> {
        let _turn = self.inner.login.renewing.lock().await;
        let login = self.current()?;
        if login.token != *old {
            return Ok(login.token);
        }
        if matches!(login.credentials, Credentials::Token { .. }) {
            return Err(why);
        }
        let login = self.login(login.credentials).await?;
        let token = login.token.clone();
        *lock(&self.inner.login.current) = Some(login);
        Ok(token)
    }

    /// What a refusal means in this session.
    pub(super) fn in_session(&self, failure: Failure) -> Failure {
        match self.current() {
            Ok(login) => foreign(&login.credentials, failure),
            Err(_) => failure,
        }
    }

    /// Whether somebody handed us the session's token.
    pub(super) fn has_given_token(&self) -> bool {
        self.current().is_ok_and(|login| matches!(login.credentials, Credentials::Token { .. }))
    }

    fn current(&self) -> Result<Login, Failure> {
        lock(&self.inner.login.current).clone().ok_or_else(not_signed_in)
    }

    async fn login(&self, credentials: Credentials) -> Result<Login, Failure> {
        let answer = match &credentials {
            Credentials::Password { user, password } => {
                let body = json!({"grant_type": "password", "username": user, "password": password.expose(),
                           "timestamp": self.inner.clock.now().ms()});
                self.ask_token("POST token (password)", body, None).await?
            }
            Credentials::OnBehalf { user, client_id, client_secret } => {
                let body = json!({"grant_type": "client_credentials", "client_id": client_id,
                                  "client_secret": client_secret.expose()});
                let app = Secret::new(self.ask_token("POST token (app)", body, None).await?.token);
                let body = json!({"grant_type": "inherit", "username": user, "autoCreateUser": false});
                self.ask_token("POST token (inherit)", body, Some(&app)).await?
            }
            Credentials::Token { user, token } => return self.check_token(user, token, &credentials).await,
        };
        same_user(credentials.user(), answer.user.as_deref())?;
        let life = answer.life_s.map(Duration::from_secs);
        Ok(self.with_life(credentials, Secret::new(answer.token), life))
    }

    async fn ask_token(&self, label: &'static str, body: Value, app: Option<&Secret>) -> Result<TokenAnswer, Failure> {
        let call = Call { is_sign_in: true, ..Call::post(label, "/token".to_owned(), body, Service::Other) };
        let answer = self.once(&call, app).await.map_err(|lost| lost.failure)?;
        rest::token(&answer.body).map_err(|e| answer.unreadable(e))
    }

    /// Asks when the token ends, which also tells whether it opens this user's data. Servers that do not know the
    /// question leave it open.
    async fn check_token(&self, user: &UserId, token: &Secret, given: &Credentials) -> Result<Login, Failure> {
        let path = format!("/sdk/users/{}/token/expires", encoded(user.as_str()));
        let call = Call::get("GET token/expires", path, Service::Other);
        let life = match self.once(&call, Some(token)).await {
            Ok(answer) => rest::object(&answer.body).ok().and_then(|v| v["expire_timestamp"].as_i64()),
            Err(lost) if lost.failure.kind == FailureKind::NotFound => None,
            Err(lost) => return Err(foreign(given, lost.failure)),
        };
        let left_ms = life.map(|at| at.saturating_sub(self.inner.clock.now().ms()).max(0) as u64);
        Ok(self.with_life(given.clone(), token.clone(), left_ms.map(Duration::from_millis)))
    }

    fn with_life(&self, credentials: Credentials, token: Secret, life: Option<Duration>) -> Login {
        let clock = &self.inner.clock;
        let ms = |life: Duration| i64::try_from(life.as_millis()).unwrap_or(i64::MAX);
        Login {
            credentials,
            token,
            renew_at: life.map(|life| clock.elapsed().saturating_add(life.mul_f64(0.9))),
            expires: life.map(|life| clock.now().plus_ms(ms(life))),
        }
    }
}

impl Login {
    fn session(&self) -> Session {
        Session {
            user: self.credentials.user().clone(),
            read_only: self.credentials.is_read_only(),
            expires: self.expires,
        }
    }
}

/// A token that is good and yet not allowed to a user's own data is another user's. What it opens can't be asked.
fn foreign(given: &Credentials, failure: Failure) -> Failure {
    match (given, failure.kind, failure.status) {
        (Credentials::Token { .. }, FailureKind::Forbidden, Some(401)) => {
            Failure { kind: FailureKind::ForeignToken, ..failure }
        }
        _ => failure,
    }
}

/// The service lower-cases user ids, so capitals are no other identity; anything else is.
fn same_user(wanted: &UserId, got: Option<&str>) -> Result<(), Failure> {
    if got.is_some_and(|got| got.eq_ignore_ascii_case(wanted.as_str())) {
        return Ok(());
    }
    Err(Failure::local(FailureKind::IdentityChanged, "the server signed in another user than the one asked for"))
}

fn not_signed_in() -> Failure {
    Failure::local(FailureKind::Refused, "not signed in")
}
