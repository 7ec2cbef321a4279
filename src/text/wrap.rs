//! Styled text to rows of a given width: the only place that decides how many rows a text takes.

use std::ops::Range;

use unicode_linebreak::linebreaks;

use super::width::{clusters, width};

const TAB: usize = 4;
const MORE: &str = "…";
/// Shown for a line break where only one row is drawn.
const BREAK: &str = "↵";

/// Asks for the picture of a sign, which is two cells wide.
const WIDENS: char = '\u{FE0F}';

/// A stretch of text in one style.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span<S> {
    /// Clean text; `\n` breaks a row.
    pub text: String,
    /// Whatever the caller draws it with.
    pub style: S,
}

/// One row on the screen.
pub type Row<S> = Vec<Span<S>>;

/// Breaks text into rows no wider than `width` cells; never empty, a text without a character is one empty row.
///
/// Chinese breaks anywhere, other scripts at blanks, closing marks stay with what they close, longer words break between clusters.
/// Blanks that would start a row after a break of ours are dropped. A cluster wider than the row becomes `…`; width 0 gives one empty row.
#[must_use]
pub fn wrap<S: Clone>(spans: &[Span<S>], width: usize) -> Vec<Row<S>> {
    if width == 0 {
        return vec![Vec::new()];
    }
    let mut layout = Layout::new(spans, width);
    let joined = join(spans);
    let mut breaks = linebreaks(&joined).map(|(at, _)| at).peekable();
    let mut end = 0;
    for (index, span) in spans.iter().enumerate() {
        let mut start = 0;
        for (cluster, cells) in clusters(&span.text) {
            layout.add(index, start..start + cluster.len(), cluster, cells);
            start += cluster.len();
            end += cluster.len();
            while breaks.next_if(|at| *at < end).is_some() {}
            if breaks.next_if_eq(&end).is_some() {
                layout.soft = layout.row.len();
            }
        }
    }
    layout.finish()
}

/// As many rows as [`wrap`] gives. What surely fits one row is not laid out.
#[must_use]
pub fn rows<S: Clone>(spans: &[Span<S>], width: usize) -> usize {
    let mut cells = 0;
    for byte in spans.iter().flat_map(|span| span.text.bytes()) {
        cells += match byte {
            b' '..=b'~' => 1,
            // A byte inside a character.
            0x80..=0xBF => 0,
            // Among the first thousands of characters are some of three cells.
            0xE0..=0xE2 => 3,
            0xC0.. => 2,
            // A tab, a line break.
            _ => return wrap(spans, width).len(),
        };
        if cells > width {
            return wrap(spans, width).len();
        }
    }
    1
}

/// The first row of an unwrapped text: line breaks show as a mark, what does not fit as `…`.
#[must_use]
pub fn cut<S: Clone>(spans: &[Span<S>], width: usize) -> Row<S> {
    let mut layout = Layout::new(spans, width);
    for (index, span) in spans.iter().enumerate() {
        let mut start = 0;
        for (cluster, cells) in clusters(&span.text) {
            let piece = match cluster {
                "\n" | "\r\n" => Piece { span: index, what: What::Mark(BREAK), cells: 1 },
                "\t" => Piece { span: index, what: What::Blanks, cells: TAB - layout.cells % TAB },
                _ => Piece { span: index, what: What::Text(start..start + cluster.len()), cells },
            };
            start += cluster.len();
            if layout.cells + piece.cells > width {
                layout.more(index);
                return layout.render(layout.row.len());
            }
            layout.push(piece);
        }
    }
    layout.render(layout.row.len())
}

fn join<S>(spans: &[Span<S>]) -> std::borrow::Cow<'_, str> {
    match spans {
        [only] => only.text.as_str().into(),
        _ => spans.iter().map(|span| span.text.as_str()).collect::<String>().into(),
    }
}

enum What {
    /// Bytes of the span's text.
    Text(Range<usize>),
    Blanks,
    Mark(&'static str),
}

struct Piece {
    span: usize,
    what: What,
    cells: usize,
}

struct Layout<'a, S> {
    spans: &'a [Span<S>],
    width: usize,
    rows: Vec<Row<S>>,
    row: Vec<Piece>,
    cells: usize,
    /// Pieces of the row before its last lawful break; 0: none yet.
    soft: usize,
}

impl<'a, S: Clone> Layout<'a, S> {
    fn new(spans: &'a [Span<S>], width: usize) -> Self {
        Self { spans, width, rows: Vec::new(), row: Vec::new(), cells: 0, soft: 0 }
    }

    fn add(&mut self, span: usize, bytes: Range<usize>, cluster: &str, cells: usize) {
        match cluster {
            "\n" | "\r\n" => self.end_row(self.row.len()),
            "\t" => self.blanks(span, TAB - self.cells % TAB),
            " " if self.cells >= self.width => {}
            _ if cells <= self.width => self.place(Piece { span, what: What::Text(bytes), cells }),
            _ => self.split(span, bytes.start, cluster),
        }
    }

    fn blanks(&mut self, span: usize, cells: usize) {
        let cells = cells.min(self.width - self.cells.min(self.width));
        self.push(Piece { span, what: What::Blanks, cells });
    }

    /// A cluster wider than a row, character by character; what still does not fit is only hinted at.
    fn split(&mut self, span: usize, mut start: usize, cluster: &str) {
        for c in cluster.chars() {
            let bytes = start..start + c.len_utf8();
            start = bytes.end;
            if c == WIDENS {
                continue;
            }
            match width(c.encode_utf8(&mut [0; 4])) {
                cells if cells <= self.width => self.place(Piece { span, what: What::Text(bytes), cells }),
                _ => self.place(Piece { span, what: What::Mark(MORE), cells: 1 }),
            }
        }
    }

    fn place(&mut self, piece: Piece) {
        while self.cells + piece.cells > self.width && !self.row.is_empty() {
            let end = if self.soft == 0 { self.row.len() } else { self.soft };
            self.end_row(end);
        }
        self.push(piece);
    }

    fn push(&mut self, piece: Piece) {
        self.cells += piece.cells;
        self.row.push(piece);
    }

    fn end_row(&mut self, pieces: usize) {
        let row = self.render(pieces);
        self.rows.push(row);
        self.row.drain(..pieces);
        self.cells = self.row.iter().map(|piece| piece.cells).sum();
        self.soft = 0;
    }

    /// Makes room for the sign that something is missing.
    fn more(&mut self, span: usize) {
        while self.cells + 1 > self.width {
            let Some(last) = self.row.pop() else { return };
            self.cells -= last.cells;
        }
        self.push(Piece { span, what: What::Mark(MORE), cells: 1 });
    }

    fn render(&self, pieces: usize) -> Row<S> {
        let mut row: Row<S> = Vec::new();
        let mut last = None;
        for piece in &self.row[..pieces] {
            if last != Some(piece.span) {
                row.push(Span { text: String::new(), style: self.spans[piece.span].style.clone() });
                last = Some(piece.span);
            }
            let Some(Span { text, .. }) = row.last_mut() else { continue };
            match &piece.what {
                What::Text(bytes) => text.push_str(&self.spans[piece.span].text[bytes.clone()]),
                What::Blanks => text.extend(std::iter::repeat_n(' ', piece.cells)),
                What::Mark(mark) => text.push_str(mark),
            }
        }
        row
    }

    fn finish(mut self) -> Vec<Row<S>> {
        self.end_row(self.row.len());
        debug_assert!(
            self.rows.iter().all(|row| row.iter().map(|span| width(&span.text)).sum::<usize>() <= self.width)
        );
        self.rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str, width: usize) -> Vec<String> {
        let rows = wrap(&[Span { text: text.to_owned(), style: () }], width);
        rows.into_iter().map(|row| row.into_iter().map(|span| span.text).collect()).collect()
    }

    #[test]
    fn chinese_breaks_anywhere_and_closing_marks_never_start_a_row() {
        assert_eq!(rows("漫游历史很长", 5), ["漫游", "历史", "很长"]);
        assert_eq!(rows("漫游历史。好", 8), ["漫游历", "史。好"]);
    }

    #[test]
    fn words_stay_whole_unless_they_are_wider_than_the_row() {
        assert_eq!(rows("one two  three", 7), ["one two", "three"]);
        assert_eq!(rows("abcdefgh ij", 3), ["abc", "def", "gh ", "ij"]);
        assert_eq!(rows("a\n\nb", 9), ["a", "", "b"]);
    }

    #[test]
    fn tabs_and_tiny_widths_are_safe() {
        assert_eq!(rows("a\tb", 9), ["a   b"]);
        assert_eq!(rows("漫a", 1), ["…", "a"]);
        assert_eq!(rows("漫a", 0), [""]);
    }

    #[test]
    fn styles_follow_their_text_across_rows() {
        let spans = [Span { text: "hello wo".to_owned(), style: 1 }, Span { text: "rld".to_owned(), style: 2 }];
        let row = wrap(&spans, 6).remove(1);
        assert_eq!(row, [Span { text: "wo".to_owned(), style: 1 }, Span { text: "rld".to_owned(), style: 2 }]);
    }

    #[test]
    fn an_unwrapped_text_shows_its_breaks_and_its_cut() {
        let row = cut(&[Span { text: "漫游\n历史".to_owned(), style: () }], 6);
        assert_eq!(row[0].text, "漫游↵…");
    }
}
