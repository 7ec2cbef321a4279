//! The bytes of an attachment (`protocol` 3.9).

use bytes::Bytes;

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
    /// The whole file, at most [`super::MAX_BODY_BYTES`]. Redirects are not followed.
    ///
    /// # Errors
    /// [`FailureKind::Refused`] when the address is none of this service, [`FailureKind::NotFound`] when the server no
    /// longer keeps the file; otherwise the server's failure.
    pub async fn file(&self, attachment: &Attachment) -> Result<Bytes, Failure> {
        let foreign = || Failure::local(FailureKind::Refused, "the address is not of a file of this service");
        let id = file_id(attachment).ok_or_else(foreign)?;
        let path = format!("/chatfiles/{}", encoded(id));
        let call = Call {
            share: Some(Secret::new(attachment.secret.clone())),
            ..Call::get("GET chatfiles", path, Service::Other)
        };
        self.read(&call).await.map(|answer| answer.body)
    }
}
