//! The bytes of an attachment (`protocol` 3.9).

use bytes::Bytes;
use serde_json::Value;

use super::call::{Call, encoded};
use super::{Client, Secret};
use crate::domain::{Attachment, Failure, FailureKind, Service};

/// Longest id of a file; the service's are UUIDs.
const LONGEST_ID: usize = 64;

/// The id of a file of this service; `None` where the address is of anything else. Whatever host the sender wrote is
/// never asked: the file is read from our own.
#[must_use]
pub fn file_id(attachment: &Attachment) -> Option<&str> {
    let (_, after) = attachment.url.rsplit_once("/chatfiles/")?;
    let id = after.split(['?', '#']).next().unwrap_or_default();
    let plain = id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    (plain && (1..=LONGEST_ID).contains(&id.len())).then_some(id)
}

impl Client {
    /// The whole file, at most [`super::MAX_BODY_BYTES`]. Redirects are not followed. What has not the length the
    /// message tells of is asked for twice, and is the file only when it comes the same again: a sender may have
    /// written any length.
    ///
    /// # Errors
    /// [`FailureKind::Refused`] when the address is none of this service, [`FailureKind::NotFound`] when the server no
    /// longer keeps the file, [`FailureKind::BadAnswer`] when something else came in its place; otherwise the server's
    /// failure.
    pub async fn file(&self, attachment: &Attachment) -> Result<Bytes, Failure> {
        let foreign = || Failure::local(FailureKind::Refused, "the address is not of a file of this service");
        let id = file_id(attachment).ok_or_else(foreign)?;
        let path = format!("/chatfiles/{}", encoded(id));
        let call = Call {
            share: Some(Secret::new(attachment.secret.clone())),
            ..Call::get("GET chatfiles", path, Service::Other)
        };
        let body = self.read(&call).await?.body;
        let length = body.len() as u64;
        if length == attachment.bytes || (attachment.bytes == 0 && !is_message(&body, &attachment.name)) {
            return Ok(body);
        }
        let again = self.read(&call).await?;
        if again.body != body || is_message(&body, &attachment.name) {
            let announced = attachment.bytes;
            return Err(again.unreadable(format!("{} bytes came, and no file of {announced}", again.body.len())));
        }
        Ok(body)
    }
}

/// Whether it looks like words of a server or a proxy about a file, and not like the file `name`.
fn is_message(body: &[u8], name: &str) -> bool {
    let start = body.trim_ascii_start();
    let is_page = |mark: &[u8]| start.get(..mark.len()).is_some_and(|found| found.eq_ignore_ascii_case(mark));
    if is_page(b"<!doctype html") || is_page(b"<html") {
        let name = name.to_ascii_lowercase();
        return ![".html", ".htm", ".xhtml"].iter().any(|ending| name.ends_with(ending));
    }
    let Ok(Value::Object(object)) = serde_json::from_slice(body) else { return false };
    let has = |key: &str| object.contains_key(key);
    has("error") && (has("error_description") || has("exception") || has("error_code") || object.len() == 1)
}
