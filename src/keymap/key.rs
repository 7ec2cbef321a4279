//! One key press, and chords of them as text: `g g`, `C-d`, `S-Tab`, `F1`, `Space`.

use std::fmt;

use thiserror::Error;

/// Which key, modifiers aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    /// A character as it would be typed, capitals included.
    Char(char),
    /// Enter.
    Enter,
    /// Escape.
    Esc,
    /// Tab; with shift, back-tab.
    Tab,
    /// Backspace.
    Backspace,
    /// Delete.
    Delete,
    /// Insert.
    Insert,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Arrow left.
    Left,
    /// Arrow right.
    Right,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// Function key, 1 to 24.
    F(u8),
}

/// One key press. `shift` is false for characters: a capital says it itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// Which key.
    pub code: Code,
    /// Control was held.
    pub ctrl: bool,
    /// Alt was held.
    pub alt: bool,
    /// Shift was held, for keys that are not characters.
    pub shift: bool,
}

impl Key {
    /// A key without modifiers.
    #[must_use]
    pub const fn plain(code: Code) -> Self {
        Self { code, ctrl: false, alt: false, shift: false }
    }

    /// A character key without modifiers.
    #[must_use]
    pub const fn char(c: char) -> Self {
        Self::plain(Code::Char(c))
    }
}

/// A word that names no key.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{0}` is not a key: write a character, Enter, Esc, Tab, Space, Up, PageDown, F1, with C-, A- or S- before it")]
pub struct KeyError(pub String);

const NAMED: [(&str, Code); 15] = [
    ("Enter", Code::Enter),
    ("Esc", Code::Esc),
    ("Tab", Code::Tab),
    ("Backspace", Code::Backspace),
    ("Delete", Code::Delete),
    ("Insert", Code::Insert),
    ("Up", Code::Up),
    ("Down", Code::Down),
    ("Left", Code::Left),
    ("Right", Code::Right),
    ("Home", Code::Home),
    ("End", Code::End),
    ("PageUp", Code::PageUp),
    ("PageDown", Code::PageDown),
    ("Space", Code::Char(' ')),
];

/// Reads `g g`, `C-d`, `S-Tab`.
///
/// # Errors
/// [`KeyError`] with the word that names no key.
pub fn parse_chord(text: &str) -> Result<Vec<Key>, KeyError> {
    let keys: Result<Vec<_>, _> = text.split_whitespace().map(parse_key).collect();
    keys.and_then(|keys| if keys.is_empty() { Err(KeyError(text.to_owned())) } else { Ok(keys) })
}

fn parse_key(word: &str) -> Result<Key, KeyError> {
    let (mut key, mut rest) = (Key::char(' '), word);
    while rest.chars().count() > 2 {
        match rest.split_once('-') {
            Some(("C", tail)) => (key.ctrl, rest) = (true, tail),
            Some(("A", tail)) => (key.alt, rest) = (true, tail),
            Some(("S", tail)) => (key.shift, rest) = (true, tail),
            Some(_) | None => break,
        }
    }
    let mut chars = rest.chars();
    key.code = match (chars.next(), chars.next()) {
        (Some(c), None) => Code::Char(c),
        (Some('F'), Some(_)) if rest.trim_start_matches('F').parse::<u8>().is_ok_and(|n| (1..=24).contains(&n)) => {
            Code::F(rest.trim_start_matches('F').parse().unwrap_or(1))
        }
        _ => NAMED.iter().find(|(name, _)| *name == rest).map(|(_, code)| *code).ok_or(KeyError(word.to_owned()))?,
    };
    Ok(key)
}

/// A chord as text, keys separated by blanks.
#[must_use]
pub fn chord_text(keys: &[Key]) -> String {
    keys.iter().map(Key::to_string).collect::<Vec<_>>().join(" ")
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (held, mark) in [(self.ctrl, "C-"), (self.alt, "A-"), (self.shift, "S-")] {
            if held {
                f.write_str(mark)?;
            }
        }
        match (self.code, NAMED.iter().find(|(_, code)| *code == self.code)) {
            (_, Some((name, _))) => f.write_str(name),
            (Code::Char(c), None) => write!(f, "{c}"),
            (Code::F(n), None) => write!(f, "F{n}"),
            (other, None) => write!(f, "{other:?}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chords_read_back_as_written() {
        for text in ["g g", "C-d", "S-Tab", "F1", "Space", "_", "+", ", w", "\\", "A-Enter", "-"] {
            assert_eq!(parse_chord(text).map(|keys| chord_text(&keys)), Ok(text.to_owned()));
        }
        assert!(parse_chord("Entr").is_err());
        assert!(parse_chord("").is_err());
    }
}
