//! What the program shows and why, without any I/O: [`State`], what can happen to it ([`Msg`]) and what it then asks of
//! the world ([`Effect`]). The one way in is [`update`](update::update).

pub mod bookmarks;
pub mod export;
pub mod filter;
pub mod history;
pub mod input;
mod join;
pub mod layer;
pub mod layout;
pub mod list;
pub mod msg;
mod names;
pub mod notice;
mod reconcile;
pub mod request;
pub mod rows;
pub mod search;
pub mod sync;
pub mod timeline;
mod tracked;
pub mod update;
pub mod viewport;
mod waiting;
pub mod words;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use self::bookmarks::Bookmarks;
pub use self::history::History;
use self::input::Input;
pub use self::layer::Layer;
pub use self::layout::{Area, Focus, Layout, Panes, Zoom};
use self::list::List;
pub use self::msg::{Account, Answer, Effect, KeptProfile, Msg, Now, RequestId, SignIn, Target};
pub use self::names::Names;
use self::request::Ledger;
pub use self::tracked::Tracked;
use crate::action::Action;
use crate::domain::{DeletionPlan, DeletionReport, Failure, FailureKind, Peer, ServerTime};
use crate::i18n::Texts;
use crate::keymap::{Key, Keymap, Place};

/// How times are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TimeFormat {
    /// `14:02` in the person's zone.
    #[default]
    Local,
    /// `9m`, `2h14`, `3d` ago.
    Relative,
    /// `06:02` in UTC, said so.
    Utc,
}

/// Dark or light ground.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ThemeKind {
    /// Light text on a dark ground.
    #[default]
    Dark,
    /// Dark text on a light ground.
    Light,
}

/// How many colours the terminal has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Depth {
    /// 24 bits; paints its own ground.
    #[default]
    True,
    /// The 256-colour palette.
    Indexed,
    /// The terminal's own sixteen; never paints a ground.
    Sixteen,
    /// None: bold, dim, underline, reverse.
    None,
}

/// What the person chose, or the terminal can do. Drawing and measuring depend on it.
#[derive(Clone, Debug)]
pub struct Options {
    /// Words of the screen.
    pub texts: Arc<Texts>,
    /// Keys.
    pub keymap: Arc<Keymap>,
    /// Time zone of days and times.
    pub zone: jiff::tz::TimeZone,
    /// Dark or light.
    pub theme: ThemeKind,
    /// Colours of the terminal.
    pub depth: Depth,
    /// Our own marks in ASCII.
    pub ascii: bool,
    /// Long texts wrap; else they are cut.
    pub wrap: bool,
    /// How times are written.
    pub time: TimeFormat,
    /// Kept profiles, for the welcome screen.
    pub profiles: Vec<KeptProfile>,
}

/// The whole screen's subject.
#[derive(Clone, Debug)]
pub enum Screen {
    /// Nothing chosen yet; index of the selected choice: demo, sign in, then the profiles.
    Welcome(usize),
    /// The sign-in form.
    SignIn(Box<SignInScreen>),
    /// Conversations and history.
    Main,
}

/// The sign-in form.
#[derive(Clone, Debug)]
pub struct SignInScreen {
    /// Address, app key, user, password.
    pub fields: [Input; 4],
    /// Which field has the caret.
    pub focus: usize,
    /// Why the form cannot be sent, as a text key.
    pub problem: Option<&'static str>,
}

/// What is shown without any server, because the person asked for that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Local {
    /// The archive of an account.
    Archive {
        /// The account, as the title names it.
        who: String,
        /// When it was opened.
        since: ServerTime,
    },
    /// A file.
    File {
        /// Its name.
        name: String,
        /// Messages in it.
        messages: u64,
    },
}

/// Whether somebody is signed in.
#[derive(Clone, Debug)]
pub enum Session {
    /// Nobody.
    Out,
    /// Nobody, and nobody is asked anything: this is all there is.
    Local(Local),
    /// Asked since.
    SigningIn(RequestId, Now),
    /// This account.
    In(Account),
    /// Refused, or ended by the server.
    Refused(Box<Failure>),
}

/// How the last requests went.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Connection {
    /// Answered.
    #[default]
    Online,
    /// The client asks again at this moment on the monotonic clock, because the server said so or failed.
    Waiting(Duration, FailureKind),
    /// No answer.
    Offline {
        /// Since when.
        since: Now,
        /// When the client asks again by itself, on the monotonic clock.
        again: Option<Duration>,
    },
}

impl Connection {
    /// No answer came, or none any more; `again` as in [`Connection::Offline`].
    pub(crate) fn lose(&mut self, now: Now, again: Option<Duration>) {
        let since = if let Self::Offline { since, .. } = self { *since } else { now };
        *self = Self::Offline { since, again };
    }

    /// When the client asks again by itself.
    #[must_use]
    pub const fn again(&self) -> Option<Duration> {
        match self {
            Self::Online => None,
            Self::Waiting(at, _) => Some(*at),
            Self::Offline { again, .. } => *again,
        }
    }
}

/// A line that goes away by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toast {
    /// Its words.
    pub text: String,
    /// When it goes, on the monotonic clock.
    pub until: Duration,
}

/// Keys of an unfinished chord.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pending {
    /// Typed so far.
    pub keys: Vec<Key>,
    /// Since when; hints show after 300 ms, those of `D` at once.
    pub since: Duration,
    /// The keys are whole, and a letter is to follow.
    pub letter: Option<Action>,
}

impl Pending {
    /// Forgets them.
    pub fn clear(&mut self) {
        *self = Self::default();
    }
}

/// A deletion on its way. It is never cancelled by anything on the screen.
#[derive(Clone, Debug)]
pub struct Running {
    /// Its request.
    pub request: RequestId,
    /// What is being sent.
    pub plan: DeletionPlan,
    /// Plans still to be sent after it.
    pub waiting: VecDeque<DeletionPlan>,
    /// Reports of the plans before.
    pub reports: Vec<DeletionReport>,
    /// Requests answered, and requests in all.
    pub done: (usize, usize),
}

/// Everything the screen is drawn from.
#[derive(Clone, Debug)]
pub struct State {
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// The person's choices.
    pub options: Tracked<Options>,
    /// What the screen is about.
    pub screen: Screen,
    /// Whether somebody is signed in.
    pub session: Session,
    /// Why the server no longer takes the sign-in; over with the next answer.
    pub lost: Option<Box<Failure>>,
    /// What was tried last, as far as that is known; for saying who was refused, and for the form.
    pub tried: Target,
    /// Whose conversations are on the screen.
    pub shown: Option<Target>,
    /// How the last requests went.
    pub connection: Connection,
    /// The conversation list.
    pub list: Tracked<List>,
    /// The open conversation.
    pub history: Option<History>,
    /// Conversations opened before, newest last; shown at once when they are opened again.
    pub recent: VecDeque<History>,
    /// What is being looked for; its results stand in the place of the list.
    pub search: Option<Box<search::Search>>,
    /// Bookmarks, and where the last jump began.
    pub bookmarks: Bookmarks,
    /// Which pane has the keys.
    pub focus: Focus,
    /// How much room it has.
    pub zoom: Zoom,
    /// The detail of the message under the cursor is wanted.
    pub detail: bool,
    /// Above the panes; the last one is on top.
    pub layers: Vec<Layer>,
    /// An unfinished chord.
    pub pending: Pending,
    /// A line that goes away by itself.
    pub toast: Option<Toast>,
    /// Names of people and groups.
    pub names: Tracked<Names>,
    /// Requests on their way.
    pub requests: Ledger,
    /// A deletion on its way.
    pub running: Option<Running>,
    /// What is up with the archive; it stays until the program ends.
    pub note: Option<msg::Note>,
    /// Exports: the one on its way, and what the next one begins with.
    pub exports: export::Exports,
    /// The mirroring that was asked for last.
    pub sync: Option<Box<sync::Mirroring>>,
    /// How signing in was asked for last, a typed form apart: that one stays on the screen.
    pub sign_in: Option<SignIn>,
    /// A peer to open once signed in.
    pub open_at_start: Option<Peer>,
    /// When the last message came in.
    pub now: Now,
    /// `C-c` was pressed once, at this moment; a second time within two seconds quits.
    pub interrupted: Option<Duration>,
    /// The program leaves once the running deletion is answered.
    pub leaving: bool,
    /// When the oldest page request on its way was asked for; "loading" is said 300 ms later.
    pub loading_since: Option<Duration>,
}

impl State {
    /// The welcome screen, nobody signed in.
    #[must_use]
    pub fn new(options: Options, size: (u16, u16), now: Now) -> Self {
        Self {
            size,
            options: Tracked::new(options),
            screen: Screen::Welcome(0),
            session: Session::Out,
            lost: None,
            tried: Target::default(),
            shown: None,
            connection: Connection::Online,
            list: Tracked::new(List::default()),
            history: None,
            recent: VecDeque::new(),
            note: None,
            search: None,
            bookmarks: Bookmarks::default(),
            focus: Focus::List,
            zoom: Zoom::Normal,
            detail: false,
            layers: Vec::new(),
            pending: Pending::default(),
            toast: None,
            names: Tracked::new(Names::default()),
            requests: Ledger::default(),
            running: None,
            exports: export::Exports::default(),
            sync: None,
            sign_in: None,
            open_at_start: None,
            now,
            interrupted: None,
            leaving: false,
            loading_since: None,
        }
    }

    /// Who is signed in.
    #[must_use]
    pub const fn account(&self) -> Option<&Account> {
        match &self.session {
            Session::In(account) => Some(account),
            Session::Out | Session::Local(_) | Session::SigningIn(..) | Session::Refused(_) => None,
        }
    }

    /// What is shown without any server, where that was asked for.
    #[must_use]
    pub const fn local(&self) -> Option<&Local> {
        match &self.session {
            Session::Local(local) => Some(local),
            Session::Out | Session::In(_) | Session::SigningIn(..) | Session::Refused(_) => None,
        }
    }

    /// The id of the user whose conversations are on the screen, or nothing.
    #[must_use]
    pub fn me(&self) -> &str {
        let shown = self.shown.as_ref().map_or("", |target| target.user.as_str());
        self.account().map_or(shown, |a| a.user.as_str())
    }

    /// The signed-in user's id, else the one that was tried last.
    #[must_use]
    pub fn who(&self) -> &str {
        self.account().map_or(&self.tried.user, |a| a.user.as_str())
    }

    /// Whether a page has been on its way for so long that the screen says so.
    #[must_use]
    pub fn is_late_loading(&self) -> bool {
        self.loading_since.is_some_and(|since| self.now.elapsed >= since + update::HINT_AFTER)
    }

    /// Whose keys hold.
    #[must_use]
    pub const fn place(&self) -> Place {
        match self.focus {
            Focus::List if self.search.is_some() => Place::Results,
            Focus::List => Place::List,
            Focus::History => Place::History,
        }
    }

    /// Where the panes are.
    #[must_use]
    pub fn layout(&self) -> Layout {
        let marks = self.history.as_ref().is_some_and(|h| !h.marks.is_empty());
        let panes = Panes { focus: self.focus, zoom: self.zoom, detail: self.detail, results: self.search.is_some() };
        let layout = Layout::of(self.size.0, self.size.1, panes);
        layout.with_lines(self.notice().is_some(), marks)
    }
}
