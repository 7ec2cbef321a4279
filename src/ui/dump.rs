//! Bytes as people read them: an offset, hexadecimal digits, the characters among them. Known secrets are dotted out.

use super::detail::is_secret;
use super::dialog::span;
use crate::app::rows::Ink;
use crate::domain::{ExtValue, Message};
use crate::text::wrap::Row;

/// The bytes of a message, at most `limit` of them.
pub(super) fn rows(message: &Message, width: usize, limit: usize) -> Vec<Row<Ink>> {
    let hidden = hidden(message);
    // Offset 6, three cells a byte, two blanks, one cell a byte.
    let across = [16, 8, 6, 4].into_iter().find(|n| 8 + 4 * n <= width).unwrap_or(2);
    let raw = &message.raw[..message.raw.len().min(limit)];
    let line = |(i, bytes): (usize, &[u8])| {
        let at = i * across;
        let seen = |n: usize| !hidden.get(at + n).copied().unwrap_or(false);
        let digits: String = bytes
            .iter()
            .enumerate()
            .map(|(n, b)| if seen(n) { format!("{b:02x} ") } else { "•• ".to_owned() })
            .collect();
        let shown = |(n, b): (usize, &u8)| match (seen(n), *b) {
            (false, _) => '•',
            (true, b @ 0x20..0x7f) => char::from(b),
            (true, _) => '.',
        };
        let text: String = bytes.iter().enumerate().map(shown).collect();
        let blanks = " ".repeat(3 * (across - bytes.len()));
        vec![
            span(format!("{at:04x}  "), Ink::Faint),
            span(format!("{digits}{blanks} "), Ink::Text),
            span(text, Ink::Muted),
        ]
    };
    raw.chunks(across).enumerate().map(line).collect()
}

/// Which bytes belong to a secret: share secrets by their place in the protobuf form, the app's own by their value.
fn hidden(message: &Message) -> Vec<bool> {
    let raw = &*message.raw;
    let mut out = vec![false; raw.len()];
    share_secrets(raw, 0, &WAY, &mut out);
    let secret = |(key, value): &(String, ExtValue)| match value {
        ExtValue::Text(text) | ExtValue::Json(text) if is_secret(key) && !text.is_empty() => Some(text.clone()),
        _ => None,
    };
    for secret in message.ext.iter().filter_map(secret) {
        for at in 0..(raw.len() + 1).saturating_sub(secret.len()) {
            if raw[at..].starts_with(secret.as_bytes()) {
                out[at..at + secret.len()].fill(true);
            }
        }
    }
    out
}

/// Field numbers on the way down: the payload of a `Meta`, its contents, the secrets of file and thumbnail.
const WAY: [&[u64]; 3] = [&[6], &[4], &[8, 15]];

/// Follows the field numbers of `way` through nested fields and hides what lies at its end.
fn share_secrets(bytes: &[u8], base: usize, way: &[&[u64]], out: &mut [bool]) {
    let Some((numbers, deeper)) = way.split_first() else { return };
    let mut at = 0;
    while let Some((tag, after)) = varint(bytes, at) {
        at = match tag & 7 {
            0 => match varint(bytes, after) {
                Some((_, after)) => after,
                None => return,
            },
            1 => after + 8,
            5 => after + 4,
            2 => {
                let Some((length, start)) = varint(bytes, after) else { return };
                let end = start.saturating_add(usize::try_from(length).unwrap_or(usize::MAX)).min(bytes.len());
                if numbers.contains(&(tag >> 3)) && deeper.is_empty() {
                    out[base + start..base + end].fill(true);
                } else if numbers.contains(&(tag >> 3)) {
                    share_secrets(&bytes[start..end], base + start, deeper, out);
                }
                end
            }
            _ => return,
        };
    }
}

/// A number of seven bits a byte, and where the next one begins.
fn varint(bytes: &[u8], at: usize) -> Option<(u64, usize)> {
    let mut value = 0;
    for (n, byte) in bytes.get(at..)?.iter().take(10).enumerate() {
        value |= u64::from(byte & 0x7f).checked_shl(7 * n as u32).unwrap_or(0);
        if byte & 0x80 == 0 {
            return Some((value, at + n + 1));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(number: u8, inner: &[u8]) -> Vec<u8> {
        let mut out = vec![number << 3 | 2, inner.len() as u8];
        out.extend_from_slice(inner);
        out
    }

    #[test]
    fn share_secrets_are_found_where_the_protocol_puts_them() {
        let content = [field(7, b"url"), field(8, b"S3CRET"), field(15, b"THUMB")].concat();
        let raw = [vec![8, 1], field(6, &field(4, &content))].concat();
        let mut out = vec![false; raw.len()];
        share_secrets(&raw, 0, &WAY, &mut out);
        let left: Vec<u8> = raw.iter().zip(&out).filter(|(_, hide)| !**hide).map(|(b, _)| *b).collect();
        let left = String::from_utf8_lossy(&left);
        assert!(left.contains("url") && !left.contains("S3CRET") && !left.contains("THUMB"));
    }

    #[test]
    fn broken_bytes_end_the_search() {
        for raw in [&[0x32, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff][..], &[0x32, 9, 1], &[0x0b]] {
            let mut out = vec![false; raw.len()];
            share_secrets(raw, 0, &WAY, &mut out);
        }
    }
}
