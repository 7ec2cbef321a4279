//! What can happen ([`Msg`]) and what the program then does to the world ([`Effect`]); both plain data.

use std::collections::HashMap;
use std::time::Duration;

use super::export::{Exported, Order};
use super::sync::Mirror;
use crate::domain::{
    Around, Bookmark, Conversation, ConversationList, DeletionPlan, DeletionReport, Direction, Failure, Group,
    HistoryPage, HistoryQuery, Hit, Horizon, Inquired, Inquiry, Letter, Message, MessageId, Peer, Profile, ServerTime,
    Spot, UserId,
};
use crate::keymap::Key;
use crate::text::search::Query;

/// When something happened. `update` never reads a clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Now {
    /// Wall clock.
    pub wall: ServerTime,
    /// Monotonic, from any start.
    pub elapsed: Duration,
}

/// Number of a request; never reused within a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(pub u64);

/// Everything that can happen.
#[derive(Clone, Debug, PartialEq)]
pub enum Msg {
    /// A key was pressed.
    Key(Key),
    /// Text was pasted; never confirms anything.
    Paste(String),
    /// The terminal has this many columns and rows.
    Resized(u16, u16),
    /// A deadline the state named has come.
    Tick,
    /// What [`Effect::GoOn`] put off.
    GoOn,
    /// A request was answered.
    Done(RequestId, Answer),
    /// A request failed.
    Failed(RequestId, Failure),
    /// A deletion's next chunk is answered: so many of so many requests.
    Progress(RequestId, usize, usize),
    /// Mirroring has come so far.
    Mirrored(RequestId, Box<Mirror>),
    /// An export has come so far: messages written, of so many.
    Exporting(RequestId, u64, u64),
    /// The client waits before it asks again.
    Waiting(Duration, Failure),
    /// The text is, or could not be, on the clipboard.
    Copied(bool),
    /// Something is up with the archive on this disk.
    Archive(Note),
}

/// What is up with the archive, beside the answers that do not depend on it.
#[derive(Clone, Debug, PartialEq)]
pub enum Note {
    /// Not all that came could be kept.
    NotKept(Box<Failure>),
    /// It was damaged and lies here now; a new one was begun.
    PutAside(String),
    /// There is no place for one: what comes is kept until the program ends.
    ForNow,
}

/// What came back.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// Signed in.
    SignedIn(Account),
    /// The whole conversation list.
    List(ConversationList),
    /// One page of history.
    Page(HistoryPage),
    /// What an archive has of a conversation's newest messages, or beyond a hole; `None` where it has nothing.
    Local(Option<Kept>),
    /// What the archive had was compared with the server; these went.
    Compared(Vec<MessageId>),
    /// What the server was asked for is in the archive.
    Inquired(Inquired),
    /// Mirroring came to its end.
    Mirrored(Box<Mirror>),
    /// What came of an export.
    Exported(Box<Exported>),
    /// What lies around a place.
    Around(Box<Around>),
    /// What a search found.
    Found(Box<Found>),
    /// The bookmarks an archive has.
    Bookmarks(Vec<Bookmark>),
    /// A bookmark was kept, or taken out; `false` where there is no archive.
    BookmarkKept(bool),
    /// Names of users and groups, by id.
    Names(HashMap<String, Profile>, HashMap<String, Group>),
    /// A deletion came to its end.
    Deleted(DeletionReport),
    /// Counted to the end: so many messages, or at least so many when paging could not reach it.
    Counted {
        /// Messages seen.
        count: u64,
        /// The end was reached.
        exact: bool,
        /// The oldest message met.
        oldest: Option<Box<Message>>,
    },
}

/// What a sign-in asks, a secret apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Target {
    /// REST address.
    pub api: String,
    /// `org#app`.
    pub app_key: String,
    /// User id, as typed.
    pub user: String,
}

/// A profile kept on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptProfile {
    /// Its name.
    pub name: String,
    /// What it signs in to.
    pub target: Target,
}

/// The newest messages of a conversation that an archive keeps.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// Newest first.
    pub page: HistoryPage,
    /// The oldest message the server had when its end was looked at last; older ones are only here.
    pub served_from: Option<ServerTime>,
}

/// What an archive has for the first picture, before anybody is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Seed {
    /// Whose it is.
    pub target: Target,
    /// The conversation list as it came last.
    pub list: Vec<Conversation>,
    /// When it came; `None` where none ever did, and it was made from the messages.
    pub listed_at: Option<ServerTime>,
    /// Nicknames.
    pub users: HashMap<String, Profile>,
    /// Group names.
    pub groups: HashMap<String, Group>,
    /// Bookmarks.
    pub bookmarks: Vec<Bookmark>,
    /// The conversation that was on the screen last.
    pub open: Option<(Peer, Kept)>,
}

/// Who is signed in, as the screen shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The user.
    pub user: UserId,
    /// `org#app`, or the profile's name.
    pub place: String,
    /// Nothing may be changed.
    pub read_only: bool,
    /// Signed in with app credentials on behalf of the user.
    pub on_behalf: bool,
    /// What is read is kept in an archive.
    pub keeps: bool,
    /// What the sign-in asked.
    pub target: Target,
}

/// What the person typed to sign in.
#[derive(Clone, PartialEq, Eq)]
pub struct SignInForm {
    /// Whom, and where.
    pub target: Target,
    /// Password; kept out of `Debug`.
    pub password: String,
}

impl std::fmt::Debug for SignInForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignInForm").field("target", &self.target).finish_non_exhaustive()
    }
}

/// How to sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignIn {
    /// With what was typed.
    Form(SignInForm),
    /// With a kept profile.
    Profile(String),
    /// On the embedded demo.
    Demo,
    /// Again, as before (a lower-case id, an expired token).
    Again(Option<UserId>),
}

/// What to count by paging.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountQuery {
    /// Of which conversation.
    pub peer: Peer,
    /// Only messages at or before this one; all where there is none.
    pub before: Option<(ServerTime, MessageId)>,
}

/// What to look for in an archive.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// What messages must be.
    pub query: Query,
    /// Only in this conversation.
    pub peer: Option<Peer>,
    /// Only older than the hit of this key.
    pub below: Option<i64>,
    /// Hits at most.
    pub limit: usize,
    /// How much is there is wanted too.
    pub with_horizon: bool,
}

/// What was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Newest first.
    pub hits: Vec<Hit>,
    /// There are more below the last one.
    pub more: bool,
    /// Messages the index does not hold yet; they were looked at one by one.
    pub behind: u64,
    /// How much was looked through, where that was wanted.
    pub horizon: Option<Horizon>,
}

/// What touches the world.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Sign in.
    SignIn(RequestId, SignIn),
    /// Read the conversation list.
    LoadList(RequestId),
    /// Read a page.
    LoadPage(RequestId, HistoryQuery),
    /// Read what an archive has of a conversation that opens.
    OpenLocal(RequestId, Peer),
    /// Read what an archive has beyond the hole around this message.
    LoadBeyond(RequestId, Peer, MessageId, Direction),
    /// Read what lies around a place.
    LoadAround(RequestId, Peer, Spot),
    /// Read what an archive has around a place; no server is asked.
    LoadKept(RequestId, Peer, Spot),
    /// Look for messages in an archive.
    Search(RequestId, Look),
    /// Read the bookmarks an archive has.
    LoadBookmarks(RequestId),
    /// Keep a bookmark in the archive, or take the one of this letter out.
    KeepBookmark(RequestId, Letter, Option<Bookmark>),
    /// Read names in one batch.
    LoadNames(RequestId, Vec<Peer>),
    /// Delete exactly this. Never cancelled, never sent twice.
    Delete(RequestId, DeletionPlan),
    /// Read again what the archive has of a conversation, and take out what the server has deleted.
    Compare(RequestId, Peer),
    /// Ask the server for what it can filter, where the archive has holes.
    Inquire(RequestId, Inquiry),
    /// Mirror these conversations into the archive.
    Mirror(RequestId, Vec<Peer>),
    /// Write what an archive has into a file. Cancelled, it still answers.
    Export(RequestId, Box<Order>),
    /// Count by paging to the end.
    Count(RequestId, CountQuery),
    /// Forget these requests; their answers are not wanted.
    Cancel(Vec<RequestId>),
    /// Put text on the clipboard.
    Copy(String),
    /// Say [`Msg::GoOn`] once all other effects have begun.
    GoOn,
    /// Paint everything anew.
    Redraw,
    /// Suspend to the shell.
    Suspend,
    /// Leave the program.
    Quit,
}
