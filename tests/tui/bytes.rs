//! What the program may send to a terminal: text that prints and a closed list of sequences.

/// Modes the program sets and takes back; no other is ever touched.
const MODES: [&str; 8] = ["?1049h", "?1049l", "?2004h", "?2004l", "?25h", "?25l", "?2026h", "?2026l"];
/// Finals of the sequences without a private mark: cursor, erasing, margins, shifts, styles.
const FINALS: &str = "HCJKXSTrm";

/// The first thing in `sent` that is not on the list, with what stands around it.
pub(crate) fn foreign(sent: &[u8]) -> Option<String> {
    let text = match std::str::from_utf8(sent) {
        Ok(text) => text,
        Err(e) if e.error_len().is_none() => std::str::from_utf8(&sent[..e.valid_up_to()]).expect("valid so far"),
        Err(e) => return Some(format!("not UTF-8 at {}: {:?}", e.valid_up_to(), near(sent, e.valid_up_to()))),
    };
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let taken = if c == '\u{1b}' { sequence(rest) } else { prints(c).then_some(c.len_utf8()) };
        let Some(taken) = taken else {
            return Some(format!("{:?}", near(sent, text.len() - rest.len())));
        };
        rest = &rest[taken..];
    }
    None
}

/// The texts that were put on the clipboard, in order.
pub(crate) fn copied(sent: &[u8]) -> Vec<String> {
    use base64::Engine as _;
    let text = String::from_utf8_lossy(sent);
    let parts = text.split("\u{1b}]52;c;").skip(1).filter_map(|part| part.split('\u{7}').next());
    let bytes = parts.map(|part| base64::engine::general_purpose::STANDARD.decode(part).expect("base64"));
    bytes.map(|bytes| String::from_utf8(bytes).expect("UTF-8")).collect()
}

fn near(sent: &[u8], at: usize) -> String {
    String::from_utf8_lossy(&sent[at.saturating_sub(20)..sent.len().min(at + 20)]).into_owned()
}

fn prints(c: char) -> bool {
    let acts = matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    matches!(c, '\r' | '\n') || !(c.is_control() || acts)
}

/// How long the sequence at the start of `text` is, if it is on the list or was cut off by the end.
fn sequence(text: &str) -> Option<usize> {
    if let Some(copy) = text.strip_prefix("\u{1b}]52;c;") {
        let end = copy.find(|c: char| !(c.is_ascii_alphanumeric() || "+/=".contains(c)));
        return match end {
            Some(end) => copy[end..].starts_with('\u{7}').then_some(text.len() - copy.len() + end + 1),
            None => Some(text.len()),
        };
    }
    let Some(body) = text.strip_prefix("\u{1b}[") else { return (text.len() == 1).then_some(1) };
    let Some(end) = body.find(|c: char| !(c.is_ascii_digit() || c == ';' || c == '?')) else { return Some(text.len()) };
    let (params, last) = (&body[..end], &body[end..=end]);
    let ours = if params.starts_with('?') { MODES.contains(&&body[..=end]) } else { FINALS.contains(last) };
    ours.then_some(2 + end + 1)
}

#[test]
fn the_list_lets_its_own_through_and_nothing_else() {
    assert_eq!(foreign("\u{1b}[?1049h\u{1b}[1;31m漫游\u{1b}[2X\r\n\u{1b}]52;c;YQ==\u{7}".as_bytes()), None);
    for bad in ["\u{1b}]0;x\u{7}", "\u{1b}[6n", "\u{1b}[?1000h", "\u{1b}P", "\u{9b}2J", "\u{7}", "\u{202e}", "\u{1b}c"]
    {
        assert!(foreign(format!("{bad} and more").as_bytes()).is_some(), "{bad:?}");
    }
}
