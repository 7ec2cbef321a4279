//! Hand-written inputs of exports: each is written in its format and read with that format's eyes.

use manyou::export::{Format, file_name};
use manyou::text::body;
use serde_json::Value;

use crate::laws::{letters, structure};
use crate::support::{begins_a_formula, column, export, first_paragraph, tags, text, without_blanks};

fn cases(file: &str) -> Vec<Value> {
    let path = format!("{}/tests/badinputs/{file}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn asks(case: &Value, list: &str, words: &str) -> bool {
    case[list].as_array().unwrap().iter().any(|rule| rule.as_str().unwrap().contains(words))
}

#[test]
fn every_export_case_holds() {
    let (mut checked, mut left) = (0, Vec::new());
    for case in cases("exports.jsonl") {
        let (id, input) = (case["id"].as_str().unwrap(), case["input"].as_str().unwrap());
        match case["format"].as_str().unwrap() {
            "csv" => csv(&case, id, input),
            "html" => html(id, input),
            "markdown" => markdown(id, input),
            "jsonl" => ndjson(id, input),
            "path" => assert_eq!(file_name(input), "x", "{id}"),
            "zip" => {
                left.push(format!("{id}: no archive is written here; whoever writes one names entries with file_name"));
            }
            other => left.push(format!("{id}: no format `{other}`")),
        }
        checked += 1;
    }
    println!(
        "{} of {checked} cases checked here; left to the command line:\n{}",
        checked - left.len(),
        left.join("\n")
    );
    println!("csv-esc with --raw on a terminal is the command line's as well: only it knows where its output goes");
    assert_eq!((checked, left.len()), (32, 1));
}

fn csv(case: &Value, id: &str, input: &str) {
    let written = export(Format::Csv, &[text(input)]);
    let cells = column(&written, "text");
    assert_eq!(cells.len(), 1, "{id}: one record");
    let cell = &cells[0];
    assert!(!begins_a_formula(cell), "{id}: {cell:?}");
    assert!(!written.contains(['\0', '\u{1b}']), "{id}: {written:?}");
    if asks(case, "must", "apostrophe") {
        assert_eq!(cell.strip_prefix('\''), Some(input), "{id}");
    }
    if asks(case, "must", "unchanged") {
        assert_eq!(cell, input, "{id}");
    }
    if asks(case, "must", "\\0 text") {
        assert_eq!(cell, &input.replace('\0', "\\0"), "{id}");
    }
    if asks(case, "must", "control shown") {
        assert_eq!(cell, "␛[2J", "{id}");
    }
}

fn html(id: &str, input: &str) {
    let written = export(Format::Html, &[text(input)]);
    assert_eq!(tags(&written), tags(&export(Format::Html, &[text("x")])), "{id}");
    assert_eq!(first_paragraph(&written), input, "{id}");
}

fn markdown(id: &str, input: &str) {
    let written = export(Format::Markdown, &[text(input)]);
    assert_eq!(structure(&written), structure(&export(Format::Markdown, &[text("x")])), "{id}");
    assert_eq!(without_blanks(&letters(&written)), without_blanks(&body(input).text), "{id}");
}

fn ndjson(id: &str, input: &str) {
    let written = export(Format::Ndjson, &[text(input)]);
    let lines: Vec<&str> = written.split('\n').filter(|line| !line.is_empty()).collect();
    assert_eq!(lines.len(), 3, "{id}: header, one message, trailer");
    assert!(lines[1].is_ascii(), "{id}: escapes only: {}", lines[1]);
    assert!(lines[1].bytes().all(|b| (b' '..=b'~').contains(&b)), "{id}");
    assert_eq!(serde_json::from_str::<Value>(lines[1]).unwrap()["body"]["text"], input, "{id}");
}

#[test]
fn every_hostile_file_name_is_saved_as_written() {
    let mut wrong = Vec::new();
    for case in cases("files.jsonl") {
        let taken: Vec<&str> =
            case["pre_existing"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let input = case["input"].as_str().unwrap();
        let name = manyou::export::free_name(&file_name(input), |name| taken.contains(&name));
        if name != case["saved_as"] {
            wrong.push(format!("{}: {name:?}", case["id"]));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}
