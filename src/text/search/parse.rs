//! The grammar of a query.
//!
//! Blanks separate words, and all words must be there. `"two words"` is one term: it stands where its quotes begin a
//! word and end one, with something between. `from:` `in:` `type:` `has:` `before:` `after:` with a value, quoted where
//! it has blanks, are filters; one filter given twice allows either value, `has:` wants all, times the narrowest.
//! A filter whose value means nothing is no word: it is told as a [`Problem`], and the query finds nothing until it is mended.
//! Whatever else this does not name, down to a lone quote, is a word to look for as it is.

use super::Script;
use super::message::Has;
use super::query::{MAX_QUERY, Problem, Query, Term};
use crate::domain::{MessageKind, ServerTime};

impl Query {
    /// Reads what was typed. `read_time` reads the values of `before:` and `after:`, which it may refuse.
    #[must_use]
    pub fn parse(typed: &str, script: Script, read_time: impl Fn(&str) -> Option<ServerTime>) -> Self {
        let end = typed.char_indices().nth(MAX_QUERY).map_or(typed.len(), |(at, _)| at);
        let mut query = Self { script, is_cut: end < typed.len(), ..Self::default() };
        let mut rest = typed[..end].trim_start();
        while !rest.is_empty() {
            rest = if let Some(filter) = filter(rest) {
                if !query.take(&filter, &read_time) {
                    query.problems.push(Problem { filter: filter.name, value: filter.value.to_owned() });
                }
                filter.rest
            } else {
                let (word, rest) = quoted(rest).unwrap_or_else(|| split_word(rest));
                push(&mut query.terms, word, script);
                rest
            };
            rest = rest.trim_start();
        }
        query
    }

    /// Takes a filter in, or refuses it whole.
    fn take(&mut self, filter: &Filter<'_>, read_time: impl Fn(&str) -> Option<ServerTime>) -> bool {
        let value = filter.value;
        if value.starts_with('"') {
            return false;
        }
        match filter.name {
            "from" => {
                self.sender_names.push(value.to_owned());
                push(&mut self.senders, value, self.script)
            }
            "in" => push(&mut self.conversations, value, self.script),
            "type" => listed(value, kind).map(|kinds| self.kinds.extend(kinds)).is_some(),
            "has" => listed(value, |word| word.parse::<Has>().ok())
                .map(|all| self.traits = all.into_iter().fold(self.traits, |traits, has| traits.with(has)))
                .is_some(),
            "before" => {
                read_time(value).map(|at| self.before = Some(self.before.map_or(at, |before| before.min(at)))).is_some()
            }
            "after" => {
                read_time(value).map(|at| self.after = Some(self.after.map_or(at, |after| after.max(at)))).is_some()
            }
            _ => false,
        }
    }
}

/// Adds a term once; `false` where nothing visible is in it.
fn push(terms: &mut Vec<Term>, text: &str, script: Script) -> bool {
    let Some(term) = Term::new(text, script) else { return false };
    if !terms.contains(&term) {
        terms.push(term);
    }
    true
}

/// All of a list with commas, or nothing.
fn listed<T>(value: &str, read: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
    value.split([',', '，']).map(read).collect()
}

/// The words of the wire, and those a person would think of.
fn kind(word: &str) -> Option<MessageKind> {
    let word = word.to_ascii_lowercase();
    match word.as_str() {
        "text" => Some(MessageKind::Text),
        "image" => Some(MessageKind::Image),
        "location" => Some(MessageKind::Location),
        "command" => Some(MessageKind::Command),
        _ => word.parse().ok(),
    }
}

/// The names of filters.
const FILTERS: [&str; 6] = ["from", "in", "type", "has", "before", "after"];

struct Filter<'a> {
    name: &'static str,
    /// Begins with a quote where that was never closed.
    value: &'a str,
    rest: &'a str,
}

/// A name of ours, a colon of either width, and a value, which may be missing.
fn filter(text: &str) -> Option<Filter<'_>> {
    let at = text.find(|c: char| !c.is_ascii_alphabetic()).filter(|&at| at > 0)?;
    let (name, after) = text.split_at(at);
    let name = FILTERS.into_iter().find(|known| known.eq_ignore_ascii_case(name))?;
    let after = after.strip_prefix([':', '：'])?;
    let (value, rest) = quoted(after).unwrap_or_else(|| split_word(after));
    Some(Filter { name, value, rest })
}

/// What stands between a quote at the start and the next one, where that ends a word; and what follows.
fn quoted(text: &str) -> Option<(&str, &str)> {
    let (inside, rest) = text.strip_prefix('"')?.split_once('"')?;
    (!inside.trim().is_empty() && !rest.starts_with(|c: char| !c.is_whitespace())).then_some((inside, rest))
}

fn split_word(text: &str) -> (&str, &str) {
    text.split_at(text.find(char::is_whitespace).unwrap_or(text.len()))
}

#[cfg(test)]
mod tests {
    use super::super::{Plan, Traits};
    use super::*;

    fn parse(typed: &str) -> Query {
        Query::parse(typed, Script::Either, |text| text.parse().ok().map(ServerTime))
    }

    fn words(typed: &[&str]) -> Query {
        let terms = typed.iter().filter_map(|word| Term::new(word, Script::Either)).collect();
        Query { terms, ..Query::default() }
    }

    #[test]
    fn filters_are_read_and_their_values_may_be_quoted() {
        let query = parse(
            "from:alice 退款 in:\"vip 群\" FROM：bob type:img,txt has:link,file before:9 after:3 before:7 type:location",
        );
        let term = |text| Term::new(text, Script::Either).expect("a term");
        assert_eq!(query.terms, [term("退款")]);
        assert_eq!(query.senders, [term("alice"), term("bob")]);
        assert_eq!(query.conversations, [term("vip 群")]);
        assert_eq!(query.kinds, [MessageKind::Image, MessageKind::Text, MessageKind::Location]);
        assert_eq!(query.traits, Traits::default().with(Has::Link).with(Has::File));
        assert_eq!((query.after, query.before), (Some(ServerTime(3)), Some(ServerTime(7))));
    }

    #[test]
    fn what_is_no_filter_is_a_word() {
        for typed in ["t:x", "https://x.y", "from", ":", "fro：m"] {
            assert_eq!(parse(typed), words(&[typed]), "{typed}");
        }
    }

    #[test]
    fn a_filter_that_means_nothing_is_told_and_finds_nothing() {
        for (typed, filter, value) in [
            ("from:", "from", ""),
            ("type:nose", "type", "nose"),
            ("TYPE:img,nose", "type", "img,nose"),
            ("has:", "has", ""),
            ("before:soon", "before", "soon"),
            ("after:-30x", "after", "-30x"),
            ("in:\"open", "in", "\"open"),
            ("from:\u{200B}", "from", "\u{200B}"),
        ] {
            let query = parse(&format!("退款 {typed}"));
            assert_eq!(query.problems(), [Problem { filter, value: value.to_owned() }], "{typed}");
            assert_eq!((query.fts(), query.matches_text("退款")), (Plan::Nothing, true), "{typed}");
        }
        assert_eq!(parse("from:alice 退款").problems(), []);
    }

    #[test]
    fn quotes_make_a_phrase_only_around_something() {
        assert_eq!(parse("\"a b\" c a c"), words(&["a b", "c", "a"]));
        for typed in ["\"", "\"\"\"\"\"", "a\"b", "\"a\"b", "\"a", "\"\""] {
            assert_eq!(parse(typed), words(&[typed]), "{typed}");
        }
        assert_eq!(parse("\"a b"), words(&["\"a", "b"]));
        assert_eq!(parse("a\u{3000}b"), words(&["a", "b"]));
    }

    #[test]
    fn a_huge_query_is_cut_and_says_so() {
        let query = parse(&"款".repeat(MAX_QUERY + 1));
        assert!(query.is_cut());
        assert_eq!(query.terms, words(&[&"款".repeat(MAX_QUERY)]).terms);
        assert!(!parse(&"款".repeat(MAX_QUERY)).is_cut());
    }
}
