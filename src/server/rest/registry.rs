//! Registering, reading and listing users with the app's token (`protocol` 3.12).

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::token::entity;
use crate::domain::check_name;
use crate::server::app::uuid;
use crate::server::call::{Answer, Call, Refused, Reply};
use crate::server::db::users::{self, User};

/// Users in one call.
const BATCH: usize = 60;

/// `POST /users`: one object, or a list of up to sixty. Duplicates of a list are told in `data`.
pub fn register(call: &Call) -> Answer {
    let body: Value = serde_json::from_slice(&call.body).map_err(|_| Refused::body())?;
    let many = body.as_array().cloned();
    let wanted = many.clone().unwrap_or_else(|| vec![body]);
    if wanted.is_empty() || wanted.len() > BATCH {
        return Err(Refused::illegal(format!("1 to {BATCH} users can be registered at once")));
    }
    let users = wanted.iter().map(|one| read(call, one)).collect::<Result<Vec<_>, _>>()?;
    let (mut made, mut taken) = (Vec::new(), Vec::new());
    call.app.db.write(|tx| {
        for (user, password) in &users {
            if users::register(tx, user, password)? {
                made.push(entity(user));
            } else {
                taken.push(json!({"username": user.id, "registerUserFailReason": "the user already exists"}));
            }
        }
        Ok(())
    })?;
    if many.is_none() && !taken.is_empty() {
        let text = "Application null Entity user requires that property named username be unique";
        let exception = "DuplicateUniquePropertyExistsException";
        return Err(Refused::new(StatusCode::BAD_REQUEST, "duplicate_unique_property_exists", exception, text));
    }
    let reply = Reply::entities("post", made)?;
    Ok(if taken.is_empty() { reply } else { reply.with("data", Value::Array(taken)) })
}

/// Checks one registration. Ids are kept in lower case.
fn read(call: &Call, one: &Value) -> Result<(User, String), Refused> {
    let text = |key: &str| one[key].as_str().filter(|text| !text.is_empty());
    let id = text("username").ok_or_else(|| Refused::illegal("username must be provided"))?.to_lowercase();
    let password = text("password").ok_or_else(|| Refused::illegal("password must be provided"))?;
    check_name("user id", &id).map_err(|e| Refused::illegal(e.to_string()))?;
    let profile = text("nickname").map_or_else(|| json!({}), |nickname| json!({"nickname": nickname}));
    let at = call.now().ms();
    let user = User { id, uuid: uuid()?, created: at, modified: at, profile: profile.to_string() };
    Ok((user, password.to_owned()))
}

/// `GET /users/{user}`
pub fn get(call: &Call) -> Answer {
    let found = users::find(&call.app.db.get(), call.user())?;
    let user = found.ok_or_else(|| Refused::missing_with("UserNotFoundException", "Service resource not found"))?;
    Ok(Reply::entities("get", [entity(&user)])?.with("count", json!(1)))
}

/// `GET /users`, by cursor.
pub fn list(call: &Call) -> Answer {
    let limit = call.number("limit", 10).filter(|n| (1..=100).contains(n)).unwrap_or(10);
    let mut all = users::list(&call.app.db.get(), call.query("cursor").unwrap_or_default(), limit + 1)?;
    let more = all.len() as i64 > limit;
    all.truncate(limit as usize);
    let reply = Reply::entities("get", all.iter().map(entity).collect::<Vec<_>>())?.with("count", json!(all.len()));
    Ok(match all.last().filter(|_| more) {
        Some(last) => reply.with("cursor", json!(last.id)),
        None => reply,
    })
}
