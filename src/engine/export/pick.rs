//! Which messages of conversations are written: those a search finds, or those with these ids.

use std::collections::HashMap;

use crate::domain::{Failure, MessageId, Peer};
use crate::engine::{Archive, SearchScope};
use crate::text::search::Query;

/// Hits read at once.
const PAGE: usize = 500;

/// The places of what was picked, oldest first, by conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picked(HashMap<Peer, Vec<i64>>);

/// Why nothing was picked.
#[derive(Debug)]
pub enum PickError {
    /// The archive failed.
    Archive(Failure),
    /// It has no such message.
    Missing(MessageId),
}

impl From<Failure> for PickError {
    fn from(failure: Failure) -> Self {
        Self::Archive(failure)
    }
}

impl Picked {
    /// Places that are known, in any order.
    #[must_use]
    pub fn at(places: HashMap<Peer, Vec<i64>>) -> Self {
        let sorted = |(peer, mut keys): (Peer, Vec<i64>)| {
            keys.sort_unstable();
            keys.dedup();
            (peer, keys)
        };
        Self(places.into_iter().map(sorted).filter(|(_, keys)| !keys.is_empty()).collect())
    }

    /// All that a query finds in these conversations. The index learns first what it does not hold yet.
    ///
    /// # Errors
    /// What the archive says.
    pub async fn found(archive: &Archive, query: &Query, peers: &[Peer]) -> Result<Self, Failure> {
        archive.index().await;
        let mut out = HashMap::new();
        for peer in peers {
            let (mut keys, mut below) = (Vec::new(), None);
            loop {
                let scope = SearchScope { peer: Some(peer.clone()), below, limit: PAGE };
                let found = archive.search(query.clone(), scope).await?;
                keys.extend(found.hits.iter().map(|hit| hit.key));
                below = keys.last().copied();
                if found.hits.len() < PAGE {
                    break;
                }
            }
            out.insert(peer.clone(), keys);
        }
        Ok(Self::at(out))
    }

    /// Those with these ids: all of them, or none.
    ///
    /// # Errors
    /// [`PickError`].
    pub async fn named(archive: &Archive, peer: &Peer, ids: &[MessageId]) -> Result<Self, PickError> {
        let mut keys = Vec::new();
        for id in ids {
            keys.push(archive.place(peer, *id).await?.ok_or(PickError::Missing(*id))?);
        }
        Ok(Self::at(HashMap::from([(peer.clone(), keys)])))
    }

    /// Those of a conversation; `None` where it has none.
    #[must_use]
    pub fn of(&self, peer: &Peer) -> Option<&[i64]> {
        self.0.get(peer).map(Vec::as_slice)
    }

    /// How many messages.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.values().map(Vec::len).sum()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
