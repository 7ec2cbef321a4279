//! NDJSON and JSON: everything that is known, for programs.
//!
//! # NDJSON, schema `manyou.export/1`
//!
//! One object a line. Only the first has `schema`, only the last has `complete`; an export without that line is cut off. Ids are strings,
//! times are milliseconds since 1970 (`*_utc` and `*_local` repeat them in RFC 3339, to the millisecond; `null` where the number is no date).
//! Characters that do not print are escaped.
//!
//! The header: `schema`, `program`, `account`, `app_key`, `api`, `profile`, `what`, `exported_at` (`_utc`, `_local`), `zone` (of `_local`
//! times) and `lossless` (whether messages carry their bytes; without them nothing can be read back).
//!
//! A message: what [`Message::record`](crate::domain::Message::record) says, and
//!
//! | field | |
//! | --- | --- |
//! | `peer` | the conversation, as the command line takes it: `alice`, `group:ID`, `room:ID` |
//! | `from_name` | the sender's nickname, or `null` |
//! | `time_local` | `time` in the zone |
//! | `raw` | base64 of the bytes the message came as, exactly |
//! | `raw_form` | what they are: `meta` (protobuf), `json`, or `bytes`, which do not decode and of which this record tells all there is |
//! | `saved` | `path`, `sha256`, `bytes` of its attachment, where that lies beside the export |
//!
//! The trailer: `complete` (all that was asked for is here, and all the server keeps of it), `messages`, `first` and `last` (`_utc`; of times
//! that can be true), `conversations` (a list of `peer`, `name`, `messages`, `first`, `last`, `whole`, `coverage`) and `sha256` of all bytes
//! before this line.
//!
//! Messages of a conversation stand together, oldest first; to a file that was added to they come at the end, conversation by conversation
//! again.
//!
//! # JSON
//!
//! One document: the fields of the header, the messages in `records`, the trailer without `sha256` in `trailer`. It carries the bytes of the
//! messages as well.

use std::io;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Value, json};

use super::form::{Cx, Form, Line};
use super::{Count, Heading, PROGRAM, SCHEMA, Totals, json as line_json, raw, when};
use crate::domain::ServerTime;

/// The lossless format.
pub(super) struct Ndjson;

impl Form for Ndjson {
    fn start(&mut self, to: &mut Vec<u8>, cx: &Cx) -> io::Result<()> {
        line(to, &header(cx))
    }

    fn conversation(&mut self, _: &mut Vec<u8>, _: &Cx, _: &Heading<'_>) -> io::Result<()> {
        Ok(())
    }

    fn message(&mut self, to: &mut Vec<u8>, cx: &Cx, message: &Line<'_>) -> io::Result<()> {
        line(to, &Record(cx, message))
    }

    fn finish(&mut self, to: &mut Vec<u8>, _: &Cx, totals: &Totals) -> io::Result<()> {
        let mut trailer = trailer(totals);
        trailer["sha256"] = json!(totals.sha256);
        line(to, &trailer)
    }
}

fn line(to: &mut Vec<u8>, value: &impl Serialize) -> io::Result<()> {
    line_json::write(to, value)?;
    to.push(b'\n');
    Ok(())
}

/// The one document.
#[derive(Default)]
pub(super) struct Document {
    has_records: bool,
}

impl Form for Document {
    fn start(&mut self, to: &mut Vec<u8>, cx: &Cx) -> io::Result<()> {
        line_json::write(to, &header(cx))?;
        // The header is an object; the document goes on inside it.
        to.pop();
        to.extend_from_slice(b",\"records\":[");
        Ok(())
    }

    fn conversation(&mut self, _: &mut Vec<u8>, _: &Cx, _: &Heading<'_>) -> io::Result<()> {
        Ok(())
    }

    fn message(&mut self, to: &mut Vec<u8>, cx: &Cx, message: &Line<'_>) -> io::Result<()> {
        to.extend_from_slice(if self.has_records { b",\n" } else { b"\n" });
        self.has_records = true;
        line_json::write(to, &Record(cx, message))
    }

    fn finish(&mut self, to: &mut Vec<u8>, _: &Cx, totals: &Totals) -> io::Result<()> {
        to.extend_from_slice(b"\n],\"trailer\":");
        line_json::write(to, &trailer(totals))?;
        to.extend_from_slice(b"}\n");
        Ok(())
    }
}

fn header(cx: &Cx) -> Value {
    let scope = &cx.scope;
    json!({
        "schema": SCHEMA,
        "program": PROGRAM,
        "account": scope.account,
        "app_key": scope.app_key,
        "api": scope.api,
        "profile": scope.profile,
        "what": scope.what,
        "exported_at": scope.exported_at.ms(),
        "exported_at_utc": when::utc(scope.exported_at),
        "exported_at_local": when::local(scope.exported_at, &cx.options.zone),
        "zone": when::zone_name(cx),
        "lossless": cx.options.lossless,
    })
}

/// A message, written without building an object first.
struct Record<'a>(&'a Cx, &'a Line<'a>);

impl Serialize for Record<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let Self(cx, line) = self;
        let mut map = to.serialize_map(None)?;
        map.serialize_entry("peer", &line.peer.to_string())?;
        line.message.record_into(&mut map)?;
        map.serialize_entry("time_local", &when::local(line.message.time, &cx.options.zone))?;
        map.serialize_entry("from_name", &line.from_name)?;
        if let Some(saved) = line.saved {
            let saved = json!({"path": saved.path_in_folder, "sha256": saved.sha256, "bytes": saved.bytes});
            map.serialize_entry("saved", &saved)?;
        }
        if cx.options.lossless {
            map.serialize_entry("raw_form", &raw::form_of(line.message, &cx.scope.app_key))?;
            map.serialize_entry("raw", &STANDARD.encode(&line.message.raw))?;
        }
        map.end()
    }
}

fn trailer(totals: &Totals) -> Value {
    let one = |count: &Count| {
        json!({
            "peer": count.peer.to_string(),
            "name": count.name,
            "messages": count.messages,
            "first": count.first.map(ServerTime::ms),
            "last": count.last.map(ServerTime::ms),
            "whole": count.whole,
            "coverage": count.coverage,
        })
    };
    json!({
        "complete": totals.complete,
        "messages": totals.messages,
        "first": totals.first.map(ServerTime::ms),
        "first_utc": totals.first.and_then(when::utc),
        "last": totals.last.map(ServerTime::ms),
        "last_utc": totals.last.and_then(when::utc),
        "conversations": totals.conversations.iter().map(one).collect::<Value>(),
    })
}
