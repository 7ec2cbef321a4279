//! Laws that hold for any text and any query.

use manyou::domain::Message;
use manyou::text::search::{Plan, Script, find, fold};
use proptest::prelude::*;
use proptest::sample::Index as Pick;
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

use crate::build::{Index, any_text, in_parts, matches, query, script, text};

/// A few characters cut out of what was said, or anything.
fn asked(
    messages: &[Message],
    (of, from, len): (Pick, Pick, usize),
    other: &str,
    is_cut: bool,
    is_phrase: bool,
) -> String {
    let mut said = Vec::new();
    manyou::text::search::parts(of.get(messages), |part| said.push(part.to_owned()));
    let said = said.concat();
    let chars: Vec<char> = said.chars().collect();
    let mut typed = other.to_owned();
    if is_cut && !chars.is_empty() {
        typed = chars.iter().skip(from.index(chars.len())).take(len).collect();
    }
    if is_phrase { format!("\"{typed}\"") } else { typed }
}

fn squeezed(text: &str) -> String {
    fold(text).replace(' ', "")
}

/// Letters that grow together to a word.
fn is_word(c: char) -> bool {
    let spaced = !matches!(u32::from(c), 0xE00..=0xEFF | 0x1000..=0x11FF | 0x2E80..=0xD7FF | 0xF900..=0xFAFF | 0xFF66..=0xFFDC | 0x20000..);
    (c.is_alphanumeric() && spaced) || unicode_normalization::char::is_combining_mark(c)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn an_index_finds_exactly_what_a_look_at_every_message_finds(
        texts in prop::collection::vec(prop::collection::vec(text(0..12), 1..4), 1..24),
        wishes in prop::collection::vec(
            ((any::<Pick>(), any::<Pick>(), 1..6usize), text(1..5), any::<bool>(), any::<bool>(), script()), 1..24),
    ) {
        let messages: Vec<_> = texts.iter().map(|texts| in_parts(texts)).collect();
        let index = Index::of(&messages);
        for (place, other, is_cut, is_phrase, script) in wishes {
            let typed = asked(&messages, place, &other, is_cut, is_phrase);
            let query = query(&typed, script);
            let seen: Vec<usize> = (0..messages.len()).filter(|&row| matches(&query, &messages[row])).collect();
            prop_assert_eq!(index.answer(&query, &messages), seen.clone(), "{:?} {:?}", typed, query.fts());
            if let Plan::Match(expression) = query.fts() {
                let hits = index.hits(&expression);
                prop_assert!(seen.iter().all(|row| hits.contains(row)), "{:?}", typed);
                prop_assert!(!expression.contains('\0'));
            }
        }
        for (row, message) in messages.iter().enumerate() {
            index.remove(row, message);
        }
        prop_assert_eq!(index.hits("\"款\" OR \"的\" OR \"a\" * OR \"\u{2060}\""), Vec::<usize>::new());
    }

    #[test]
    fn what_is_cut_out_of_a_text_at_the_beginning_of_a_word_is_found(raw in text(1..20), from: Pick, len in 1..8usize) {
        let clusters: Vec<&str> = raw.graphemes(true).collect();
        let from = from.index(clusters.len());
        let to = clusters.len().min(from + len);
        let cut = clusters[from..to].concat();
        // Only the letters count that a search sees, composed.
        let (before, folded) = (fold(&clusters[..from].concat()), fold(&cut));
        let regional = |c: char| ('\u{1F1E6}'..='\u{1F1FF}').contains(&c);
        let inside = |a: char, b: char| is_word(a) && is_word(b) || regional(a) && regional(b);
        let starts = before.chars().next_back().zip(folded.chars().next()).is_none_or(|(a, b)| !inside(a, b));
        // A mark behind something invisible still belongs to the letter before it.
        let after = fold(&clusters[to..].concat()).chars().next();
        let whole = !after.is_some_and(unicode_normalization::char::is_combining_mark);
        if starts && whole && !cut.contains('"') && !cut.trim().is_empty() {
            let phrase = format!("\"{cut}\"");
            prop_assert!(query(&phrase, Script::AsTyped).matches_text(&raw), "{:?} in {:?}", phrase, raw);
        }
    }

    #[test]
    fn nothing_is_found_that_is_not_there(raw in text(1..20), typed in text(1..4)) {
        let (sought, phrase) = (squeezed(&typed), format!("\"{typed}\""));
        if !typed.contains('"') && !sought.is_empty() && query(&phrase, Script::AsTyped).matches_text(&raw) {
            prop_assert!(squeezed(&raw).contains(&sought), "{:?} in {:?}", typed, raw);
        }
    }

    #[test]
    fn spelling_makes_no_difference(raw in any_text()) {
        let folded = fold(&raw);
        prop_assert_eq!(&fold(&raw.nfd().collect::<String>()), &folded);
        prop_assert_eq!(&fold(&raw.nfc().collect::<String>()), &folded);
        prop_assert_eq!(&fold(&folded), &folded);
    }

    #[test]
    fn marks_lie_on_whole_signs_and_hold_what_was_sought(raw in text(0..30), typed in text(1..4), script in script()) {
        // A quote in it would make it several terms, of which each is marked.
        let typed = typed.replace('"', "");
        let query = query(&format!("\"{typed}\""), script);
        let bounds: Vec<usize> = raw.grapheme_indices(true).map(|(at, _)| at).chain([raw.len()]).collect();
        let marks = query.highlights(&raw);
        prop_assert_eq!(marks.is_empty(), query.is_empty() || !query.matches_text(&raw));
        let found = find(&raw, &fold(&typed));
        for mark in &marks {
            prop_assert!(query.matches_text(&raw[mark.clone()]), "{:?} of {:?} by {:?}", &raw[mark.clone()], raw, typed);
        }
        for mark in &found {
            prop_assert!(fold(&raw[mark.clone()]).contains(&fold(&typed)));
        }
        for marks in [marks, found] {
            prop_assert!(marks.iter().all(|mark| bounds.contains(&mark.start) && bounds.contains(&mark.end) && mark.start < mark.end));
            prop_assert!(marks.is_sorted_by(|a, b| a.end <= b.start));
        }
    }
}
