//! Looking for messages in what is kept: what was typed, what was found, and where in it the person is.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::input::Input;
use super::layout::{Focus, Zoom};
use super::msg::RequestId;
use super::timeline::RowKey;
use super::viewport::Anchor;
use crate::domain::{Failure, Hit, Horizon, Inquired, Peer};
use crate::text::search::Query;

/// Hits of one conversation that are shown until more are asked for, where several have some.
const FEW: usize = 3;

/// Words that are looked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sought {
    /// As typed.
    pub typed: String,
    /// As read.
    pub query: Query,
}

/// Where the person was before, for the way back.
#[derive(Clone, Debug)]
pub struct Home {
    /// Which pane had the keys.
    pub focus: Focus,
    /// How much room it had.
    pub zoom: Zoom,
    /// The open conversation.
    pub peer: Option<Peer>,
    /// The message under the cursor.
    pub cursor: Option<RowKey>,
    /// Where the screen stood.
    pub anchor: Anchor,
}

/// A row that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// The hit of this key.
    Hit(i64),
    /// The hits of this conversation that are not shown.
    More(Peer),
}

/// A row of the results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    /// A conversation and how many hits it has.
    Head(Peer, usize),
    /// The hit of this index.
    Hit(usize),
    /// So many more hits of this conversation.
    More(Peer, usize),
    /// Nothing.
    Blank,
}

/// A search on the screen.
#[derive(Clone, Debug)]
pub struct Search {
    /// The field.
    pub input: Input,
    /// The field has the keys.
    pub is_typing: bool,
    /// Only in this conversation.
    pub peer: Option<Peer>,
    /// The conversation it began in: what the narrower scope is.
    pub here: Option<Peer>,
    /// Where the person was before.
    pub home: Home,
    /// What the hits answer to.
    pub sought: Sought,
    /// Newest first.
    pub hits: Vec<Hit>,
    /// There are more below the last one.
    pub more: bool,
    /// Messages the index did not hold yet; they were looked at one by one.
    pub behind: u64,
    /// How much was looked through; unknown before the first answer.
    pub horizon: Option<Horizon>,
    /// Why there is no answer.
    pub failure: Option<Box<Failure>>,
    /// The chosen row.
    pub chosen: Option<Choice>,
    /// Conversations of which all hits are shown.
    pub unfolded: BTreeSet<Peer>,
    /// First visible row.
    pub top: usize,
    /// The request on its way.
    pub request: Option<RequestId>,
    /// Since when nothing answered.
    pub since: Duration,
    /// Enter was pressed before the answer came.
    pub enters: bool,
    /// Marked hits, by key.
    pub marks: BTreeSet<i64>,
    /// The hit that is open in its conversation.
    pub open: Option<i64>,
    /// The server is being asked for what is not here.
    pub inquires: Option<RequestId>,
    /// What the server sent for what the field holds.
    pub inquired: Option<Inquired>,
    /// Why it could not be asked.
    pub trouble: Option<Box<Failure>>,
}

impl Search {
    /// A search that has not begun.
    #[must_use]
    pub fn new(peer: Option<Peer>, home: Home) -> Self {
        Self {
            input: Input::default(),
            is_typing: true,
            here: peer.clone().or_else(|| home.peer.clone()),
            peer,
            home,
            sought: Sought::default(),
            hits: Vec::new(),
            more: false,
            behind: 0,
            horizon: None,
            failure: None,
            chosen: None,
            unfolded: BTreeSet::new(),
            top: 0,
            request: None,
            since: Duration::ZERO,
            enters: false,
            marks: BTreeSet::new(),
            open: None,
            inquires: None,
            inquired: None,
            trouble: None,
        }
    }

    /// The rows, top to bottom: newest first within one conversation, else by conversation, the one with the newest hit
    /// first. `airy` puts an empty row between conversations.
    #[must_use]
    pub fn rows(&self, airy: bool) -> Vec<Row> {
        if self.peer.is_some() {
            return (0..self.hits.len()).map(Row::Hit).collect();
        }
        let mut rows = Vec::with_capacity(self.hits.len() * 2);
        for (peer, hits) in self.groups() {
            if airy && !rows.is_empty() {
                rows.push(Row::Blank);
            }
            rows.push(Row::Head(peer.clone(), hits.len()));
            // A row that hides a single one saves nothing.
            let is_whole = self.unfolded.contains(peer) || hits.len() <= FEW + 1;
            let shown = if is_whole { hits.len() } else { FEW };
            rows.extend(hits[..shown].iter().map(|i| Row::Hit(*i)));
            if !is_whole {
                rows.push(Row::More(peer.clone(), hits.len() - shown));
            }
        }
        rows
    }

    /// Conversations in the order of their newest hits, with their hits.
    fn groups(&self) -> Vec<(&Peer, Vec<usize>)> {
        let mut places: BTreeMap<&Peer, usize> = BTreeMap::new();
        let mut groups: Vec<(&Peer, Vec<usize>)> = Vec::new();
        for (i, hit) in self.hits.iter().enumerate() {
            let at = *places.entry(&hit.peer).or_insert_with(|| {
                groups.push((&hit.peer, Vec::new()));
                groups.len() - 1
            });
            groups[at].1.push(i);
        }
        groups
    }

    /// Conversations with hits.
    #[must_use]
    pub fn conversations(&self) -> usize {
        self.hits.iter().map(|hit| &hit.peer).collect::<BTreeSet<_>>().len()
    }

    /// What a row chooses.
    #[must_use]
    pub fn choice(&self, row: &Row) -> Option<Choice> {
        match row {
            Row::Hit(i) => self.hits.get(*i).map(|hit| Choice::Hit(hit.key)),
            Row::More(peer, _) => Some(Choice::More(peer.clone())),
            Row::Head(..) | Row::Blank => None,
        }
    }

    /// The row that is chosen.
    #[must_use]
    pub fn chosen_row(&self, rows: &[Row]) -> Option<usize> {
        let chosen = self.chosen.as_ref()?;
        rows.iter().position(|row| self.choice(row).as_ref() == Some(chosen))
    }

    /// The chosen hit.
    #[must_use]
    pub fn hit(&self) -> Option<&Hit> {
        let Some(Choice::Hit(key)) = &self.chosen else { return None };
        self.hits.iter().find(|hit| hit.key == *key)
    }

    /// Which hit is chosen, from 1 on, in the order of the rows as if all were shown.
    #[must_use]
    pub fn nth(&self) -> Option<usize> {
        let Some(Choice::Hit(key)) = &self.chosen else { return None };
        self.order().iter().position(|i| self.hits[*i].key == *key).map(|i| i + 1)
    }

    /// The hits in the order of the rows as if all were shown.
    #[must_use]
    pub fn order(&self) -> Vec<usize> {
        if self.peer.is_some() {
            return (0..self.hits.len()).collect();
        }
        self.groups().into_iter().flat_map(|(_, hits)| hits).collect()
    }

    /// Keeps the chosen row within `height` rows from the top, with its conversation's name where that fits.
    pub fn scroll_to_chosen(&mut self, airy: bool, height: usize) {
        let (rows, height) = (self.rows(airy), height.max(1));
        let at = self.chosen_row(&rows).unwrap_or(0);
        let head = at.checked_sub(1).filter(|above| height > 1 && matches!(rows[*above], Row::Head(..))).unwrap_or(at);
        self.top = self.top.clamp((at + 1).saturating_sub(height), head);
        self.top = self.top.min(rows.len().saturating_sub(height));
    }
}

/// Rows at the foot of the results: how far the search looked.
#[must_use]
pub const fn foot_rows(airy: bool) -> u16 {
    if airy { 3 } else { 2 }
}
