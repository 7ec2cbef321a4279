//! Where a byte stands in a JSON document: inside a string, and how deep.

/// Follows strings and brackets, byte by byte; what is not JSON is followed as far as it goes.
#[derive(Default)]
pub struct Scan {
    depth: usize,
    in_text: bool,
    is_escaped: bool,
}

impl Scan {
    /// Whether the next byte stands in no string and `depth` brackets deep.
    #[must_use]
    pub const fn is_at(&self, depth: usize) -> bool {
        self.depth == depth && !self.in_text
    }

    /// Goes past one byte.
    pub fn step(&mut self, byte: u8) {
        match (self.in_text, byte) {
            (true, _) if self.is_escaped => self.is_escaped = false,
            (true, b'\\') => self.is_escaped = true,
            (_, b'"') => self.in_text = !self.in_text,
            (false, b'{' | b'[') => self.depth += 1,
            (false, b'}' | b']') => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
    }
}
