//! Tokens: password, app credentials, inherit; and when one ends (`protocol` 2).

use serde_json::{Value, json};

use crate::domain::check_name;
use crate::server::app::{App, uuid};
use crate::server::auth::{self, Identity, bearer, identify};
use crate::server::call::{Answer, Call, Refused, Reply};
use crate::server::db::users::{self, User};

/// Sixty days: what the vendor gives when nothing is asked for. In a large unit's favour: one SDK reads milliseconds.
const DEFAULT_TTL_S: i64 = 5_184_000;
/// A token without an end says it ends in ten years.
const NEVER_S: i64 = 315_360_000;

/// `POST /token`
pub fn grant(call: &Call) -> Answer {
    let body = call.json()?;
    match text(&body, "grant_type") {
        "password" => password(call, &body),
        "client_credentials" => app_credentials(call, &body),
        "inherit" => inherit(call, &body),
        _ => Err(Refused::grant("unsupported grant_type")),
    }
}

fn text<'a>(body: &'a Value, key: &str) -> &'a str {
    body[key].as_str().unwrap_or_default()
}

/// Seconds the token is to live; 0 for ever. Numbers and numeric strings are read.
fn ttl(body: &Value) -> Result<i64, Refused> {
    let asked = match &body["ttl"] {
        Value::Null => return Ok(DEFAULT_TTL_S),
        Value::String(text) if text.is_empty() => return Ok(DEFAULT_TTL_S),
        Value::String(text) => text.parse().ok(),
        other => other.as_i64(),
    };
    asked.filter(|ttl| *ttl >= 0).ok_or_else(|| Refused::illegal("ttl must be a number of seconds, 0 or more"))
}

fn password(call: &Call, body: &Value) -> Answer {
    let user = text(body, "username").to_lowercase();
    let ttl = ttl(body)?;
    let known = users::check_password(&call.app.db.get(), &user, text(body, "password"))?;
    match known {
        None => Err(Refused::missing_with("UserNotFoundException", "user not found")),
        Some(false) => Err(Refused::grant("invalid password")),
        Some(true) => user_token(&call.app, &user, ttl),
    }
}

fn app_credentials(call: &Call, body: &Value) -> Answer {
    let ttl = ttl(body)?;
    if text(body, "client_id") != call.app.client_id {
        return Err(Refused::grant("client_id does not match"));
    }
    if text(body, "client_secret") != call.app.client_secret {
        return Err(Refused::grant("client_secret does not match"));
    }
    let token = auth::issue(&call.app, None, ttl)?;
    Ok(Reply::Json(json!({"access_token": token, "expires_in": shown(ttl), "application": call.app.uuid})))
}

fn inherit(call: &Call, body: &Value) -> Answer {
    if identify(&call.app, bearer(&call.headers))? != Identity::App {
        return Err(Refused::token("unauthorized", "Unable to authenticate (OAuth)"));
    }
    let (user, ttl) = (text(body, "username").to_lowercase(), ttl(body)?);
    check_name("user id", &user).map_err(|e| Refused::illegal(e.to_string()))?;
    let known = users::find(&call.app.db.get(), &user)?.is_some();
    if !known && body["autoCreateUser"].as_bool() != Some(true) {
        return Err(Refused::missing_with("UserNotFoundException", "user not found"));
    }
    if !known {
        // Nobody knows the password: such a user signs in through the app only.
        let (at, password) = (call.now().ms(), crate::server::app::secret(24)?);
        let fresh = User { id: user.clone(), uuid: uuid()?, created: at, modified: at, profile: "{}".to_owned() };
        users::register(&call.app.db.get(), &fresh, &password)?;
    }
    user_token(&call.app, &user, ttl)
}

fn user_token(app: &App, user: &str, ttl: i64) -> Answer {
    let Some(found) = users::find(&app.db.get(), user)? else {
        return Err(Refused::missing_with("UserNotFoundException", "user not found"));
    };
    let token = auth::issue(app, Some(user), ttl)?;
    Ok(Reply::Json(json!({"access_token": token, "expires_in": shown(ttl), "user": entity(&found)})))
}

const fn shown(ttl: i64) -> i64 {
    if ttl == 0 { NEVER_S } else { ttl }
}

/// A user as the registry writes it.
pub fn entity(user: &User) -> Value {
    let mut out = json!({"uuid": user.uuid, "type": "user", "created": user.created, "modified": user.modified,
                         "username": user.id, "activated": true});
    if let Some(nickname) = serde_json::from_str::<Value>(&user.profile).ok().and_then(|p| p.get("nickname").cloned()) {
        out["nickname"] = nickname;
    }
    out
}

/// `GET /sdk/users/{user}/token/expires`
pub fn expires(call: &Call) -> Answer {
    let ends = auth::expiry(&call.app, bearer(&call.headers).unwrap_or_default())?;
    let at = ends.unwrap_or_else(|| call.now().plus_ms(NEVER_S * 1000).ms());
    Ok(Reply::Json(json!({"expire_timestamp": at, "timestamp": call.now().ms()})))
}
