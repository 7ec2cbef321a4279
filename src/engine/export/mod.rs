//! Writing what the archive has, message by message, for the command line and the screen alike. No server is asked.
//!
//! [`Job`] says what is written and writes it to anything; [`Part`] is the file it is written to.

mod beside;
mod part;
mod pick;

use std::future::Future;
use std::io::{self, Write};

pub use self::beside::{AtHand, picture};
pub use self::part::{OnLeft, Part, reason};
pub use self::pick::{PickError, Picked};
use super::{Archive, Names};
use crate::domain::{Failure, Format, Message, Peer};
use crate::export::{Before, Exporter, Heading, Options, Saved, Scope, Totals};

/// Messages read at once.
const PAGE: usize = 200;

/// What is to be written.
pub struct Job<'a> {
    /// From where.
    pub archive: &'a Archive,
    /// The conversations, in this order.
    pub peers: &'a [Peer],
    /// Only these messages of them.
    pub picked: Option<Picked>,
    /// As what.
    pub format: Format,
    /// How.
    pub options: Options,
    /// What an export says of itself.
    pub scope: Scope,
}

/// What goes along with an export: files for its messages, and whoever follows how far it is.
pub trait Along {
    /// A file that is at hand.
    type File;
    /// Why an export ends because of one.
    type Error;

    /// The file of a message, where it has one that is at hand.
    fn file(
        &mut self,
        peer: &Peer,
        message: &Message,
    ) -> impl Future<Output = Result<Option<Self::File>, Self::Error>> + Send;

    /// The file, as an export says it.
    fn saved(file: &Self::File) -> Saved<'_>;

    /// So many messages are written, the last ones of this conversation.
    fn written(&mut self, peer: &Peer, messages: u64);
}

/// What broke an export off.
#[derive(Debug)]
pub enum Broken<E> {
    /// The archive.
    Archive(Failure),
    /// Where it is written to.
    Writing(io::Error),
    /// What goes along.
    Along(E),
}

impl<E> From<Failure> for Broken<E> {
    fn from(failure: Failure) -> Self {
        Self::Archive(failure)
    }
}

impl<E> From<io::Error> for Broken<E> {
    fn from(error: io::Error) -> Self {
        Self::Writing(error)
    }
}

impl Job<'_> {
    /// Writes what stands before the first message.
    ///
    /// # Errors
    /// The writer's.
    pub fn start<W: Write>(&self, to: W) -> io::Result<Exporter<W>> {
        Exporter::start(self.format, to, self.options.clone(), self.scope.clone())
    }

    /// Oldest first, a few hundred messages at a time; without those that `before` holds.
    ///
    /// # Errors
    /// [`Broken`]; what is written by then stays where it is.
    pub async fn write<W: Write, A: Along>(
        self,
        mut exporter: Exporter<W>,
        before: Option<&Before>,
        along: &mut A,
    ) -> Result<(W, Totals), Broken<A::Error>> {
        let (profiles, groups) = self.archive.names_now();
        let names = Names { profiles, groups };
        let mut written = before.map_or(0, Before::messages);
        for peer in self.peers {
            let keys = match &self.picked {
                Some(picked) => match picked.of(peer) {
                    Some(keys) => Some(keys),
                    None => continue,
                },
                None => None,
            };
            let whole = keys.is_none() && self.archive.horizon(Some(peer.clone())).await?.whole;
            let name = names.profiles.get(peer.id()).map(|p| p.nickname.as_str());
            let name = name.or_else(|| names.groups.get(peer.id()).map(|g| g.name.as_str()));
            exporter.conversation(Heading { peer, name: name.filter(|n| !n.is_empty()), whole, coverage: None })?;
            let mut pages = Pages { archive: self.archive, peer, keys, after: -1, is_over: false };
            while let Some(page) = pages.next().await? {
                for message in page.iter().filter(|m| before.is_none_or(|before| !before.holds(peer, m))) {
                    let from = names.profiles.get(&message.from).map(|p| p.nickname.as_str());
                    let file = along.file(peer, message).await.map_err(Broken::Along)?;
                    exporter.message(message, from.filter(|n| !n.is_empty()), file.as_ref().map(A::saved))?;
                    written += 1;
                }
                along.written(peer, written);
            }
            // Some of it may have left this disk meanwhile.
            if whole && !self.archive.horizon(Some(peer.clone())).await?.whole {
                exporter.is_part();
            }
        }
        Ok(exporter.finish(self.picked.is_none())?)
    }
}

/// The messages of a conversation, oldest first: all of them, or those at these places.
struct Pages<'a> {
    archive: &'a Archive,
    peer: &'a Peer,
    keys: Option<&'a [i64]>,
    after: i64,
    is_over: bool,
}

impl Pages<'_> {
    async fn next(&mut self) -> Result<Option<Vec<Message>>, Failure> {
        // An interrupt is heard between two pages.
        tokio::task::yield_now().await;
        if self.is_over {
            return Ok(None);
        }
        let Some(keys) = self.keys else {
            let page = self.archive.after_now(self.peer, self.after, PAGE)?;
            self.is_over = page.len() < PAGE;
            self.after = page.last().map_or(self.after, |(place, _)| *place);
            return Ok(Some(page.into_iter().map(|(_, message)| message).collect()));
        };
        let (now, rest) = keys.split_at(keys.len().min(PAGE));
        (self.keys, self.is_over) = (Some(rest), rest.is_empty());
        let mut page = Vec::with_capacity(now.len());
        for key in now {
            let found = self.archive.after_now(self.peer, *key - 1, 1)?;
            page.extend(found.into_iter().filter(|(place, _)| place == key).map(|(_, message)| message));
        }
        Ok(Some(page))
    }
}
