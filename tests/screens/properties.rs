//! What holds for every screen of every size.

use std::time::Duration;

use manyou::action::Action;
use manyou::app::layer::{Ask, Count, Prompt, Scroll};
use manyou::app::msg::{Msg, Now};
use manyou::app::update::update;
use manyou::app::{Depth, Focus, Layer, State, TimeFormat, Zoom};
use manyou::domain::Scope;
use manyou::i18n::Lang;
use manyou::keymap::{Code, Key, Place, parse_chord};
use manyou::ui::{LayoutCache, ahead, draw};
use proptest::prelude::*;

use super::{bookmarks, build, copied, drawn, surface, unmeasured};

fn layer(nth: u8, lines: usize) -> Option<Layer> {
    let mut top = Scroll::default();
    top.by(lines as isize);
    let count = Count { messages: 17, at_least: true };
    let input = manyou::app::input::Input::new("退款 x");
    match nth {
        0 => Some(Layer::Prompt(Prompt { ask: Ask::Find, input, problem: None })),
        1 => Some(build::confirm(Scope::Conversation { with_history: true }, build::script(), count, Some(17))),
        2 => Some(build::confirm(Scope::Messages(vec![]), build::script(), count, None)),
        3 => Some(build::report()),
        4 => Some(Layer::Detail { top }),
        5 => Some(Layer::Help { place: Place::List, filter: input, top }),
        _ => None,
    }
}

prop_compose! {
    fn any_state()(
        size in (0_u16..=300, 0_u16..=100),
        (chinese, list, full, wrap, ascii, detail) in any::<(bool, bool, bool, bool, bool, bool)>(),
        (depth, time, over, cursor, top) in (0..4_usize, 0..3_usize, 0..10_u8, 0..17_usize, 0..80_usize),
        words in "\\PC{0,60}",
    ) -> State {
        let mut state = build::state(if chinese { Lang::ZhCn } else { Lang::En }, size);
        build::conversations(&mut state);
        let mut script = build::script();
        script[cursor].body = build::text(&words);
        build::open(&mut state, "user_1029", script);
        state.focus = if list { Focus::List } else { Focus::History };
        state.zoom = if full { Zoom::Full } else { Zoom::Normal };
        (state.options.wrap, state.options.ascii, state.detail) = (wrap, ascii, detail);
        state.options.depth = [Depth::True, Depth::Indexed, Depth::Sixteen, Depth::None][depth];
        state.options.time = [TimeFormat::Local, TimeFormat::Relative, TimeFormat::Utc][time];
        if let Some(history) = state.history.as_mut() {
            history.cursor = history.timeline.entries().nth(cursor).map(|e| e.key);
            if top % 2 == 0 {
                build::top(history);
            }
        }
        state.layers.extend(layer(over, top));
        bookmarks::set(&mut state, &"abcdefghijklmnopqrstuvwxyz"[..top % 27]);
        match over {
            8 => bookmarks::pending(&mut state, "b", Action::SetBookmark),
            9 => bookmarks::pending(&mut state, "'", Action::GoToBookmark),
            _ => {}
        }
        state
    }
}

/// Keys that change what is shown, one way or another.
const KEYS: [&str; 25] = [
    "j", "k", "C-e", "C-y", "C-u", "C-d", "PageUp", "g g", "G", "h", "l", "m", "v", "t", "w", "z", "i", "?", "Esc",
    "D", "/", "x", "o", "R", "p",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_size_panics_and_no_row_holds_half_a_character(state in any_state()) {
        let buffer = drawn(&state);
        for y in 0..buffer.area.height {
            let mut x = 0;
            while x < buffer.area.width {
                let cells = (manyou::text::width(buffer[(x, y)].symbol()) as u16).max(1);
                for rest in x + 1..x + cells {
                    prop_assert!(rest < buffer.area.width, "row {y} is cut in a wide character");
                    prop_assert_eq!(buffer[(rest, y)].symbol(), " ");
                }
                x += cells;
            }
        }
    }

    #[test]
    fn a_warm_cache_draws_what_an_empty_one_draws(first in any_state(), second in any_state()) {
        let (mut cache, mut one) = (LayoutCache::default(), surface(&first));
        for state in [&first, &second, &first] {
            one.resize(state.size.0, state.size.1);
            draw(state, &mut cache, &mut one);
            prop_assert_eq!(&copied(&one), &drawn(state));
        }
    }

    #[test]
    fn whatever_is_pressed_and_however_late_a_warm_cache_draws_what_an_empty_one_draws(
        mut state in any_state(),
        steps in prop::collection::vec((prop::sample::select(KEYS.to_vec()), 0..200_000i64), 1..12),
    ) {
        let mut cache = LayoutCache::default();
        let mut one = surface(&state);
        for (keys, later) in steps {
            let now = Now {
                wall: state.now.wall.plus_ms(later),
                elapsed: state.now.elapsed + Duration::from_millis(later.unsigned_abs()),
            };
            for key in parse_chord(keys).expect("a chord") {
                update(&mut state, Msg::Key(key), now);
            }
            draw(&state, &mut cache, &mut one);
            prop_assert_eq!(&copied(&one), &drawn(&unmeasured(&state)), "after {}", keys);
            if later % 2 == 0 {
                ahead(&state, &mut cache, &mut one);
            }
        }
    }

    #[test]
    fn measured_heights_are_drawn_heights(state in any_state()) {
        use manyou::app::viewport::Measure as _;
        let Some(history) = &state.history else { return Ok(()) };
        for width in [state.size.0, 45, 90] {
            let cx = manyou::app::rows::RowsCx::new(&state, width);
            let mut item = Some(manyou::app::History::first_item());
            while let Some(at) = item {
                prop_assert_eq!(usize::from(cx.height(history, at)), cx.lines(history, at).len());
                item = history.next(at);
            }
        }
    }
}

#[test]
fn the_same_message_with_other_words_is_drawn_anew_though_it_counts_as_its_first_version() {
    let mut state = build::main(Lang::En, (120, 40));
    let (mut cache, mut one) = (LayoutCache::default(), surface(&state));
    draw(&state, &mut cache, &mut one);
    let before = copied(&one);
    let rows = &mut state.history.as_mut().expect("open").timeline.segments[0].rows;
    let message = std::sync::Arc::make_mut(&mut rows.back_mut().expect("a row").message);
    message.body = manyou::domain::Body::Text { text: "said otherwise".to_owned(), stream: None };
    message.raw = b"other bytes"[..].into();
    draw(&state, &mut cache, &mut one);
    assert_eq!(copied(&one), drawn(&state));
    assert_ne!(copied(&one), before);
}

#[test]
fn a_second_frame_lays_nothing_out() {
    let state = build::main(Lang::En, (120, 40));
    let mut cache = LayoutCache::default();
    let mut surface = surface(&state);
    draw(&state, &mut cache, &mut surface);
    assert!(cache.wrapped() > 3);
    draw(&state, &mut cache, &mut surface);
    assert_eq!(cache.wrapped(), 0);
}

#[test]
fn the_longest_names_do_not_push_the_keys_of_a_question_away() {
    for lang in [Lang::En, Lang::ZhCn] {
        let mut state = build::main(lang, (40, 16));
        state.layers.extend(layer(1, 0));
        let Some(Layer::Confirm(confirm)) = state.layers.last_mut() else { unreachable!() };
        confirm.plans[0].owner = "o".repeat(64).parse().expect("an id");
        confirm.plans[0].peer = "p".repeat(64).parse().expect("a peer");
        let shown = super::words(&drawn(&state));
        for word in ["ooooo", "ppppp", "17", " x ", "Esc"] {
            assert!(shown.contains(word), "{word} is missing:\n{shown}");
        }
    }
}

#[test]
fn a_question_always_shows_whose_what_and_how_to_leave() {
    for lang in [Lang::En, Lang::ZhCn] {
        for size in [(40, 16), (44, 18), (50, 24), (80, 24), (120, 40)] {
            let mut state = build::main(lang, size);
            state.layers.extend(layer(1, 0));
            let shown = super::words(&drawn(&state));
            for word in ["kefu01  shop", "user_1029", "17", " x ", "Esc"] {
                assert!(shown.contains(word), "{word} is missing at {size:?}:\n{shown}");
            }
        }
    }
}

#[test]
fn what_was_prepared_is_there_when_the_key_comes() {
    let state = build::main(Lang::En, (120, 40));
    let mut state = State { size: (120, 16), ..state };
    let now = state.now;
    update(&mut state, Msg::Tick, now);
    for (prepares, anew) in [(false, 1..100), (true, 0..1)] {
        let (mut state, mut cache, mut one) = (state.clone(), LayoutCache::default(), surface(&state));
        draw(&state, &mut cache, &mut one);
        if prepares {
            ahead(&state, &mut cache, &mut one);
        }
        update(&mut state, Msg::Key(Key::plain(Code::PageUp)), now);
        draw(&state, &mut cache, &mut one);
        assert!(anew.contains(&cache.wrapped()), "prepared: {prepares}, laid out: {}", cache.wrapped());
    }
}
