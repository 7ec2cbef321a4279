//! The clipboard of the terminal, over OSC 52: it works over ssh, and only ever writes.

use std::io::Write;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::screen::Screen;

/// Terminals drop longer ones silently; then it is better to say so.
const LONGEST: usize = 74_000;

/// Puts `text` on the clipboard; `false` when it is too long or the terminal is gone. Whether the terminal obeys cannot
/// be known. Base64 keeps every byte of the text from acting on the terminal.
pub(super) fn copy<W: Write>(screen: &mut Screen<W>, text: &str) -> bool {
    if text.len() > LONGEST {
        return false;
    }
    let out = screen.writer_mut();
    write!(out, "\x1b]52;c;{}\x07", STANDARD.encode(text)).and_then(|()| out.flush()).is_ok()
}
