//! JSON in which every character can be seen: what does not print is written as `\u` escapes, which mean the same.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

use crate::text::printable;

/// Appends `value` on one line, without a line break.
pub(super) fn write(to: &mut Vec<u8>, value: &impl Serialize) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(to, Visible)).map_err(io::Error::from)
}

struct Visible;

impl Formatter for Visible {
    fn write_string_fragment<W: Write + ?Sized>(&mut self, to: &mut W, fragment: &str) -> io::Result<()> {
        if fragment.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
            return to.write_all(fragment.as_bytes());
        }
        let mut plain = 0;
        for (at, c) in fragment.char_indices().filter(|(_, c)| !printable(*c)) {
            to.write_all(&fragment.as_bytes()[plain..at])?;
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(to, "\\u{unit:04x}")?;
            }
            plain = at + c.len_utf8();
        }
        to.write_all(&fragment.as_bytes()[plain..])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_print_is_escaped_and_reads_back() {
        let text = "a\u{202e}b\u{2028}\u{85}\u{7f}\0\n\"\\漫游👨\u{200d}👩\u{e002e}\u{d7ff}";
        let mut line = Vec::new();
        write(&mut line, &text).expect("a Vec takes all");
        let line = String::from_utf8(line).expect("UTF-8");
        assert_eq!(line, "\"a\\u202eb\\u2028\\u0085\\u007f\\u0000\\n\\\"\\\\漫游👨\u{200d}👩\\udb40\\udc2e\\ud7ff\"");
        assert_eq!(serde_json::from_str::<String>(&line).expect("JSON"), text);
    }
}
