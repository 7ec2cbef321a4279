//! Cuts the entries of a list out of a JSON document without reading them.

use super::scan::Scan;

/// A document without the entries of one list, and those entries.
pub(super) struct Parts<'a> {
    /// The document, with `[]` where the list was.
    pub(super) frame: Vec<u8>,
    /// The raw entries. A value that is no list counts as one entry; `null` as none.
    pub(super) entries: Vec<&'a [u8]>,
    /// There is a list.
    pub(super) is_list: bool,
}

/// Looks for the first key `list` whose value is at depth two (`{"data":{"LIST": …}}`). Without it the frame is `body`.
pub(super) fn split<'a>(body: &'a [u8], list: &str) -> Parts<'a> {
    let Some((start, end)) = find(body, list) else {
        return Parts { frame: body.to_vec(), entries: Vec::new(), is_list: false };
    };
    let value = body[start..end].trim_ascii();
    let entries = match value {
        b"null" => Vec::new(),
        [b'[', inner @ .., b']'] => items(inner),
        other => vec![other],
    };
    Parts { frame: [&body[..start], b"[]", &body[end..]].concat(), entries, is_list: value.starts_with(b"[") }
}

/// Start and end of the value of `list`.
fn find(body: &[u8], list: &str) -> Option<(usize, usize)> {
    let quoted = format!("\"{list}\"");
    let mut scan = Scan::default();
    let mut at = 0;
    while at < body.len() {
        if scan.is_at(2) && body[at..].starts_with(quoted.as_bytes()) {
            let after = at + quoted.len();
            let blanks = body[after..].iter().take_while(|b| b.is_ascii_whitespace()).count();
            if body.get(after + blanks) == Some(&b':') {
                let start = after + blanks + 1;
                return Some((start, start + value_length(&body[start..])));
            }
        }
        scan.step(body[at]);
        at += 1;
    }
    None
}

/// Bytes up to the comma or bracket that ends a value.
fn value_length(bytes: &[u8]) -> usize {
    let mut scan = Scan::default();
    for (at, byte) in bytes.iter().enumerate() {
        if scan.is_at(0) && matches!(byte, b',' | b'}' | b']') {
            return at;
        }
        scan.step(*byte);
    }
    bytes.len()
}

fn items(mut inner: &[u8]) -> Vec<&[u8]> {
    let mut out = Vec::new();
    while !inner.trim_ascii().is_empty() {
        let length = value_length(inner);
        out.push(inner[..length].trim_ascii());
        inner = inner.get(length + 1..).unwrap_or_default();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_and_commas_inside_strings_do_not_cut() {
        let body = br#"{"msgs":[9],"data":{"a":"\"msgs\":[","msgs" : [ {"x":"],\"{"} , [1,2],"" ],"b":1}}"#;
        let parts = split(body, "msgs");
        assert_eq!(parts.entries, [br#"{"x":"],\"{"}"#.as_slice(), b"[1,2]", b"\"\""]);
        assert_eq!(parts.frame, br#"{"msgs":[9],"data":{"a":"\"msgs\":[","msgs" :[],"b":1}}"#);
    }
}
