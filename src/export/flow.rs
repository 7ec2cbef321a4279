//! How messages follow one another for people: when a day begins, and when a name stands again.

use jiff::Zoned;
use jiff::civil::Date;

use super::form::Cx;
use super::when;
use crate::domain::{Message, ServerTime};

/// A pause after which the name stands again, as on the screen.
const PAUSE_MS: u64 = 600_000;

/// What was written last.
#[derive(Default)]
pub(super) struct Flow {
    day: Option<Date>,
    last: Option<(String, ServerTime)>,
}

/// What the next message needs before it.
pub(super) struct Step {
    /// A day begins.
    pub(super) day: Option<Date>,
    /// The name stands.
    pub(super) named: bool,
    /// The message's moment, where its time can be true.
    pub(super) at: Option<Zoned>,
}

impl Flow {
    pub(super) fn step(&mut self, message: &Message, cx: &Cx) -> Step {
        let at = when::zoned(message.time, cx);
        let day = at.as_ref().map(Zoned::date).filter(|day| self.day != Some(*day));
        let goes_on = self.last.as_ref().is_some_and(|(from, time)| {
            *from == message.from && message.time.ms().abs_diff(time.ms()) < PAUSE_MS && day.is_none()
        });
        self.day = day.or(self.day);
        self.last = Some((message.from.clone(), message.time));
        Step { day, named: !goes_on, at }
    }
}
