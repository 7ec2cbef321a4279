//! Trying again what fails because another program is in the way.

use std::thread;
use std::time::Duration;

use crate::domain::Failure;

/// The first pause; each further one is twice as long.
const PAUSE: Duration = Duration::from_millis(100);

/// Does `work` up to `tries` times while it fails in a way that `may_pass`, with pauses in between. Blocks.
pub(super) fn patiently<T>(
    tries: u32,
    may_pass: impl Fn(&Failure) -> bool,
    mut work: impl FnMut() -> Result<T, Failure>,
) -> Result<T, Failure> {
    let mut pause = PAUSE;
    for _ in 1..tries {
        match work() {
            Err(failure) if may_pass(&failure) => tracing::warn!(reason = failure.text, "archive, trying again"),
            outcome => return outcome,
        }
        thread::sleep(pause);
        pause *= 2;
    }
    work()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::FailureKind;

    fn tried(kind: FailureKind, ends_after: u32) -> (u32, bool) {
        let mut count = 0;
        let outcome = patiently(
            3,
            |failure| failure.kind == FailureKind::Busy,
            || {
                count += 1;
                if count > ends_after { Ok(()) } else { Err(Failure::local(kind, "")) }
            },
        );
        (count, outcome.is_ok())
    }

    #[test]
    fn what_may_pass_is_tried_again_and_nothing_else_is() {
        assert_eq!(tried(FailureKind::Busy, 2), (3, true));
        assert_eq!(tried(FailureKind::Busy, 9), (3, false));
        assert_eq!(tried(FailureKind::DiskFull, 1), (1, false));
    }
}
