//! A transcript for people, safe to `cat`: names at the left, times before the words, the words in their own column.
//!
//! Words and their further lines never begin left of that column, so that no message can look like another person's.

use std::io::{self, Write};

use super::flow::Flow;
use super::form::{Cx, Form, Line};
use super::words::{self, Part, Who, parts, who};
use super::{Heading, Totals, facts, when};
use crate::text::{label, width};

/// Blanks, `14:02:05`, blanks.
const COLUMN: usize = 12;

/// The transcript.
#[derive(Default)]
pub(super) struct Text {
    flow: Flow,
}

impl Form for Text {
    fn start(&mut self, to: &mut Vec<u8>, cx: &Cx) -> io::Result<()> {
        writeln!(to, "{} · {}\n", cx.scope.account, label(&cx.scope.what).text)?;
        rows(to, &facts::of_scope(cx))
    }

    fn conversation(&mut self, to: &mut Vec<u8>, cx: &Cx, heading: &Heading<'_>) -> io::Result<()> {
        self.flow = Flow::default();
        let title = one_line(&who(&heading.peer.to_string(), heading.name));
        write!(to, "\n\n{title}\n{}\n", "=".repeat(width(&title).min(96)))?;
        if let Some(coverage) = facts::of_heading(heading, cx) {
            writeln!(to, "{coverage}")?;
        }
        Ok(())
    }

    fn message(&mut self, to: &mut Vec<u8>, cx: &Cx, line: &Line<'_>) -> io::Result<()> {
        let step = self.flow.step(line.message, cx);
        if let Some(day) = step.day {
            writeln!(to, "\n-- {} --", when::day(day, cx))?;
        }
        if step.named {
            writeln!(to, "\n{}", one_line(&who(&line.message.from, line.from_name)))?;
        }
        let mut margin = match step.at {
            Some(at) => format!("  {}  ", at.strftime("%H:%M:%S")),
            None => format!("  {:10}", "?"),
        };
        let mut rows: Vec<String> = parts(line, cx).iter().flat_map(lines).collect();
        if let Some(saved) = line.saved {
            rows.push(format!("{}  {}", cx.options.labels.saved, label(saved.path_in_folder).text));
        }
        let reactions = words::reactions(line.message).join("  ");
        rows.extend(Some(reactions).filter(|row| !row.is_empty()));
        for row in rows {
            writeln!(to, "{}", format!("{margin}{row}").trim_end())?;
            margin = " ".repeat(COLUMN);
        }
        Ok(())
    }

    fn finish(&mut self, to: &mut Vec<u8>, cx: &Cx, totals: &Totals) -> io::Result<()> {
        writeln!(to, "\n")?;
        rows(to, &facts::of_totals(totals, cx))
    }
}

fn one_line(who: &Who) -> String {
    who.id.as_ref().map_or_else(|| who.name.clone(), |id| format!("{} ({id})", who.name))
}

/// `kind  words  fact · fact`; facts of mere words stand in brackets.
fn lines(part: &Part) -> Vec<String> {
    let facts = part.facts.join(" · ");
    let mut text =
        [part.kind.as_str(), &part.words].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("  ");
    match (facts.is_empty(), part.kind.is_empty()) {
        (true, _) => {}
        (false, true) => text.push_str(&format!("  [{facts}]")),
        (false, false) => text.push_str(&format!("  {facts}")),
    }
    text.split('\n').map(str::to_owned).collect()
}

fn rows(to: &mut Vec<u8>, facts: &[(String, String)]) -> io::Result<()> {
    let widest = facts.iter().map(|(name, _)| width(name)).max().unwrap_or(0);
    for (name, value) in facts {
        writeln!(to, "{name}{:1$}{value}", "", widest - width(name) + 2)?;
    }
    Ok(())
}
