//! Places of hits in a text as it is shown.

use std::ops::Range;

use unicode_segmentation::GraphemeCursor;

use super::fold;

/// Where a character of something made from a text came from.
pub(super) struct Place {
    /// Where it stands in what was made.
    pub(super) at: usize,
    /// Its first byte in the text.
    pub(super) start: usize,
    /// After its last byte there.
    pub(super) end: usize,
}

/// Places of a folded literal in a text that is not folded, anywhere, also inside words: ranges as
/// [`super::Query::highlights`] gives them.
#[must_use]
pub fn find(text: &str, folded: &str) -> Vec<Range<usize>> {
    if folded.is_empty() {
        return Vec::new();
    }
    let mut whole = String::with_capacity(text.len());
    let mut places = Vec::with_capacity(text.len());
    fold::each(text, |c, start, end| {
        places.push(Place { at: whole.len(), start, end });
        whole.push(c);
    });
    in_text(text, &places, whole.match_indices(folded).map(|(at, hit)| at..at + hit.len()))
}

/// Carries ranges of what was written back to the text it came from, where `places` lie in order. A terminal cannot
/// colour half a sign, so ranges grow to whole grapheme clusters, and those that meet inside one become one.
pub(super) fn in_text(text: &str, places: &[Place], hits: impl Iterator<Item = Range<usize>>) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> =
        hits.filter_map(|hit| origin(places, &hit)).map(|hit| grown(text, hit)).collect();
    found.sort_unstable_by_key(|hit| (hit.start, hit.end));
    found.dedup_by(|next, hit| {
        let overlaps = next.start < hit.end;
        if overlaps {
            hit.end = hit.end.max(next.end);
        }
        overlaps
    });
    found
}

fn origin(places: &[Place], hit: &Range<usize>) -> Option<Range<usize>> {
    let first = places.partition_point(|place| place.at < hit.start);
    let last = places.partition_point(|place| place.at < hit.end).checked_sub(1)?;
    Some(places.get(first)?.start..places.get(last)?.end)
}

fn grown(text: &str, hit: Range<usize>) -> Range<usize> {
    if text.is_ascii() {
        return hit;
    }
    let is_boundary = |at| GraphemeCursor::new(at, text.len(), true).is_boundary(text, 0).unwrap_or(true);
    let start = (0..=hit.start).rev().find(|&at| text.is_char_boundary(at) && is_boundary(at)).unwrap_or(hit.start);
    let end = (hit.end..=text.len()).find(|&at| text.is_char_boundary(at) && is_boundary(at)).unwrap_or(hit.end);
    start..end
}

#[cfg(test)]
mod tests {
    use super::super::{Query, Script};
    use super::*;

    fn words<'a>(text: &'a str, hits: &[Range<usize>]) -> Vec<&'a str> {
        hits.iter().map(|hit| &text[hit.clone()]).collect()
    }

    fn marked<'a>(text: &'a str, query: &str) -> Vec<&'a str> {
        words(text, &Query::parse(query, Script::Either, |_| None).highlights(text))
    }

    #[test]
    fn one_literal_finds_every_width_and_case() {
        let text = "订单ＡＢＣ１２3 and abc123";
        assert_eq!(words(text, &find(text, &fold::fold("Abc123"))), ["ＡＢＣ１２3", "abc123"]);
    }

    #[test]
    fn a_letter_is_found_whole_and_inside_a_word() {
        let text = "xİstanbul";
        let first = |needle| words(text, &find(text, needle)).first().copied();
        assert_eq!((first("i"), first("stan")), (Some("İ"), Some("stan")));
        assert!(find(text, "").is_empty());
    }

    #[test]
    fn words_of_a_query_are_marked_where_they_match() {
        assert_eq!(marked("Refund 退款，再退款 and prerefund", "退款 refun"), ["Refun", "退款", "退款"]);
        assert_eq!(marked("訂單:ｶﾞ cafe\u{301}s", "订单 ガ café"), ["訂單", "ｶﾞ", "cafe\u{301}"]);
        assert_eq!(marked("say hello,\n world; hello world", "\"hello world\""), ["hello world"]);
        assert_eq!(marked("退 \n款", "退款"), ["退 \n款"]);
        assert_eq!(marked("abc", "退"), Vec::<&str>::new());
    }

    #[test]
    fn a_sign_is_marked_whole() {
        assert_eq!(marked("a👩\u{200D}💻b ❤\u{FE0F}", "💻 ❤"), ["👩\u{200D}💻", "❤\u{FE0F}"]);
    }

    #[test]
    fn hits_that_meet_are_one() {
        assert_eq!(marked("退款单", "退款 款单 款"), ["退款单"]);
        assert_eq!(marked("退款退款", "退款"), ["退款", "退款"]);
    }
}
