//! What a person can ask for: one closed enum that keys, help, documentation and tests share.

use strum::{Display, EnumIter, EnumString, IntoStaticStr};

/// A nameable request of the person. Names are kebab-case (`next-message`); help texts have the key `action-NAME`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Display, EnumString, EnumIter, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Action {
    /// Next row: conversation, message, line of a dialog.
    Down,
    /// Previous row.
    Up,
    /// Half a page down.
    HalfDown,
    /// Half a page up.
    HalfUp,
    /// A page down.
    PageDown,
    /// A page up.
    PageUp,
    /// The first row; in a history the oldest message on the server.
    First,
    /// The last row; in a history the newest message on the server.
    Last,
    /// The first unread message of a history.
    FirstUnread,
    /// Scroll one line down, the cursor stays while it can.
    LineDown,
    /// Scroll one line up.
    LineUp,
    /// Previous day of a history.
    PreviousDay,
    /// Next day of a history.
    NextDay,
    /// Go to a date or a time of a history.
    GoToTime,
    /// Go to a message of a history by its id.
    GoToMessage,
    /// Set a bookmark on the message; a letter follows.
    SetBookmark,
    /// Go to a bookmark; its letter follows, or the same key again for where the last jump began.
    GoToBookmark,
    /// Open the conversation, load a gap, retry a failed row.
    Open,
    /// Open any peer by id.
    OpenPeer,
    /// Pane to the right, or open.
    PaneIn,
    /// Pane to the left, or back.
    PaneOut,
    /// Next pane.
    NextPane,
    /// Previous pane.
    PreviousPane,
    /// More room for the focused pane.
    LargerPane,
    /// Less room for the focused pane.
    SmallerPane,
    /// Leave: find, filter, marks, layer, in that order.
    Back,
    /// Close the pane or layer, then the program.
    Close,
    /// Stop what is running; twice quits.
    Interrupt,
    /// Suspend to the shell.
    Suspend,
    /// Paint everything anew.
    Redraw,
    /// Read again from the server.
    Refresh,
    /// Mirror all conversations into the archive, or see how far it is.
    Sync,
    /// Write conversations, messages or hits into a file.
    Export,
    /// Help for the focused pane.
    Help,
    /// Find in the list; in a history look for messages of this conversation.
    Find,
    /// Look for messages of all conversations.
    Search,
    /// Look in one conversation, or in all.
    SearchScope,
    /// Ask the server for what a search filters by.
    AskServer,
    /// Next hit.
    FindNext,
    /// Previous hit.
    FindPrevious,
    /// Hide rows that do not match.
    Filter,
    /// Next conversation that waits or is unread.
    NextAttention,
    /// Previous conversation that waits or is unread.
    PreviousAttention,
    /// Longest wait first.
    SortWaiting,
    /// Newest message first.
    SortRecent,
    /// Most unread first.
    SortUnread,
    /// By name.
    SortName,
    /// The current order the other way round.
    SortReverse,
    /// Mark or unmark the row.
    Mark,
    /// Mark from here to where the cursor goes.
    MarkRange,
    /// Mark everything that matches.
    MarkAll,
    /// All fields of the message and its raw form.
    Detail,
    /// Copy the id.
    CopyId,
    /// Copy the sender's or peer's name.
    CopyName,
    /// Copy the attachment's link.
    CopyLink,
    /// Copy the JSON form.
    CopyJson,
    /// Copy the words.
    CopyText,
    /// Wrap long texts, or cut them.
    ToggleWrap,
    /// Relative, local or UTC times.
    TimeFormat,
    /// Delete the marked messages, or this one.
    DeleteMessages,
    /// Delete everything older than this message.
    DeleteBefore,
    /// Hide the conversation; its history stays.
    HideConversation,
    /// Delete the conversation and its history.
    DeleteConversation,
}
