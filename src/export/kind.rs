//! What a file is, from its first bytes: whatever its name says.

use super::{Format, PROGRAM, SCHEMA, csv};

/// Bytes in which a file says what it is.
pub const HEAD: u64 = 4096;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// An export, one object a line: [`read_ndjson`](super::read_ndjson) reads it.
    Export,
    /// An export as one JSON document: [`read_document`](super::read_document) reads it.
    Document,
    /// Objects of other makers, most likely messages of the service: [`read_hourly`](super::read_hourly) reads them.
    Hourly,
    /// An export that cannot be read back.
    Derived(Format),
    /// None of these.
    Unknown,
}

impl FileKind {
    /// By the first bytes of the unpacked file, [`HEAD`] of them where it has so many.
    #[must_use]
    pub fn of(head: &[u8]) -> Self {
        let text = String::from_utf8_lossy(head);
        let text = text.trim_start();
        let (program, _) = PROGRAM.split_once(' ').unwrap_or((PROGRAM, ""));
        let is_page = |name: &str| text.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
        let title = text.lines().next().unwrap_or_default();
        let is_ours = text.contains(&format!(" {program} ")) && title.contains(" · ");
        match text.as_bytes().first() {
            Some(b'{') if text.contains(SCHEMA) && has_records(text) => Self::Document,
            Some(b'{') if text.contains(SCHEMA) => Self::Export,
            Some(b'{' | b'[') => Self::Hourly,
            _ if is_page("<!doctype html") || is_page("<html") => Self::Derived(Format::Html),
            _ if text.starts_with(&csv::head()) => Self::Derived(Format::Csv),
            _ if is_ours && title.starts_with("# ") => Self::Derived(Format::Markdown),
            _ if is_ours => Self::Derived(Format::Text),
            // Its first line may be the damaged one.
            _ if text.contains(SCHEMA) => Self::Export,
            _ if text.lines().any(|line| line.starts_with('{')) => Self::Hourly,
            _ => Self::Unknown,
        }
    }
}

/// Whether the messages stand inside the object that the text begins with.
fn has_records(text: &str) -> bool {
    let after = text.split_once("\"records\"").map(|(_, after)| after.trim_start());
    after.and_then(|after| after.strip_prefix(':')).is_some_and(|after| after.trim_start().starts_with('['))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_its_first_bytes_say() {
        let header = format!("{{\"schema\":\"{SCHEMA}\",\"account\":\"a\"");
        let of = |text: &str| FileKind::of(text.as_bytes());
        assert_eq!(of(&format!("{header}}}\n{{\"id\":\"1\"}}\n")), FileKind::Export);
        assert_eq!(of(&format!("???\n{header}}}\n")), FileKind::Export);
        assert_eq!(of(&format!("{header},\"records\":[\n")), FileKind::Document);
        let spread = format!("{{\n  \"schema\": \"{SCHEMA}\",\n  \"records\": [\n");
        assert_eq!(of(&spread), FileKind::Document);
        assert_eq!(of(&format!("{header}}}\n{{\"text\":\"\\\"records\\\":[\"}}")), FileKind::Export);
        assert_eq!(of(" \n[{\"msg_id\":\"1\"}]"), FileKind::Hourly);
        assert_eq!(of("{\"msg_id\":\"1\"}"), FileKind::Hourly);
        assert_eq!(of("cut off\"}\n{\"msg_id\":\"1\"}"), FileKind::Hourly);
        assert_eq!(of("<!DOCTYPE html><p>{"), FileKind::Derived(Format::Html));
        for text in ["", "# a · b", "id,text\n", "\u{1f600}"] {
            assert_eq!(of(text), FileKind::Unknown, "{text}");
        }
    }
}
