//! Tokens: how they are made, kept (as digests only) and read, and who may do what.

use axum::http::HeaderMap;
use rusqlite::{OptionalExtension as _, params};
use sha2::{Digest as _, Sha256};

use super::app::{App, secret};
use super::call::Refused;
use super::db::DbResult;

/// Whose token came with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Identity {
    /// None was asked for.
    Nobody,
    /// A user's.
    User(String),
    /// The app's.
    App,
}

impl Identity {
    /// The user, or `admin` for the app.
    pub fn name(&self) -> &str {
        match self {
            Self::User(user) => user,
            Self::App | Self::Nobody => "admin",
        }
    }
}

/// Who may use a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Anybody, without a token (the token call, signed addresses).
    Anyone,
    /// The user named in the path, with their own token.
    Own,
    /// That user, or the app.
    OwnOrApp,
    /// Only the app.
    App,
    /// Anybody with a valid token.
    AnyToken,
}

impl Who {
    /// Checks the request's token against the route. `user` is the one named in the path. Ids are compared without
    /// case: data is found by the id as written, so another spelling sees nothing.
    ///
    /// # Errors
    /// 401 in the vendor's words.
    pub fn check(self, app: &App, headers: &HeaderMap, user: &str) -> Result<Identity, Refused> {
        if self == Self::Anyone {
            return Ok(Identity::Nobody);
        }
        let identity = identify(app, bearer(headers))?;
        let own = matches!(&identity, Identity::User(owner) if owner.eq_ignore_ascii_case(user));
        let allowed = match self {
            Self::Anyone | Self::AnyToken => true,
            Self::Own => own,
            Self::OwnOrApp => own || identity == Identity::App,
            Self::App => identity == Identity::App,
        };
        if allowed { Ok(identity) } else { Err(Refused::token("unauthorized", "Unable to authenticate (OAuth)")) }
    }
}

/// The token of the `Authorization` header.
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get("authorization")?.to_str().ok()?.trim().split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

/// Whose token it is.
///
/// # Errors
/// 401: none, expired, garbage or unknown.
pub fn identify(app: &App, token: Option<&str>) -> Result<Identity, Refused> {
    let expired = || Refused::token("unauthorized", "Unable to authenticate due to expired access token");
    let token = token.filter(|t| !t.is_empty()).ok_or_else(expired)?;
    if !token.starts_with(PREFIX) {
        return Err(Refused::token("auth_bad_access_token", "Unable to authenticate due to corrupt access token"));
    }
    let Some((owner, expires)) = find(app, token)? else {
        return Err(Refused::token("auth_bad_access_token", "Unable to authenticate"));
    };
    if expires.is_some_and(|at| at <= app.now().ms()) {
        return Err(expired());
    }
    Ok(owner.map_or(Identity::App, Identity::User))
}

/// When a token ends, in milliseconds since 1970; `None` when never or unknown.
///
/// # Errors
/// The database's.
pub fn expiry(app: &App, token: &str) -> DbResult<Option<i64>> {
    Ok(find(app, token)?.and_then(|(_, expires)| expires))
}

const PREFIX: &str = "YWMt";

fn digest(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

fn find(app: &App, token: &str) -> DbResult<Option<(Option<String>, Option<i64>)>> {
    let db = app.db.get();
    let mut query = db.prepare_cached("SELECT owner, expires FROM token WHERE digest = ?1")?;
    query.query_row([digest(token)], |row| Ok((row.get(0)?, row.get(1)?))).optional()
}

/// Makes a token for `owner` (`None`: the app) that lives `ttl` seconds; 0 never ends.
///
/// # Errors
/// No randomness, or the database's.
pub fn issue(app: &App, owner: Option<&str>, ttl: i64) -> Result<String, Refused> {
    let token = format!("{PREFIX}{}", secret(32)?);
    let expires = (ttl > 0).then(|| app.now().plus_ms(ttl.saturating_mul(1000)).ms());
    let db = app.db.get();
    db.execute("DELETE FROM token WHERE expires < ?1", [app.now().plus_ms(-super::limits::DAY_MS).ms()])?;
    db.execute(
        "INSERT INTO token (digest, owner, expires) VALUES (?1, ?2, ?3)",
        params![digest(&token), owner, expires],
    )?;
    Ok(token)
}
