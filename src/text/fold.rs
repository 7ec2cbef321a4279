//! Search folding: letters in lower case, full-width forms as half-width ones, so one literal finds all its spellings.

use std::ops::Range;

/// Folds a search text or a text to be searched.
#[must_use]
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.chars().flat_map(fold_char).collect()
}

/// Places of a folded literal in a text that is not folded: byte ranges of `haystack` on character boundaries, in order, not overlapping.
#[must_use]
pub fn find(haystack: &str, folded_needle: &str) -> Vec<Range<usize>> {
    if folded_needle.is_empty() {
        return Vec::new();
    }
    let folded = fold(haystack);
    let hits: Vec<_> = folded.match_indices(folded_needle).map(|(at, hit)| at..at + hit.len()).collect();
    if haystack.is_ascii() || hits.is_empty() {
        return hits;
    }
    unfold(haystack, &hits)
}

/// Carries ranges of the folded text back to the characters they came from.
fn unfold(haystack: &str, hits: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::with_capacity(hits.len());
    let mut hits = hits.iter().peekable();
    let (mut folded_end, mut start) = (0, None);
    for (at, c) in haystack.char_indices() {
        folded_end += fold_char(c).map(char::len_utf8).sum::<usize>();
        while let Some(hit) = hits.peek() {
            if hit.start >= folded_end {
                break;
            }
            let from = *start.get_or_insert(at);
            if hit.end > folded_end {
                break;
            }
            let from = from.max(found.last().map_or(0, |last| last.end));
            if from < at + c.len_utf8() {
                found.push(from..at + c.len_utf8());
            }
            (start, _) = (None, hits.next());
        }
    }
    found
}

fn fold_char(c: char) -> impl Iterator<Item = char> {
    let narrow = match c {
        '\u{3000}' => ' ',
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        _ => c,
    };
    narrow.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_literal_finds_every_width_and_case() {
        let text = "订单ＡＢＣ１２3 and abc123";
        let found = find(text, &fold("Abc123"));
        assert_eq!(found.iter().map(|hit| &text[hit.clone()]).collect::<Vec<_>>(), ["ＡＢＣ１２3", "abc123"]);
    }

    #[test]
    fn a_letter_that_folds_to_two_is_found_whole() {
        let text = "xİstanbul";
        let first = |needle| find(text, needle).first().map(|hit| &text[hit.clone()]);
        assert_eq!((first("i"), first("stan")), (Some("İ"), Some("stan")));
        assert!(find(text, "").is_empty());
    }
}
