//! How the screen signs in: the program decides where to, the runtime only asks.

use std::pin::Pin;

use tokio::sync::mpsc;

use crate::app::msg::SignIn;
use crate::app::{Account, Msg};
use crate::domain::Failure;
use crate::engine::{Archive, Engine};

/// A signed-in engine, and how the screen names the account.
pub struct Connected {
    /// What requests go through.
    pub engine: Engine,
    /// Who it is.
    pub account: Account,
}

/// A sign-in on its way.
pub type Attempt = Pin<Box<dyn Future<Output = Result<Connected, Failure>> + Send>>;

/// Turns a way of signing in into a signed-in engine. Knows profiles, credentials and the demo; the runtime does not.
pub trait Connector: Send + Sync {
    /// Begins to sign in. Waits of the client (throttling) are told through `out`.
    fn connect(&self, how: SignIn, out: mpsc::UnboundedSender<Msg>) -> Attempt;

    /// The archive of the account that will be signed in to, where that is known: it answers while nobody is.
    fn archive(&self) -> Option<Archive>;
}
