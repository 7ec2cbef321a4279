//! Wire strings are bytes until checked here.

/// The bytes as text. Bytes that are not UTF-8 stay visible, each as `<XX>`.
#[must_use]
pub fn checked(bytes: &[u8]) -> String {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(bytes.len() + 16);
    for part in bytes.utf8_chunks() {
        out.push_str(part.valid());
        for byte in part.invalid() {
            out.push_str(&format!("<{byte:02X}>"));
        }
    }
    out
}

/// `text` with everything that looks like a token of the service (`YWMt…`) replaced: servers echo what they were sent.
#[must_use]
pub fn masked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("YWMt") {
        out.push_str(before);
        out.push_str("[token]");
        rest = after
            .trim_start_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '=' | '+' | '/'));
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_utf8_stays_visible() {
        assert_eq!(checked(b"a\xff\xfe\"b"), "a<FF><FE>\"b");
        assert_eq!(checked("你好".as_bytes()), "你好");
    }

    #[test]
    fn tokens_are_masked() {
        assert_eq!(masked("bad token YWMtEXAMPLE-x_1, sorry"), "bad token [token], sorry");
    }
}
