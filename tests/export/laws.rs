//! Laws of every format for any text: foreign words are data in a table, letters on a page, and never anything else.

use manyou::domain::Message;
use manyou::export::{Format, file_name};
use manyou::text::{body, printable};
use proptest::prelude::*;
use pulldown_cmark::{Event, Options as Dialect, Parser};

use crate::support::{
    Sent, begins_a_formula, column, every_kind, export, export_with, first_paragraph, odd, options, stored, tags, text,
    without_blanks,
};

/// Everything a Markdown reader finds, without the letters and the line breaks inside paragraphs.
pub(crate) fn structure(markdown: &str) -> Vec<String> {
    let events = Parser::new_ext(markdown, Dialect::all());
    events
        .filter(|event| !matches!(event, Event::Text(_) | Event::HardBreak))
        .map(|event| format!("{event:?}"))
        .collect()
}

/// The letters of the last message, as a reader shows them.
pub(crate) fn letters(markdown: &str) -> String {
    let dialect = Dialect::all() - Dialect::ENABLE_SMART_PUNCTUATION;
    let events = Parser::new_ext(markdown, dialect).skip_while(|event| !matches!(event, Event::Code(_))).skip(1);
    let of_message = events.take_while(|event| !matches!(event, Event::End(_) | Event::Rule));
    of_message.map(|event| if let Event::Text(text) = event { text.into_string() } else { "\n".to_owned() }).collect()
}

/// Plain words that are shown in the same way: blank where `odd` is, with something hidden where `odd` has that.
fn like(odd: &str) -> String {
    let clean = body(odd);
    let words = if clean.text.trim().is_empty() { "" } else { "x" };
    format!("{words}{}", if clean.hidden > 0 { "\u{200b}" } else { "" })
}

/// All kinds with the words in every place; what a reader should find in it.
fn everywhere(words: &str) -> Vec<Message> {
    let bodies = every_kind(words).into_iter().enumerate();
    bodies.map(|(n, body)| stored(n as u64, "user_1029", body, Vec::new(), None)).collect()
}

fn named(format: Format, messages: &[Message], name: &str) -> String {
    let sent: Vec<Sent<'_>> = messages.iter().map(|m| (m.clone(), Some(name), None)).collect();
    export_with(format, options(), &sent, true).0
}

/// What a cell says where nothing acts on a spreadsheet or a terminal.
fn shown_in_a_cell(text: &str) -> String {
    let one = |c: char| match c {
        '\t' | '\n' | '\r' => c.to_string(),
        '\0' => "\\0".to_owned(),
        '\u{1}'..='\u{1f}' => char::from_u32(0x2400 + c as u32).unwrap().to_string(),
        '\u{7f}' => "␡".to_owned(),
        '\u{80}'..='\u{9f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => format!("<U+{:04X}>", c as u32),
        c => c.to_string(),
    };
    text.chars().map(one).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn csv_reads_back_and_no_cell_is_a_formula(words in odd(), name in odd()) {
        let written = named(Format::Csv, &everywhere(&words), &name);
        let mut reader = csv::Reader::from_reader(written.as_bytes());
        let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        prop_assert_eq!(records.len(), every_kind("").len());
        for cell in records.iter().flat_map(|record| record.iter()) {
            prop_assert!(!begins_a_formula(cell), "{:?}", cell);
            prop_assert!(!cell.chars().any(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r')), "{:?}", cell);
        }
        for (head, told) in [("text", &words), ("from_name", &name)] {
            let cell = &column(&written, head)[0];
            let told = shown_in_a_cell(told);
            let bare = cell.strip_prefix('\'').filter(|rest| begins_a_formula(rest.trim_start_matches('\'')));
            prop_assert_eq!(bare.unwrap_or(cell), told);
        }
        let raw = export_with(Format::Csv, manyou::export::Options { raw_cells: true, bom: true, ..options() }, &[(text(&words), None, None)], true).0;
        prop_assert_eq!(&column(&raw, "text")[0], &words.replace('\0', "\\0"));
    }

    #[test]
    fn html_holds_no_element_but_ours(words in odd(), name in odd()) {
        let (written, plain) = (named(Format::Html, &everywhere(&words), &format!("n{name}")), like(&words));
        // Where one line of a record is blank the page leaves it out, so words and their likeness are compared kind by kind.
        prop_assert_eq!(tags(&written), tags(&named(Format::Html, &everywhere(&plain), "nx")), "{}", written);
        prop_assert!(written.chars().all(|c| printable(c) || c == '\n'));
        let shown = body(&words).text;
        if !shown.trim().is_empty() {
            prop_assert_eq!(first_paragraph(&written), shown.trim_end_matches('\n'));
        }
    }

    #[test]
    fn markdown_renders_to_letters(words in odd(), name in odd()) {
        let written = named(Format::Markdown, &everywhere(&words), &format!("n{name}n"));
        let plain = named(Format::Markdown, &everywhere(&like(&words)), "nxn");
        prop_assert_eq!(structure(&written), structure(&plain), "{}", written);
        let clean = body(&words);
        if clean.hidden == 0 && !clean.text.trim().is_empty() {
            let one = export(Format::Markdown, &[text(&words)]);
            prop_assert_eq!(without_blanks(&letters(&one)), without_blanks(&clean.text), "{}", one);
        }
    }

    #[test]
    fn a_transcript_holds_nothing_that_acts_and_words_keep_to_their_column(words in odd(), name in odd()) {
        let written = named(Format::Text, &everywhere(&words), &format!("n{name}"));
        prop_assert!(written.chars().all(|c| printable(c) || c == '\n'));
        let ours = |text: &str| text.lines().filter(|l| !l.is_empty() && !l.starts_with("            ")).count();
        let plain = named(Format::Text, &everywhere(&like(&words)), "nx");
        prop_assert_eq!(ours(&written), ours(&plain), "{}", written);
    }

    #[test]
    fn a_file_name_is_one_harmless_component(words in odd()) {
        let name = file_name(&words);
        prop_assert!((1..=200).contains(&name.len()), "{:?}", name);
        prop_assert!(!name.contains(|c: char| "/\\:*?\"<>|".contains(c) || c.is_control() || !printable(c)), "{:?}", name);
        prop_assert!(!name.starts_with(['.', '-', ' ']) && !name.ends_with(['.', ' ']), "{:?}", name);
        prop_assert_eq!(file_name(&name), name);
    }
}

#[test]
fn secrets_of_attachments_are_in_no_format_but_inside_raw() {
    let messages = everywhere("a.png");
    for format in [Format::Csv, Format::Markdown, Format::Text, Format::Html, Format::Json, Format::Ndjson] {
        let sent: Vec<Sent<'_>> = messages.iter().map(|m| (m.clone(), None, None)).collect();
        let handed_on = export_with(format, manyou::export::Options { lossless: false, ..options() }, &sent, true).0;
        assert!(!handed_on.contains("SECRET-CANARY"), "{format}");
        assert!(!handed_on.contains("\"raw_form\""), "{format}");
        assert!(!export(format, &messages).contains("SECRET-CANARY"), "{format}");
    }
}
