//! Cells a text takes: by grapheme cluster, the same figure everywhere, terminal included.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Cells `text` takes on one row. Control characters count one each; [`super::body`] leaves none but line breaks.
#[must_use]
pub fn width(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    clusters(text).map(|(_, cells)| cells).sum()
}

/// Grapheme clusters in order, each with its cells: 0 for lone marks and invisible characters, 1, 2, and more for a few long signs.
pub fn clusters(text: &str) -> impl Iterator<Item = (&str, usize)> {
    Clusters { rest: text }
}

struct Clusters<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Clusters<'a> {
    type Item = (&'a str, usize);

    fn next(&mut self) -> Option<Self::Item> {
        let mut chars = self.rest.chars();
        let first = chars.next()?;
        let (len, cells) = match (solitary(first), chars.next()) {
            (Some(cells), None) => (first.len_utf8(), cells),
            (Some(cells), Some(second)) if solitary(second).is_some() => (first.len_utf8(), cells),
            _ => {
                let cluster = self.rest.graphemes(true).next()?;
                (cluster.len(), cluster_width(cluster))
            }
        };
        let (cluster, rest) = self.rest.split_at(len);
        self.rest = rest;
        Some((cluster, cells))
    }
}

/// Cells of a printable character that joins no neighbour of its own kind: most of what is ever shown.
pub(crate) fn solitary(c: char) -> Option<usize> {
    match c {
        // Lines, blocks, and the two points that stand in nearly every row of ours.
        ' '..='~' | '·' | '…' | '\u{2500}'..='\u{259F}' => Some(1),
        '\u{3001}'..='\u{3029}' | '\u{4E00}'..='\u{9FFF}' | '\u{FF01}'..='\u{FF60}' => Some(2),
        _ => None,
    }
}

/// Half-width voicing marks are drawn in a cell of their own although Unicode lets them extend a cluster.
fn cluster_width(cluster: &str) -> usize {
    if cluster.len() == 1 {
        return 1;
    }
    cluster.width() + cluster.chars().filter(|c| matches!(c, '\u{FF9E}' | '\u{FF9F}')).count()
}
