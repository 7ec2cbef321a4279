//! One message → rows of styled segments; the same rows for measuring and for drawing. Roles, not colours.

pub(crate) mod edges;
mod ink;
pub mod kinds;
pub mod when;

use std::hash::{DefaultHasher, Hash, Hasher};

pub use self::ink::{Fill, Gutter, Ink, Line};
use self::kinds::span;
use super::history::{History, Item};
use super::timeline::{Edge, Entry};
use super::viewport::Measure;
use super::{State, TimeFormat};
use crate::domain::{ChatType, is_bot};
use crate::i18n::{Arg, Lang};
use crate::text::{
    self,
    wrap::{self, Row},
};

/// Everything but the message that decides how it looks.
#[derive(Clone, Copy)]
pub struct RowsCx<'a> {
    /// The state it is made from.
    pub state: &'a State,
    /// Cells of the history pane.
    width: u16,
    columns: Columns,
    airy: bool,
    /// Changes with everything but the message that changes how many rows a message takes.
    layout: u64,
    /// The same for whole items, what stands above a message included.
    stamp: u64,
    today: Option<i64>,
}

/// Rows one message takes at most; the rest is in the detail.
const TALLEST: usize = 200;
/// Words are never wider.
const WIDEST: usize = 94;
/// Below this width of the pane the name stands above its words.
const STACKED_BELOW: u16 = 60;
/// After so much quiet a group ends.
const QUIET_MS: i64 = 10 * 60_000;

/// Columns of the history pane, from its left edge. Column 0 is the cursor's bar, column 1 the mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Columns {
    /// Cells for names; 0 where they stand above their words.
    pub names: usize,
    /// Where the gutter stands.
    pub gutter: usize,
    /// Cells for words.
    pub words: usize,
    /// Cells for the time.
    pub time: usize,
}

impl Columns {
    fn of(state: &State, width: u16) -> Self {
        let options = &state.options;
        let time = when::clock_width(options);
        let names = match () {
            () if width < STACKED_BELOW && state.size.0 < 70 => 0,
            () if options.texts.lang() == Lang::ZhCn => 12,
            () if state.size.0 < 100 => 10,
            () => 11,
        };
        let gutter = if names == 0 { 2 } else { 2 + names + 1 };
        let words = usize::from(width).saturating_sub(gutter + 2 + 2 + time + 1).clamp(1, WIDEST);
        Self { names, gutter, words, time }
    }

    /// Where words begin.
    #[must_use]
    pub const fn first_word(&self) -> usize {
        self.gutter + 2
    }
}

/// Where a message stands among its neighbours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Begins {
    group: bool,
    day: bool,
    /// First of everything that is loaded.
    all: bool,
}

impl<'a> RowsCx<'a> {
    /// For a history pane of `width` cells.
    #[must_use]
    pub fn new(state: &'a State, width: u16) -> Self {
        let (options, columns) = (&state.options, Columns::of(state, width));
        let mut hasher = DefaultHasher::new();
        let lang: &str = options.texts.lang().into();
        (columns.names, width, options.wrap, options.time, lang).hash(&mut hasher);
        let (layout, airy) = (hasher.finish(), state.layout().airy);
        let today = when::day_number(state.now.wall, options);
        (airy, options.revision(), today).hash(&mut hasher);
        Self { state, width, columns, airy, layout, stamp: hasher.finish(), today }
    }
}

impl RowsCx<'_> {
    pub(crate) fn t(&self, key: &str) -> String {
        self.state.options.texts.t(key)
    }

    pub(crate) fn tr(&self, key: &str, args: &[(&str, Arg<'_>)]) -> String {
        self.state.options.texts.tr(key, args)
    }

    /// `me`, the nickname, or the id; safe to draw.
    pub(crate) fn name_of(&self, user: &str) -> String {
        if !user.is_empty() && user == self.state.me() {
            return self.t("me");
        }
        self.state.names.nickname(user).unwrap_or_else(|| text::label(user).text)
    }

    /// The pane's columns.
    #[must_use]
    pub const fn columns(&self) -> Columns {
        self.columns
    }

    /// What the rows of all messages of a history depend on.
    #[must_use]
    pub fn common_look(&self, history: &History) -> u64 {
        let (mut hasher, state) = (DefaultHasher::new(), self.state);
        (self.stamp, state.names.revision(), &history.find.typed, state.me(), self.today).hash(&mut hasher);
        (&history.peer, history.served_from, self.waits_since(history)).hash(&mut hasher);
        // Near the edge of the screen a sign has less room.
        state.size.0.hash(&mut hasher);
        hasher.finish()
    }

    /// Everything the rows of a message depend on, for keeping them; `common` is the [`common_look`](Self::common_look) of its history.
    /// Equal looks mean equal rows.
    #[must_use]
    pub fn look(&self, common: u64, history: &History, entry: &Entry) -> u64 {
        let (mut hasher, state) = (DefaultHasher::new(), self.state);
        let (now, time) = (state.now.wall, entry.message.time);
        let begins = self.begins(history, entry);
        let oldest = begins.all && history.timeline.has_oldest() && history.filter.is_empty();
        (common, entry.key, begins, oldest, entry.conflict.is_some(), time.is_valid_at(now)).hash(&mut hasher);
        // A revision counts within one opening of a history.
        (entry.revision, &entry.message.raw).hash(&mut hasher);
        if state.options.time == TimeFormat::Relative {
            (now.since_ms(time) / 60_000).hash(&mut hasher);
        }
        hasher.finish()
    }

    /// The rows of an item, top to bottom; none for an edge that shows nothing.
    #[must_use]
    pub fn lines(&self, history: &History, item: Item) -> Vec<Line> {
        match item {
            Item::Edge(at, side) => edges::lines(self, history, at, side),
            Item::Row(key) => history.timeline.get(key).map_or_else(Vec::new, |entry| {
                let begins = self.begins(history, entry);
                let mut lines = self.head(history, entry, begins);
                lines.extend(self.body(history, entry, begins.group));
                lines
            }),
        }
    }

    fn begins(&self, history: &History, entry: &Entry) -> Begins {
        let Some(before) = history.shown_before(entry.key) else {
            let first = history.timeline.segments.first().and_then(|s| s.rows.iter().find(|e| history.shows(e)));
            return Begins { group: true, day: true, all: first.is_some_and(|e| e.key == entry.key) };
        };
        let options = &self.state.options;
        let day = when::day_number(before.key.time, options) != when::day_number(entry.key.time, options);
        let quiet = entry.key.time.since_ms(before.key.time) > QUIET_MS;
        Begins { group: day || quiet || before.message.from != entry.message.from, day, all: false }
    }

    /// Rows above a message that belong to it: space between groups, the day.
    fn head(&self, history: &History, entry: &Entry, begins: Begins) -> Vec<Line> {
        let mut out = Vec::new();
        if self.airy && begins.group && !begins.all {
            out.push(Line::default());
        }
        if begins.day {
            out.push(self.day(history, entry, begins.all));
        }
        out
    }

    fn head_height(&self, begins: Begins) -> u16 {
        u16::from(self.airy && begins.group && !begins.all) + u16::from(begins.day)
    }

    fn day(&self, history: &History, entry: &Entry, first: bool) -> Line {
        let options = &self.state.options;
        let only_here = history.served_from.is_some_and(|from| entry.key.time < from);
        let oldest = first && history.timeline.has_oldest() && history.filter.is_empty() && !only_here;
        let (Some(day), Some(today)) = (when::day(entry.key.time, options), when::day(self.state.now.wall, options))
        else {
            return Line { name: vec![span("?", Ink::Strong)], fill: Fill::Rule, ..Line::default() };
        };
        let mut facts = Vec::new();
        if day == today || day.tomorrow().is_ok_and(|next| next == today) {
            facts.push(when::date(day, today, &options.texts));
        }
        if options.time == TimeFormat::Utc {
            facts.push("UTC".to_owned());
        }
        if oldest {
            facts.push(self.t("oldest-on-server"));
        }
        if only_here {
            facts.push(self.t("only-here"));
        }
        let name = when::day_name(day, today, &options.texts);
        let right = if facts.is_empty() { Vec::new() } else { vec![span(facts.join(" · "), Ink::Muted)] };
        Line { name: vec![span(name, Ink::Strong)], fill: Fill::Rule, right, ..Line::default() }
    }

    /// The message's own rows.
    fn body(&self, history: &History, entry: &Entry, begins_group: bool) -> Vec<Line> {
        let (columns, message) = (self.columns(), &*entry.message);
        let gutter = self.gutter(history, entry);
        let mut lines: Vec<Line> = Vec::new();
        if columns.names == 0 && begins_group {
            let name = vec![self.sender(history, &message.from, columns.words)];
            lines.push(Line { words: name, gutter, of_message: true, ..Line::default() });
        }
        for row in self.wrapped(history, entry, columns.words) {
            lines.push(Line { words: row, gutter, of_message: true, ..Line::default() });
        }
        if let Some(first) = lines.first_mut() {
            if begins_group && columns.names > 0 {
                first.name = vec![self.sender(history, &message.from, columns.names)];
            }
            first.right = self.right(history, entry, gutter, &first.words, columns);
        }
        lines
    }

    fn wrapped(&self, history: &History, entry: &Entry, width: usize) -> Vec<Row<Ink>> {
        let mut rows = Vec::new();
        for part in kinds::parts(self, entry, &history.find.query) {
            if part.wraps && self.state.options.wrap {
                rows.extend(wrap::wrap(&part.spans, width));
            } else {
                rows.push(wrap::cut(&part.spans, width));
            }
        }
        if rows.len() > TALLEST {
            let more = when::thousands((rows.len() + 1 - TALLEST) as u64);
            rows.truncate(TALLEST - 1);
            let words = vec![span(self.tr("rows-more", &[("n", more.into())]), Ink::Muted)];
            rows.push(wrap::cut(&words, width));
        }
        rows
    }

    fn body_height(&self, history: &History, entry: &Entry, begins_group: bool) -> u16 {
        let columns = self.columns();
        let name = usize::from(columns.names == 0 && begins_group);
        let wraps = self.state.options.wrap;
        let rows = |part: &kinds::Part| if part.wraps && wraps { wrap::rows(&part.spans, columns.words) } else { 1 };
        let rows: usize = kinds::parts(self, entry, &history.find.query).iter().map(rows).sum();
        (rows.min(TALLEST) + name) as u16
    }

    fn sender(&self, history: &History, from: &str, cells: usize) -> wrap::Span<Ink> {
        let ink = match () {
            () if from == self.state.me() => Ink::AccentStrong,
            () if is_bot(from) => Ink::Muted,
            () => Ink::Strong,
        };
        let name = self.name_of(from);
        // Where many speak, names that begin alike are told apart by their ends.
        let many = history.peer.chat_type != ChatType::Single;
        let fit = if many { text::fit_both } else { text::fit };
        span(if name.is_empty() { "?".into() } else { fit(&name, cells) }, ink)
    }

    fn gutter(&self, history: &History, entry: &Entry) -> Gutter {
        let from = entry.message.from.as_str();
        if from == self.state.me() {
            return Gutter::Me;
        }
        let waits = self.waits_since(history).is_some_and(|(since, _)| entry.key.time >= since);
        match (waits, is_bot(from)) {
            (_, true) => Gutter::Bot,
            (true, false) => Gutter::Waits,
            (false, false) => Gutter::Peer,
        }
    }

    /// Since when they wait, and whether that is exact.
    fn waits_since(&self, history: &History) -> Option<(crate::domain::ServerTime, bool)> {
        if history.peer.chat_type != ChatType::Single || !history.timeline.has_newest() {
            return None;
        }
        self.state.list.wait(&history.peer, self.state.me()).map(|wait| (wait.since, !wait.at_least))
    }

    fn right(&self, history: &History, entry: &Entry, gutter: Gutter, words: &Row<Ink>, columns: Columns) -> Row<Ink> {
        let time = when::clock(entry.message.time, self.state.now.wall, &self.state.options);
        let first = self.waits_since(history).is_some_and(|(since, exact)| exact && entry.key.time == since);
        if gutter != Gutter::Waits || !first {
            return vec![span(time, Ink::Muted)];
        }
        let mut row = vec![span(time, Ink::Wait)];
        let says = self.t("waits-from-here");
        let taken: usize = words.iter().map(|s| text::width(&s.text)).sum();
        let pane = usize::from(self.width).saturating_sub(columns.first_word() + columns.time + 3);
        if taken + text::width(&says) + 2 <= pane {
            row.insert(0, span(format!("{says}  "), Ink::Wait));
        }
        row
    }
}

impl Measure for RowsCx<'_> {
    fn stamp(&self) -> u64 {
        self.stamp
    }

    fn height(&self, history: &History, item: Item) -> u16 {
        let Item::Row(key) = item else { return self.lines(history, item).len() as u16 };
        let Some(entry) = history.timeline.get(key) else { return 0 };
        let begins = self.begins(history, entry);
        let is_valid = entry.message.time.is_valid_at(self.state.now.wall);
        let body = (entry.key, entry.revision, begins.group, is_valid);
        let measure = || self.body_height(history, entry, begins.group);
        self.head_height(begins) + history.heights.get(self.layout, body, measure)
    }
}

/// Whether an edge is the server's end.
const fn is_end(edge: &Edge) -> bool {
    matches!(edge, Edge::Reached)
}
