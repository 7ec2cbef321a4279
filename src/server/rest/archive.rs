//! Hourly history files: a signed, expiring address, and the gzip file behind it (`protocol` 3.11). One-way deletion
//! does not touch them.

use std::io::Write as _;

use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::civil::DateTime;
use jiff::tz::Offset;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::entry::View;
use crate::domain::{MessageId, ServerTime};
use crate::server::call::{Answer, Call, Refused, Reply};
use crate::server::db::{DbResult, channels, messages};
use crate::server::limits::DAY_MS;
use crate::wire::words;

const HOUR_MS: i64 = 3_600_000;
const KEPT_MS: i64 = 3 * DAY_MS;
/// Seconds an address lives.
const SIGNED_S: i64 = 1800;
const PER_MINUTE: usize = 10;

/// `GET /chatmessages/{hour}`: where the file of an hour is. Hours are those of Beijing, as on the China clusters.
pub fn address(call: &Call) -> Answer {
    let hour = call.param("hour");
    let key = call.app.app_key.to_string();
    let gone = || {
        let text = format!(
            "illegal arguments: appkey: {key}, time: {hour}, maybe chat message history is expired or unstored"
        );
        Refused::illegal(text)
    };
    let start = read_hour(hour).filter(|start| start + KEPT_MS > call.now().ms()).ok_or_else(gone)?;
    if !call.app.within_rate("archive", "", Some(PER_MINUTE)) {
        return Err(Refused::throttled());
    }
    if start + HOUR_MS > call.now().ms() || ids(call, start)?.is_empty() {
        let text = format!("Failed to find chat message history download url for appkey: {key}, time: {hour}");
        let refused = Refused::missing_with("StorageObjectNotFoundException", &text);
        return Err(Refused { error: "storage_object_not_found".to_owned(), ..refused });
    }
    let expires = call.now().ms() / 1000 + SIGNED_S;
    let signature = sign(call, hour, expires);
    let url = format!("{}/{hour}.gz?Expires={expires}&OSSAccessKeyId=sandbox&Signature={signature}", call.uri());
    Reply::data("get", json!([{"url": url}]))
}

/// `GET /chatmessages/{hour}/{file}`: the file, for whoever holds a signed address.
pub fn file(call: &Call) -> Answer {
    let hour = call.param("hour");
    let expires = call.number("Expires", 0).unwrap_or_default();
    let signed = call.query("Signature") == Some(&*sign(call, hour, expires));
    if !signed || expires <= call.now().ms() / 1000 || call.param("file") != format!("{hour}.gz") {
        return Err(Refused::new(
            StatusCode::FORBIDDEN,
            "forbidden_op",
            "AccessDeniedException",
            "Request has expired.",
        ));
    }
    let start = read_hour(hour).ok_or_else(Refused::missing)?;
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    for id in ids(call, start)? {
        if let Some(line) = line(call, id)? {
            writeln!(gzip, "{line}").map_err(|e| Refused::internal(&e))?;
        }
    }
    let bytes = gzip.finish().map_err(|e| Refused::internal(&e))?;
    Ok(Reply::File { kind: "application/gzip".to_owned(), bytes })
}

/// `yyyyMMddHH` as milliseconds since 1970.
fn read_hour(text: &str) -> Option<i64> {
    let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<i16>().ok();
    if text.len() != 10 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let small = |range| number(range).and_then(|n| i8::try_from(n).ok());
    let at = DateTime::new(number(0..4)?, small(4..6)?, small(6..8)?, small(8..10)?, 0, 0, 0).ok()?;
    Offset::constant(8).to_timestamp(at).ok().map(|at| at.as_millisecond())
}

/// The same secret twice around, so that a signature cannot be lengthened.
fn sign(call: &Call, hour: &str, expires: i64) -> String {
    let secret = &call.app.client_secret;
    let inner = Sha256::new().chain_update(secret).chain_update(format!("{hour}\n{expires}")).finalize();
    let outer = Sha256::new().chain_update(secret).chain_update(inner).finalize();
    URL_SAFE_NO_PAD.encode(outer)
}

fn ids(call: &Call, start: i64) -> DbResult<Vec<MessageId>> {
    let db = call.app.db.get();
    let mut query =
        db.prepare_cached("SELECT id FROM message WHERE time >= ?1 AND time < ?2 AND archived ORDER BY time, id")?;
    query.query_map((start, start + HOUR_MS), |row| row.get::<_, i64>(0).map(|id| MessageId(id as u64)))?.collect()
}

fn line(call: &Call, id: MessageId) -> DbResult<Option<String>> {
    let db = call.app.db.get();
    let Some((channel, row)) = messages::find(&db, id)? else { return Ok(None) };
    let Some(peer) = channels::peer(&db, channel, &row.sender)? else { return Ok(None) };
    let view = View { app_key: &call.app.app_key, viewer: &row.sender, peer: &peer };
    let mut payload = view.payload(&row, None);
    if let Some(fields) = payload.as_object_mut() {
        fields.remove("type");
    }
    let ServerTime(time) = row.time;
    let out = json!({"msg_id": id, "timestamp": time, "direction": "outgoing", "from": row.sender, "to": peer.id(),
                     "chat_type": words::payload_word(peer.chat_type), "payload": payload});
    Ok(Some(out.to_string()))
}
