//! Writes an export of as many messages as asked for, the same on every machine, to standard output; in 30 conversations
//! unless another number follows.
//!
//! `cargo run --release --example corpus -- 100000 > talk.ndjson`, then `manyou import talk.ndjson` as the user
//! `kefu01` of `manyou#sandbox`, the demo's app.

mod talk;

use std::error::Error;
use std::io::{self, BufWriter};

use jiff::tz::TimeZone;
use manyou::domain::ServerTime;
use manyou::export::{Exporter, Format, Heading, Labels, Options, Scope};

fn main() -> Result<(), Box<dyn Error>> {
    let number = |nth, usual| std::env::args().nth(nth).map_or(Ok(usual), |word| word.parse::<usize>());
    let (count, conversations) = (number(1, 10_000)?, number(2, 30)?.max(1));
    let options =
        Options { zone: TimeZone::UTC, bom: false, raw_cells: false, lossless: true, labels: Labels::default() };
    let scope = Scope {
        account: "kefu01".parse()?,
        app_key: "manyou#sandbox".parse()?,
        api: "http://127.0.0.1:1".to_owned(),
        profile: None,
        what: format!("{count} messages"),
        exported_at: ServerTime(1_700_000_000_000),
    };
    let mut exporter = Exporter::start(Format::Ndjson, BufWriter::new(io::stdout().lock()), options, scope)?;
    let mut open = None;
    for (peer, message) in talk::talk(count, conversations) {
        if open.as_ref() != Some(&peer) {
            exporter.conversation(Heading { peer: &peer, name: None, whole: true, coverage: None })?;
            open = Some(peer);
        }
        exporter.message(&message, None, None)?;
    }
    exporter.finish(true)?;
    Ok(())
}
