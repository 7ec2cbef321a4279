//! One line on standard error that says how far a long verb has come; only on a terminal.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use super::Context;
use crate::text;

/// Twice a second at most.
const PACE: Duration = Duration::from_millis(500);

/// The line, taken away again when this goes.
pub(super) struct Progress<'a> {
    context: &'a Context,
    is_shown: bool,
    began: Duration,
    last: Duration,
    /// Cells of what stands there.
    width: usize,
}

impl<'a> Progress<'a> {
    /// Nothing is shown yet; nothing ever is where nobody looks, or less is wanted.
    pub(super) fn new(context: &'a Context) -> Self {
        let now = context.clock.elapsed();
        let is_shown = io::stderr().is_terminal() && !context.global.quiet;
        Self { context, is_shown, began: now, last: now, width: 0 }
    }

    /// So many messages of something named `what` are done, said as the text `key` does.
    pub(super) fn show(&mut self, key: &str, what: &str, messages: u64) {
        let now = self.context.clock.elapsed();
        if !self.is_shown || now.saturating_sub(self.last) < PACE {
            return;
        }
        self.last = now;
        let seconds = now.saturating_sub(self.began).as_secs_f64().max(0.001);
        let rate = (messages as f64 / seconds).round() as u64;
        let args =
            [("what", what.into()), ("n", text::thousands(messages).into()), ("rate", text::thousands(rate).into())];
        let words = text::label(&self.context.texts.tr(key, &args)).text;
        self.put(&words);
    }

    fn put(&mut self, words: &str) {
        let width = text::width(words);
        // A terminal that is gone is nobody's trouble here.
        _ = write!(io::stderr().lock(), "\r{words}{}", " ".repeat(self.width.saturating_sub(width)));
        self.width = width;
    }
}

impl Drop for Progress<'_> {
    fn drop(&mut self) {
        if self.width > 0 {
            self.put("");
            _ = write!(io::stderr().lock(), "\r");
        }
    }
}
