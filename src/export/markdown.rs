//! Markdown (CommonMark) for people. Foreign text is letters only: every sign that could begin markup is escaped.
//!
//! Blanks at the start of a line become `&nbsp;`, since there they would be dropped. Renderers that make links of bare addresses find none:
//! `http\://`, `www\.` and `a\@b` are cut for them.

use std::io::{self, Write};

use super::flow::Flow;
use super::form::{Cx, Form, Line};
use super::words::{self, Part, Tone, Who, parts, who};
use super::{Heading, Totals, facts, html, when};
use crate::text::label;

/// The page.
#[derive(Default)]
pub(super) struct Markdown {
    flow: Flow,
}

impl Form for Markdown {
    fn start(&mut self, to: &mut Vec<u8>, cx: &Cx) -> io::Result<()> {
        writeln!(to, "# {} · {}\n", inside(cx.scope.account.as_str()), inside(&label(&cx.scope.what).text))?;
        list(to, &facts::of_scope(cx))
    }

    fn conversation(&mut self, to: &mut Vec<u8>, cx: &Cx, heading: &Heading<'_>) -> io::Result<()> {
        self.flow = Flow::default();
        let who = who(&heading.peer.to_string(), heading.name);
        let id = who.id.map_or_else(String::new, |id| format!(" ({})", inside(&id)));
        writeln!(to, "\n## {}{id}", inside(&who.name))?;
        if let Some(coverage) = facts::of_heading(heading, cx) {
            writeln!(to, "\n{}", escape(&coverage))?;
        }
        Ok(())
    }

    fn message(&mut self, to: &mut Vec<u8>, cx: &Cx, line: &Line<'_>) -> io::Result<()> {
        let step = self.flow.step(line.message, cx);
        if let Some(day) = step.day {
            writeln!(to, "\n### {}", inside(&when::day(day, cx)))?;
        }
        if step.named {
            writeln!(to, "\n{}", name(&who(&line.message.from, line.from_name)))?;
        }
        let time = step.at.map_or_else(|| "?".to_owned(), |at| at.strftime("%H:%M:%S").to_string());
        let mut rows: Vec<String> = parts(line, cx).iter().map(|part| paragraph(part, line)).collect();
        let reactions = words::reactions(line.message);
        rows.extend((!reactions.is_empty()).then(|| escape(&reactions.join("  "))));
        writeln!(to, "\n`{time}` {}", rows.join("\\\n"))
    }

    fn finish(&mut self, to: &mut Vec<u8>, cx: &Cx, totals: &Totals) -> io::Result<()> {
        writeln!(to, "\n---\n")?;
        list(to, &facts::of_totals(totals, cx))
    }
}

fn name(who: &Who) -> String {
    let id = who.id.as_ref().map_or_else(String::new, |id| format!(" ({})", inside(id)));
    format!("**{}**{id}", inside(&who.name))
}

fn paragraph(part: &Part, line: &Line<'_>) -> String {
    let words = match (part.tone, line.saved) {
        (Tone::File, Some(saved)) => {
            let name = if part.words.trim().is_empty() { saved.path_in_folder } else { &part.words };
            format!("[{}](<{}>)", inside(&label(name).text), html::address(saved.path_in_folder))
        }
        _ if part.kind.is_empty() => escape(&part.words),
        _ => inside(&part.words),
    };
    let facts = inside(&part.facts.join(" · "));
    let facts = if part.kind.is_empty() && !facts.is_empty() { format!("\\[{facts}\\]") } else { facts };
    [escape(&part.kind), words, facts].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
}

fn list(to: &mut Vec<u8>, facts: &[(String, String)]) -> io::Result<()> {
    for (name, value) in facts {
        writeln!(to, "- {}: {}", escape(name), inside(value))?;
    }
    Ok(())
}

/// Clean text as letters; its line breaks stay breaks.
fn escape(clean: &str) -> String {
    let rows: Vec<String> = clean.split('\n').map(|row| escape_row(row, true)).collect();
    rows.join("\\\n")
}

/// The same for text that follows something on its line: there fewer signs begin anything.
fn inside(clean: &str) -> String {
    let rows: Vec<String> = clean.split('\n').enumerate().map(|(at, row)| escape_row(row, at > 0)).collect();
    rows.join("\\\n")
}

fn escape_row(row: &str, starts: bool) -> String {
    let words = row.trim_start_matches(' ');
    let mut out = "&nbsp;".repeat(row.len() - words.len());
    let digits = words.bytes().take_while(u8::is_ascii_digit).count();
    let mut before = None;
    for (at, c) in words.char_indices() {
        let after = words[at + c.len_utf8()..].chars().next();
        let is_special = match c {
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '&' | '$' | '^' | '@' => {
                true
            }
            '-' | '+' | '=' => starts && at == 0,
            '.' | ')' if digits > 0 && at == digits => starts,
            '.' => ends_with_www(&words[..at]),
            // Clocks and the colon behind a word stay as they are.
            ':' if before.is_some() => !(after.is_none_or(|c| c == ' ') || (is_digit(before) && is_digit(after))),
            ':' => true,
            _ => false,
        };
        if is_special {
            out.push('\\');
        }
        out.push(c);
        before = Some(c);
    }
    out
}

fn is_digit(c: Option<char>) -> bool {
    c.is_some_and(|c| c.is_ascii_digit())
}

fn ends_with_www(text: &str) -> bool {
    text.len() >= 3 && text.as_bytes()[text.len() - 3..].eq_ignore_ascii_case(b"www")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_are_escaped_and_ordinary_words_stay_readable() {
        assert_eq!(escape("See 12:30, e.g. a (b) - it's fine!"), "See 12:30, e.g. a (b) - it's fine!");
        assert_eq!((inside("1. a\n1. b"), inside("+08:00: x")), ("1. a\\\n1\\. b".into(), "+08:00: x".into()));
        assert_eq!(escape("1. a\n- b\n  c\n# d"), "1\\. a\\\n\\- b\\\n&nbsp;&nbsp;c\\\n\\# d");
        assert_eq!(escape("[x](y)|<b>|&amp;\\"), "\\[x\\](y)\\|\\<b\\>\\|\\&amp;\\\\");
        assert_eq!(escape("http://www.a.b x@y :smile: :100:"), "http\\://www\\.a.b x\\@y \\:smile: \\:100:");
    }
}
