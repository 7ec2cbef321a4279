//! SockJS framing, as the older SDK speaks it below `/ws`: text frames `o`, `a[…]`, `h`, `c[…]`, messages in base64.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// The server's first word.
pub(super) const OPEN: &str = "o";
/// Says that the connection lives.
pub(super) const HEARTBEAT: &str = "h";
/// The server's last word.
pub(super) const CLOSE: &str = "c[3000,\"Go away!\"]";
/// Messages read from one text frame.
const MOST: usize = 64;

/// What `GET /ws/info` answers. SockJS clients use `entropy` as randomness.
pub(super) fn info(entropy: u32) -> Value {
    json!({"websocket": true, "origins": ["*:*"], "cookie_needed": false, "entropy": entropy})
}

/// One MSync frame as a text frame.
pub(super) fn encode(frame: &[u8]) -> String {
    format!("a[\"{}\"]", STANDARD.encode(frame))
}

/// The MSync frames of a text frame: a JSON array of base64 texts, or one such text. `None` for anything else.
pub(super) fn decode(text: &str) -> Option<Vec<Vec<u8>>> {
    let texts = match serde_json::from_str(text).ok()? {
        Value::Array(texts) if texts.len() <= MOST => texts,
        text @ Value::String(_) => vec![text],
        _ => return None,
    };
    texts.iter().map(|text| STANDARD.decode(text.as_str()?).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_travel_as_arrays_of_base64() {
        assert_eq!(encode(&[8, 0, 64, 1, 88, 0]), "a[\"CABAAVgA\"]");
        assert_eq!(decode("[\"CABAAVgA\"]"), Some(vec![vec![8, 0, 64, 1, 88, 0]]));
        assert_eq!(decode("\"CABAAVgA\""), decode("[\"CABAAVgA\"]"));
        for garbage in ["", "{}", "[1]", "[\"?\"]", "a[]"] {
            assert_eq!(decode(garbage), None, "{garbage}");
        }
    }
}
