//! One message → lines of styled segments; the same lines for measuring and for drawing. Roles, not colours.

use super::State;
use super::history::{History, Item};
use super::viewport::Measure;

/// Everything but the message that decides how it looks.
pub struct RowsCx<'a> {
    /// The state it is made from.
    pub state: &'a State,
    /// Cells of the history pane.
    pub width: u16,
}

impl Measure for RowsCx<'_> {
    fn height(&self, _history: &History, _item: Item) -> u16 {
        1
    }
}
