//! The words of the verbs that work on the archive, as clap reads them.

use std::path::PathBuf;
use std::time::Duration;

use clap::{ArgGroup, Args, Subcommand};

use super::peer::PeerWord;
use super::values::{at_least_one, duration, formats};
use crate::export::Format;

/// Of `search`.
#[derive(Debug, Args)]
pub struct SearchArgs {
    /// Words that must all be there; from: in: type: has: before: after: narrow.
    #[arg(required = true, value_name = "TERM")]
    pub terms: Vec<String>,
    /// Only in this conversation.
    #[arg(long = "in", value_name = "PEER")]
    pub peer: Option<PeerWord>,
    /// At most so many hits; all of them when absent.
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    pub limit: Option<usize>,
    /// Tell traditional and simplified characters apart.
    #[arg(long)]
    pub as_typed: bool,
}

/// Of `sync`.
#[derive(Debug, Args)]
pub struct SyncArgs {
    /// Conversations; all of the list when none is named.
    #[arg(value_name = "PEER")]
    pub peers: Vec<PeerWord>,
    /// Not older than this.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub since: Option<String>,
    /// Conversations mirrored at the same time, 1 to 8.
    #[arg(long, default_value_t = 4, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=8))]
    pub at_once: u8,
    /// Requests a second at most; as fast as the server takes them when absent.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub rate: Option<u16>,
    /// Read again what is here already, and take out what the server has deleted.
    #[arg(long)]
    pub verify: bool,
    /// Download the files of what is mirrored too, into a folder beside the archive.
    #[arg(long)]
    pub attachments: bool,
    /// Go on: look at the list again and again, and mirror what changed, until Ctrl-C.
    #[arg(long)]
    pub watch: bool,
    /// How often --watch looks, e.g. 30s or 5m; not more often than every 15 s.
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = duration, requires = "watch")]
    pub every: Duration,
}

/// Of `export`.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// Conversations.
    #[arg(value_name = "PEER")]
    pub peers: Vec<PeerWord>,
    /// Every conversation of the archive.
    #[arg(long, conflicts_with = "peers")]
    pub all: bool,
    /// Only what this search finds, with the filters of the verb search.
    #[arg(long, value_name = "QUERY", conflicts_with = "ids")]
    pub search: Option<String>,
    /// Only the messages with these ids, commas between, or - to read them from standard input, one a line.
    #[arg(long, value_name = "IDS", conflicts_with = "all")]
    pub ids: Option<String>,
    /// Where to; - for standard output.
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
    /// Replace a file that is there.
    #[arg(short, long)]
    pub force: bool,
    /// Go on with what an export of this file left when it broke off; NDJSON only.
    #[arg(long, conflicts_with = "update")]
    pub resume: bool,
    /// Add to this file what came since, of the conversations in it where none is named; NDJSON only.
    #[arg(long, conflicts_with_all = ["search", "ids"])]
    pub update: bool,
    /// Put the attachments into this folder, which lies below the file's own; what is not on this disk is downloaded.
    #[arg(long, value_name = "DIR")]
    pub attachments: Option<PathBuf>,
    /// ndjson, json, csv, md, txt or html; the file's ending when absent.
    #[arg(long, value_name = "FORMAT", value_parser = formats())]
    pub format: Option<Format>,
    /// CSV begins with a byte order mark, for Excel.
    #[arg(long)]
    pub bom: bool,
    /// CSV cells as they are, formulas included.
    #[arg(long)]
    pub raw_cells: bool,
    /// Leave out the bytes the messages came as, which may hold secrets of attachments; what is written cannot be read back.
    #[arg(long)]
    pub no_raw: bool,
}

/// What to do with the archive.
#[derive(Debug, Subcommand)]
pub enum ArchiveVerb {
    /// Where it lies, how large it is, what is here and what is missing.
    Status,
    /// Look at every message and every word of the index, and mend what can be made anew.
    Verify,
    /// Give back the room of what is no longer here.
    Compact,
    /// Take messages off this disk; the server keeps what it has.
    Purge(PurgeArgs),
}

/// Of `archive purge`.
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("what").args(["older_than", "before", "conversation", "all"]).required(true).multiple(true)))]
pub struct PurgeArgs {
    /// Messages sent longer ago, e.g. 90d, 12w or 36h.
    #[arg(long, value_name = "LENGTH", conflicts_with = "before")]
    pub older_than: Option<String>,
    /// Messages sent before.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub before: Option<String>,
    /// Only of this conversation.
    #[arg(long, value_name = "PEER")]
    pub conversation: Option<PeerWord>,
    /// Everything.
    #[arg(long, conflicts_with_all = ["older_than", "before", "conversation"])]
    pub all: bool,
    /// Show what would go and stop.
    #[arg(long, conflicts_with = "yes")]
    pub dry_run: bool,
    /// Do not ask.
    #[arg(long)]
    pub yes: bool,
}
