//! `KeyValue` lists and JSON objects, both ways.

use bytes::Bytes;
use serde_json::{Map, Value};

use super::{checked, pb};
use crate::domain::ExtValue;

/// One `KeyValue` as a domain pair. Types outside 1 to 8 are read by whichever value is there.
#[must_use]
pub fn read(pair: &pb::KeyValue) -> (String, ExtValue) {
    let key = checked(pair.key.as_deref().unwrap_or_default());
    let int = pair.varint_value.unwrap_or_default();
    let text = || checked(pair.string_value.as_deref().unwrap_or_default());
    let value = match pair.r#type.unwrap_or_default() {
        1 => ExtValue::Bool(int != 0),
        2..=4 => ExtValue::Int(int),
        5 => ExtValue::Float(pair.float_value.unwrap_or_default()),
        6 => ExtValue::Double(pair.double_value.unwrap_or_default()),
        8 => ExtValue::Json(text()),
        _ if pair.varint_value.is_some() => ExtValue::Int(int),
        _ if pair.double_value.is_some() => ExtValue::Double(pair.double_value.unwrap_or_default()),
        _ => ExtValue::Text(text()),
    };
    (key, value)
}

/// A domain pair as the SDK writes it: bool 1, integer 2, other number 6, string 7, object or array 8.
#[must_use]
pub fn write(key: &str, value: &ExtValue) -> pb::KeyValue {
    let mut pair = pb::KeyValue { key: Some(Bytes::copy_from_slice(key.as_bytes())), ..Default::default() };
    let text = |s: &str| Some(Bytes::copy_from_slice(s.as_bytes()));
    match value {
        ExtValue::Bool(v) => (pair.r#type, pair.varint_value) = (Some(1), Some(i64::from(*v))),
        ExtValue::Int(v) => (pair.r#type, pair.varint_value) = (Some(2), Some(*v)),
        ExtValue::Float(v) => (pair.r#type, pair.float_value) = (Some(5), Some(*v)),
        ExtValue::Double(v) => (pair.r#type, pair.double_value) = (Some(6), Some(*v)),
        ExtValue::Text(v) => (pair.r#type, pair.string_value) = (Some(7), text(v)),
        ExtValue::Json(v) => (pair.r#type, pair.string_value) = (Some(8), text(v)),
    }
    pair
}

/// A JSON value as an attribute; `null`, objects and arrays keep their JSON text.
#[must_use]
pub fn from_json(value: &Value) -> ExtValue {
    match value {
        Value::Bool(v) => ExtValue::Bool(*v),
        Value::Number(n) => n.as_i64().map_or_else(|| ExtValue::Double(n.as_f64().unwrap_or_default()), ExtValue::Int),
        Value::String(s) => ExtValue::Text(s.clone()),
        Value::Null | Value::Array(_) | Value::Object(_) => ExtValue::Json(value.to_string()),
    }
}

/// An attribute as a JSON value; JSON text that does not parse stays a string.
#[must_use]
pub fn to_json(value: &ExtValue) -> Value {
    match value {
        ExtValue::Bool(v) => Value::from(*v),
        ExtValue::Int(v) => Value::from(*v),
        ExtValue::Float(v) => Value::from(*v),
        ExtValue::Double(v) => Value::from(*v),
        ExtValue::Text(v) => Value::from(v.as_str()),
        ExtValue::Json(v) => serde_json::from_str(v).unwrap_or_else(|_| Value::from(v.as_str())),
    }
}

/// Pairs of a JSON object, or of an array of one-key objects (both forms of `customExts` occur).
#[must_use]
pub fn pairs_from_json(value: &Value) -> Vec<(String, ExtValue)> {
    let of = |map: &Map<String, Value>| map.iter().map(|(k, v)| (k.clone(), from_json(v))).collect::<Vec<_>>();
    match value {
        Value::Object(map) => of(map),
        Value::Array(list) => list.iter().filter_map(Value::as_object).flat_map(of).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    }
}

/// Pairs as a JSON object; a repeated key keeps its last value.
#[must_use]
pub fn pairs_to_json(pairs: &[(String, ExtValue)]) -> Map<String, Value> {
    pairs.iter().map(|(k, v)| (k.clone(), to_json(v))).collect()
}
