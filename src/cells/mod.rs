//! The cells of a terminal as they are drawn and as they are sent: one [`Surface`] that `ui` draws on and `tui` sends from.
//!
//! A cell is sixteen bytes: a number for its text and its style. Whatever is drawn, only text that prints becomes a cell, which is
//! the last filter before the terminal.

mod grid;
mod pen;
mod sign;
mod surface;

pub use self::grid::Grid;
pub use self::pen::{Hue, Pen};
pub use self::sign::{Clusters, Sign};
pub use self::surface::Surface;

/// How many colours may be sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Colors {
    /// Attributes only.
    None,
    /// The sixteen named ones.
    #[default]
    Ansi16,
    /// The palette of 256.
    Ansi256,
    /// 24 bits.
    True,
}

/// Signs and colours the terminal can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Palette {
    /// How many colours; styles already chose theirs, `None` takes them all away.
    pub colors: Colors,
    /// Whether bytes above 0x7f may be sent.
    pub utf8: bool,
}
