//! Answers of a server that is broken or hostile: decoding never panics, and loses no entry that has a frame.

use bytes::Bytes;
use manyou::domain::{AppKey, Attachment, Body, ChatType, ExtValue, Message};
use manyou::wire::{message, payload, pb, rest};
use prost::Message as _;
use serde_json::{Value, json};

use crate::rng::Rng;

pub(crate) fn round(rng: &mut Rng) {
    let app: AppKey = "easemob-demo#roam".parse().expect("an app key");
    let entries: Vec<Vec<u8>> = (0..4).map(|_| entry(rng)).collect();
    for raw in &entries {
        let mut raw = raw.clone();
        rng.spoil(&mut raw);
        told(message::decode_meta(&Bytes::from(raw.clone())));
        told(message::decode_entry(&String::from_utf8_lossy(&raw)));
        let _ = pb::MSync::decode(raw.as_slice());
    }
    page(rng, &app, &entries);
    list(rng, &app, &entries);
    sign_in(rng);
}

/// A message can always be told: as JSON for programs.
fn told(message: Option<Message>) {
    if let Some(message) = message {
        assert!(message.record().is_object());
        let _ = payload::encode(&message, None);
    }
}

fn page(rng: &mut Rng, app: &AppKey, entries: &[Vec<u8>]) {
    let msgs: Vec<Value> = entries.iter().map(|raw| json!({"msg": message::encode_entry(raw)})).collect();
    let page = json!({"data": {"msgs": msgs, "next_key": rng.text(8), "is_last": rng.one_in(2)}});
    if let Ok(whole) = rest::history(app, page.to_string().as_bytes()) {
        assert_eq!(whole.messages.len(), entries.len(), "every entry is a message, if a damaged one");
    }
    let mut bytes = page.to_string().into_bytes();
    rng.spoil(&mut bytes);
    if let Ok(answer) = rest::history(app, &bytes) {
        answer.messages.into_iter().for_each(|message| told(Some(message)));
    }
}

fn list(rng: &mut Rng, app: &AppKey, entries: &[Vec<u8>]) {
    let meta = message::encode_entry(rng.pick::<Vec<u8>>(entries));
    let channel = |id: &str| json!({"channel_id": format!("easemob-demo#roam_{id}@easemob.com"), "unread_num": rng_number(id), "meta": meta});
    let (name, other) = (rng.text(12), rng.text(3));
    let whole = json!({"data": {"channel_infos": [channel(&name), channel("bob"), channel(&other)]}});
    let mut bytes = whole.to_string().into_bytes();
    if !rng.one_in(4) {
        rng.spoil(&mut bytes);
    }
    if let Ok(answer) = rest::list(app, &bytes) {
        answer.conversations.iter().for_each(|entry| assert!(entry.record().is_object()));
    }
}

fn rng_number(text: &str) -> Value {
    [json!(text.len()), json!(-1), json!("7"), json!(1e300), Value::Null][text.len() % 5].clone()
}

fn sign_in(rng: &mut Rng) {
    let names = json!({"data": {"alice": {"nickname": rng.text(9)}, "bob": {"nickname": 7}}}).to_string();
    let token =
        json!({"access_token": rng.text(20), "expires_in": rng.next(), "user": {"username": "alice"}}).to_string();
    let error = json!({"error": rng.text(9), "error_description": rng.text(40)}).to_string();
    for text in [names, token, error] {
        let mut bytes = text.into_bytes();
        rng.spoil(&mut bytes);
        let _ = (rest::profiles(&bytes), rest::groups(&bytes), rest::token(&bytes), rest::error(&bytes));
    }
}

/// The bytes of a sound message of any kind.
fn entry(rng: &mut Rng) -> Vec<u8> {
    let name = |n: &str| Some(pb::Jid { name: Some(Bytes::copy_from_slice(n.as_bytes())), ..Default::default() });
    let sound = Message {
        chat_type: *rng.pick(&[ChatType::Single, ChatType::Group, ChatType::Room]),
        from: "bob".to_owned(),
        to: "alice".to_owned(),
        body: body(rng),
        ext: vec![(rng.text(5), ExtValue::Text(rng.text(5))), (rng.text(5), ExtValue::Double(f64::NAN))],
        ..message::damaged(Bytes::new(), String::new())
    };
    let meta = pb::Meta {
        id: Some(rng.next()),
        from: name("bob"),
        to: name("alice"),
        timestamp: Some(if rng.one_in(4) { rng.next() } else { 1_700_000_000_000 }),
        ns: Some(1),
        payload: Some(message::encode_body(&sound).encode_to_vec().into()),
        ..Default::default()
    };
    meta.encode_to_vec()
}

fn body(rng: &mut Rng) -> Body {
    let file = Attachment { url: rng.text(9), secret: rng.text(9), name: rng.text(20), bytes: rng.next() };
    match rng.below(7) {
        0 => Body::Text { text: rng.text(60), stream: None },
        1 => Body::Image { file, size: None, gif: rng.one_in(2) },
        2 => Body::Audio { file, seconds: rng.next() as i32 },
        3 => Body::File { file },
        4 => Body::Location { latitude: f64::NAN, longitude: 181.0, address: rng.text(30), building: rng.text(9) },
        5 => Body::Custom { event: rng.text(9), exts: vec![(rng.text(4), ExtValue::Json(rng.text(9)))] },
        _ => Body::Combine { fallback: rng.text(9), title: rng.text(9), summary: rng.text(30), level: -1, file },
    }
}
