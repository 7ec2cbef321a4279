//! One HTML page with everything in it: no script, no request, light and dark, ready to print.
//!
//! Foreign text stands between tags and in quoted attributes only, cleaned and escaped; a policy in the page forbids the rest. Pictures are
//! shown where their file was saved, is small, and begins as a PNG, JPEG, GIF or WebP does.

use std::io::{self, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::flow::Flow;
use super::form::{Cx, Form, Line};
use super::words::{self, Part, Tone, parts, who};
use super::{Heading, PROGRAM, Saved, Totals, facts, when};
use crate::text::{label, thousands};

const STYLE: &str = include_str!("../../assets/export/page.css");
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";
/// Larger pictures are linked to, not shown.
const LARGEST_PICTURE: usize = 512 * 1024;

/// The page.
#[derive(Default)]
pub(super) struct Html {
    flow: Flow,
    sections: usize,
}

impl Form for Html {
    fn start(&mut self, to: &mut Vec<u8>, cx: &Cx) -> io::Result<()> {
        let account = escape(cx.scope.account.as_str());
        let what = escape(&label(&cx.scope.what).text);
        let lang = escape(&cx.options.labels.lang);
        write!(
            to,
            "<!doctype html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"generator\" content=\"{PROGRAM}\">\n\
             <title>{account} · {what}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
             <header>\n<h1><bdi>{account}</bdi> <span class=\"what\">{what}</span></h1>\n"
        )?;
        list(to, &facts::of_scope(cx))?;
        to.extend_from_slice(b"</header>\n<main>\n");
        Ok(())
    }

    fn conversation(&mut self, to: &mut Vec<u8>, cx: &Cx, heading: &Heading<'_>) -> io::Result<()> {
        self.flow = Flow::default();
        if self.sections > 0 {
            to.extend_from_slice(b"</section>\n");
        }
        self.sections += 1;
        let who = who(&heading.peer.to_string(), heading.name);
        write!(to, "<section id=\"c{}\">\n<h2><bdi>{}</bdi>", self.sections, escape(&who.name))?;
        if let Some(id) = who.id {
            write!(to, " <span class=\"id\">{}</span>", escape(&id))?;
        }
        to.extend_from_slice(b"</h2>\n");
        if let Some(coverage) = facts::of_heading(heading, cx) {
            writeln!(to, "<p class=\"cover\">{}</p>", escape(&coverage))?;
        }
        Ok(())
    }

    fn message(&mut self, to: &mut Vec<u8>, cx: &Cx, line: &Line<'_>) -> io::Result<()> {
        let step = self.flow.step(line.message, cx);
        if let Some(day) = step.day {
            writeln!(to, "<h3><time datetime=\"{day}\">{}</time></h3>", escape(&when::day(day, cx)))?;
        }
        let mine = if cx.is_mine(line.message) { " me" } else { "" };
        let top = if step.named { " top" } else { "" };
        write!(to, "<div class=\"m{mine}{top}\"")?;
        if line.message.id.0 != 0 {
            write!(to, " id=\"m{}\"", line.message.id)?;
        }
        to.extend_from_slice(b"><div class=\"n\">");
        if step.named {
            name(to, line)?;
        }
        to.extend_from_slice(b"</div><div class=\"w\">");
        for part in parts(line, cx) {
            paragraph(to, &part, line)?;
        }
        if let Some(saved) = line.saved {
            picture(to, &saved, line)?;
        }
        reactions(to, &words::reactions(line.message))?;
        to.extend_from_slice(b"</div>");
        match step.at {
            Some(at) => {
                let full = when::local(line.message.time, &cx.options.zone).unwrap_or_default();
                let (hours, seconds) = (at.strftime("%H:%M"), at.strftime("%Y-%m-%d %H:%M:%S %:z"));
                write!(to, "<time datetime=\"{full}\" title=\"{seconds}\">{hours}</time>")?;
            }
            None => to.extend_from_slice(b"<time>?</time>"),
        }
        to.extend_from_slice(b"</div>\n");
        Ok(())
    }

    fn finish(&mut self, to: &mut Vec<u8>, cx: &Cx, totals: &Totals) -> io::Result<()> {
        if self.sections > 0 {
            to.extend_from_slice(b"</section>\n");
        }
        let part = if totals.complete { "" } else { " part" };
        write!(to, "</main>\n<div class=\"sum{part}\">\n")?;
        list(to, &facts::of_totals(totals, cx))?;
        if self.sections > 1 {
            contents(to, totals)?;
        }
        to.extend_from_slice(b"</div>\n</body>\n</html>\n");
        Ok(())
    }
}

fn list(to: &mut Vec<u8>, facts: &[(String, String)]) -> io::Result<()> {
    to.extend_from_slice(b"<dl>\n");
    for (name, value) in facts {
        writeln!(to, "<dt>{}</dt><dd>{}</dd>", escape(name), escape(value))?;
    }
    to.extend_from_slice(b"</dl>\n");
    Ok(())
}

/// The conversations, each with a link to its section and its number of messages.
fn contents(to: &mut Vec<u8>, totals: &Totals) -> io::Result<()> {
    to.extend_from_slice(b"<ul>\n");
    for (at, count) in totals.conversations.iter().enumerate() {
        let name = escape(&who(&count.peer.to_string(), count.name.as_deref()).name);
        let messages = thousands(count.messages);
        writeln!(to, "<li><a href=\"#c{}\"><bdi>{name}</bdi></a> <span>{messages}</span></li>", at + 1)?;
    }
    to.extend_from_slice(b"</ul>\n");
    Ok(())
}

fn name(to: &mut Vec<u8>, line: &Line<'_>) -> io::Result<()> {
    let who = who(&line.message.from, line.from_name);
    write!(to, "<bdi>{}</bdi>", escape(&who.name))?;
    match who.id {
        Some(id) => write!(to, " <span class=\"id\">{}</span>", escape(&id)),
        None => Ok(()),
    }
}

fn paragraph(to: &mut Vec<u8>, part: &Part, line: &Line<'_>) -> io::Result<()> {
    to.extend_from_slice(b"<p dir=\"auto\">");
    let mut gap = "";
    if !part.kind.is_empty() {
        write!(to, "<span class=\"k\">{}</span>", escape(&part.kind))?;
        gap = "  ";
    }
    match (part.tone, line.saved) {
        (Tone::File, Some(saved)) if !saved.path_in_folder.is_empty() => {
            let name = if part.words.trim().is_empty() { saved.path_in_folder } else { &part.words };
            write!(to, "{gap}<a href=\"{}\">{}</a>", address(saved.path_in_folder), escape(&label(name).text))?;
        }
        _ if part.words.is_empty() => {}
        (Tone::Muted, _) => write!(to, "{gap}<span class=\"q\">{}</span>", escape(&part.words))?,
        (Tone::Plain | Tone::File, _) => write!(to, "{gap}{}", escape(&part.words))?,
    }
    if !part.facts.is_empty() {
        write!(to, "  <span class=\"f\">{}</span>", escape(&part.facts.join(" · ")))?;
    }
    to.extend_from_slice(b"</p>");
    Ok(())
}

fn picture(to: &mut Vec<u8>, saved: &Saved<'_>, line: &Line<'_>) -> io::Result<()> {
    let Some(bytes) = saved.picture.filter(|bytes| bytes.len() <= LARGEST_PICTURE) else { return Ok(()) };
    let Some(kind) = picture_kind(bytes) else { return Ok(()) };
    let name = line.message.body.file().map(|file| label(&file.name).text).unwrap_or_default();
    let data = STANDARD.encode(bytes);
    write!(to, "<img alt=\"{}\" loading=\"lazy\" src=\"data:image/{kind};base64,{data}\">", escape(&name))
}

/// By the first bytes, whatever the name says; SVG is none of them, since it can hold more than a picture.
fn picture_kind(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some("png"),
        [0xff, 0xd8, 0xff, ..] => Some("jpeg"),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some("gif"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("webp"),
        _ => None,
    }
}

fn reactions(to: &mut Vec<u8>, reactions: &[String]) -> io::Result<()> {
    if reactions.is_empty() {
        return Ok(());
    }
    to.extend_from_slice(b"<div class=\"c\">");
    for reaction in reactions {
        write!(to, "<span>{}</span>", escape(reaction))?;
    }
    to.extend_from_slice(b"</div>");
    Ok(())
}

/// Clean text between tags or inside a quoted attribute.
fn escape(clean: &str) -> String {
    let mut out = String::with_capacity(clean.len() + 16);
    for c in clean.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// A path in the export's folder as a relative address: no scheme, no host, no query, no way up.
pub(super) fn address(path: &str) -> String {
    let mut out = String::with_capacity(path.len() + 16);
    let steps = path.split('/').filter(|step| !matches!(*step, "" | "." | ".."));
    for step in steps {
        if !out.is_empty() {
            out.push('/');
        }
        for byte in step.bytes() {
            if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.') {
                out.push(char::from(byte));
            } else {
                out.push_str(&format!("%{byte:02X}"));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_never_leaves_the_folder_nor_names_a_scheme() {
        assert_eq!(address("files/图 1.png"), "files/%E5%9B%BE%201.png");
        assert_eq!(address("/../..//etc/passwd"), "etc/passwd");
        assert_eq!(address("javascript:alert(1)"), "javascript%3Aalert%281%29");
        assert_eq!(address("//host/x?y#\"z"), "host/x%3Fy%23%22z");
    }

    #[test]
    fn only_pictures_are_shown_as_pictures() {
        assert_eq!(picture_kind(b"GIF89a.."), Some("gif"));
        assert_eq!(picture_kind(b"RIFF\0\0\0\0WEBPVP8 "), Some("webp"));
        for bytes in [b"<svg onload=x>".as_slice(), b"", b"GIF88a", b"RIFF\0\0\0\0WAVE"] {
            assert_eq!(picture_kind(bytes), None);
        }
    }
}
