//! Which rows of the screen the person looks at: those of the cursor. What comes up for a moment leaves them free.

use std::ops::Range;

use super::Cx;
use crate::app::history::Item;
use crate::app::viewport::place;
use crate::app::{Area, Focus};

/// The rows under the cursor of the pane that has the keys; `None` where there is none.
pub(super) fn rows(cx: &Cx<'_>) -> Option<Range<u16>> {
    let (state, layout) = (cx.state, cx.state.layout());
    let within = |area: Area, top: i32, height: i32| {
        let clamp = |y: i32| area.y.saturating_add(y.clamp(0, i32::from(area.height)) as u16);
        Some(clamp(top)..clamp(top + height)).filter(|rows| !rows.is_empty())
    };
    match (state.focus, &state.search, &state.history) {
        (Focus::History, _, Some(history)) => {
            let area = layout.content(layout.history?);
            let cursor = Item::Row(history.cursor?);
            let placed = place(history, &cx.rows, area.height).into_iter().find(|placed| placed.item == cursor)?;
            within(area, placed.top, placed.height)
        }
        (Focus::History, _, None) => None,
        (Focus::List, Some(search), _) => {
            let row = search.chosen_row(&search.rows(layout.airy))?.checked_sub(search.top)?;
            within(layout.content(layout.list?), row as i32, 1)
        }
        (Focus::List, None, _) => {
            let nth = state.list.selected_index()?.checked_sub(state.list.top)?;
            let step = if layout.airy { 3 } else { 2 };
            within(layout.content(layout.list?), (nth * step) as i32, 2)
        }
    }
}

/// The first row below the heads of the panes.
pub(super) fn top(cx: &Cx<'_>) -> u16 {
    let layout = cx.state.layout();
    layout.history.or(layout.list).map_or(0, |pane| layout.content(pane).y)
}
