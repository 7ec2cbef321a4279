//! Cells as they are drawn and sent, and the last filter before the terminal: whatever is written, only text that prints becomes a sign.
//! Sixteen bytes each, so that looking for what changed costs next to nothing.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};

use ratatui::style::Style;

use super::pen::{Patch, Pen};
use super::{Colors, Palette};
use crate::text::{clusters, printable, solitary, to_ascii, width};

/// Bytes one cell may send: the longest family with skin tones is shorter.
const LONGEST: usize = 64;
/// Clusters known at most before all are forgotten.
const KNOWN: usize = 4096;
/// Marks a text that stands among the clusters; others are characters.
const CLUSTER: u32 = 1 << 31;

/// One cell of a terminal.
#[derive(Clone, Copy, Debug)]
pub struct Sign {
    text: u32,
    /// Its style.
    pub pen: Pen,
}

/// Without a branch: rows are compared sign by sign in every frame.
impl PartialEq for Sign {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        let ([a, b], [c, d]) = (self.words(), other.words());
        (a ^ c) | (b ^ d) == 0
    }
}

impl Sign {
    /// A blank without any style: what erasing leaves.
    pub const BLANK: Self = Self { text: ' ' as u32, pen: Pen::PLAIN };
    /// Stands behind a wide sign.
    pub const COVERED: Self = Self { text: 0, pen: Pen::PLAIN };

    /// A text of [`Clusters::text`] in a style; blanks keep only what shows.
    pub(super) fn new(text: u32, pen: Pen) -> Self {
        let pen = if text == Self::BLANK.text { pen.on_blank() } else { pen };
        Self { text, pen }
    }

    /// A blank in a style.
    pub(super) fn blank(pen: Pen) -> Self {
        Self::new(Self::BLANK.text, pen)
    }

    /// In another style.
    pub(super) fn restyled(self, pen: Pen) -> Self {
        if self == Self::COVERED { self } else { Self::new(self.text, pen) }
    }

    /// The plain character it is; `None` for a cluster and behind a wide sign.
    #[must_use]
    pub fn character(self) -> Option<char> {
        char::from_u32(self.text).filter(|c| *c != '\0')
    }

    /// Numbers that tell apart what the cell shows.
    #[inline]
    pub(super) fn words(self) -> [u64; 2] {
        let [fg, bg, attributes] = self.pen.numbers();
        [u64::from(self.text) | u64::from(fg) << 32, u64::from(bg) | u64::from(attributes) << 32]
    }
}

/// The clusters that are more than one plain character, by number.
#[derive(Debug)]
pub struct Clusters {
    id: u64,
    palette: Palette,
    numbers: HashMap<Box<str>, u32>,
    all: Vec<Cluster>,
}

#[derive(Debug)]
struct Cluster {
    /// As it is sent.
    text: Box<str>,
    cells: usize,
    /// Cells to the end of the row that it needs.
    room: usize,
    is_disputed: bool,
}

impl Clusters {
    pub(super) fn new(palette: Palette) -> Self {
        static LAST: AtomicU64 = AtomicU64::new(0);
        let id = LAST.fetch_add(1, Ordering::Relaxed);
        Self { id, palette, numbers: HashMap::new(), all: Vec::new() }
    }

    /// Forgets all once they are many; `true` when signs made before mean nothing any more.
    pub fn forget_many(&mut self) -> bool {
        let many = self.all.len() > KNOWN;
        if many {
            *self = Self::new(self.palette);
        }
        many
    }

    /// A number that no other table has, nor this one once it forgot: signs of one number mean the same.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// A style as far as it may be sent.
    pub(super) fn patch(&self, style: Style) -> Patch {
        Patch::of(style, self.palette.colors != Colors::None)
    }

    /// A symbol as it may be sent, as a number, and its width; `room` is what is left of the row, at least 1.
    pub(super) fn text(&mut self, symbol: &str, room: usize) -> (u32, usize) {
        let blank = (Sign::BLANK.text, 1);
        if let &[byte @ b' '..=b'~'] = symbol.as_bytes() {
            return (byte.into(), 1);
        }
        let mut chars = symbol.chars();
        let Some(first) = chars.next() else { return blank };
        let plain = solitary(first).filter(|_| chars.next().is_none() && (self.palette.utf8 || first.is_ascii()));
        if let Some(cells) = plain {
            return if cells > room { blank } else { (first.into(), cells) };
        }
        let number = self.number(symbol);
        let cluster = &self.all[number as usize];
        match () {
            () if cluster.room <= room => (CLUSTER | number, cluster.cells),
            () if cluster.cells > room || symbol.len() == first.len_utf8() => blank,
            // A terminal might draw all of it: its base alone stays in the row.
            () => self.text(first.encode_utf8(&mut [0; 4]), room),
        }
    }

    fn number(&mut self, symbol: &str) -> u32 {
        if let Some(number) = self.numbers.get(symbol) {
            return *number;
        }
        let asked = width(symbol).max(1);
        let text = if self.palette.utf8 { safe(symbol) } else { ascii(symbol, asked) };
        let (cells, is_disputed) = (width(&text).max(1), disputed(&text));
        let alone = text.chars().count() == 1;
        let room = if is_disputed && !alone { reach(&text).max(asked) } else { cells.max(asked) };
        let number = self.all.len() as u32;
        self.all.push(Cluster { text: text.into(), cells, room, is_disputed });
        self.numbers.insert(symbol.into(), number);
        number
    }

    /// Writes a sign's text.
    pub fn push(&self, sign: Sign, out: &mut String) {
        match self.cluster(sign) {
            Some(cluster) => out.push_str(&cluster.text),
            None => out.extend(char::from_u32(sign.text).filter(|_| sign != Sign::COVERED)),
        }
    }

    /// Bytes of a sign's text.
    pub fn len(&self, sign: Sign) -> usize {
        match self.cluster(sign) {
            Some(cluster) => cluster.text.len(),
            None if sign == Sign::COVERED => 0,
            None => char::from_u32(sign.text).map_or(0, char::len_utf8),
        }
    }

    /// Cells a sign may take on a terminal that disagrees with its width, where such a one is known.
    pub fn disputed_reach(&self, sign: Sign) -> Option<usize> {
        self.cluster(sign).filter(|cluster| cluster.is_disputed).map(|cluster| reach(&cluster.text))
    }

    fn cluster(&self, sign: Sign) -> Option<&Cluster> {
        (sign.text & CLUSTER != 0).then(|| self.all.get((sign.text & !CLUSTER) as usize))?
    }
}

/// The symbol, its base alone where it is too long, or U+FFFD.
fn safe(symbol: &str) -> String {
    let base =
        symbol.chars().next().filter(|base| printable(*base)).map_or(0, |base| width(base.encode_utf8(&mut [0; 4])));
    if base == 0 || !symbol.chars().all(printable) {
        return "\u{FFFD}".to_owned();
    }
    if symbol.len() > LONGEST {
        return symbol.chars().take(1).collect();
    }
    symbol.to_owned()
}

fn ascii(symbol: &str, cells: usize) -> String {
    let mut plain: String = to_ascii(symbol).chars().map(|c| if c.is_ascii_control() { '?' } else { c }).collect();
    plain.truncate(cells);
    plain.extend(std::iter::repeat_n('?', cells - plain.len()));
    plain
}

/// Whether terminals disagree on its width: emoji selectors, keycaps, joined pictographs, flags, half-width voicing marks, clusters of several wide signs.
fn disputed(symbol: &str) -> bool {
    let mut chars = symbol.chars();
    match (chars.next(), chars.next()) {
        // Flags, conjoining Hangul, and the ligatures that some fonts draw many cells wide.
        (Some('\u{1F1E6}'..='\u{1F1FF}' | '\u{1100}'..='\u{11FF}' | '\u{FDF0}'..='\u{FDFD}'), _) => true,
        (Some(base), None) => width(base.encode_utf8(&mut [0; 4])) > 2,
        _ => {
            symbol.contains(['\u{FE0E}', '\u{FE0F}', '\u{200D}', '\u{20E3}', '\u{FF9E}', '\u{FF9F}'])
                || reach(symbol) != width(symbol)
        }
    }
}

/// Cells it takes on a terminal that draws every part of it on its own; two for a sign that an emoji selector may widen.
fn reach(symbol: &str) -> usize {
    let parts: usize = symbol.chars().map(|c| width(c.encode_utf8(&mut [0; 4]))).sum();
    let widened = symbol.chars().filter(|c| *c == '\u{FE0F}').count();
    (parts + widened).max(clusters(symbol).map(|(_, cells)| cells).sum()).max(2)
}
