//! Wrapped rows of visible messages, kept between frames. Invisible: a warm cache draws what an empty one draws.

use std::collections::HashMap;
use std::rc::Rc;

use crate::app::History;
use crate::app::history::Item;
use crate::app::rows::{Line, RowsCx};

/// Items whose rows are kept at most.
const KEPT: usize = 600;

/// Rows of items drawn lately.
#[derive(Debug, Default)]
pub struct LayoutCache {
    rows: HashMap<u64, (Rc<[Line]>, u64)>,
    frame: u64,
    wrapped: usize,
}

impl LayoutCache {
    /// Items that were laid out anew in the last frame.
    #[must_use]
    pub const fn wrapped(&self) -> usize {
        self.wrapped
    }

    pub(super) fn next_frame(&mut self) {
        self.frame += 1;
        self.wrapped = 0;
        if self.rows.len() > KEPT {
            let frame = self.frame;
            self.rows.retain(|_, (_, used)| *used + 2 > frame);
        }
    }

    /// The rows of an item, laid out only when anything they depend on changed.
    pub(super) fn lines(&mut self, cx: &RowsCx<'_>, history: &History, item: Item) -> Rc<[Line]> {
        let entry = match item {
            Item::Row(key) => history.timeline.get(key),
            Item::Edge(..) => None,
        };
        let Some(entry) = entry else { return cx.lines(history, item).into() };
        let (frame, wrapped) = (self.frame, &mut self.wrapped);
        let kept = self.rows.entry(cx.look(history, entry)).or_insert_with(|| {
            *wrapped += 1;
            (cx.lines(history, item).into(), frame)
        });
        kept.1 = frame;
        Rc::clone(&kept.0)
    }
}
