//! Where the screen stands in a history: an anchor that names a message, never an index or an offset.
//!
//! Nothing that arrives above or below the anchor moves it. Only what is visible, or may be next, is measured.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use super::history::{History, Item};
use super::timeline::RowKey;

/// What the screen holds on to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// The newest row stays at the bottom.
    Newest,
    /// The first line of `item` stays on this screen row (negative when it begins above the screen).
    At {
        /// A row or an edge.
        item: Item,
        /// Screen row of its first line.
        screen: i32,
    },
}

/// An item on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// What.
    pub item: Item,
    /// Screen row of its first line; negative when it begins above the screen.
    pub top: i32,
    /// Its lines.
    pub height: i32,
}

/// Says how many lines an item takes.
pub trait Measure {
    /// Lines of `item` in `history`; 0 for an edge that shows nothing.
    fn height(&self, history: &History, item: Item) -> u16;

    /// A number that changes with everything but the history that changes the height of a row, at midnight at the latest; that of an edge
    /// may change by itself.
    fn stamp(&self) -> u64;
}

/// What was on the screen when it was asked last, and what that followed from.
#[derive(Clone, Debug, Default)]
pub struct Placement(RefCell<Option<(Stamp, Vec<Placed>)>>);

/// All that places of rows depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stamp {
    rows: u64,
    timeline: u64,
    filter: u64,
    anchor: Anchor,
    height: u16,
}

/// Heights of message bodies measured so far, for one layout (a number that changes with everything but the message
/// itself that changes a height: width, wrapping, language, names), and how many were measured.
#[derive(Clone, Debug, Default)]
pub struct Heights {
    layout: Cell<u64>,
    known: RefCell<HashMap<Body, u16>>,
    measured: Cell<u64>,
}

/// Which body, in which version, whether it begins a group, and whether its time is one.
pub type Body = (RowKey, u32, bool, bool);

/// Heights kept at most; then all are forgotten and measured again as they are needed.
const KEPT: usize = 4 * super::timeline::WINDOW;

impl Heights {
    /// The height of a body, measured only where it is not known for this `layout`.
    pub fn get(&self, layout: u64, body: Body, measure: impl FnOnce() -> u16) -> u16 {
        let mut known = self.known.borrow_mut();
        if self.layout.replace(layout) != layout || known.len() > KEPT {
            known.clear();
        }
        *known.entry(body).or_insert_with(|| {
            self.measured.set(self.measured.get() + 1);
            measure()
        })
    }

    /// Bodies measured since the start.
    #[must_use]
    pub fn measured(&self) -> u64 {
        self.measured.get()
    }
}

/// Items that are on a screen of `height` rows, top to bottom, after the anchor is brought into range:
/// no blank above the first item, none below the last unless everything fits.
#[must_use]
pub fn place(history: &History, measure: &dyn Measure, height: u16) -> Vec<Placed> {
    let (timeline, filter) = (history.timeline.revision(), history.filter.revision());
    let stamp = Stamp { rows: measure.stamp(), timeline, filter, anchor: history.anchor, height };
    let mut kept = history.placement.0.borrow_mut();
    let stands = |p: &Placed| matches!(p.item, Item::Row(_)) || i32::from(measure.height(history, p.item)) == p.height;
    match &*kept {
        Some((of, placed)) if *of == stamp && placed.iter().all(stands) => placed.clone(),
        _ => kept.insert((stamp, place_anew(history, measure, height))).1.clone(),
    }
}

fn place_anew(history: &History, measure: &dyn Measure, height: u16) -> Vec<Placed> {
    let height = i32::from(height);
    let tall = |item: Item| i32::from(measure.height(history, item));
    let start = match history.anchor {
        Anchor::At { item, screen } if is_there(history, item) => Placed { item, top: screen, height: tall(item) },
        Anchor::At { .. } | Anchor::Newest => {
            let item = history.last_item();
            Placed { item, top: height - tall(item), height: tall(item) }
        }
    };
    let mut placed = vec![start];
    grow_up(history, &tall, &mut placed);
    let top = placed[0].top;
    if top > 0 {
        shift(&mut placed, -top);
    }
    grow_down(history, &tall, &mut placed, height);
    let blank = height - placed.last().map_or(0, |p| p.top + p.height);
    if blank > 0 {
        shift(&mut placed, blank);
        grow_up(history, &tall, &mut placed);
        let top = placed[0].top;
        if top > 0 {
            // Everything fits: it stands at the top.
            shift(&mut placed, -top);
        }
    }
    // An edge that shows nothing takes no line, yet it is there: what lies beyond it may have to be loaded.
    let visible = |p: &Placed| p.top < height && p.top + p.height > 0;
    placed.retain(|p| visible(p) || (p.height == 0 && (0..=height).contains(&p.top)));
    placed
}

fn is_there(history: &History, item: Item) -> bool {
    match item {
        Item::Row(key) => history.timeline.get(key).is_some_and(|e| history.shows(e)),
        Item::Edge(s, _) => s < history.timeline.segments.len(),
    }
}

fn grow_up(history: &History, tall: &dyn Fn(Item) -> i32, placed: &mut Vec<Placed>) {
    let mut above = Vec::new();
    let mut first = placed[0];
    while first.top > 0 {
        let Some(item) = history.previous(first.item) else { break };
        let height = tall(item);
        first = Placed { item, top: first.top - height, height };
        above.push(first);
    }
    above.reverse();
    placed.splice(0..0, above);
}

fn grow_down(history: &History, tall: &dyn Fn(Item) -> i32, placed: &mut Vec<Placed>, height: i32) {
    let mut last = placed[placed.len() - 1];
    while last.top + last.height < height {
        let Some(item) = history.next(last.item) else { break };
        last = Placed { item, top: last.top + last.height, height: tall(item) };
        placed.push(last);
    }
}

fn shift(placed: &mut [Placed], by: i32) {
    for p in placed {
        p.top += by;
    }
}

/// Moves the screen that shows `placed` by `lines` (positive shows newer ones), then lets the anchor hold on to what is there;
/// gives what is on it then.
pub fn scroll(history: &mut History, measure: &dyn Measure, height: u16, placed: &[Placed], lines: i32) -> Vec<Placed> {
    if let Some(first) = placed.first() {
        history.anchor = Anchor::At { item: first.item, screen: first.top - lines };
    }
    hold(history, measure, height)
}

/// Brings a row fully onto the screen with the least movement; one taller than the screen shows its first line.
pub fn reveal(history: &mut History, measure: &dyn Measure, height: u16, key: RowKey) {
    let placed = place(history, measure, height);
    let rows = i32::from(height);
    let tall = i32::from(measure.height(history, Item::Row(key)));
    let seen = placed.iter().find(|p| p.item == Item::Row(key));
    let screen = match seen {
        Some(p) if p.top >= 0 && p.top + p.height <= rows => p.top,
        Some(p) if p.top < 0 || p.height > rows => 0,
        Some(p) => rows - p.height,
        None if placed.iter().any(|p| matches!(p.item, Item::Row(other) if other > key)) => 0,
        None => (rows - tall).max(0),
    };
    history.anchor = Anchor::At { item: Item::Row(key), screen };
    hold(history, measure, height);
}

/// Lets the anchor hold on to the cursor's row while that is visible, else to the topmost row. A resize then keeps the
/// row the person looks at where it is. Gives what is on the screen.
pub fn hold(history: &mut History, measure: &dyn Measure, height: u16) -> Vec<Placed> {
    let placed = place(history, measure, height);
    hold_on(history, &placed);
    placed
}

/// The same for a screen that shows `placed`, which it goes on showing.
pub fn hold_on(history: &mut History, placed: &[Placed]) {
    if history.anchor == Anchor::Newest {
        return;
    }
    let held = match (history.cursor, history.anchor) {
        (Some(key), _) => Some(Item::Row(key)),
        (None, Anchor::At { item, .. }) => Some(item),
        (None, Anchor::Newest) => None,
    };
    let row = |p: &&Placed| matches!(p.item, Item::Row(_));
    let best = placed.iter().find(|p| Some(p.item) == held).or_else(|| placed.iter().find(row)).or(placed.first());
    if let Some(best) = best {
        history.anchor = Anchor::At { item: best.item, screen: best.top };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{ChatType, Peer};

    /// Every edge so tall.
    struct Edges(u16);

    impl Measure for Edges {
        fn height(&self, _: &History, item: Item) -> u16 {
            if let Item::Edge(..) = item { self.0 } else { 1 }
        }

        fn stamp(&self) -> u64 {
            0
        }
    }

    #[test]
    fn what_is_said_at_an_edge_may_change_by_itself() {
        let history = History::new(Peer::new(ChatType::Single, "alice").expect("a peer"), 0);
        for tall in [1, 3, 0] {
            assert_eq!(place(&history, &Edges(tall), 10), place_anew(&history, &Edges(tall), 10));
        }
    }
}
