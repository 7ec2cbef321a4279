//! Where log lines go: a file of the day that only its owner reads, or standard error. Never the terminal of a screen.
//!
//! Levels come from `--log`, `MANYOU_LOG` or the verbosity; nothing logs message bodies or secrets.

use std::fs::{self, OpenOptions};
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::EnvFilter;

use crate::domain::Clock;

/// Lines that wait for the disk at most, whose room is taken from the start; more are left out.
const LINES: usize = 2_000;

/// Keeps the log alive; the last lines are written when it is dropped.
#[derive(Debug)]
pub struct LogGuard {
    _worker: WorkerGuard,
    /// The file, where there is one.
    pub file: Option<PathBuf>,
}

/// Logs into `folder/manyou.YYYY-MM-DD.log` (made 0700 and 0600), days counted in UTC by `clock`. A panic is recorded too.
///
/// # Errors
/// The folder or file cannot be made; the program goes on without a log then.
pub fn to_file(folder: &Path, level: &str, clock: &dyn Clock) -> io::Result<LogGuard> {
    private_folder(folder)?;
    let day: String = clock.now().to_string().chars().take(10).collect();
    let path = folder.join(format!("manyou.{day}.log"));
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let file = options.open(&path)?;
    let worker = install(OneLine(file), level);
    record_panics(Some(path.clone()));
    Ok(LogGuard { _worker: worker, file: Some(path) })
}

/// Logs to standard error; for `serve` and for `-v` without a screen.
#[must_use]
pub fn to_stderr(level: &str) -> LogGuard {
    LogGuard { _worker: install(OneLine(io::stderr()), level), file: None }
}

fn install(writer: impl Write + Send + 'static, level: &str) -> WorkerGuard {
    let (writer, guard) = NonBlockingBuilder::default().buffered_lines_limit(LINES).finish(writer);
    let filter = EnvFilter::try_new(level).unwrap_or_else(|_| EnvFilter::new("info"));
    let subscriber = tracing_subscriber::fmt().with_env_filter(filter).with_writer(writer).with_ansi(false).finish();
    // A second call in one process (tests) keeps the first log.
    if tracing::subscriber::set_global_default(subscriber).is_err() {
        tracing::debug!("a log was already there");
    }
    guard
}

/// Panics are recorded without their payload's control characters; the terminal is restored by whoever owns it.
fn record_panics(file: Option<PathBuf>) {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let at = panic.location().map_or_else(String::new, ToString::to_string);
        let text = panic.payload_as_str().unwrap_or("no text");
        tracing::error!(at, text, "panic");
        if file.is_none() || !io::stderr().is_terminal() {
            before(panic);
        }
    }));
}

fn private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(folder)
}

/// Escapes control characters, so that a hostile text in a log does nothing to the terminal that shows it.
struct OneLine<W>(W);

impl<W: Write> Write for OneLine<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write_all(escaped(bytes).as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// One call carries one record with its line end, which alone stays.
fn escaped(record: &[u8]) -> String {
    let text = String::from_utf8_lossy(record);
    let (line, end) = text.strip_suffix('\n').map_or((text.as_ref(), ""), |line| (line, "\n"));
    let mut safe = String::with_capacity(line.len() + 1);
    for c in line.chars() {
        let is_bidi = matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if c.is_control() || is_bidi {
            safe.extend(c.escape_unicode());
        } else {
            safe.push(c);
        }
    }
    safe + end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_and_bidi_characters_are_escaped_and_the_line_end_stays() {
        assert_eq!(escaped("a\u{1b}[2Jb\nc\u{202e}d\n".as_bytes()), "a\\u{1b}[2Jb\\u{a}c\\u{202e}d\n");
    }
}
