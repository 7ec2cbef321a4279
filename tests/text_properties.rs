//! Laws of foreign text for any input: nothing harmful survives cleaning, wrapping loses nothing, huge inputs stay cheap.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::time::{Duration, Instant};

use manyou::text::wrap::{Span, rows, wrap};
use manyou::text::{body, clusters, fit, fit_both, fit_name, label, pad, printable, to_ascii, width};
use proptest::prelude::*;

/// Any characters, with the odd ones far more often than chance would bring them.
fn odd() -> impl Strategy<Value = String> {
    let pool = "ab 漫游，。「」(){}-\t\n\r\u{1B}\u{7F}\u{85}\u{9B}\u{200B}\u{200C}\u{200D}\u{200E}\u{2028}\u{202E}\u{2066}\u{301}\u{20E3}\
        \u{FE0F}👨👩👧🏽🇨🇳♻1ᄀ각ก็क्षمی\u{E000}\u{E0041}\u{FFFE}\u{3000}ﾊﾞ\u{2E3B}\u{600}";
    let pool: Vec<char> = pool.chars().collect();
    prop::collection::vec(prop_oneof![prop::sample::select(pool), any::<char>()], 0..60)
        .prop_map(|chars| chars.into_iter().collect())
}

fn without_blanks(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, ' ' | '\n' | '\t')).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn clean_text_holds_nothing_that_acts(raw in odd()) {
        for (clean, breaks) in [(body(&raw), true), (label(&raw), false)] {
            prop_assert!(clean.text.chars().all(|c| printable(c) || (breaks && c == '\n')), "{:?}", clean.text);
        }
    }

    #[test]
    fn cleaning_twice_finds_nothing_more(raw in odd()) {
        for clean in [body, label] {
            let once = clean(&raw);
            let twice = clean(&once.text);
            prop_assert_eq!((&once.text, 0, 0), (&twice.text, twice.hidden, twice.tagged));
        }
    }

    #[test]
    fn rows_are_counted_as_they_are_laid_out(raw in odd(), other in "[ -~\n\t一-龥]{0,40}", cells in 0..70usize) {
        for text in [manyou::text::body(&raw).text, other] {
            let cut = text.char_indices().nth(5).map_or(text.len(), |(at, _)| at);
            let spans = [&text[..cut], &text[cut..]].map(|text| Span { text: text.to_owned(), style: () });
            prop_assert_eq!(rows(&spans, cells), wrap(&spans, cells).len());
        }
    }

    #[test]
    fn wrapping_keeps_every_character_within_the_width(raw in odd(), split in 0..60usize, cells in 4..30usize) {
        let text = body(&raw).text;
        let at = text.char_indices().map(|(at, _)| at).nth(split).unwrap_or(text.len());
        let spans = [&text[..at], &text[at..]].map(|part| Span { text: part.to_owned(), style: () });
        let rows = wrap(&spans, cells);
        for row in &rows {
            prop_assert!(row.iter().map(|span| width(&span.text)).sum::<usize>() <= cells);
        }
        let shown: String = rows.iter().flatten().map(|span| span.text.as_str()).collect();
        prop_assert_eq!(without_blanks(&shown), without_blanks(&text));
    }

    #[test]
    fn fitted_text_is_never_wider(raw in odd(), cells in 0..20usize) {
        let text = label(&raw).text;
        for fitted in [fit(&text, cells), fit_name(&text, cells), fit_both(&text, cells)] {
            prop_assert!(width(&fitted) <= cells, "{:?} in {}", fitted, cells);
        }
        prop_assert_eq!(width(&pad(&text, cells)), cells);
        prop_assert!(to_ascii(&text).is_ascii());
    }

    #[test]
    fn clusters_are_the_text_and_the_width_their_sum(raw in odd()) {
        prop_assert_eq!(clusters(&raw).map(|(cluster, _)| cluster).collect::<String>(), raw.clone());
        if !raw.is_ascii() {
            prop_assert_eq!(clusters(&raw).map(|(_, cells)| cells).sum::<usize>(), width(&raw));
        }
    }
}

#[test]
#[allow(clippy::disallowed_methods)]
fn huge_messages_are_cleaned_and_wrapped_in_linear_time() {
    let long = |unit: &str, times: usize| unit.repeat(times);
    let messages = [
        long("\u{301}", 1_000_000),
        long("A", 1 << 20),
        long("\t", 100_000),
        long("👨\u{200D}👩\u{200D}👧", 100_000),
        long("👨\u{200D}", 100_000),
        long("\u{1B}[31m", 100_000),
        long("漫", 300_000),
        long("\u{1100}", 300_000),
        long("\u{1F3FD}", 300_000),
    ];
    for message in messages {
        let start = Instant::now();
        let clean = body(&message);
        let rows = wrap(&[Span { text: clean.text, style: () }], 80);
        assert!(start.elapsed() < Duration::from_secs(6), "{:?}… took {:?}", &message[..4], start.elapsed());
        assert!(!rows.is_empty());
    }
}

#[test]
fn what_does_not_fit_its_row_is_not_widened() {
    let spans = [Span { text: "\u{267B}\u{FE0F}".to_owned(), style: () }];
    assert_eq!(wrap(&spans, 1).concat().iter().map(|span| span.text.as_str()).collect::<String>(), "\u{267B}");
    assert_eq!(rows(&spans, 1), 1);
}

#[test]
fn every_character_is_counted_with_the_room_it_takes() {
    for c in ('\0'..'\u{20000}').filter(|c| !c.is_control()) {
        let spans = [Span { text: format!("{c}x"), style: () }];
        let cells = manyou::text::width(&spans[0].text);
        assert_eq!(rows(&spans, cells), wrap(&spans, cells).len(), "{c:?}");
        let less = cells.saturating_sub(1);
        assert_eq!(rows(&spans, less), wrap(&spans, less).len(), "{c:?}");
    }
}
