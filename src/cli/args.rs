//! The words of the command line, as clap reads them.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::FalseyValueParser;
use clap::{Args, Parser, Subcommand, ValueEnum};

use super::archive_args::{ArchiveVerb, ExportArgs, SearchArgs, SyncArgs};
use super::peer::PeerWord;
use super::values::{Place, at_least_one, calls, duration, kinds, langs, listen, origin, page_size, place};
use crate::client::ListCall;
use crate::domain::{AppKey, MessageId, MessageKind, PageSize, UserId};

/// Browse, search and clean up Easemob IM roaming history.
#[derive(Debug, Parser)]
#[command(name = "manyou", version, about, disable_help_subcommand = true, infer_long_args = false)]
pub struct Cli {
    /// What to do; nothing opens the welcome screen, or the screen where a connection is given.
    #[command(subcommand)]
    pub verb: Option<Verb>,
    /// Accepted before and after the verb.
    #[command(flatten)]
    pub global: Global,
}

/// Accepted before and after the verb.
#[derive(Debug, Args)]
pub struct Global {
    /// Profile to use.
    #[arg(short, long, global = true, env = "MANYOU_PROFILE", value_name = "NAME")]
    pub profile: Option<String>,
    /// Configuration file instead of the usual one.
    #[arg(long, global = true, env = "MANYOU_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Base address of the REST calls.
    #[arg(long, global = true, env = "MANYOU_API", value_name = "URL")]
    pub api: Option<String>,
    /// Address of the long connection.
    #[arg(long, global = true, env = "MANYOU_WS", value_name = "URL")]
    pub ws: Option<String>,
    /// App key, org#app.
    #[arg(long, global = true, env = "MANYOU_APP_KEY", value_name = "ORG#APP")]
    pub app_key: Option<AppKey>,
    /// User to sign in as, or to view with --on-behalf.
    #[arg(long, global = true, env = "MANYOU_USER", value_name = "ID")]
    pub user: Option<UserId>,
    /// Read the password from standard input.
    #[arg(long, global = true, conflicts_with = "token_stdin")]
    pub password_stdin: bool,
    /// Read a token from standard input.
    #[arg(long, global = true)]
    pub token_stdin: bool,
    /// View with the app's credentials, read only; the client secret is read like a password.
    #[arg(long, global = true, requires = "client_id")]
    pub on_behalf: bool,
    /// The app's client id; its secret is read from MANYOU_CLIENT_SECRET.
    #[arg(long, global = true, env = "MANYOU_CLIENT_ID", value_name = "ID")]
    pub client_id: Option<String>,
    /// Accept http:// to other hosts.
    #[arg(long, global = true)]
    pub allow_plain_http: bool,
    /// One JSON document.
    #[arg(long, global = true, conflicts_with_all = ["ndjson", "plain"])]
    pub json: bool,
    /// One JSON object a line.
    #[arg(long, global = true, conflicts_with = "plain")]
    pub ndjson: bool,
    /// Columns of text.
    #[arg(long, global = true)]
    pub plain: bool,
    /// Only these fields of list, history and show, e.g. id,time,text; tabs between them in columns.
    #[arg(long, global = true, value_name = "A,B", value_delimiter = ',')]
    pub fields: Vec<String>,
    /// Never ask.
    #[arg(long, global = true)]
    pub no_input: bool,
    /// Change nothing on the server.
    #[arg(long, global = true, env = "MANYOU_READ_ONLY", value_parser = FalseyValueParser::new())]
    pub read_only: bool,
    /// Ask no server: what is in the archive on this disk is all there is.
    #[arg(long, global = true, env = "MANYOU_OFFLINE", value_parser = FalseyValueParser::new())]
    pub offline: bool,
    /// For one request, e.g. 30s or 500ms.
    #[arg(long, global = true, value_name = "TIME", value_parser = duration)]
    pub timeout: Option<Duration>,
    /// When to use colours; NO_COLOR counts.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub color: Color,
    /// Language, en or zh.
    #[arg(long, global = true, value_name = "LANG", ignore_case = true, value_parser = langs())]
    pub lang: Option<String>,
    /// Draw with ASCII signs only.
    #[arg(long, global = true)]
    pub ascii: bool,
    /// Time zone of shown times, e.g. Asia/Shanghai.
    #[arg(long, global = true, env = "MANYOU_TZ", value_name = "ZONE")]
    pub tz: Option<String>,
    /// Say less.
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Say more on standard error; twice for everything.
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// Log level or filter, e.g. debug.
    #[arg(long, global = true, env = "MANYOU_LOG", value_name = "LEVEL")]
    pub log: Option<String>,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Open the screen.
    Tui,
    /// Sign in and keep the profile.
    Login {
        /// Profile to make or renew.
        name: Option<String>,
    },
    /// Remove the secrets of a profile from this disk.
    Logout {
        /// Which one.
        name: Option<String>,
    },
    /// List, choose, remove or test profiles.
    Profiles {
        /// What to do.
        #[command(subcommand)]
        what: Option<ProfilesVerb>,
    },
    /// The conversation list.
    List(ListArgs),
    /// Messages of a conversation, in page order.
    History(Box<HistoryArgs>),
    /// One message with all its fields.
    Show {
        /// alice, group:ID or room:ID; a bare id is looked up in the list
        peer: PeerWord,
        /// Its id.
        id: MessageId,
        /// The bytes it came as.
        #[arg(long)]
        raw: bool,
        /// Raw bytes even to a terminal.
        #[arg(long, requires = "raw")]
        force: bool,
    },
    /// Find messages in the archive on this disk; no server is asked.
    Search(SearchArgs),
    /// Mirror conversations into the archive on this disk.
    Sync(SyncArgs),
    /// Write conversations of the archive into a file; no server is asked.
    Export(ExportArgs),
    /// Read exports and the service's hourly history files into the archive on this disk.
    Import {
        /// Exports as NDJSON or JSON, or history files, packed or plain.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Look at exports and the service's hourly history files on the screen, without any account.
    Open {
        /// Exports as NDJSON or JSON, or history files, packed or plain.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Look after the archive on this disk; no server is asked.
    Archive {
        /// What to do.
        #[command(subcommand)]
        what: ArchiveVerb,
    },
    /// Delete from your own view.
    #[cfg(feature = "delete")]
    Delete {
        /// What to do.
        #[command(subcommand)]
        what: DeleteVerb,
    },
    /// Run the Easemob-compatible sandbox server.
    Serve(ServeArgs),
    /// The screen on a server of its own with demo data.
    Demo {
        /// Keep the data in this folder.
        #[arg(long, value_name = "DIR")]
        keep: Option<PathBuf>,
        /// Start the data's clock here.
        #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
        now: Option<String>,
    },
    /// Completions for a shell.
    Completions {
        /// Which shell.
        shell: clap_complete::Shell,
    },
    /// The version.
    Version,
}

/// What to do with profiles.
#[derive(Debug, Subcommand)]
pub enum ProfilesVerb {
    /// All of them.
    List,
    /// Make one the default.
    Use {
        /// Which one.
        name: String,
    },
    /// Remove one with its secrets.
    Remove {
        /// Which one.
        name: String,
    },
    /// Sign in and say how it went.
    Test {
        /// Which one; the default when absent.
        name: Option<String>,
    },
}

/// Of `list`.
#[derive(Debug, Args)]
pub struct ListArgs {
    /// Which list call: auto, v1, paged or cursor.
    #[arg(long, default_value = "auto", value_name = "CALL", value_parser = calls())]
    pub call: ListCall,
    /// Only entries whose id, name or last words hold this.
    #[arg(long, value_name = "TEXT")]
    pub filter: Option<String>,
    /// Order of the entries; the server's when absent.
    #[arg(long, value_enum, value_name = "KEY")]
    pub sort: Option<Sort>,
    /// At most so many.
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    pub limit: Option<usize>,
}

/// Orders of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Sort {
    /// Latest message first.
    Recent,
    /// Most unread first.
    Unread,
    /// By name, by id where there is none.
    Name,
    /// Latest message not ours: oldest first.
    Waiting,
}

/// Of `history`.
#[derive(Debug, Args)]
pub struct HistoryArgs {
    /// alice, group:ID or room:ID; a bare id is looked up in the list
    pub peer: PeerWord,
    /// up: newest first; down: oldest first.
    #[arg(long, value_enum, default_value_t = Way::Up)]
    pub direction: Way,
    /// Go on from here, exclusive; -1, null or nothing start at the end.
    #[arg(long, value_name = "ID", value_parser = place, allow_hyphen_values = true)]
    pub cursor: Option<Place>,
    /// Messages in one request, 1 to 50.
    #[arg(long, default_value = "50", value_name = "N", value_parser = page_size)]
    pub page_size: PageSize,
    /// At most so many messages; one page when neither this nor --all is given.
    #[arg(long, value_name = "N", conflicts_with = "all", value_parser = at_least_one)]
    pub limit: Option<usize>,
    /// To the server's end.
    #[arg(long)]
    pub all: bool,
    /// Only these kinds: txt, img, audio, video, file, loc, cmd, custom.
    #[arg(long = "type", value_name = "KIND", value_delimiter = ',', value_parser = kinds())]
    pub kinds: Vec<MessageKind>,
    /// Only from this member of a group.
    #[arg(long, value_name = "ID")]
    pub sender: Option<UserId>,
    /// Not before, e.g. -3d or `yesterday 15:00`; -1 is open.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub from: Option<String>,
    /// Not after.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub to: Option<String>,
}

/// Directions as typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Way {
    /// Newest first.
    Up,
    /// Oldest first.
    Down,
}

/// What to delete.
#[cfg(feature = "delete")]
#[derive(Debug, Subcommand)]
pub enum DeleteVerb {
    /// Messages by their ids.
    Messages {
        /// alice, group:ID or room:ID; a bare id is looked up in the list
        peer: PeerWord,
        /// Ids with commas between, or - to read them from standard input, one a line.
        #[arg(long, value_name = "IDS")]
        ids: String,
        /// How it is confirmed.
        #[command(flatten)]
        consent: Consent,
    },
    /// Everything up to the newest message at or before a time.
    Before {
        /// alice, group:ID or room:ID; a bare id is looked up in the list
        peer: PeerWord,
        /// In the past.
        #[arg(allow_hyphen_values = true)]
        time: String,
        /// How it is confirmed.
        #[command(flatten)]
        consent: Consent,
    },
    /// The conversation's entry.
    Conversation {
        /// alice or group:ID; a bare id is looked up in the list
        peer: PeerWord,
        /// Its messages too.
        #[arg(long)]
        with_history: bool,
        /// How it is confirmed.
        #[command(flatten)]
        consent: Consent,
    },
}

/// How a deletion is confirmed.
#[derive(Debug, Args)]
pub struct Consent {
    /// Print the plan and stop.
    #[arg(long, conflicts_with = "yes")]
    pub dry_run: bool,
    /// Send it.
    #[arg(long)]
    pub yes: bool,
    /// The plan must hold exactly so many messages.
    #[arg(long, value_name = "N")]
    pub expect: Option<usize>,
}

/// Of `serve`.
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// Address and port; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:0", value_name = "ADDR", value_parser = listen)]
    pub listen: SocketAddr,
    /// Folder of the data; in memory when absent.
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Fill with demo data.
    #[arg(long)]
    pub demo: bool,
    /// Start the clock here.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub now: Option<String>,
    /// none, vendor, or a file.
    #[arg(long, default_value = "none", value_name = "LIMITS")]
    pub limits: String,
    /// Scripted faults.
    #[arg(long, value_name = "FILE")]
    pub faults: Option<PathBuf>,
    /// Serve this origin beside loopback ones.
    #[arg(long, value_name = "ORIGIN", value_parser = origin)]
    pub allow_origin: Vec<String>,
    /// Listen beyond this machine.
    #[arg(long)]
    pub allow_remote: bool,
}
