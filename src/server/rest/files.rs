//! Attachments: upload, download, share secret, thumbnail (`protocol` 3.9).

use axum::body::Body;
use axum::extract::{FromRequest as _, Multipart, Request};
use futures_util::FutureExt as _;
use rusqlite::OptionalExtension as _;
use serde_json::json;

use super::thumbnail;
use crate::server::app::{secret, uuid};
use crate::server::auth::Who;
use crate::server::call::{Answer, Call, Refused, Reply};
use crate::server::db::DbResult;

/// The address of uploads; its body limit is that of files.
pub const UPLOAD: &str = "/chatfiles";

/// `POST /chatfiles`: multipart with a part `file`.
pub fn upload(call: &Call) -> Answer {
    // The whole body is here already, so reading its parts never waits.
    let (name, kind, bytes) =
        parts(call).now_or_never().flatten().ok_or_else(|| Refused::illegal("no part named file"))?;
    let (id, share) = (uuid()?, secret(18)?);
    let restricted = call.headers.get("restrict-access").is_some_and(|value| value.as_bytes() == b"true");
    let small = thumbnail::of_png(&bytes);
    call.app.db.get().execute(
        "INSERT INTO file (uuid, secret, restricted, name, type, bytes, thumbnail) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        (&id, &share, restricted, name, kind, bytes, small),
    )?;
    let entity = json!({"uuid": id, "type": "chatfile", "share-secret": share});
    Reply::entities("post", [entity])
}

/// Name, content type and content of the part `file`.
async fn parts(call: &Call) -> Option<(String, String, Vec<u8>)> {
    let mut request = Request::new(Body::from(call.body.clone()));
    *request.headers_mut() = call.headers.clone();
    let mut parts = Multipart::from_request(request, &()).await.ok()?;
    while let Some(part) = parts.next_field().await.ok()? {
        if part.name() == Some("file") {
            let name = part.file_name().unwrap_or("file").to_owned();
            let kind = part.content_type().unwrap_or("application/octet-stream").to_owned();
            return Some((name, kind, part.bytes().await.ok()?.to_vec()));
        }
    }
    None
}

struct Stored {
    secret: String,
    restricted: bool,
    kind: String,
    bytes: Vec<u8>,
    thumbnail: Option<Vec<u8>>,
}

/// `GET /chatfiles/{uuid}`. A right secret in the address is enough: that is how a page shows a picture. Otherwise a
/// token is needed, and for a restricted file the secret too. A thumbnail is there for PNG uploads larger than one;
/// for other types, and pictures too large to be decoded, the file itself answers.
pub fn download(call: &Call) -> Answer {
    let header = |name: &str| call.headers.get(name).and_then(|value| value.to_str().ok());
    let stored = find(call)?;
    let in_query = stored.as_ref().is_some_and(|file| call.query("share-secret") == Some(&*file.secret));
    if !in_query {
        Who::AnyToken.check(&call.app, &call.headers, "")?;
    }
    let file = stored.ok_or_else(Refused::missing)?;
    if file.restricted && !in_query && header("share-secret") != Some(&*file.secret) {
        return Err(Refused::forbidden("share-secret is missing or wrong"));
    }
    let asked = |name: &str| header(name) == Some("true") || call.query(name) == Some("true");
    match file.thumbnail {
        Some(bytes) if asked("thumbnail") || asked("vframe") => Ok(Reply::File { kind: "image/png".to_owned(), bytes }),
        None if asked("vframe") => Err(Refused::missing()),
        _ => Ok(Reply::File { kind: safe(file.kind), bytes: file.bytes }),
    }
}

/// Only media keep their type: a stored page must not run in our origin.
fn safe(kind: String) -> String {
    let media = ["image/", "audio/", "video/"].iter().any(|start| kind.starts_with(start));
    let plain = kind.bytes().all(|b| b.is_ascii_graphic()) && !kind.contains("svg");
    if media && plain { kind } else { "application/octet-stream".to_owned() }
}

fn find(call: &Call) -> DbResult<Option<Stored>> {
    let db = call.app.db.get();
    let mut query = db.prepare_cached("SELECT secret, restricted, type, bytes, thumbnail FROM file WHERE uuid = ?1")?;
    let read = |row: &rusqlite::Row<'_>| {
        Ok(Stored {
            secret: row.get(0)?,
            restricted: row.get(1)?,
            kind: row.get(2)?,
            bytes: row.get(3)?,
            thumbnail: row.get(4)?,
        })
    };
    query.query_row([call.param("uuid")], read).optional()
}
