//! Names of files made from hostile text: one component, which no system takes for a device, an option, a dot file or another type.

use unicode_normalization::UnicodeNormalization;

use super::printable;

/// Bytes a name has at most; systems allow 255, and a number or `.part` may follow.
const LONGEST: usize = 200;
/// Bytes of an ending that is kept when a name is cut, dot included.
const LONGEST_ENDING: usize = 24;
/// For a text that names nothing.
const NAMELESS: &str = "file";

/// A safe name for a file, from a title, a user id or the name a sender gave an attachment. Never empty, at most 200 bytes, in NFC.
///
/// Only the last component counts, `/` and `\` both separate. Controls and `: * ? " < > |` become `_`, what cannot be seen is dropped, blanks
/// shrink to one; leading dots and dashes and names of devices get a `_` before them; trailing dots and blanks go. The ending stays when a long
/// name is cut. Percent signs and full-width slashes are letters.
#[must_use]
pub fn file_name(text: &str) -> String {
    let last = text.trim_end_matches(['/', '\\']).rsplit(['/', '\\']).next().unwrap_or_default();
    let clean = prefixed(clean(last));
    let cut = cut(&clean);
    let name = cut.trim_end_matches(['.', ' ']);
    if name.trim_matches('_').is_empty() { NAMELESS.to_owned() } else { name.to_owned() }
}

/// `name` itself, or with the first number that is free before its ending: `report (2).pdf`. Ask `is_taken` without regard to case, since some
/// disks have none.
pub fn free_name(name: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let (stem, ending) = split(name);
    let numbered = (2_u64..).map(|n| format!("{stem} ({n}){ending}"));
    std::iter::once(name.to_owned()).chain(numbered).find(|name| !is_taken(name)).unwrap_or_default()
}

fn clean(component: &str) -> String {
    let mut out = String::with_capacity(component.len());
    for c in component.chars() {
        match c {
            c if c.is_control() || matches!(c, ':' | '*' | '?' | '"' | '<' | '>' | '|' | '/' | '\\') => out.push('_'),
            c if c.is_whitespace() => out.extend((!out.ends_with(' ')).then_some(' ')),
            // Joiners and selectors print inside a cluster only; in a name they would hide what follows.
            '\u{200C}' | '\u{200D}' | '\u{FE0E}' | '\u{FE0F}' => {}
            c if printable(c) => out.push(c),
            _ => {}
        }
    }
    // Last, since what was dropped may have kept a letter from its mark.
    let composed: String = out.nfc().collect();
    composed.trim().trim_end_matches(['.', ' ']).to_owned()
}

fn prefixed(name: String) -> String {
    let undotted = name.trim_start_matches(['.', ' ']);
    if undotted.len() < name.len() || name.starts_with('-') || is_device(&name) {
        return format!("_{undotted}");
    }
    name
}

/// Names that Windows opens as devices, whatever ending follows.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
    if matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$" | "CLOCK$") {
        return true;
    }
    let number = stem.strip_prefix("COM").or_else(|| stem.strip_prefix("LPT"));
    number.is_some_and(|n| matches!(n, "¹" | "²" | "³") || (n.len() == 1 && n.bytes().all(|b| b.is_ascii_digit())))
}

fn cut(name: &str) -> String {
    if name.len() <= LONGEST {
        return name.to_owned();
    }
    let (stem, ending) = split(name);
    format!("{}{ending}", &stem[..stem.floor_char_boundary(LONGEST - ending.len())])
}

/// Before and from the last dot; no ending where that is long or all there is.
fn split(name: &str) -> (&str, &str) {
    match name.rfind('.') {
        Some(dot) if dot > 0 && name.len() - dot <= LONGEST_ENDING => name.split_at(dot),
        _ => (name, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_of_every_spelling_are_only_names() {
        for text in ["con", "Con.tar.gz", "nul .txt", "COM1", "lpt9.x", "COM¹", "conin$"] {
            assert!(file_name(text).starts_with('_'), "{text}");
        }
        for text in ["console", "com", "com10", "comx.txt", "null"] {
            assert_eq!(file_name(text), text);
        }
    }

    #[test]
    fn what_names_nothing_has_a_name() {
        for text in ["", ".", "..", "...", " . ", "/", "\\\\", "\u{202e}", "\u{200d}", "_", "\0"] {
            assert_eq!(file_name(text), "file", "{text:?}");
        }
    }

    #[test]
    fn a_taken_name_gets_the_first_free_number() {
        let taken = ["a.pdf", "a (2).pdf", ".x"];
        assert_eq!(free_name("a.pdf", |name| taken.contains(&name)), "a (3).pdf");
        assert_eq!(free_name("b.pdf", |name| taken.contains(&name)), "b.pdf");
        assert_eq!(free_name("file", |name| name == "file"), "file (2)");
    }
}
