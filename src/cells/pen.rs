//! A style in twelve bytes.

use ratatui::style::{Color, Modifier, Style};

/// Attributes that show on a blank.
const VISIBLE_ON_BLANK: Modifier = Modifier::REVERSED.union(Modifier::UNDERLINED).union(Modifier::CROSSED_OUT);

/// The sixteen colours with a name, by number.
const NAMES: [Color; 16] = [
    Color::Black,
    Color::Red,
    Color::Green,
    Color::Yellow,
    Color::Blue,
    Color::Magenta,
    Color::Cyan,
    Color::Gray,
    Color::DarkGray,
    Color::LightRed,
    Color::LightGreen,
    Color::LightYellow,
    Color::LightBlue,
    Color::LightMagenta,
    Color::LightCyan,
    Color::White,
];

/// A colour in four bytes: its kind in the highest, then its number, or red, green and blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hue(pub(crate) u32);

impl Hue {
    /// The terminal's own.
    pub const RESET: Self = Self(0);
    pub(crate) const NAMED: u32 = 1 << 24;
    pub(crate) const INDEXED: u32 = 2 << 24;
    pub(crate) const RGB: u32 = 3 << 24;

    fn of(color: Color) -> Self {
        Self(match color {
            Color::Indexed(n) => Self::INDEXED | u32::from(n),
            Color::Rgb(r, g, b) => Self::RGB | u32::from_be_bytes([0, r, g, b]),
            named => NAMES.iter().position(|name| *name == named).map_or(0, |n| Self::NAMED | n as u32),
        })
    }

    fn color(self) -> Color {
        let [_, r, g, b] = self.0.to_be_bytes();
        match self.0 & !0x00FF_FFFF {
            Self::NAMED => NAMES.get(usize::from(b)).copied().unwrap_or_default(),
            Self::INDEXED => Color::Indexed(b),
            Self::RGB => Color::Rgb(r, g, b),
            _ => Color::Reset,
        }
    }
}

/// What a style says, ready to be laid on many cells. Nothing blinks.
#[derive(Clone, Copy, Debug)]
pub struct Patch {
    fg: Option<Hue>,
    bg: Option<Hue>,
    add: u32,
    remove: u32,
}

impl Patch {
    pub(super) fn of(style: Style, has_colors: bool) -> Self {
        let color = |color: Option<Color>| color.filter(|_| has_colors).map(Hue::of);
        let blinks = Modifier::SLOW_BLINK | Modifier::RAPID_BLINK;
        Self {
            fg: color(style.fg),
            bg: color(style.bg),
            add: style.add_modifier.bits().into(),
            remove: (style.sub_modifier | blinks).bits().into(),
        }
    }
}

/// The style of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pen {
    pub(crate) fg: Hue,
    pub(crate) bg: Hue,
    /// The bits of a [`Modifier`].
    attributes: u32,
}

impl Pen {
    /// No style.
    pub const PLAIN: Self = Self { fg: Hue::RESET, bg: Hue::RESET, attributes: 0 };

    /// With what a style says; of the rest what was.
    #[must_use]
    pub fn patched(self, patch: Patch) -> Self {
        Self {
            fg: patch.fg.unwrap_or(self.fg),
            bg: patch.bg.unwrap_or(self.bg),
            attributes: (self.attributes | patch.add) & !patch.remove,
        }
    }

    /// The same as far as a blank shows it.
    #[must_use]
    pub fn on_blank(self) -> Self {
        if self.modifier().intersects(VISIBLE_ON_BLANK) { self } else { Self { bg: self.bg, ..Self::PLAIN } }
    }

    /// Colour, colour behind it, attributes.
    #[must_use]
    pub fn parts(self) -> (Color, Color, Modifier) {
        (self.fg.color(), self.bg.color(), self.modifier())
    }

    #[inline]
    pub(super) const fn numbers(self) -> [u32; 3] {
        [self.fg.0, self.bg.0, self.attributes]
    }

    pub(crate) const fn modifier(self) -> Modifier {
        Modifier::from_bits_truncate(self.attributes as u16)
    }
}
