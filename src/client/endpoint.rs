//! Where to connect, and as whom.

use std::fmt;
use std::net::IpAddr;

use reqwest::Url;

use crate::domain::{AppKey, Failure, FailureKind, UserId};

/// The server and the app on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// Base of the REST calls, without the app.
    pub api: ApiUrl,
    /// Address of the long connection; checked like `api`, but `ws` and `wss`.
    pub ws: Option<String>,
    /// Which app.
    pub app_key: AppKey,
    /// `http://` to hosts other than this machine is accepted.
    pub allow_plain_http: bool,
}

impl Endpoint {
    /// Checks both addresses.
    ///
    /// # Errors
    /// [`FailureKind::PlainHttp`] for clear text to another host without `allow_plain_http`, [`FailureKind::Refused`]
    /// for anything that is not a plain base address.
    pub fn new(api: &str, ws: Option<&str>, app_key: AppKey, allow_plain_http: bool) -> Result<Self, Failure> {
        if let Some(ws) = ws {
            check(ws, ["ws", "wss"], allow_plain_http)?;
        }
        let api = ApiUrl::new(api, allow_plain_http)?;
        Ok(Self { api, ws: ws.map(str::to_owned), app_key, allow_plain_http })
    }

    /// The address all paths of the app follow, without a slash at its end.
    pub(super) fn base(&self) -> String {
        format!("{}/{}/{}", self.api.as_str(), self.app_key.org(), self.app_key.app())
    }
}

/// A checked `http` or `https` base address without a slash at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiUrl(String);

impl ApiUrl {
    /// Checks an address; `http` only to this machine unless `allow_plain_http`.
    ///
    /// # Errors
    /// As [`Endpoint::new`].
    pub fn new(text: &str, allow_plain_http: bool) -> Result<Self, Failure> {
        check(text, ["http", "https"], allow_plain_http)?;
        Ok(Self(text.trim_end_matches('/').to_owned()))
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The address must already be in normal form: what is checked is then what is called.
fn check(text: &str, [clear, safe]: [&str; 2], allow_clear: bool) -> Result<(), Failure> {
    let refused = |why: &str| Failure::local(FailureKind::Refused, format!("address: {why}"));
    if text.len() > 2048 || !text.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(refused("only up to 2048 visible ASCII characters"));
    }
    let url = Url::parse(text).map_err(|e| refused(&e.to_string()))?;
    if url.as_str().trim_end_matches('/') != text.trim_end_matches('/') {
        return Err(refused("not in its normal form"));
    }
    if !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
        return Err(refused("no user, query or fragment in it"));
    }
    match url.scheme() {
        scheme if scheme == safe => Ok(()),
        scheme if scheme == clear && (allow_clear || is_loopback(&url)) => Ok(()),
        scheme if scheme == clear => Err(Failure::local(FailureKind::PlainHttp, text)),
        _ => Err(refused(&format!("must begin with {safe}:// or {clear}://"))),
    }
}

/// Whether the host is this machine. `localhost` counts: the transport never asks a resolver for it.
pub(super) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || address.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// A password, token or app secret. No `Display`; `Debug` says nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a secret.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The secret itself, for the one place that sends or stores it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

/// The three ways to sign in.
#[derive(Clone, Debug)]
pub enum Credentials {
    /// With the user's password; renews itself.
    Password {
        /// Who.
        user: UserId,
        /// Their password.
        password: Secret,
    },
    /// With a token of the user; cannot be renewed.
    Token {
        /// Whose token it is.
        user: UserId,
        /// The token.
        token: Secret,
    },
    /// With the app's own credentials, seeing what the user sees; read-only; renews itself.
    OnBehalf {
        /// Whose view.
        user: UserId,
        /// The app's client id.
        client_id: String,
        /// The app's client secret.
        client_secret: Secret,
    },
}

impl Credentials {
    /// Whose session it will be.
    #[must_use]
    pub const fn user(&self) -> &UserId {
        match self {
            Self::Password { user, .. } | Self::Token { user, .. } | Self::OnBehalf { user, .. } => user,
        }
    }

    /// Whether the session may only read.
    #[must_use]
    pub const fn is_read_only(&self) -> bool {
        matches!(self, Self::OnBehalf { .. })
    }
}
