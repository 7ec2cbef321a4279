//! Where the panes are: pure geometry, the same for `update` (which needs heights) and for drawing.

/// A rectangle of cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Area {
    /// First column.
    pub x: u16,
    /// First row.
    pub y: u16,
    /// Columns.
    pub width: u16,
    /// Rows.
    pub height: u16,
}

impl Area {
    /// One past the last row.
    #[must_use]
    pub const fn bottom(self) -> u16 {
        self.y.saturating_add(self.height)
    }

    /// One past the last column.
    #[must_use]
    pub const fn right(self) -> u16 {
        self.x.saturating_add(self.width)
    }
}

/// Which pane has the keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Focus {
    /// Conversation list.
    #[default]
    List,
    /// History.
    History,
}

/// How much room the focused pane has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Zoom {
    /// Its usual share.
    #[default]
    Normal,
    /// All of it: the other panes are hidden.
    Full,
}

/// What is wanted on the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Panes {
    /// Which pane has the keys.
    pub focus: Focus,
    /// How much room it has.
    pub zoom: Zoom,
    /// The detail of a message.
    pub detail: bool,
    /// Results of a search in the place of the list.
    pub results: bool,
}

/// The panes of one screen size. A pane that has no room is `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// Row 0: program, account, connection. `None` where rows are few.
    pub title: Option<Area>,
    /// Row 1, a hairline.
    pub rule: Option<u16>,
    /// The list with its head row.
    pub list: Option<Area>,
    /// Row of the hairline between results and the history below them.
    pub split: Option<u16>,
    /// Column of the hairline between list and history.
    pub separator: Option<u16>,
    /// The history with its head row.
    pub history: Option<Area>,
    /// Column of the hairline between history and detail.
    pub detail_separator: Option<u16>,
    /// The detail beside the history, where there is room for it.
    pub detail: Option<Area>,
    /// A line that holds until it is over, across all panes.
    pub notice: Option<Area>,
    /// What is marked in the history, below its rows: a hairline where there is room, and words.
    pub marks: Option<Area>,
    /// Last but one row.
    pub status: Option<Area>,
    /// Last row.
    pub footer: Option<Area>,
    /// An empty row stands under pane heads and between entries and groups.
    pub airy: bool,
    /// The whole screen is too small: one status line only.
    pub too_small: bool,
}

/// Below this there is one status line.
const MIN_COLUMNS: u16 = 20;
const MIN_ROWS: u16 = 4;
/// Rows of panes below which results and their context do not both find room.
const STACKED_ROWS: u16 = 14;

impl Layout {
    /// The panes of a terminal of `columns` by `rows`. The detail is given from 110 columns on; below 160 in the place
    /// of the list. Results have more room than the list; below 110 columns their context stands under them.
    #[must_use]
    pub fn of(columns: u16, rows: u16, panes: Panes) -> Self {
        let Panes { focus, zoom, detail, results } = panes;
        if columns < MIN_COLUMNS || rows < MIN_ROWS {
            return Self { too_small: true, ..Self::default() };
        }
        let mut out = Self { airy: rows >= 30, ..Self::default() };
        let bare = columns < 40 || rows < 8;
        let row = |y| Area { x: 0, y, width: columns, height: 1 };
        let (mut top, mut bottom) = (0, rows);
        if !bare {
            (out.title, out.rule, top) = (Some(row(0)), Some(1), 2);
            (out.status, out.footer, bottom) = (Some(row(rows - 2)), Some(row(rows - 1)), rows - 2);
        }
        let pane = |x: u16, width: u16| Area { x, y: top, width, height: bottom.saturating_sub(top) };
        let one_pane = columns < 70 || zoom == Zoom::Full;
        if one_pane {
            match focus {
                Focus::List => out.list = Some(pane(0, columns)),
                Focus::History => out.history = Some(pane(0, columns)),
            }
            return out;
        }
        if results && columns < 110 {
            let height = bottom.saturating_sub(top);
            let below = height * 2 / 5;
            match focus {
                Focus::History => out.history = Some(pane(0, columns)),
                Focus::List if height < STACKED_ROWS => out.list = Some(pane(0, columns)),
                Focus::List => {
                    let above = height - below - 1;
                    out.list = Some(Area { height: above, ..pane(0, columns) });
                    out.split = Some(top + above);
                    out.history = Some(Area { y: top + above + 1, height: below, ..pane(0, columns) });
                }
            }
            return out;
        }
        let list = match columns {
            _ if results => (columns * 13 / 25).min(84),
            0..110 => 27,
            110..160 => 38,
            160.. => 46,
        };
        if detail && (110..160).contains(&columns) && focus == Focus::History {
            // No room for three: the list gives way while the detail is looked at.
            let history = columns - 55;
            out.history = Some(pane(0, history));
            out.detail_separator = Some(history);
            out.detail = Some(pane(history + 1, 54));
            return out;
        }
        let detail = if detail && columns >= 160 { 41 } else { 0 };
        out.list = Some(pane(0, list));
        out.separator = Some(list);
        let left = columns - list - 1;
        let history = if detail > 0 { left - detail - 1 } else { left };
        out.history = Some(pane(list + 1, history));
        if detail > 0 {
            out.detail_separator = Some(list + 1 + history);
            out.detail = Some(pane(columns - detail, detail));
        }
        out
    }

    /// Takes the rows of a notice and of the marks' line from the foot of the panes.
    #[must_use]
    pub fn with_lines(mut self, notice: bool, marks: bool) -> Self {
        let Some(status) = self.status else { return self };
        let foot = u16::from(notice);
        for pane in [&mut self.list, &mut self.history, &mut self.detail].into_iter().flatten() {
            // Those that end above another pane stay.
            if pane.bottom() == status.y {
                pane.height = pane.height.saturating_sub(foot);
            }
        }
        self.notice = notice.then_some(Area { y: status.y - 1, ..status });
        let height = if self.airy { 2 } else { 1 };
        if let (true, Some(pane)) = (marks, self.history.as_mut()) {
            pane.height = pane.height.saturating_sub(height);
            self.marks = Some(Area { y: pane.bottom(), height, ..*pane });
        }
        self
    }

    /// Rows a pane's head takes: the head itself, and an empty row where there is room.
    #[must_use]
    pub const fn head_rows(&self) -> u16 {
        if self.title.is_none() {
            0
        } else if self.airy {
            2
        } else {
            1
        }
    }

    /// The part of a pane below its head.
    #[must_use]
    pub const fn content(&self, pane: Area) -> Area {
        let head = self.head_rows();
        Area { x: pane.x, y: pane.y + head, width: pane.width, height: pane.height.saturating_sub(head) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_decide_which_panes_there_are() {
        let at = |columns, rows, focus| Layout::of(columns, rows, Panes { focus, detail: true, ..Panes::default() });
        assert!(at(19, 24, Focus::List).too_small && at(80, 3, Focus::List).too_small);
        let fifty = at(50, 24, Focus::History);
        assert!(fifty.list.is_none() && fifty.history.is_some_and(|h| h.width == 50));
        let eighty = at(80, 24, Focus::List);
        assert_eq!(eighty.list.map(|l| l.width), Some(27));
        assert_eq!(eighty.history.map(|h| (h.x, h.width)), Some((28, 52)));
        let wide = at(200, 60, Focus::List);
        assert_eq!(wide.detail.map(|d| (d.x, d.width)), Some((159, 41)));
        assert_eq!(wide.history.map(Area::right), wide.detail_separator);
        assert!(at(39, 24, Focus::List).title.is_none() && at(80, 7, Focus::List).footer.is_none());
    }

    #[test]
    fn results_have_their_context_beside_or_below_them() {
        let at = |columns, rows, focus| Layout::of(columns, rows, Panes { focus, results: true, ..Panes::default() });
        let wide = at(120, 40, Focus::List);
        assert_eq!(wide.list.map(Area::right), wide.separator);
        assert!(wide.list.is_some_and(|l| l.width == 62) && wide.history.is_some_and(|h| h.width == 57));
        let eighty = at(80, 24, Focus::List);
        assert_eq!(eighty.list.map(Area::bottom), eighty.split);
        assert_eq!(eighty.history.map(|h| (h.y, h.bottom())), eighty.split.map(|y| (y + 1, 22)));
        assert!(at(80, 24, Focus::History).list.is_none() && at(50, 24, Focus::List).history.is_none());
    }

    #[test]
    fn lines_at_the_foot_take_rows_from_the_panes() {
        let plain = Layout::of(120, 40, Panes { focus: Focus::History, ..Panes::default() });
        let layout = plain.with_lines(true, true);
        assert_eq!(layout.notice.map(|n| (n.y, n.width)), Some((37, 120)));
        assert_eq!(layout.marks.map(|m| (m.x, m.y, m.height)), Some((39, 35, 2)));
        assert_eq!(layout.list.map(Area::bottom), Some(37));
        assert_eq!(layout.history.map(Area::bottom), Some(35));
    }

    #[test]
    fn no_size_overflows() {
        for columns in 0..230 {
            for rows in 0..70 {
                for focus in [Focus::List, Focus::History] {
                    for results in [false, true] {
                        let panes = Panes { focus, zoom: Zoom::Normal, detail: true, results };
                        let layout = Layout::of(columns, rows, panes).with_lines(true, true);
                        let around = [layout.title, layout.notice, layout.marks, layout.status, layout.footer];
                        for area in [layout.list, layout.history, layout.detail].into_iter().chain(around) {
                            assert!(area.is_none_or(|a| a.right() <= columns && a.bottom() <= rows));
                        }
                    }
                }
            }
        }
    }
}
