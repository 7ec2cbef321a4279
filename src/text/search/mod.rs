//! Search: what of a message is searched, what a query means, and the tokens of a full-text index that gives the same
//! answer.
//!
//! A **term** matches where its tokens stand one after another in one part of a message, the last of them perhaps as
//! the beginning of a longer word. Nothing else counts: no word list, no stemming, no rank. So 款 and 退款 are found
//! inside any sentence, `refu` finds `refund` but `fund` does not, and punctuation is found as it stands; only blanks
//! between tokens make no difference, so 退款 is found across a line break too. `fold.rs` says which spellings are the
//! same, `tokens.rs` what a token is, `parse.rs` how a query is written.
//!
//! A message's tokens are one string ([`index_text`]) for an index that splits at blanks ([`FTS_OPTIONS`]);
//! [`Query::fts`] asks it for a term's tokens as a phrase, and [`Query::matches`] looks for them in that same string.
//! So both agree, and what the index does not hold yet can be looked at. Nothing here knows SQL beyond that expression.
//! Start with [`Query`].

mod fold;
mod hanzi;
mod highlight;
mod message;
mod parse;
mod query;
mod tokens;

pub use fold::fold;
pub use highlight::find;
pub use message::{Has, Searchable, Traits, index_text, parts};
pub use query::{MAX_QUERY, Plan, Problem, Query};

/// Raised whenever an index made before would not agree with a query read now: other folding, other tokens, other
/// parts. Crates with tables of Unicode count too.
pub const VERSION: u32 = 1;

/// Options of the FTS5 table of one column that [`Query::fts`] speaks to. `ascii` splits at blanks and leaves all else
/// of [`index_text`] alone.
pub const FTS_OPTIONS: &str = "tokenize = 'ascii', detail = 'full'";

/// Whether traditional and simplified characters are told apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Script {
    /// 訂單 and 订单 find each other.
    #[default]
    Either,
    /// Each finds itself only.
    AsTyped,
}
