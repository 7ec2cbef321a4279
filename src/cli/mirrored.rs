//! What `sync` prints: a line for each conversation as it ends, one of progress, and what it came to.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use jiff::fmt::strtime;
use serde_json::json;

use super::Context;
use super::output::{Mode, Printer, note};
use super::record::Lines;
use crate::domain::Failure;
use crate::domain::Horizon;
use crate::engine::{Outcome, Progress};
use crate::report::{Face, Report};

/// How often the line of progress is drawn at most.
const REDRAW: Duration = Duration::from_millis(500);

/// Cells for who it is.
const WHO: usize = 28;

/// What is printed while it runs.
pub(super) struct Shown<'a> {
    pub(super) context: &'a Context,
    /// Whose names are known.
    pub(super) lines: Lines<'a>,
    pub(super) printer: Printer,
    /// Conversations that ended and were printed.
    pub(super) told: usize,
    /// Conversations of which nothing is new are left out.
    pub(super) only_moved: bool,
    /// When the line of progress was drawn last.
    pub(super) drawn: Option<Duration>,
}

impl Shown<'_> {
    pub(super) fn hear(&mut self, progress: &Progress) -> io::Result<()> {
        for ended in progress.ended.iter().skip(self.told) {
            let synced = &ended.synced;
            let moved = synced.new + synced.changed + synced.gone.len() as u64 > 0 || ended.failure.is_some();
            if moved || !self.only_moved {
                self.clear();
                self.print(ended)?;
            }
        }
        self.told = progress.ended.len();
        if io::stderr().is_terminal() && !self.context.global.quiet {
            let now = self.context.clock.elapsed();
            if self.drawn.is_none_or(|at| now.saturating_sub(at) >= REDRAW) {
                self.drawn = Some(now);
                // The caret stays at the first column, so that whatever is said meanwhile begins there.
                write!(io::stderr().lock(), "\x1b[K{}\r", crate::text::label(&self.line(progress)).text)?;
            }
        }
        Ok(())
    }

    pub(super) fn clear(&mut self) {
        if self.drawn.take().is_some() {
            _ = write!(io::stderr().lock(), "\x1b[K");
        }
    }

    fn line(&self, progress: &Progress) -> String {
        let texts = &self.context.texts;
        let mut parts = vec![texts.tr(
            "sync-line",
            &[
                ("done", progress.ended.len().to_string().into()),
                ("all", progress.total.to_string().into()),
                ("n", progress.met.to_string().into()),
                ("new", progress.new.to_string().into()),
            ],
        )];
        match (progress.held(), progress.rate()) {
            (Some(held), _) => {
                let time = held.until.timestamp().map(|at| at.to_zoned(self.context.zone.clone()));
                let time = time.and_then(|at| strtime::format("%H:%M:%S", &at).ok()).unwrap_or_default();
                parts.push(texts.tr("sync-held", &[("n", held.waiting.to_string().into()), ("time", time.into())]));
            }
            (None, Some(rate)) => parts.push(texts.tr("sync-rate", &[("n", format!("{rate:.0}").into())])),
            (None, None) => {}
        }
        parts.join("  ")
    }

    fn print(&mut self, ended: &Outcome) -> io::Result<()> {
        let (texts, synced) = (&self.context.texts, &ended.synced);
        let why = ended.failure.as_ref().map(|failure| self.why(failure));
        let name = self.lines.name_of(&ended.peer);
        let record = || {
            json!({"peer": ended.peer.to_string(), "name": name, "messages": synced.messages, "new": synced.new,
                   "changed": synced.changed, "gone": synced.gone.len(), "complete": synced.complete, "failure": why})
        };
        let word = match (&why, synced.complete) {
            (Some(why), _) => why.clone(),
            (None, true) => texts.t("sync-complete"),
            (None, false) => texts.t("sync-incomplete"),
        };
        let new = texts.tr("sync-new", &[("n", synced.new.to_string().into())]);
        let who = self.lines.who(&ended.peer);
        let pad = " ".repeat(WHO.saturating_sub(crate::text::width(&who)));
        self.printer.record(record, || format!("{who}{pad}  {new:>12}  {word}"))?;
        self.printer.flush()
    }

    fn why(&self, failure: &Failure) -> String {
        Report::facing(Face::CommandLine, failure, self.lines.me.as_str(), &self.context.texts).headline
    }

    /// One round of several came to its end: what it came to, for programs that follow.
    pub(super) fn round(&mut self, done: &Progress) -> io::Result<()> {
        if self.context.mode() != Mode::Ndjson {
            return Ok(());
        }
        let why = done.stopped.as_ref().map(|failure| self.why(failure));
        let round = json!({"round": {"conversations": done.total, "new": done.new, "changed": done.changed,
                                     "gone": done.gone, "complete": done.is_complete(), "failure": why}});
        self.printer.record(|| round, String::new)?;
        self.printer.flush()
    }

    /// What it came to, for people.
    pub(super) fn tell(&self, done: &Progress, here: &Horizon, list_part: bool) {
        if self.context.mode() != Mode::Plain {
            return;
        }
        let (texts, global) = (&self.context.texts, &self.context.global);
        let args = [
            ("n", here.messages.to_string().into()),
            ("new", done.new.to_string().into()),
            ("changed", done.changed.to_string().into()),
            ("gone", done.gone.to_string().into()),
            ("done", done.complete().to_string().into()),
            ("all", done.total.to_string().into()),
        ];
        note(global, &texts.tr("sync-done", &args));
        if list_part {
            note(global, &texts.t("sync-list-part"));
        }
        self.tell_stopped(done);
    }

    /// Why not all conversations had their turn.
    pub(super) fn tell_stopped(&self, done: &Progress) {
        if let (Some(failure), Mode::Plain) = (&done.stopped, self.context.mode()) {
            let args = [("n", done.left.len().to_string().into()), ("why", self.why(failure).into())];
            note(&self.context.global, &self.context.texts.tr("sync-stopped", &args));
        }
    }
}
