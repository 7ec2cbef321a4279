//! The rules of `ARCHITECTURE.md`, held: who may import whom, how long files are, who prints and who reads the clock.
#![allow(clippy::expect_used, reason = "helpers of tests say what they believed")]

use std::fs;
use std::path::{Path, PathBuf};

/// One row of the layer table: module, level, our modules it may import, external crates beside [`FREE`], why.
type Row = (&'static str, u8, &'static [&'static str], &'static [&'static str], &'static str);

const FREE: &[&str] =
    &["std", "core", "crate", "self", "super", "serde", "serde_json", "jiff", "thiserror", "tracing", "bytes", "strum"];
const ASYNC: &[&str] = &["tokio", "tokio_util", "futures_util"];

#[rustfmt::skip]
const LAYERS: &[Row] = &[
    ("domain", 0, &[], &[], "what the program talks about; no I/O, no clock, no randomness"),
    ("text", 1, &["domain"], &["unicode_width", "unicode_segmentation", "unicode_linebreak", "unicode_normalization", "unicode_properties"], "the one sanitizer and width rule; search folding and its queries"),
    ("wire", 1, &["domain"], &["prost", "base64"], "bytes and JSON to domain and back"),
    ("action", 1, &["domain"], &[], "what a person can ask for"),
    ("cells", 2, &["text"], &["ratatui"], "what is drawn and sent: signs, styles, rows; the last filter before the terminal"),
    ("keymap", 2, &["domain", "action"], &["toml"], "keys as data"),
    ("i18n", 2, &["domain", "action"], &["fluent_bundle", "unic_langid"], "sentences in two languages"),
    ("config", 2, &["domain", "action"], &["toml", "etcetera", "tempfile"], "profiles and secrets; written by renaming a temporary file"),
    ("app", 3, &["domain", "text", "action", "keymap", "i18n"], &["tui_textarea", "unicode_segmentation"], "state and what happens to it; pure (text fields count graphemes)"),
    ("client", 3, &["domain", "wire"], &["reqwest", "backon", "tower_service", "http", "http_body_util", "rustls", "percent_encoding", "getrandom"], "requests through a transport; the router transport takes any tower service; randomness for jitter"),
    ("store", 3, &["domain", "text", "wire"], &["rusqlite", "sha2", "bytes", "flate2", "zstd"], "the archive of one account; no network, no clock"),
    ("server", 3, &["domain", "wire"], &["axum", "hyper", "hyper_util", "rusqlite", "tower", "tower_service", "http", "flate2", "png", "sha2", "getrandom", "base64", "prost", "percent_encoding", "toml"], "the sandbox; shares only domain and wire with the client, so that a mistake cannot cancel itself out"),
    ("report", 3, &["domain", "text", "i18n"], &[], "failures as sentences"),
    ("export", 3, &["domain", "text", "wire"], &["csv", "sha2", "base64", "flate2"], "conversations as files and those files back, over any writer and reader"),
    ("ui", 4, &["domain", "text", "cells", "action", "app", "keymap", "i18n", "report"], &["ratatui", "tui_textarea"], "draws the state; asks for nothing"),
    ("engine", 4, &["domain", "text", "client", "store", "config", "export"], &["rustix", "tempfile"], "what screen and command line both call; the files beside the archive, by safe names"),
    ("runtime", 5, &["domain", "app", "engine", "export", "client", "config", "i18n", "report"], &["tracing_appender", "tracing_subscriber", "getrandom"], "carries out effects; clock and log; the words of an export"),
    ("tui", 6, &["domain", "text", "cells", "i18n", "action", "app", "ui", "runtime", "config", "keymap", "engine"], &["crossterm", "ratatui", "rustix", "base64"], "the loop and the one writer of the terminal; the clipboard is base64 over OSC 52"),
    ("cli", 6, &["domain", "text", "action", "client", "export", "engine", "server", "config", "i18n", "report", "runtime"], &["clap", "clap_complete", "rustix", "tempfile"], "verbs; the only printer beside main"),
];

/// The library's root, and the files of the program itself: there server and screen meet, and everything may be used.
fn is_program(module: &str) -> bool {
    matches!(module, "lib" | "main" | "start" | "door" | "local")
}

/// Never within the module, wherever they are free otherwise.
const PURE: &[&str] = &["domain", "app", "report", "text", "wire", "action", "keymap", "i18n", "ui", "export"];
const WORLD: &[&str] = &["std::fs", "std::net", "std::env", "std::process", "std::thread", "getrandom"];

struct Source {
    path: PathBuf,
    module: String,
    text: String,
    /// Without comments, strings and tests, line for line.
    code: String,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut found, mut folders) = (Vec::new(), vec![root.clone()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = fs::read_to_string(&path).expect("source");
                let first = path.strip_prefix(&root).expect("below src").components().next().expect("name");
                let module = first.as_os_str().to_string_lossy().trim_end_matches(".rs").to_owned();
                let is_test = path.file_stem().is_some_and(|n| n == "tests" || n.to_string_lossy().ends_with("_tests"));
                let code = if is_test { String::new() } else { code_of(&text) };
                found.push(Source { path, module, text, code });
            }
        }
    }
    found
}

/// Blanks comments and string contents and cuts at the tests, which stand last.
fn code_of(text: &str) -> String {
    let text =
        text.split("\n#[cfg(test)]").next().unwrap_or_default().split("\n#[cfg(all(test").next().unwrap_or_default();
    let mut out = String::new();
    for line in text.lines() {
        let mut in_string = false;
        let mut last = ' ';
        let chars: Vec<char> = line.chars().collect();
        for (i, &c) in chars.iter().enumerate() {
            if !in_string && c == '/' && chars.get(i + 1) == Some(&'/') {
                break;
            }
            let is_quote = c == '"' && last != '\\' && !(last == '\'' && chars.get(i + 1) == Some(&'\''));
            in_string ^= is_quote;
            out.push(if in_string { ' ' } else { c });
            last = if last == '\\' && c == '\\' { ' ' } else { c };
        }
        out.push('\n');
    }
    out
}

/// The path roots that follow `prefix` in a line: `crate::{a, b::c}` and `crate::a::b` give a, b.
fn roots(code: &str, prefix: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices(prefix) {
        let before = code[..at].chars().next_back().unwrap_or(' ');
        if before.is_alphanumeric() || before == '_' || before == '$' {
            continue;
        }
        let line = 1 + code[..at].matches('\n').count();
        let rest = &code[at + prefix.len()..];
        let names: Vec<&str> = match rest.strip_prefix('{') {
            Some(group) => top_level(group),
            None => vec![rest],
        };
        let word = |n: &str| n.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
        found.extend(names.into_iter().map(|n| (line, word(n))).filter(|(_, n)| !n.is_empty()));
    }
    found
}

fn top_level(group: &str) -> Vec<&str> {
    let (mut depth, mut start, mut names) = (0, 0, Vec::new());
    for (i, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                names.push(&group[start..i]);
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                names.push(&group[start..i]);
                start = i + 1;
            }
            _ => {}
        }
    }
    names
}

fn no_findings(findings: Vec<String>) {
    assert!(findings.is_empty(), "\n{}\n", findings.join("\n"));
}

#[test]
fn modules_import_only_what_their_layer_may() {
    let mut findings = Vec::new();
    for source in sources().iter().filter(|s| !is_program(&s.module)) {
        let Some((name, _, ours, _, why)) = LAYERS.iter().find(|row| row.0 == source.module) else {
            findings.push(format!(
                "{}: module `{}` has no row in the layer table",
                source.path.display(),
                source.module
            ));
            continue;
        };
        for (line, used) in roots(&source.code, "crate::") {
            let known = LAYERS.iter().any(|row| row.0 == used);
            if known && used != *name && !ours.contains(&used.as_str()) {
                findings.push(format!("{}:{line}: `{name}` may not import `{used}`: {why}", source.path.display()));
            }
        }
    }
    no_findings(findings);
}

#[test]
fn the_table_itself_goes_only_downwards() {
    for (name, level, ours, _, _) in LAYERS {
        for used in *ours {
            let below = LAYERS.iter().find(|row| row.0 == *used).expect("a row for each import").1;
            assert!(below < *level, "`{name}` imports `{used}`, which is not below it");
        }
    }
}

#[test]
fn external_crates_stay_with_their_owners() {
    let manifest = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")).expect("manifest");
    let section = manifest.split("[dependencies]").nth(1).and_then(|s| s.split("\n[").next()).expect("dependencies");
    let crates: Vec<String> =
        section.lines().filter_map(|l| l.split_once(" =")).map(|(n, _)| n.trim().replace('-', "_")).collect();
    let mut findings = Vec::new();
    for source in sources().iter().filter(|s| !is_program(&s.module)) {
        let Some((name, level, _, owned, _)) = LAYERS.iter().find(|row| row.0 == source.module) else { continue };
        let is_pure = PURE.contains(name);
        let may = |c: &str| FREE.contains(&c) || owned.contains(&c) || (*level >= 3 && !is_pure && ASYNC.contains(&c));
        for used in crates.iter().filter(|c| !may(c)) {
            if let Some((line, _)) = roots(&source.code, &format!("{used}::")).first() {
                findings.push(format!("{}:{line}: `{name}` may not use the crate `{used}`", source.path.display()));
            }
        }
        for used in WORLD.iter().filter(|_| is_pure) {
            if let Some((line, _)) = roots(&source.code, &format!("{used}::")).first() {
                findings.push(format!("{}:{line}: `{name}` is pure and may not use `{used}`", source.path.display()));
            }
        }
    }
    no_findings(findings);
}

#[test]
fn files_are_short_and_say_their_purpose() {
    let mut findings = Vec::new();
    for source in sources().iter().filter(|s| !s.text.contains("@generated")) {
        let lines = source.text.lines().count();
        if lines > 400 {
            findings.push(format!("{}: {lines} lines; 400 at most, split it by purpose", source.path.display()));
        }
        if !source.text.starts_with("//!") {
            findings.push(format!("{}:1: open with `//!` and the purpose", source.path.display()));
        }
    }
    no_findings(findings);
}

#[test]
fn only_the_command_line_prints_and_only_one_file_reads_the_clock() {
    let print = ["println!", "eprintln!", "print!", "eprint!"];
    let never = ["todo!", "unimplemented!", "dbg!", ".unwrap()", ".expect("];
    let clocks = ["Timestamp::now", "SystemTime::now", "Instant::now", "Zoned::now"];
    let mut findings = Vec::new();
    for source in sources() {
        let prints = matches!(source.module.as_str(), "cli" | "main");
        let is_clock = source.path.ends_with("runtime/clock.rs");
        let words = never.iter().chain(print.iter().filter(|_| !prints)).chain(clocks.iter().filter(|_| !is_clock));
        for word in words {
            for (i, line) in source.code.lines().enumerate().filter(|(_, l)| l.contains(word)) {
                let is_part = line.contains(&format!("e{word}")) && prints;
                let is_virtual = line.contains("tokio::time::Instant::now");
                if !is_part && !is_virtual {
                    findings.push(format!("{}:{}: `{word}` has no place here", source.path.display(), i + 1));
                }
            }
        }
    }
    no_findings(findings);
}

#[test]
fn the_table_of_the_architecture_page_is_this_one() {
    let page =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("ARCHITECTURE.md")).expect("ARCHITECTURE.md");
    let shown = page.split("<!-- layers -->").nth(1).map(str::trim).expect("two marks `<!-- layers -->`");
    assert!(shown == table(), "ARCHITECTURE.md differs; between its marks should stand:\n\n{}\n", table());
}

fn table() -> String {
    let mut lines = vec![
        "| level | module | may import | external crates | why |".to_owned(),
        "| --- | --- | --- | --- | --- |".to_owned(),
    ];
    let list = |names: &[&str]| if names.is_empty() { "–".to_owned() } else { names.join(", ") };
    for (name, level, ours, crates, why) in LAYERS {
        lines.push(format!("| {level} | `{name}` | {} | {} | {why} |", list(ours), list(crates)));
    }
    lines.join("\n")
}
