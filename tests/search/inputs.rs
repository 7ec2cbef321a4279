//! Hand-written queries: each is a literal that finds the text it stands in.

use std::time::{Duration, Instant};

use manyou::text::search::{MAX_QUERY, Plan, Script};
use serde_json::Value;

use crate::build::{Index, matches, query, said};

fn cases() -> Vec<Value> {
    let path = format!("{}/tests/badinputs/search.jsonl", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
#[allow(clippy::disallowed_methods, reason = "a limit of time is measured with the machine's clock")]
fn every_query_finds_the_text_it_stands_in() {
    let cases = cases();
    let typed: Vec<&str> = cases.iter().map(|case| case["query"].as_str().unwrap()).collect();
    let messages: Vec<_> = typed.iter().map(|typed| said(&format!("前{typed}后"))).chain([said("無")]).collect();
    let index = Index::of(&messages);
    for (row, (typed, case)) in typed.iter().zip(&cases).enumerate() {
        let started = Instant::now();
        let query = query(typed, Script::Either);
        let found = index.answer(&query, &messages);
        assert!(started.elapsed() < Duration::from_millis(100), "{}", case["id"]);
        let seen: Vec<usize> = (0..messages.len()).filter(|&row| matches(&query, &messages[row])).collect();
        assert_eq!(found, seen, "{}", case["id"]);
        assert!(!found.contains(&(messages.len() - 1)), "{}", case["id"]);
        match case["expect"].as_str() {
            Some("empty") => assert_eq!(query.fts(), Plan::Nothing, "{}", case["id"]),
            Some("literal") => assert!(found.contains(&row) && !query.is_cut(), "{}", case["id"]),
            Some("limit") => assert!(found.contains(&row) && query.is_cut(), "{}", case["id"]),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn composed_and_decomposed_letters_find_the_same_rows() {
    let messages = [said("café"), said("CAFE\u{301}"), said("cafe")];
    let index = Index::of(&messages);
    for typed in ["café", "cafe\u{301}"] {
        assert_eq!(index.answer(&query(typed, Script::Either), &messages), [0, 1]);
    }
}

#[test]
fn as_many_words_as_a_query_holds_are_no_error() {
    let letters = (0..).filter_map(|n| char::from_u32(0x4E00 + n)).take(MAX_QUERY / 2);
    let typed: String = letters.flat_map(|c| [c, ' ']).collect();
    let messages = [said(&typed), said("一")];
    assert_eq!(Index::of(&messages).answer(&query(&typed, Script::Either), &messages), [0]);
}
