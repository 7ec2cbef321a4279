//! Groups: looked up in batch, joined ones of a user, made and filled by the app (`protocol` 3.8, 3.12).

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::domain::{ChatType, check_name};
use crate::server::auth::Identity;
use crate::server::call::{Answer, Call, Refused, Reply};
use crate::server::db::rooms::{self, Room};
use crate::server::db::{DbResult, users};

const BATCH: usize = 100;
const MAX_USERS: i64 = 200;

/// `GET /chatgroups/{id}`: one or up to a hundred ids with commas.
pub fn batch(call: &Call) -> Answer {
    let ids: Vec<&str> = call.param("id").split(',').filter(|id| !id.is_empty()).collect();
    if ids.len() > BATCH {
        return Err(Refused::illegal(format!("exceed allowed batch size {BATCH}")));
    }
    let joined = call.query("joined_time") == Some("true");
    let db = call.app.db.get();
    let mut found = Vec::new();
    for id in &ids {
        let Some(room) = rooms::find(&db, id)?.filter(|room| room.chat_type == ChatType::Group) else { continue };
        if is_insider(&db, &call.identity, &room)? {
            found.push(details(&db, &room, Some(joined))?);
        } else if setting(&room, "public", json!(false)) == json!(true) {
            found.push(details(&db, &room, None)?);
        }
    }
    if found.is_empty() {
        let text = format!("do not find this group:{}", call.param("id"));
        return Err(Refused::missing_with("ServiceResourceNotFoundException", &text));
    }
    let count = found.len();
    Ok(Reply::data("get", found)?.with("count", json!(count)))
}

fn setting(room: &Room, name: &str, first: Value) -> Value {
    let settings: Value = serde_json::from_str(&room.settings).unwrap_or_default();
    settings.get(name).cloned().unwrap_or(first)
}

/// Who may know the members: those among them, and the app. The vendor does not document what others are told; here a
/// public group tells them what it is, and a private one is not there for them.
fn is_insider(db: &Connection, identity: &Identity, room: &Room) -> DbResult<bool> {
    match identity {
        Identity::App => Ok(true),
        Identity::User(user) => Ok(*user == room.owner || rooms::is_member(db, &room.id, user)?),
        Identity::Nobody => Ok(false),
    }
}

/// A group as its members see it, with or without the times they joined; without its members where `joined` is `None`.
fn details(db: &Connection, room: &Room, joined: Option<bool>) -> DbResult<Value> {
    let mut people = vec![json!({"owner": room.owner})];
    if let Some(with_times) = joined {
        for (user, at) in rooms::members_joined(db, &room.id)?.into_iter().filter(|(user, _)| *user != room.owner) {
            people.push(if with_times { json!({"member": user, "joined_time": at}) } else { json!({"member": user}) });
        }
    }
    Ok(json!({
        "id": room.id, "name": room.name, "description": room.description, "owner": room.owner,
        "public": setting(room, "public", json!(false)), "membersonly": setting(room, "membersonly", json!(false)),
        "allowinvites": setting(room, "allowinvites", json!(false)),
        "maxusers": setting(room, "maxusers", json!(MAX_USERS)), "affiliations_count": room.members,
        "created": room.created, "custom": setting(room, "custom", json!("")), "mute": false, "disabled": false,
        "permission": "member", "affiliations": people,
    }))
}

/// Groups of the user on the asked page (`pagenum` from `first_page`); all of them without paging.
fn joined_rooms(call: &Call, first_page: i64) -> Result<Vec<Room>, Refused> {
    let db = call.app.db.get();
    let (skip, count) = if call.query("pagesize").is_some() || call.query("pagenum").is_some() {
        let size = call.number("pagesize", 20).filter(|n| (1..=1000).contains(n)).unwrap_or(20);
        let page = call.number("pagenum", first_page).filter(|n| (0..=1_000_000).contains(n)).unwrap_or(first_page);
        ((page - first_page).max(0) * size, size)
    } else {
        (0, -1)
    };
    let ids = rooms::joined(&db, call.user(), skip, count)?;
    let found = ids.iter().map(|id| rooms::find(&db, id)).collect::<DbResult<Vec<_>>>()?;
    Ok(found.into_iter().flatten().collect())
}

/// `GET /users/{user}/joined_chatgroups`, plain or paged. The answer's `uri` names the call: one SDK looks for it.
pub fn joined(call: &Call) -> Answer {
    // The SDKs count these pages from 1, but those with roles from 0; 0 is the first one here too.
    let rooms = joined_rooms(call, 1)?;
    let entry = |room: &Room| match call.query("version") {
        Some("v3") => json!({"id": room.id, "name": room.name, "disabled": false, "permission": permission(call, room),
                             "groupId": room.id, "groupid": room.id, "groupname": room.name}),
        _ => json!({"groupid": room.id, "groupname": room.name}),
    };
    let count = rooms.len();
    Ok(Reply::data("get", rooms.iter().map(entry).collect::<Vec<_>>())?.with("count", json!(count)))
}

/// `GET /chatgroups/user/{user}`: joined groups with the user's role.
pub fn joined_with_roles(call: &Call) -> Answer {
    let rooms = joined_rooms(call, 0)?;
    let entry = |room: &Room| {
        json!({"groupId": room.id, "name": room.name, "affiliations_count": room.members, "disabled": false,
               "permission": permission(call, room), "membersonly": setting(room, "membersonly", json!(false)),
               "allowinvites": setting(room, "allowinvites", json!(false)), "description": room.description,
               "maxusers": setting(room, "maxusers", json!(MAX_USERS)), "public": setting(room, "public", json!(false))})
    };
    let count = rooms.len();
    Ok(Reply::entities("get", rooms.iter().map(entry).collect::<Vec<_>>())?.with("count", json!(count)))
}

fn permission(call: &Call, room: &Room) -> &'static str {
    if room.owner == call.user() { "owner" } else { "member" }
}

/// `POST /chatgroups`
pub fn create(call: &Call) -> Answer {
    let body = call.json()?;
    let text = |key: &str| body[key].as_str().unwrap_or_default().to_owned();
    let owner = text("owner").to_lowercase();
    if owner.is_empty() {
        return Err(Refused::illegal("owner must be provided"));
    }
    let members = names(&body["members"]);
    let id = if text("groupid").is_empty() { (call.app.mint().0 >> 12).to_string() } else { text("groupid") };
    check_name("group id", &id).map_err(|e| Refused::illegal(e.to_string()))?;
    let mut settings = body.clone();
    if let Some(settings) = settings.as_object_mut() {
        settings.retain(|key, _| ["public", "membersonly", "allowinvites", "maxusers", "custom"].contains(&&**key));
    }
    let now = call.now().ms();
    let room = Room {
        id: id.clone(),
        chat_type: ChatType::Group,
        name: text("groupname"),
        description: text("description"),
        owner,
        created: now,
        settings: settings.to_string(),
        members: 1,
    };
    known(call, std::slice::from_ref(&room.owner))?;
    known(call, &members)?;
    if rooms::find(&call.app.db.get(), &id)?.is_some() {
        return Err(Refused::illegal(format!("group id {id} already exists")));
    }
    call.app.db.write(|tx| {
        rooms::make(tx, &room)?;
        members.iter().try_for_each(|user| rooms::join(tx, &id, user, now))
    })?;
    Reply::data("post", json!({"groupid": id}))
}

fn names(value: &Value) -> Vec<String> {
    let list = value.as_array().map(Vec::as_slice).unwrap_or_default();
    list.iter().filter_map(Value::as_str).map(str::to_lowercase).collect()
}

/// 404 when one of the users is not registered.
fn known(call: &Call, users: &[String]) -> Result<(), Refused> {
    let db = call.app.db.get();
    for user in users {
        if users::find(&db, user)?.is_none() {
            let text = format!("username {user} doesn't exist!");
            return Err(Refused::missing_with("UserNotFoundException", &text));
        }
    }
    Ok(())
}

/// `POST /chatgroups/{id}/users/{member}`
pub fn add_one(call: &Call) -> Answer {
    let user = call.param("member").to_lowercase();
    add(call, std::slice::from_ref(&user))?;
    Reply::data(
        "add_member",
        json!({"result": true, "action": "add_member", "groupid": call.param("id"), "user": user}),
    )
}

/// `POST /chatgroups/{id}/users`
pub fn add_many(call: &Call) -> Answer {
    let users = names(&call.json()?["usernames"]);
    if users.is_empty() {
        return Err(Refused::illegal("usernames must be provided"));
    }
    add(call, &users)?;
    Reply::data("add_member", json!({"newmembers": users, "action": "add_member", "groupid": call.param("id")}))
}

fn add(call: &Call, users: &[String]) -> Result<(), Refused> {
    known(call, users)?;
    let (id, now) = (call.param("id"), call.now().ms());
    if rooms::find(&call.app.db.get(), id)?.is_none() {
        return Err(Refused::missing_with("ServiceResourceNotFoundException", "do not find this group"));
    }
    call.app.db.write(|tx| users.iter().try_for_each(|user| rooms::join(tx, id, user, now)))?;
    Ok(())
}
