//! The exact bytes of a message as an export carries them, and the message they decode to again.

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::{AppKey, Body, Message};
use crate::wire;

/// What the bytes of a message are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum RawForm {
    /// A protobuf `Meta`.
    Meta,
    /// A JSON object of a list or a history file.
    Json,
    /// Nothing that decodes to the message; its record tells all there is.
    Bytes,
}

/// The form from which `message` comes back. Only odd ones are tried out: all others begin as nothing but a `Meta` does.
pub(super) fn form_of(message: &Message, app: &AppKey) -> RawForm {
    let is_damaged = matches!(message.body, Body::Damaged { .. });
    let begins_as_json = message.raw.first() == Some(&b'{');
    if !is_damaged && !begins_as_json {
        return RawForm::Meta;
    }
    let mut forms = [RawForm::Json, RawForm::Meta].into_iter();
    let fallback = if is_damaged { RawForm::Bytes } else { RawForm::Json };
    forms.find(|form| decode(*form, &message.raw, Some(app)).as_ref() == Some(message)).unwrap_or(fallback)
}

/// The message, with exactly these bytes; `None` where the form does not fit them, and always for [`RawForm::Bytes`].
/// Without `app` nothing is read as JSON: names there carry the app key.
pub(super) fn decode(form: RawForm, raw: &Bytes, app: Option<&AppKey>) -> Option<Message> {
    match form {
        RawForm::Meta => wire::message::decode_meta(raw),
        RawForm::Json => {
            let meta = serde_json::from_slice::<Value>(raw).ok()?;
            let message = wire::payload::decode_meta(app?, &meta)?;
            Some(Message { raw: raw.clone(), ..message })
        }
        RawForm::Bytes => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_that_others_wrote_keeps_its_bytes() {
        let app = "easemob-demo#roam".parse().expect("an app key");
        let raw = Bytes::from_static(b"{ \"payload\": {\"bodies\":[{\"type\":\"txt\",\"msg\":\"hi\"}]},\"id\":\"7\" }");
        let message = decode(RawForm::Json, &raw, Some(&app)).expect("a message");
        assert_eq!((&message.raw, form_of(&message, &app)), (&raw, RawForm::Json));
        assert_eq!(decode(RawForm::Json, &raw, None), None);
    }
}
