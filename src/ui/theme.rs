//! Named roles → styles, for dark and light, from true colour down to none. No other file names a colour.

use ratatui::style::{Color, Modifier, Style};

use crate::app::rows::{Gutter, Ink};
use crate::app::{Depth, ThemeKind};

/// Surfaces text stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ground {
    /// Every pane.
    Pane,
    /// Status line.
    Sunken,
    /// Cursor row of a pane without focus.
    Rest,
    /// Cursor row with focus.
    Raised,
    /// Marked rows.
    Mark,
    /// Dialogs.
    Pop,
    /// Caution.
    TintWait,
}

/// One theme at one colour depth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    kind: ThemeKind,
    depth: Depth,
}

/// A colour: dark and light in 24 bits, dark and light of 256.
type Pick = (u32, u32, u8, u8);

const PANE: Pick = (0x0015_191C, 0x00FB_FAF7, 234, 231);
const SUNKEN: Pick = (0x0010_1315, 0x00F1_EFEA, 233, 255);
const REST: Pick = (0x001C_2226, 0x00F1_EFEA, 235, 255);
const RAISED: Pick = (0x0023_2A2F, 0x00E9_E7E1, 236, 254);
const MARK: Pick = (0x0019_302D, 0x00DC_EDE8, 235, 255);
const POP: Pick = (0x001B_2024, 0x00FF_FFFF, 235, 231);
const CHIP: Pick = (0x002A_3238, 0x00E6_E3DC, 237, 254);
const TINT_WAIT: Pick = (0x002C_2417, 0x00F6_EAD3, 235, 255);
const STRONG: Pick = (0x00F2_F4F3, 0x0010_1416, 255, 233);
const TEXT: Pick = (0x00D3_D8D8, 0x0027_2D30, 252, 236);
const MUTED: Pick = (0x00A5_AFB1, 0x0052_5B5F, 249, 240);
const FAINT: Pick = (0x008D_979F, 0x005B_6469, 247, 241);
const LINE: Pick = (0x0033_3C42, 0x00D6_D2C9, 238, 252);
const VEIL: Pick = (0x004A_5359, 0x00B4_B2AB, 240, 249);
const ACCENT: Pick = (0x0074_C7B2, 0x000A_6C60, 115, 23);
const WAIT: Pick = (0x00E3_B15F, 0x0084_5200, 179, 94);
const HOT: Pick = (0x00F0_8A73, 0x00AE_3423, 209, 124);

impl Theme {
    /// A theme.
    #[must_use]
    pub const fn new(kind: ThemeKind, depth: Depth) -> Self {
        Self { kind, depth }
    }

    fn pick(self, (dark, light, dark256, light256): Pick) -> Color {
        let is_dark = self.kind == ThemeKind::Dark;
        if self.depth == Depth::Indexed {
            return Color::Indexed(if is_dark { dark256 } else { light256 });
        }
        let [_, r, g, b] = (if is_dark { dark } else { light }).to_be_bytes();
        Color::Rgb(r, g, b)
    }

    /// Whether surfaces cannot be painted, so that other signs must stand for them.
    #[must_use]
    pub const fn is_flat(self) -> bool {
        matches!(self.depth, Depth::Sixteen | Depth::None)
    }

    /// The style of a role; its surface stays what it is, a chip's apart.
    #[must_use]
    pub fn ink(self, ink: Ink) -> Style {
        match self.depth {
            Depth::True | Depth::Indexed => self.painted(ink),
            Depth::Sixteen => sixteen(ink),
            Depth::None => plain(ink),
        }
    }

    fn painted(self, ink: Ink) -> Style {
        let style = Style::new().fg(self.pick(match ink {
            Ink::Text => TEXT,
            Ink::Strong | Ink::Cap => STRONG,
            Ink::Muted => MUTED,
            Ink::Faint => FAINT,
            Ink::Line => LINE,
            Ink::Accent | Ink::AccentStrong | Ink::Hit => ACCENT,
            Ink::Wait | Ink::WaitStrong => WAIT,
            Ink::Hot | Ink::HotStrong | Ink::HotLine => HOT,
            Ink::Chip => TEXT,
        }));
        let style = if matches!(ink, Ink::Chip | Ink::Cap) { style.bg(self.pick(CHIP)) } else { style };
        style.add_modifier(weight(ink))
    }

    /// The style of a surface. Flat depths have none but the cursor row.
    #[must_use]
    pub fn ground(self, ground: Ground) -> Style {
        match (self.depth, ground) {
            (Depth::True | Depth::Indexed, ground) => Style::new().fg(self.pick(TEXT)).bg(self.pick(match ground {
                Ground::Pane => PANE,
                Ground::Sunken => SUNKEN,
                Ground::Rest => REST,
                Ground::Raised => RAISED,
                Ground::Mark => MARK,
                Ground::Pop => POP,
                Ground::TintWait => TINT_WAIT,
            })),
            (Depth::Sixteen, Ground::Raised) => Style::new().fg(Color::Black).bg(Color::Cyan),
            (Depth::None, Ground::Raised) => Style::new().add_modifier(Modifier::REVERSED),
            (Depth::Sixteen | Depth::None, _) => Style::new(),
        }
    }

    /// A dot of a drawing, shade 0 (ground) to 3 (accent); `None` where shades cannot be painted.
    #[must_use]
    pub fn shade(self, shade: u8) -> Option<Color> {
        if self.is_flat() {
            return None;
        }
        let (ground, accent) = (PANE, ACCENT);
        let mix = |from: u32, to: u32| {
            let ([_, r, g, b], [_, r2, g2, b2]) = (from.to_be_bytes(), to.to_be_bytes());
            let part =
                |a: u8, b: u8| u32::from(a) * u32::from(3 - shade.min(3)) + u32::from(b) * u32::from(shade.min(3));
            u32::from_be_bytes([0, (part(r, r2) / 3) as u8, (part(g, g2) / 3) as u8, (part(b, b2) / 3) as u8])
        };
        let indexed = [(ground.2, ground.3), (23, 152), (30, 109), (accent.2, accent.3)][usize::from(shade.min(3))];
        Some(self.pick((mix(ground.0, accent.0), mix(ground.1, accent.1), indexed.0, indexed.1)))
    }

    /// Everything behind a dialog: all colour leaves it.
    #[must_use]
    pub fn veil(self) -> Style {
        let style = Style::reset();
        match self.depth {
            Depth::True | Depth::Indexed => style.fg(self.pick(VEIL)).bg(self.pick(PANE)),
            Depth::Sixteen => style.fg(Color::DarkGray),
            Depth::None => style.add_modifier(Modifier::DIM),
        }
    }

    /// The gutter's sign and role.
    #[must_use]
    pub const fn gutter(self, gutter: Gutter) -> (&'static str, Ink) {
        match gutter {
            Gutter::None => (" ", Ink::Line),
            Gutter::Peer => ("▏", Ink::Faint),
            Gutter::Bot => ("▏", Ink::Line),
            Gutter::Me => ("▎", Ink::Accent),
            Gutter::Waits => ("▍", Ink::Wait),
        }
    }
}

fn weight(ink: Ink) -> Modifier {
    match ink {
        Ink::Strong | Ink::Cap | Ink::AccentStrong | Ink::WaitStrong | Ink::HotStrong => Modifier::BOLD,
        Ink::Hit => Modifier::BOLD.union(Modifier::UNDERLINED),
        Ink::Text
        | Ink::Muted
        | Ink::Faint
        | Ink::Line
        | Ink::Accent
        | Ink::Wait
        | Ink::Hot
        | Ink::HotLine
        | Ink::Chip => Modifier::empty(),
    }
}

fn sixteen(ink: Ink) -> Style {
    let style = Style::new().add_modifier(weight(ink));
    match ink {
        // Said outright: what a dialog veiled must not shine through.
        Ink::Text | Ink::Strong | Ink::Cap | Ink::Chip => style.fg(Color::Reset),
        Ink::Muted | Ink::Faint => style.fg(Color::Reset).add_modifier(Modifier::DIM),
        Ink::Line => style.fg(Color::DarkGray),
        Ink::Accent | Ink::AccentStrong | Ink::Hit => style.fg(Color::Cyan),
        Ink::Wait | Ink::WaitStrong => style.fg(Color::Yellow),
        Ink::Hot | Ink::HotStrong | Ink::HotLine => style.fg(Color::LightRed),
    }
}

fn plain(ink: Ink) -> Style {
    Style::new().add_modifier(match ink {
        Ink::Text | Ink::Chip => Modifier::empty(),
        Ink::Strong | Ink::Cap | Ink::Accent | Ink::AccentStrong | Ink::Wait | Ink::WaitStrong | Ink::HotLine => {
            Modifier::BOLD
        }
        Ink::Hit | Ink::Hot | Ink::HotStrong => Modifier::BOLD.union(Modifier::UNDERLINED),
        Ink::Muted | Ink::Faint | Ink::Line => Modifier::DIM,
    })
}
