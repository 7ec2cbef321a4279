//! What a person looks for, and the two ways to find it: in an index, and in a message itself.

use std::ops::Range;

use super::message::{self, Searchable, Traits};
use super::tokens::{self, Writer};
use super::{Script, hanzi, highlight};
use crate::domain::{Inquiry, MessageKind, Peer, ServerTime};

/// Characters of a query that are read; what follows is left out and [`Query::is_cut`] says so.
pub const MAX_QUERY: usize = 1_000;

/// A query, read: words that must all be there, and filters. [`Query::parse`] makes it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query {
    pub(super) script: Script,
    pub(super) terms: Vec<Term>,
    pub(super) senders: Vec<Term>,
    /// As they were typed.
    pub(super) sender_names: Vec<String>,
    pub(super) conversations: Vec<Term>,
    pub(super) kinds: Vec<MessageKind>,
    pub(super) traits: Traits,
    pub(super) after: Option<ServerTime>,
    pub(super) before: Option<ServerTime>,
    pub(super) is_cut: bool,
    pub(super) problems: Vec<Problem>,
}

/// A filter whose value means nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Its name: `from`, `in`, `type`, `has`, `before` or `after`.
    pub filter: &'static str,
    /// What stands behind the colon; empty where nothing does.
    pub value: String,
}

/// How a query is answered from an index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Plan {
    /// Nothing was asked for, or something that means nothing ([`Query::problems`]).
    Nothing,
    /// No words: the filters alone choose the messages.
    Scan,
    /// Words to look up. The filters are not part of it.
    ///
    /// Holds the expression for `MATCH`: only quoted strings, `*` and `AND`, whatever was typed. With
    /// [`Script::AsTyped`] a hit may have the words in the other script only: ask [`Query::matches`].
    Match(String),
}

impl Query {
    /// Whether the query was longer than [`MAX_QUERY`] and only its beginning counts.
    #[must_use]
    pub const fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// The filters that mean nothing. With one of them nothing is found: tell the person which.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Whether it asks for nothing that can be found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.problems.is_empty() || *self == Self { script: self.script, is_cut: self.is_cut, ..Self::default() }
    }

    /// The look-up in an index of [`super::index_text`].
    #[must_use]
    pub fn fts(&self) -> Plan {
        if self.is_empty() {
            return Plan::Nothing;
        }
        if self.terms.is_empty() {
            return Plan::Scan;
        }
        let phrases: Vec<String> = self.terms.iter().map(Term::phrase).collect();
        Plan::Match(phrases.join(" AND "))
    }

    /// What of it a server can be asked for, without conversations: kinds where it has words for all of them, times, and
    /// a sender where the one that is named may be an id.
    #[must_use]
    pub fn inquiry(&self) -> Inquiry {
        let has_words = self.kinds.iter().all(|kind| kind.filter_word().is_some());
        let sender = match self.sender_names.as_slice() {
            [name] => name.parse().ok(),
            _ => None,
        };
        let kinds = if has_words { self.kinds.clone() } else { Vec::new() };
        Inquiry { peers: Vec::new(), kinds, sender, start: self.after, end: self.before }
    }

    /// Whether a conversation is one that is asked for.
    #[must_use]
    pub fn is_in(&self, peer: &Peer, name: &str) -> bool {
        self.wants_conversation(peer, name)
    }

    /// Whether a message is what was asked for; false for an empty query.
    #[must_use]
    pub fn matches(&self, found: &Searchable<'_>) -> bool {
        let message = found.message;
        !self.is_empty()
            && (self.kinds.is_empty() || self.kinds.contains(&message.body.kind()))
            && self.after.is_none_or(|after| message.time >= after)
            && self.before.is_none_or(|before| message.time < before)
            && (self.traits == Traits::default() || Traits::of(message).contains(self.traits))
            && self.wants_sender(&message.from, found.sender_name)
            && self.wants_conversation(found.peer, found.peer_name)
            && (self.terms.is_empty() || {
                let mut tokens = String::new();
                message::write_parts(message, self.script, &mut tokens);
                self.terms.iter().all(|term| term.is_in(&tokens))
            })
    }

    /// Whether all words stand in a text; filters do not count.
    #[must_use]
    pub fn matches_text(&self, text: &str) -> bool {
        let tokens = self.tokens(text);
        self.terms.iter().all(|term| term.is_in(&tokens))
    }

    /// Where the words stand in a shown text: byte ranges in order, apart, never splitting what is drawn as one sign.
    #[must_use]
    pub fn highlights(&self, text: &str) -> Vec<Range<usize>> {
        if self.terms.is_empty() {
            return Vec::new();
        }
        let mut tokens = String::new();
        let places = Writer::new(&mut tokens, self.script).placed(text);
        let hits = self.terms.iter().flat_map(|term| tokens.match_indices(term.tokens.as_str()));
        // The blank before the first token belongs to the tokens, not to the text.
        let hits = hits.map(|(at, hit)| at + 1..at + hit.len());
        highlight::in_text(text, &places, hits)
    }

    /// Whether `from:` limits the senders.
    #[must_use]
    pub fn names_senders(&self) -> bool {
        !self.senders.is_empty()
    }

    /// Whether a sender of this id and name is among those asked for; true where none is named.
    #[must_use]
    pub fn wants_sender(&self, id: &str, name: &str) -> bool {
        self.any_in(&self.senders, &[id, name])
    }

    /// Whether `in:` limits the conversations.
    #[must_use]
    pub fn names_conversations(&self) -> bool {
        !self.conversations.is_empty()
    }

    /// Whether this conversation is among those asked for, by its name, its id or as `group:ID`; true where none is
    /// named.
    #[must_use]
    pub fn wants_conversation(&self, peer: &Peer, name: &str) -> bool {
        self.conversations.is_empty() || self.any_in(&self.conversations, &[peer.id(), name, &peer.to_string()])
    }

    /// The kinds asked for; any when empty.
    #[must_use]
    pub fn kinds(&self) -> &[MessageKind] {
        &self.kinds
    }

    /// What messages must have.
    #[must_use]
    pub const fn traits(&self) -> Traits {
        self.traits
    }

    /// The earliest time asked for.
    #[must_use]
    pub const fn after(&self) -> Option<ServerTime> {
        self.after
    }

    /// The time messages must be older than.
    #[must_use]
    pub const fn before(&self) -> Option<ServerTime> {
        self.before
    }

    fn tokens(&self, text: &str) -> String {
        let mut tokens = String::new();
        Writer::new(&mut tokens, self.script).text(text);
        tokens
    }

    fn any_in(&self, terms: &[Term], texts: &[&str]) -> bool {
        terms.is_empty() || texts.iter().map(|text| self.tokens(text)).any(|text| terms.iter().any(|t| t.is_in(&text)))
    }
}

/// Words that must stand together.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Term {
    /// A blank before each; as the query's script writes them.
    tokens: String,
}

impl Term {
    /// `None` where nothing visible is left.
    pub(super) fn new(text: &str, script: Script) -> Option<Self> {
        let mut tokens = String::new();
        Writer::new(&mut tokens, script).text(text);
        (!tokens.is_empty()).then_some(Self { tokens })
    }

    /// Every token begins with a blank and holds none, so a place in the string is a place among tokens.
    fn is_in(&self, tokens: &str) -> bool {
        tokens.contains(&self.tokens)
    }

    /// Tokens hold no ASCII but small letters and digits: no quote to escape, no operator, no NUL.
    fn phrase(&self) -> String {
        let simplified: String = self.tokens.trim_start().chars().map(hanzi::simplified).collect();
        // A whole token is found faster than all that begin with it, and a single character is always whole.
        format!("\"{simplified}\"{}", if tokens::is_open(&self.tokens) { " *" } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(typed: &str) -> Query {
        Query::parse(typed, Script::Either, |_| None)
    }

    fn finds(typed: &str, text: &str) -> bool {
        query(typed).matches_text(text)
    }

    #[test]
    fn a_term_is_found_at_the_beginning_of_a_token() {
        let text = "客服已退款 $1,280.50 给 Alice_01 (refunded)";
        for typed in [
            "款",
            "退款",
            "已退款$1",
            "refund",
            "alice_0",
            "_01",
            "refunded)",
            "1,280",
            ".50",
            "给 refund 客",
            "\"给 alice\"",
        ] {
            assert!(finds(typed, text), "{typed}");
        }
        for typed in ["款退", "efund", "lice", "退款 无", "80", "\"alice refunded\"", "客已"] {
            assert!(!finds(typed, text), "{typed}");
        }
    }

    #[test]
    fn scripts_are_told_apart_only_when_asked() {
        let strict = |typed| Query::parse(typed, Script::AsTyped, |_| None);
        assert!(finds("订单", "訂單") && finds("訂單", "订单"));
        assert!(strict("訂單").matches_text("訂單") && !strict("訂單").matches_text("订单"));
        let plan = |query: Query| match query.fts() {
            Plan::Match(expression) => expression,
            plan => panic!("{plan:?}"),
        };
        assert_eq!(plan(strict("訂單")), "\"订 单\"");
        assert_eq!(plan(strict("退款 \"Hello w\"")), "\"退 款\" AND \"hello w\" *");
        assert_eq!(plan(query("訂單")), "\"订 单\"");
    }

    #[test]
    fn nothing_and_filters_alone_need_no_index() {
        for typed in ["", "  \n", "\u{200B}", "\u{200B} \u{3000}\u{AD}"] {
            assert_eq!(query(typed).fts(), Plan::Nothing, "{typed:?}");
        }
        assert_eq!(query("from:alice").fts(), Plan::Scan);
    }
}
