//! Dialogs longer than the screen: to their ends and back.

use manyou::app::layer::Scroll;
use manyou::app::msg::Msg;
use manyou::app::update::update;
use manyou::app::{Layer, State};
use manyou::i18n::Lang;
use manyou::keymap::{Place, parse_chord};

use super::{build, drawn, words};

/// Presses keys one by one, each on a drawn screen.
fn press(state: &mut State, keys: &str) -> String {
    for key in parse_chord(keys).expect("keys") {
        let now = state.now;
        update(state, Msg::Key(key), now);
        drawn(state);
    }
    words(&drawn(state))
}

#[test]
fn the_end_of_a_dialog_is_one_key_away_and_so_is_the_way_back() {
    let top = Scroll::default;
    let filter = manyou::app::input::Input::default();
    let help = Layer::Help { place: Place::History, filter, top: top() };
    for (layer, end) in [(Layer::Detail { top: top() }, "G"), (build::report(), "End"), (help, "End")] {
        let mut state = build::main(Lang::En, (60, 14));
        state.layers.push(layer);
        let start = words(&drawn(&state));
        assert!(start.contains(" below"), "{start}");
        let last = press(&mut state, end);
        assert!(!last.contains(" below"), "{last}");
        assert_eq!(press(&mut state, "Down"), last, "there is nothing further down");
        assert!(press(&mut state, "Up").contains(" 1 rows below"), "one key up is one line up");
        assert_eq!(press(&mut state, "Home"), start);
    }
}
