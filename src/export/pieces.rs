//! Cuts a stream into lines, or into the elements of an array, one at a time and never longer than allowed.

use std::io::{self, BufRead};

use crate::wire::scan::Scan;

/// Bytes of a piece that are kept. A message of the most bytes there are, each escaped in its text, and encoded once more
/// beside it, is below.
const LONGEST: usize = 16 << 20;

/// What [`Pieces::next`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// It lies in [`Pieces::bytes`].
    Whole,
    /// It was too long and has been skipped.
    TooLong,
    /// The stream ended, inside an array if so.
    End { in_array: bool },
}

/// The stream and the piece read last.
pub(super) struct Pieces<R> {
    from: R,
    bytes: Vec<u8>,
    /// Line breaks before the piece that follows.
    breaks: u64,
    /// Line the last piece began on, from 1.
    line: u64,
    in_array: bool,
    is_too_long: bool,
    part: Part,
}

/// Where in a document the stream stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Head,
    Records,
    Tail,
}

impl<R: BufRead> Pieces<R> {
    pub(super) const fn new(from: R) -> Self {
        Self { from, bytes: Vec::new(), breaks: 0, line: 1, in_array: false, is_too_long: false, part: Part::Head }
    }

    /// The piece read last; a line with the break that ends it.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The line it began on, from 1.
    pub(super) const fn line(&self) -> u64 {
        self.line
    }

    /// The next line, whatever is on it.
    pub(super) fn next_line(&mut self) -> io::Result<Piece> {
        self.begin();
        while let Some(byte) = self.take()? {
            self.keep(byte);
            if byte == b'\n' {
                return Ok(self.end());
            }
            self.take_up_to_break()?;
        }
        Ok(if self.is_empty() { Piece::End { in_array: false } } else { self.end() })
    }

    /// The next line that is not blank; where one begins with `[`, the elements of that array, whatever lines they stand on.
    pub(super) fn next_element(&mut self) -> io::Result<Piece> {
        loop {
            let Some(byte) = self.peek()? else { return Ok(Piece::End { in_array: self.in_array }) };
            let is_blank = byte.is_ascii_whitespace() || (self.in_array && byte == b',');
            match byte {
                b'[' if !self.in_array => self.in_array = true,
                b']' if self.in_array => self.in_array = false,
                _ if is_blank => {}
                _ if self.in_array => return self.element(),
                _ => return self.next_line(),
            }
            self.take()?;
        }
    }

    /// The parts of one JSON document of ours, each as an object: what stands before the array in it, the elements of
    /// that, and the object behind it.
    pub(super) fn next_part(&mut self) -> io::Result<Piece> {
        if self.part == Part::Head {
            return self.head();
        }
        while self.part == Part::Records {
            match self.peek()? {
                None => return Ok(Piece::End { in_array: true }),
                Some(b']') => self.part = Part::Tail,
                Some(byte) if byte.is_ascii_whitespace() || byte == b',' => {}
                Some(_) => return self.element(),
            }
            self.take()?;
        }
        self.tail()
    }

    /// Up to the array, without the name of that.
    fn head(&mut self) -> io::Result<Piece> {
        self.begin();
        self.part = Part::Tail;
        let mut scan = Scan::default();
        while let Some(byte) = self.take()? {
            if byte == b'[' && scan.is_at(1) {
                let name = self.bytes.iter().rposition(|byte| *byte == b',').unwrap_or(self.bytes.len());
                self.bytes.truncate(name);
                self.bytes.push(b'}');
                self.part = Part::Records;
                break;
            }
            scan.step(byte);
            self.keep(byte);
        }
        Ok(if self.is_empty() { Piece::End { in_array: false } } else { self.end() })
    }

    /// The object behind the array, without the bracket that closes the document.
    fn tail(&mut self) -> io::Result<Piece> {
        self.begin();
        while let Some(byte) = self.take()? {
            if byte == b'{' || !self.bytes.is_empty() {
                self.keep(byte);
            }
        }
        let end = self.bytes.iter().rposition(|byte| *byte == b'}').unwrap_or(0);
        self.bytes.truncate(end);
        Ok(if self.is_empty() { Piece::End { in_array: false } } else { self.end() })
    }

    fn element(&mut self) -> io::Result<Piece> {
        self.begin();
        let mut scan = Scan::default();
        while let Some(byte) = self.peek()? {
            if scan.is_at(0) && matches!(byte, b',' | b']') {
                break;
            }
            scan.step(byte);
            self.take()?;
            self.keep(byte);
        }
        Ok(self.end())
    }

    fn begin(&mut self) {
        self.bytes.clear();
        self.is_too_long = false;
        self.line = self.breaks + 1;
    }

    fn is_empty(&self) -> bool {
        self.bytes.is_empty() && !self.is_too_long
    }

    fn end(&mut self) -> Piece {
        if self.is_too_long { Piece::TooLong } else { Piece::Whole }
    }

    fn keep(&mut self, byte: u8) {
        if self.bytes.len() < LONGEST {
            self.bytes.push(byte);
        } else {
            self.is_too_long = true;
        }
    }

    fn peek(&mut self) -> io::Result<Option<u8>> {
        loop {
            match self.from.fill_buf() {
                Ok(buffer) => return Ok(buffer.first().copied()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn take(&mut self) -> io::Result<Option<u8>> {
        let byte = self.peek()?;
        if byte.is_some() {
            self.from.consume(1);
        }
        self.breaks += u64::from(byte == Some(b'\n'));
        Ok(byte)
    }

    /// What is buffered of the line, without its break.
    fn take_up_to_break(&mut self) -> io::Result<()> {
        if self.peek()?.is_none() {
            return Ok(());
        }
        let buffer = self.from.fill_buf()?;
        let length = buffer.iter().position(|byte| *byte == b'\n').unwrap_or(buffer.len());
        let room = LONGEST - self.bytes.len();
        self.is_too_long |= length > room;
        self.bytes.extend_from_slice(&buffer[..length.min(room)]);
        self.from.consume(length);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn elements(text: &str) -> Vec<(u64, String)> {
        let mut pieces = Pieces::new(text.as_bytes());
        let mut found = Vec::new();
        while pieces.next_element().expect("a slice reads") == Piece::Whole {
            found.push((pieces.line(), String::from_utf8_lossy(pieces.bytes()).trim().to_owned()));
        }
        found
    }

    #[test]
    fn lines_and_arrays_give_the_same_elements() {
        let of = |pairs: &[(u64, &str)]| pairs.iter().map(|(l, t)| (*l, (*t).to_owned())).collect::<Vec<_>>();
        assert_eq!(elements("\n {\"a\":1}\r\n\n{\"b\":2}"), of(&[(2, "{\"a\":1}"), (4, "{\"b\":2}")]));
        assert_eq!(elements("[{\"a\":\"],{\"},\n{\"b\":[2]}]\n"), of(&[(1, "{\"a\":\"],{\"}"), (2, "{\"b\":[2]}")]));
        assert_eq!(elements("[]\n[{\"a\":1}]{\"b\":2}"), of(&[(2, "{\"a\":1}"), (2, "{\"b\":2}")]));
    }

    #[test]
    fn a_document_gives_its_head_its_records_and_its_tail() {
        let parts = |text: &str| {
            let mut pieces = Pieces::new(text.as_bytes());
            let mut found = Vec::new();
            let mut end = pieces.next_part().expect("a slice reads");
            while end == Piece::Whole {
                found.push(String::from_utf8_lossy(pieces.bytes()).replace([' ', '\n'], ""));
                end = pieces.next_part().expect("a slice reads");
            }
            (found, end)
        };
        let all = ["{\"s\":\"[\"}", "{\"a\":[1]}", "{\"b\":\"]\"}", "{\"n\":2}"];
        let text = "{\"s\":\"[\",\"records\":[\n{\"a\":[1]},\n{\"b\":\"]\"}\n],\"trailer\":{\"n\":2}}\n";
        let spread = "{\"s\":\"[\" , \"records\" : [ {\"a\":[1]} , {\"b\":\"]\"} ] , \"trailer\" : {\"n\":2} }";
        let end = Piece::End { in_array: false };
        assert_eq!(parts(text), (all.map(str::to_owned).to_vec(), end));
        assert_eq!(parts(spread), (all.map(str::to_owned).to_vec(), end));
        let (found, end) = parts(&text[..40]);
        assert_eq!((found.len(), end), (3, Piece::End { in_array: true }));
        assert_eq!(parts("").0, Vec::<String>::new());
    }

    #[test]
    fn what_is_too_long_is_skipped_and_the_next_is_read() {
        let text = format!("{}\n{{}}\n", "x".repeat(LONGEST + 1));
        let mut pieces = Pieces::new(text.as_bytes());
        assert_eq!(pieces.next_line().expect("a slice reads"), Piece::TooLong);
        assert_eq!(pieces.next_line().expect("a slice reads"), Piece::Whole);
        assert_eq!((pieces.bytes(), pieces.line()), (b"{}\n".as_slice(), 2));
    }
}
