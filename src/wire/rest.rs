//! REST answers, read liberally: one bad entry never loses a page (`protocol` 3, 4).

use std::borrow::Cow;
use std::collections::HashMap;

use bytes::Bytes;
use serde::Deserialize;
use serde_json::Value;
use thiserror::Error;

use super::split::split;
use super::{checked, message, payload, words};
use crate::domain::{AppKey, ChatType, Conversation, Group, Message, Peer, Profile, ServerTime};

/// An answer that cannot be read at all; never holds text of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum RestError {
    /// Not a JSON object.
    #[error("the answer is not a JSON object")]
    NotJson,
    /// A key that says what the answer is about is missing; not the same as empty.
    #[error("the answer lacks `{0}`")]
    Missing(&'static str),
}

/// A history answer, still in wire order and with repeats.
#[derive(Clone, Debug, PartialEq)]
pub struct HistoryAnswer {
    /// Entries; unreadable ones as damaged messages, foreign namespaces left out.
    pub messages: Vec<Message>,
    /// Where it goes on; `None` at the server's end. Not checked yet.
    pub next: Option<String>,
    /// Whose history it is, where the server told: a bare name.
    pub owner: Option<String>,
    /// There is a list of messages, and what is said of its end agrees with itself.
    pub is_sound: bool,
}

#[derive(Deserialize)]
struct Plain<'a> {
    #[serde(borrow)]
    data: PlainData<'a>,
}

#[derive(Deserialize)]
struct PlainData<'a> {
    #[serde(borrow)]
    msgs: Vec<Entry<'a>>,
    #[serde(default, borrow)]
    next_key: Option<&'a str>,
    #[serde(default)]
    is_last: Option<bool>,
    #[serde(default, borrow)]
    user: Option<&'a str>,
}

#[derive(Deserialize)]
struct Entry<'a> {
    #[serde(borrow)]
    msg: Cow<'a, str>,
}

/// Reads a page of history. Ordinary pages are read without copying; a page with anything odd in it is cut into
/// entries first and each is read alone.
///
/// # Errors
/// [`RestError`] when the frame around the entries cannot be read or has no `data`.
pub fn history(app: &AppKey, body: &[u8]) -> Result<HistoryAnswer, RestError> {
    if let Ok(Plain { data }) = serde_json::from_slice::<Plain<'_>>(body) {
        let entries: Vec<&str> = data.msgs.iter().map(|e| e.msg.as_ref()).collect();
        let messages = message::decode_entries(&entries);
        return Ok(HistoryAnswer {
            is_sound: agrees(data.is_last, data.next_key) && (entries.is_empty() || !messages.is_empty()),
            messages,
            next: next(data.is_last, data.next_key),
            owner: data.user.map(|u| owner(app, u)),
        });
    }
    let (frame, entries, is_list) = cut(body, "msgs")?;
    let data = frame.get("data").filter(|d| d.is_object()).ok_or(RestError::Missing("data"))?;
    let key = match &data["next_key"] {
        Value::String(text) => Some(text.clone()),
        Value::Number(n) => Some(n.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    };
    let messages: Vec<Message> = entries.iter().filter_map(|e| entry(e)).collect();
    let is_last = data["is_last"].as_bool();
    let is_key = matches!(data["next_key"], Value::String(_) | Value::Number(_) | Value::Null);
    Ok(HistoryAnswer {
        is_sound: is_list && is_key && agrees(is_last, key.as_deref()) && (entries.is_empty() || !messages.is_empty()),
        messages,
        next: next(is_last, key.as_deref()),
        owner: data["user"].as_str().map(|u| owner(app, u)),
    })
}

fn entry(raw: &[u8]) -> Option<Message> {
    match serde_json::from_slice::<Entry<'_>>(raw) {
        Ok(entry) => message::decode_entry(&entry.msg),
        Err(e) => Some(message::damaged(Bytes::copy_from_slice(raw), format!("entry: {e}"))),
    }
}

/// End markers seen: the flag, no key, an empty one, and the word `undefined`.
fn next(is_last: Option<bool>, key: Option<&str>) -> Option<String> {
    key.filter(|k| is_last != Some(true) && leads_on(k)).map(str::to_owned)
}

fn leads_on(key: &str) -> bool {
    !key.is_empty() && key != "undefined"
}

/// Whether flag and key say the same of the end; older servers send the key alone.
fn agrees(is_last: Option<bool>, key: Option<&str>) -> bool {
    is_last.is_none_or(|is_last| is_last != key.is_some_and(leads_on))
}

fn owner(app: &AppKey, user: &str) -> String {
    words::read_jid(app, user).0.to_owned()
}

/// The document without the entries of its list, the raw entries, and whether there is a list.
fn cut<'a>(body: &'a [u8], list: &str) -> Result<(Value, Vec<&'a [u8]>, bool), RestError> {
    let parts = split(body, list);
    let frame = serde_json::from_str::<Value>(&checked(&parts.frame)).map_err(|_| RestError::NotJson)?;
    if frame.is_object() { Ok((frame, parts.entries, parts.is_list)) } else { Err(RestError::NotJson) }
}

/// Any answer as a JSON object.
///
/// # Errors
/// [`RestError::NotJson`].
pub fn object(body: &[u8]) -> Result<Value, RestError> {
    serde_json::from_slice::<Value>(body).ok().filter(Value::is_object).ok_or(RestError::NotJson)
}

/// A list answer of any of the three calls.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListAnswer {
    /// Entries that could be read, in server order.
    pub conversations: Vec<Conversation>,
    /// Entries that could not.
    pub damaged: usize,
    /// Where the cursor list goes on; `None` at the end.
    pub next: Option<String>,
}

impl ListAnswer {
    /// Entries the server sent, readable or not.
    #[must_use]
    pub fn entries(&self) -> usize {
        self.conversations.len() + self.damaged
    }
}

/// Reads a conversation list. `channel_infos: null` is an empty list.
///
/// # Errors
/// [`RestError`] when there is no JSON object or no `data` in it.
pub fn list(app: &AppKey, body: &[u8]) -> Result<ListAnswer, RestError> {
    let (frame, entries, _) = cut(body, "channel_infos")?;
    let data = frame.get("data").filter(|d| d.is_object()).ok_or(RestError::Missing("data"))?;
    let read = |raw: &&[u8]| serde_json::from_slice::<Value>(raw).ok().and_then(|v| conversation(app, &v));
    let conversations: Vec<_> = entries.iter().filter_map(read).collect();
    let damaged = entries.len() - conversations.len();
    Ok(ListAnswer { conversations, damaged, next: next(None, data["cursor"].as_str()) })
}

fn conversation(app: &AppKey, entry: &Value) -> Option<Conversation> {
    let channel = entry["channel_id"].as_str().map(|c| words::read_jid(app, c));
    let id = entry["session_to"].as_str().filter(|s| !s.is_empty()).or(channel.map(|(name, _)| name))?;
    let chat_type = match (entry["session_type"].as_str(), channel) {
        (Some(word), _) => words::read_chat_type(word).unwrap_or(ChatType::Group),
        (None, Some((_, true))) => ChatType::Group,
        (None, _) => ChatType::Single,
    };
    let number = |v: &Value| v.as_u64().or_else(|| v.as_str().and_then(|s| s.parse().ok()));
    let marks = entry["marks"].as_array().into_iter().flatten();
    Some(Conversation {
        peer: Peer::new(chat_type, id).ok()?,
        unread: number(&entry["unread_num"]).unwrap_or_default(),
        pinned: entry["is_top"].as_bool().unwrap_or_default(),
        pinned_at: Some(payload::read_time(&entry["update_top_status_time"])).filter(|t| *t != ServerTime(0)),
        marks: marks.filter_map(|m| m.as_str()?.strip_prefix("mark_")?.parse().ok().filter(|n| *n < 20)).collect(),
        last: payload::decode_meta(app, &entry["meta"]).map(Box::new),
    })
}

/// Nicknames of the users a lookup answered; users without any have an empty profile.
///
/// # Errors
/// [`RestError`] when there is no JSON object or no `data` in it.
pub fn profiles(body: &[u8]) -> Result<HashMap<String, Profile>, RestError> {
    let answer = object(body)?;
    let users = answer["data"].as_object().ok_or(RestError::Missing("data"))?;
    let nickname = |user: &Value| user["nickname"].as_str().unwrap_or_default().to_owned();
    Ok(users.iter().map(|(id, user)| (id.clone(), Profile { nickname: nickname(user) })).collect())
}

/// Names of the groups a lookup answered.
///
/// # Errors
/// [`RestError`] when there is no JSON object or no list `data` in it.
pub fn groups(body: &[u8]) -> Result<HashMap<String, Group>, RestError> {
    let answer = object(body)?;
    let list = answer["data"].as_array().ok_or(RestError::Missing("data"))?;
    let read = |group: &Value| {
        let id = group["id"].as_str().or_else(|| group["groupid"].as_str())?;
        let name = group["name"].as_str().or_else(|| group["groupname"].as_str()).unwrap_or_default();
        Some((id.to_owned(), Group { name: name.to_owned(), members: group["affiliations_count"].as_u64() }))
    };
    Ok(list.iter().filter_map(read).collect())
}

/// What a token answer says.
#[derive(Clone, PartialEq, Eq)]
pub struct TokenAnswer {
    /// The token; a secret.
    pub token: String,
    /// Its life in seconds; `None` when it does not end or the server did not say.
    pub life_s: Option<u64>,
    /// Whose it is; `None` for an app token.
    pub user: Option<String>,
}

/// Reads a token answer.
///
/// # Errors
/// [`RestError`] when there is no JSON object or no `access_token` in it.
pub fn token(body: &[u8]) -> Result<TokenAnswer, RestError> {
    let answer = object(body)?;
    let token = answer["access_token"].as_str().filter(|t| !t.is_empty()).ok_or(RestError::Missing("access_token"))?;
    Ok(TokenAnswer {
        token: token.to_owned(),
        life_s: answer["expires_in"].as_u64().filter(|s| *s > 0),
        user: answer["user"]["username"].as_str().map(str::to_owned),
    })
}

/// What an error answer says, word for word; empty where it says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ErrorAnswer {
    /// `error`
    pub error: String,
    /// `error_code`
    pub code: Option<i64>,
    /// `error_description`
    pub description: String,
}

/// Reads an error answer; `None` when it is not one of the service's.
#[must_use]
pub fn error(body: &[u8]) -> Option<ErrorAnswer> {
    let answer = object(body).ok()?;
    let text = |key: &str| answer[key].as_str().unwrap_or_default().to_owned();
    Some(ErrorAnswer {
        error: text("error"),
        code: answer["error_code"].as_i64(),
        description: text("error_description"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Body;

    const GOOD: &str = "CNW3kMbZ2t/fDxgAIAEoATIA";

    fn app() -> AppKey {
        "easemob-demo#roam".parse().expect("an app key")
    }

    fn page(entries: &str) -> Vec<u8> {
        format!(
            r#"{{"data":{{"msgs":[{entries}],"next_key":"undefined","is_last":true,"user":"al_ice@easemob.com"}}}}"#
        )
        .into_bytes()
    }

    #[test]
    fn one_bad_entry_is_one_damaged_row() {
        let good = format!(r#"{{"msg":"{GOOD}"}}"#);
        for bad in [r#"{"msg":"\ud83d"}"#, r#"{"msg":7}"#, r#"{"msg":NaN}"#, r#"{"msg":"a","msg":"b"}"#, "7", "{}"] {
            let answer = history(&app(), &page(&format!("{good},{bad},{good}"))).expect("a page");
            let damaged: Vec<_> =
                answer.messages.iter().map(|m| matches!(m.body, Body::Damaged { .. }) && m.raw == bad).collect();
            assert_eq!(damaged, [false, true, false], "{bad}");
            assert_eq!((answer.next, answer.owner.as_deref()), (None, Some("al_ice")));
        }
        let mut bytes = page(&format!("{good},{{\"msg\":\"X\"}}"));
        let at = bytes.iter().position(|b| *b == b'X').expect("the entry");
        bytes[at] = 0xff;
        assert_eq!(history(&app(), &bytes).map(|a| a.messages.len()), Ok(2));
    }

    #[test]
    fn a_missing_key_is_not_an_empty_page() {
        assert_eq!(history(&app(), br#"{"action":"get"}"#), Err(RestError::Missing("data")));
        assert_eq!(history(&app(), b"{\"data\":{}}").map(|a| a.messages.len()), Ok(0));
        assert_eq!(history(&app(), b"<html>"), Err(RestError::NotJson));
        let wrong = history(&app(), br#"{"data":{"msgs":{"0":{}}}}"#).expect("a frame");
        assert!(matches!(wrong.messages[0].body, Body::Damaged { .. }));
    }

    #[test]
    fn both_forms_of_list_entries_are_read_and_bad_ones_counted() {
        let body = br#"{"data":{"channel_infos":[
            {"channel_id":"easemob-demo#roam_a_b@easemob.com","unread_num":"3","meta":{}},
            {"session_to":"77","session_type":"groupchat","is_top":true,"marks":["mark_3","mark_99"]},
            {"session_to":"../x","session_type":"chat"}, 5],"cursor":"c"}}"#;
        let answer = list(&app(), body).expect("a list");
        let peers: Vec<_> = answer.conversations.iter().map(|c| (c.peer.to_string(), c.unread, c.pinned)).collect();
        assert_eq!(peers, [("a_b".to_owned(), 3, false), ("group:77".to_owned(), 0, true)]);
        assert_eq!((answer.damaged, answer.next.as_deref()), (2, Some("c")));
        assert_eq!(answer.conversations[1].marks, [3]);
        assert_eq!(list(&app(), br#"{"data":{"channel_infos":null}}"#), Ok(ListAnswer::default()));
    }
}
