//! Names and faces of users, their contacts and devices (`protocol` 3.8).

use serde_json::{Map, Value, json};

use crate::server::call::{Answer, Call, Refused, Reply};
use crate::server::db::users;

const BATCH: usize = 100;
const PAGE: i64 = 20;

/// `POST /metadata/user/get`
pub fn profiles(call: &Call) -> Answer {
    let body = call.json()?;
    let words = |key: &str| body[key].as_array().map(|list| list.iter().filter_map(Value::as_str).collect::<Vec<_>>());
    let targets = words("targets").ok_or_else(|| Refused::illegal("targets cannot be null"))?;
    if targets.len() > BATCH {
        return Err(Refused::illegal(format!("exceed allowed batch size {BATCH}")));
    }
    let properties = words("properties").unwrap_or_default();
    let db = call.app.db.get();
    let mut out = Map::new();
    for id in targets {
        let user = users::find(&db, id)?;
        let profile = user.and_then(|user| serde_json::from_str::<Map<String, Value>>(&user.profile).ok());
        let mut profile = profile.unwrap_or_default();
        profile.retain(|key, _| properties.is_empty() || properties.contains(&key.as_str()));
        out.insert(id.to_owned(), Value::Object(profile));
    }
    Reply::data("post", out)
}

/// `GET /users/{user}/contacts/users`
pub fn contacts(call: &Call) -> Answer {
    let all = users::contacts(&call.app.db.get(), call.user(), "", i64::MAX)?;
    let names: Vec<&String> = all.iter().map(|(user, _)| user).collect();
    let reply = Reply::data("get", &names)?.with("count", json!(names.len()));
    if call.query("needReturnRemark") == Some("true") {
        return Ok(reply.with("entities", entities(&all)));
    }
    Ok(reply)
}

/// `GET /users/{user}/contacts`, by cursor.
pub fn contacts_page(call: &Call) -> Answer {
    let limit = call.number("limit", PAGE).filter(|n| (1..=50).contains(n)).unwrap_or(PAGE);
    let after = call.query("cursor").unwrap_or_default();
    let mut all = users::contacts(&call.app.db.get(), call.user(), after, limit + 1)?;
    let more = all.len() as i64 > limit;
    all.truncate(limit as usize);
    let cursor = all.last().filter(|_| more).map(|(user, _)| user.clone()).unwrap_or_default();
    Reply::data("get", json!({"contacts": entities(&all), "cursor": cursor}))
}

fn entities(all: &[(String, String)]) -> Value {
    all.iter().map(|(user, remark)| json!({"username": user, "remark": remark})).collect()
}

/// `GET /users/{user}/resources`: the user's connected devices.
pub fn devices(call: &Call) -> Answer {
    let devices = call.app.hub.devices(call.user());
    Reply::data("get", devices.iter().map(|res| json!({"res": res})).collect::<Vec<_>>())
}
