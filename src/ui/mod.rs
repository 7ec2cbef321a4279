//! Drawing: `&State` in, cells out. Nothing here decides, asks or remembers but the cache of what was laid out and drawn.

mod bookmarks;
mod cache;
mod confirm;
mod detail;
mod dialog;
mod dump;
mod export;
mod eye;
mod frame;
mod help;
mod history;
mod lines;
mod list;
mod mark;
mod notices;
mod paint;
mod report;
mod search;
mod sync;
pub mod theme;
mod welcome;

pub use self::cache::LayoutCache;
use self::paint::Canvas;
use self::theme::Ground;
use crate::app::rows::{Ink, RowsCx};
use crate::app::{Area, Focus, Layer, Screen, State};
use crate::cells::Surface;

/// What drawing needs everywhere.
#[derive(Clone, Copy)]
pub(crate) struct Cx<'a> {
    pub(crate) state: &'a State,
    /// Words and names, measured for the history pane.
    pub(crate) rows: RowsCx<'a>,
}

impl Cx<'_> {
    fn t(&self, key: &str) -> String {
        self.rows.t(key)
    }

    fn tr(&self, key: &str, args: &[(&str, crate::i18n::Arg<'_>)]) -> String {
        self.rows.tr(key, args)
    }
}

/// Draws the whole screen on `surface` and says where the caret stands, if anywhere.
pub fn draw(state: &State, cache: &mut LayoutCache, surface: &mut Surface) -> Option<(u16, u16)> {
    let whole = Area { x: 0, y: 0, width: surface.width(), height: surface.height() };
    if whole.width == 0 || whole.height == 0 {
        return None;
    }
    cache.next_frame();
    let layout = state.layout();
    let width = layout.history.map_or(whole.width, |pane| pane.width);
    let cx = Cx { state, rows: RowsCx::new(state, width) };
    let mut canvas = Canvas::new(surface, &state.options);
    canvas.clear(whole, Ground::Pane);
    if layout.too_small {
        canvas.words(0, 0, whole.width, &cx.t("too-small"), Ink::Text);
        return None;
    }
    let mut caret = match &state.screen {
        Screen::Welcome(selected) => {
            welcome::welcome(&cx, &mut canvas, whole, *selected);
            None
        }
        Screen::SignIn(form) => welcome::sign_in(&cx, &mut canvas, whole, form),
        Screen::Main => main(&cx, &mut canvas, cache),
    };
    caret = layers(&cx, &mut canvas, whole).or(caret);
    if matches!(state.screen, Screen::Main) && !matches!(state.layers.last(), None | Some(Layer::Prompt(_))) {
        frame::foot(&cx, &mut canvas, &layout);
    }
    lines::toast(&cx, &mut canvas, whole);
    if state.layers.is_empty() {
        help::chord(&cx, &mut canvas, whole);
    }
    caret
}

/// Prepares what the next key of a history is likely to show. Draws on `surface` what nobody sees: a frame follows before it is shown.
pub fn ahead(state: &State, cache: &mut LayoutCache, surface: &mut Surface) {
    let layout = state.layout();
    let reads = state.focus == Focus::History && state.layers.is_empty() && matches!(state.screen, Screen::Main);
    let Some(pane) = layout.history.filter(|_| reads && !layout.too_small) else { return };
    let cx = Cx { state, rows: RowsCx::new(state, pane.width) };
    let mut canvas = Canvas::new(surface, &state.options);
    _ = history::ahead(&cx, &mut canvas, cache);
    cache.rest();
}

fn main(cx: &Cx<'_>, canvas: &mut Canvas<'_>, cache: &mut LayoutCache) -> Option<(u16, u16)> {
    let layout = cx.state.layout();
    let caret = frame::title(cx, canvas, &layout);
    frame::foot(cx, canvas, &layout);
    let search = cx.state.search.as_deref();
    if search.is_none() && notices::whole_screen(cx, canvas, &layout) {
        return None;
    }
    match (layout.list, search) {
        (Some(pane), Some(search)) => search::draw(cx, canvas, pane, search),
        (Some(pane), None) => list::kept(cx, canvas, cache, pane),
        (None, _) => {}
    }
    if let Some(pane) = layout.history {
        history::draw(cx, canvas, cache, pane);
        if let Some(history) = &cx.state.history {
            lines::marks(cx, canvas, &layout, history);
        }
    }
    if let Some(pane) = layout.detail {
        detail::pane(cx, canvas, pane);
    }
    frame::separators(canvas, &layout);
    lines::notice(cx, canvas, &layout);
    caret
}

/// The layers from the lowest up; what lies behind a dialog turns to veil.
fn layers(cx: &Cx<'_>, canvas: &mut Canvas<'_>, whole: Area) -> Option<(u16, u16)> {
    let mut caret = None;
    for layer in &cx.state.layers {
        if !matches!(layer, Layer::Prompt(_)) {
            canvas.veil();
        }
        caret = match layer {
            Layer::Prompt(prompt) => frame::prompt(cx, canvas, whole, prompt),
            Layer::Confirm(confirm) => confirm::draw(cx, canvas, whole, confirm),
            Layer::Report(view) => {
                report::draw(cx, canvas, whole, view);
                None
            }
            Layer::Detail { top } => {
                detail::popup(cx, canvas, whole, top);
                None
            }
            Layer::Export(question) => export::draw(cx, canvas, whole, question),
            Layer::Exported(ended) => {
                export::report(cx, canvas, whole, ended);
                None
            }
            Layer::Sync => {
                sync::draw(cx, canvas, whole);
                None
            }
            Layer::Help { place, filter, top } => help::draw(cx, canvas, whole, *place, filter, top),
        };
    }
    caret
}
