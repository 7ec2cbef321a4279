//! Numbers from a seed, and what is done to bytes and texts with them.

/// Steps of SplitMix64: the same seed gives the same run on every machine.
pub(crate) struct Rng(u64);

/// Characters that have broken terminals, widths and parsers.
const ODD: &str = "a 漫游，「」\t\n\r\u{0}\u{1B}\u{7F}\u{9B}\u{200B}\u{200D}\u{200E}\u{2028}\u{202E}\u{2066}\u{301}\u{FE0F}👨👩🏽🇨ᄀ각ก็\u{E0041}\u{FFFE}\u{3000}\"\\{}[]";

impl Rng {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// 0 to `end` - 1; 0 for an empty range.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.next().checked_rem(end as u64).unwrap_or(0) as usize
    }

    /// One time in `n`.
    pub(crate) fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    /// Up to `most` characters, odd ones often.
    pub(crate) fn text(&mut self, most: usize) -> String {
        let odd: Vec<char> = ODD.chars().collect();
        let one = |rng: &mut Self| match rng.below(3) {
            0 => char::from_u32(rng.below(0x11_0000) as u32).unwrap_or('x'),
            _ => *rng.pick(&odd),
        };
        (0..self.below(most + 1)).map(|_| one(self)).collect()
    }

    /// A few changes: a bit, a byte, a piece removed, doubled or put elsewhere.
    pub(crate) fn spoil(&mut self, bytes: &mut Vec<u8>) {
        for _ in 0..=self.below(4) {
            let (at, len) = (self.below(bytes.len()), self.below(16));
            let end = (at + len).min(bytes.len());
            match self.below(5) {
                0 if !bytes.is_empty() => bytes[at] ^= 1 << self.below(8),
                1 if !bytes.is_empty() => bytes[at] = *self.pick(&[0, 1, 0x7F, 0x80, 0xFF, b'"', b'{', b'9']),
                2 => drop(bytes.drain(at..end)),
                3 => bytes.truncate(at),
                _ => {
                    let piece = bytes[at..end].to_vec();
                    let to = self.below(bytes.len() + 1);
                    bytes.splice(to..to, piece);
                }
            }
        }
    }
}
