//! Hand-written bad texts, names and file names: what must appear on the screen for each.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use manyou::text::{Clean, body, label};
use serde_json::Value;

fn cases(file: &str) -> Vec<Value> {
    let path = format!("{}/tests/badinputs/{file}", env!("CARGO_MANIFEST_DIR"));
    let lines = std::fs::read_to_string(path).unwrap();
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn input(case: &Value) -> String {
    match case["input"].as_str() {
        Some(input) => input.to_owned(),
        None => case["repeat"]["unit"]
            .as_str()
            .unwrap()
            .repeat(case["repeat"]["times"].as_u64().unwrap().try_into().unwrap()),
    }
}

/// Lists the cases whose screen is not as written; a figure that a case does not give is not compared.
fn failures(file: &str, clean: fn(&str) -> Clean) -> Vec<String> {
    let mut wrong = Vec::new();
    for case in cases(file) {
        let got = clean(&input(&case));
        let figure = |name: &str, got: usize| case[name].as_u64().is_none_or(|want| want == got as u64);
        let screen = case["screen"].as_str().is_none_or(|want| want == got.text);
        if !(screen && figure("hidden", got.hidden) && figure("tagged", got.tagged)) {
            wrong.push(format!("{}: {:?} hidden {} tagged {}", case["id"], got.text, got.hidden, got.tagged));
        }
    }
    wrong
}

#[test]
fn every_message_body_appears_as_written() {
    assert_eq!(failures("texts.jsonl", body), Vec::<String>::new());
}

#[test]
fn every_name_appears_as_written() {
    assert_eq!(failures("names.jsonl", label), Vec::<String>::new());
}

#[test]
fn every_file_name_appears_as_written() {
    assert_eq!(failures("files.jsonl", label), Vec::<String>::new());
}
