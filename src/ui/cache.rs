//! What is kept between frames: wrapped rows of messages that are visible or near, those rows as they were drawn, and the list as it was drawn.
//! Invisible: a warm cache draws what an empty one draws.

use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use crate::app::History;
use crate::app::history::Item;
use crate::app::rows::{Line, RowsCx};
use crate::cells::Sign;
use crate::domain::ServerTime;

/// Items whose rows are kept at most.
const KEPT: usize = 600;
/// Drawn rows that are kept at most: some screens.
const DRAWN: usize = 240;

/// What a row on the screen shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Strip {
    /// The number of its item, as [`LayoutCache::lines`] gives it.
    pub(super) look: u64,
    /// Which row of the item.
    pub(super) nth: usize,
    pub(super) shade: Shade,
    /// What its signs mean.
    pub(super) meaning: u64,
}

/// Whether cursor and mark lie on an item.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Shade {
    pub(super) cursor: bool,
    pub(super) focused: bool,
    pub(super) marked: bool,
}

/// Rows of items drawn lately, and a pane as it was drawn last.
#[derive(Debug, Default)]
pub struct LayoutCache {
    rows: HashMap<u64, (Rc<[Line]>, u64)>,
    drawn: HashMap<Strip, (Box<[Sign]>, u64)>,
    frame: u64,
    wrapped: usize,
    list: Option<(u64, Range<ServerTime>, Vec<Sign>)>,
}

impl LayoutCache {
    /// Items that were laid out anew in the last frame, and after it for the next.
    #[must_use]
    pub const fn wrapped(&self) -> usize {
        self.wrapped
    }

    pub(super) fn next_frame(&mut self) {
        self.frame += 1;
        self.wrapped = 0;
        // Without a rest between keys nothing is given up in time.
        self.keep(2);
    }

    /// Gives up what was not used lately, once that is much; for when nothing waits.
    pub(super) fn rest(&mut self) {
        self.keep(1);
    }

    fn keep(&mut self, times: usize) {
        let frame = self.frame;
        if self.rows.len() > times * KEPT {
            self.rows.retain(|_, (_, used)| *used + 2 > frame);
        }
        if self.drawn.len() > times * DRAWN {
            self.drawn.retain(|_, (_, used)| *used + 2 > frame);
        }
    }

    /// The cells of the list, if it looked like this when it was drawn last, and that holds still.
    pub(super) fn list(&self, look: u64, now: ServerTime) -> Option<&[Sign]> {
        let (kept, lasts, cells) = self.list.as_ref()?;
        (*kept == look && lasts.contains(&now)).then_some(cells)
    }

    /// Keeps the list as it was drawn, and from when until when it looks so.
    pub(super) fn keep_list(&mut self, look: u64, lasts: Range<ServerTime>, cells: Vec<Sign>) {
        self.list = Some((look, lasts, cells));
    }

    /// The signs of a row that was drawn lately.
    pub(super) fn drawn(&mut self, strip: &Strip) -> Option<&[Sign]> {
        let (signs, used) = self.drawn.get_mut(strip)?;
        *used = self.frame;
        Some(signs)
    }

    /// Keeps a row as it was drawn.
    pub(super) fn keep_drawn(&mut self, strip: Strip, signs: Vec<Sign>) {
        self.drawn.insert(strip, (signs.into(), self.frame));
    }

    /// The rows of an item, laid out only when anything they depend on changed, and the number that stands for all that;
    /// none for an edge. `common` is what all rows of the history depend on.
    pub(super) fn lines(
        &mut self,
        (cx, common): (&RowsCx<'_>, u64),
        history: &History,
        item: Item,
    ) -> (Rc<[Line]>, Option<u64>) {
        let entry = match item {
            Item::Row(key) => history.timeline.get(key),
            Item::Edge(..) => None,
        };
        let Some(entry) = entry else { return (cx.lines(history, item).into(), None) };
        let (frame, wrapped, look) = (self.frame, &mut self.wrapped, cx.look(common, history, entry));
        let kept = self.rows.entry(look).or_insert_with(|| {
            *wrapped += 1;
            (cx.lines(history, item).into(), frame)
        });
        kept.1 = frame;
        (Rc::clone(&kept.0), Some(look))
    }
}
