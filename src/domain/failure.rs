//! What went wrong, in no layer's terms. Sentences for people are made in `report`.

use std::time::Duration;

use strum::{EnumIter, IntoStaticStr};

/// A failed request: its kind, and what the vendor said, word for word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What sort of failure.
    pub kind: FailureKind,
    /// HTTP status, where an answer came.
    pub status: Option<u16>,
    /// The vendor's `error` word and, in brackets, its `error_code`; secrets masked, hostile until sanitized.
    pub code: String,
    /// The vendor's `error_description`, or the reason of the transport; secrets masked, hostile until sanitized.
    pub text: String,
    /// How long the server asked to wait.
    pub retry_after: Option<Duration>,
    /// Which call, e.g. `POST messageroaming`.
    pub request: String,
    /// Our number for the request, as in the log.
    pub request_id: String,
}

impl Failure {
    /// A failure of `kind` with the reason `text` and nothing from a server.
    #[must_use]
    pub fn local(kind: FailureKind, text: impl Into<String>) -> Self {
        Self {
            kind,
            status: None,
            code: String::new(),
            text: text.into(),
            retry_after: None,
            request: String::new(),
            request_id: String::new(),
        }
    }
}

/// Paid services a server may lack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, IntoStaticStr, EnumIter)]
#[strum(serialize_all = "kebab-case")]
pub enum Service {
    /// `messageroaming`
    History,
    /// One-way deletion.
    Deletion,
    /// The conversation list.
    ConversationList,
    /// Anything else.
    Other,
}

/// The sorts of failure that people are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum FailureKind {
    /// Sign-in: the password is wrong.
    WrongPassword,
    /// Sign-in: no such user.
    UnknownUser,
    /// Sign-in: app id or secret is wrong.
    WrongAppCredentials,
    /// No such app, or another cluster.
    WrongAppKey,
    /// The token is too old and could not be renewed.
    TokenExpired,
    /// The token is not accepted.
    TokenRejected,
    /// A renewed token belongs to somebody else; stopped.
    IdentityChanged,
    /// The token given is another user's; stopped.
    ForeignToken,
    /// The server does not sell this service to this app.
    ServiceNotEnabled(Service),
    /// Not allowed for this user.
    Forbidden,
    /// Too many requests; waited and gave up, or the caller must wait.
    RateLimited,
    /// The path or the thing is not known to the server.
    NotFound,
    /// The server found the request wrong.
    BadRequest,
    /// The server failed.
    Server,
    /// The connection could not be made: refused, no route, no name.
    Unreachable,
    /// The connection broke in the middle.
    Interrupted,
    /// No answer in time.
    Timeout,
    /// Certificate or TLS trouble.
    Tls,
    /// A proxy in between refused.
    Proxy,
    /// A web page came instead of the API.
    NotApi,
    /// The answer cannot be read.
    BadAnswer,
    /// The answer is larger than we accept.
    TooLarge,
    /// The server wants to send us elsewhere.
    Redirected,
    /// Plain `http://` to a host that is not this machine.
    PlainHttp,
    /// This session may only read.
    ReadOnly,
    /// The request was refused here before anything was sent.
    Refused,
    /// The person stopped it.
    Cancelled,
    /// Nobody is signed in, and the archive does not have it.
    NotHere,
    /// Another program holds a file of ours and did not let go.
    Busy,
    /// No room is left on this disk.
    DiskFull,
    /// A damaged archive was put aside, and may still hold what was deleted.
    PutAside,
    /// A file of ours could not be read or written.
    Local,
}

impl FailureKind {
    /// Key of the sentence that names it; `-cause` and `-next` follow for why and what to do.
    #[must_use]
    pub fn text_key(self) -> String {
        let name: &str = self.into();
        match self {
            Self::ServiceNotEnabled(service) => format!("error-{name}-{}", <&str>::from(service)),
            _ => format!("error-{name}"),
        }
    }

    /// Whether the server wants somebody to sign in again, or to be somebody else.
    #[must_use]
    pub const fn ends_session(self) -> bool {
        matches!(
            self,
            Self::WrongPassword
                | Self::UnknownUser
                | Self::WrongAppCredentials
                | Self::TokenExpired
                | Self::TokenRejected
                | Self::IdentityChanged
        )
    }

    /// Whether no whole answer came.
    #[must_use]
    pub const fn is_lost(self) -> bool {
        matches!(self, Self::Unreachable | Self::Timeout | Self::Interrupted)
    }

    /// Whether nobody was there to answer: no server, or only what is kept on this disk.
    #[must_use]
    pub const fn is_without_server(self) -> bool {
        self.is_lost() || matches!(self, Self::NotHere)
    }

    /// Whether reading again later may work by itself.
    #[must_use]
    pub const fn is_passing(self) -> bool {
        matches!(
            self,
            Self::RateLimited | Self::Server | Self::Unreachable | Self::Interrupted | Self::Timeout | Self::Busy
        )
    }
}
