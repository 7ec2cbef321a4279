//! Nothing changes, nothing is written.

use std::time::Duration;

use crate::world::{Home, WIDE};

/// Longer than any toast, and within the minute that the demo's clock begins five seconds into.
const WATCHED: Duration = Duration::from_secs(10);

#[test]
fn not_a_byte_between_two_minutes_and_few_at_the_minute() {
    let home = Home::new();
    let mut tty = home.demo(WIDE, &["--now", "2026-05-04T12:00:30Z"]);
    tty.shows("78 conversations");
    tty.keys("olongtime\r");
    tty.shows("0 of ");
    // What is still on its way comes first: names, pages ahead.
    tty.listen(Duration::from_secs(3));
    let painted = tty.sent.len();
    tty.listen(WATCHED);
    assert_eq!(tty.sent.len(), painted, "{:?}", String::from_utf8_lossy(&tty.sent[painted..]));
    tty.until("the ages of the next minute", |tty| tty.sent.len() > painted);
    tty.keys("qq");
    tty.ends_with(0);
}
