//! Colours of plain output: the terminal's own accent, wait and hot, or none.

use std::io::{self, IsTerminal};

use super::args::{Color, Global};

/// Paints words, or leaves them as they are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ink {
    is_on: bool,
}

impl Ink {
    /// Colours as the flags ask: by themselves only on a terminal that has them and without `NO_COLOR`.
    pub(super) fn of(global: &Global) -> Self {
        let set = |name: &str| std::env::var(name).is_ok_and(|value| !value.is_empty());
        let is_on = match global.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                let is_dumb = std::env::var("TERM").is_ok_and(|term| term == "dumb");
                io::stdout().is_terminal() && !set("NO_COLOR") && !is_dumb
            }
        };
        Self { is_on }
    }

    /// Names and what is new.
    pub(super) fn accent(self, text: &str) -> String {
        self.paint(36, text)
    }

    /// Somebody waits.
    pub(super) fn wait(self, text: &str) -> String {
        self.paint(33, text)
    }

    /// Lost, broken or not to be undone.
    pub(super) fn hot(self, text: &str) -> String {
        self.paint(31, text)
    }

    fn paint(self, code: u8, text: &str) -> String {
        if self.is_on && !text.trim().is_empty() { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}
