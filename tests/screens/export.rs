//! Exports: the question, how far it is, what came of it; and the lines that come up for a moment.

use std::time::Duration;

use manyou::app::export::{Choice, Ended, Exported, Missing, Order, Outcome, Question, Refusal, Row, Running, Subject};
use manyou::app::input::Input;
use manyou::app::layer::Scroll;
use manyou::app::{Focus, Layer, Local, RequestId, Session, State, Toast};
use manyou::domain::Format;
use manyou::i18n::Lang;
use manyou::keymap::parse_chord;

use super::snapshots::check;
use super::{build, drawn, words};

fn question(refusal: Option<Refusal>) -> Layer {
    let peer = "user_1029".parse().expect("a peer");
    let choice = |words: &str| Choice {
        words: words.to_owned(),
        subject: Subject::Conversations(vec![peer]),
        title: String::new(),
        stem: "user_1029-2024-05-03".to_owned(),
    };
    Layer::Export(Box::new(Question {
        choices: vec![choice("the conversation with user_1029"); 3],
        chosen: 0,
        format: Format::Html,
        file: Input::new("~/evidence/user_1029-2024-05-03.html"),
        row: Row::What,
        is_own: false,
        refusal,
        asks: None,
    }))
}

fn order() -> Order {
    Order {
        subject: Subject::Conversations(vec!["user_1029".parse().expect("a peer")]),
        title: "user_1029".to_owned(),
        format: Format::Html,
        path: "~/evidence/user_1029-2024-05-03.html".to_owned(),
        replaces: false,
        goes_on: true,
        profile: None,
        at: build::NOW,
    }
}

fn ended(outcome: Outcome, left: Option<&str>) -> Layer {
    let exported = Exported { outcome, messages: 1_284, left: left.map(str::to_owned) };
    Layer::Exported(Box::new(Ended { order: order(), exported, top: Scroll::default() }))
}

fn with(layer: &Layer) -> impl Fn(Lang, (u16, u16)) -> State + '_ {
    move |lang, size| {
        let mut state = build::main(lang, size);
        state.layers.push(layer.clone());
        state
    }
}

#[test]
fn the_question() {
    check("export", with(&question(None)));
    check("export_there", with(&question(Some(Refusal::There))));
}

#[test]
fn what_came_of_it() {
    check("exported", with(&ended(Outcome::Done(Missing { parts: 2, nothing: 1 }), None)));
    check("exported_broke", with(&ended(Outcome::DiskFull, Some("/home/li/evidence/a.ndjson.x7Qz.part"))));
}

#[test]
fn every_refusal_says_why_and_what_to_do() {
    let all = [
        (Refusal::NoFile, "not the name of a file"),
        (Refusal::NoFolder, "folder is not there"),
        (Refusal::Nothing, "in the archive"),
        (Refusal::Unwritable("Permission denied (os error 13)".to_owned()), "Permission denied"),
    ];
    for (refusal, said) in all {
        let screen = words(&drawn(&with(&question(Some(refusal)))(Lang::En, (80, 24))));
        assert!(screen.contains(said), "{screen}");
        assert!(!screen.contains(" x "), "only a file that is there can be replaced: {screen}");
    }
}

#[test]
fn the_status_line_says_how_far_it_is() {
    let mut state = build::main(Lang::En, (80, 24));
    let mut running = Running { request: RequestId(9), order: order(), written: None, of: 0, is_stopping: false };
    state.exports.running = Some(running.clone());
    assert!(!words(&drawn(&state)).contains("exporting"), "nothing is written before the file is made");
    (running.written, running.of) = (Some(1_200), 20_000);
    state.exports.running = Some(running.clone());
    assert!(words(&drawn(&state)).contains("exporting 1,200 of 20,000"));
    running.is_stopping = true;
    state.exports.running = Some(running);
    assert!(words(&drawn(&state)).contains("the export stops"));
}

/// The rows between title and status line.
fn panes(screen: &str) -> Vec<&str> {
    let rows: Vec<&str> = screen.lines().collect();
    rows[1..rows.len() - 2].to_vec()
}

#[test]
fn a_line_for_a_moment_covers_no_row_of_a_pane() {
    for (size, focus) in [((80, 24), Focus::History), ((50, 24), Focus::List), ((120, 40), Focus::History)] {
        let mut state = build::main(Lang::En, size);
        state.focus = focus;
        let before = words(&drawn(&state));
        state.toast = Some(Toast { text: "copied".to_owned(), until: Duration::from_secs(104) });
        let after = words(&drawn(&state));
        assert_eq!(panes(&before), panes(&after));
        let status = after.lines().rev().nth(1).unwrap_or_default();
        assert!(status.starts_with("▌  copied"), "{status}");
    }
}

#[test]
fn a_menu_leaves_the_message_under_the_cursor_free() {
    for size in [(80, 24), (50, 24), (120, 40)] {
        let mut state = build::main(Lang::En, size);
        state.focus = Focus::History;
        let cursor = |screen: &str| {
            let at = |row: &&str| row.contains("▌ ") || row.contains('▌');
            screen.lines().filter(at).map(str::to_owned).collect::<Vec<_>>()
        };
        let before = cursor(&words(&drawn(&state)));
        state.pending.keys = parse_chord("D").expect("a key");
        let screen = words(&drawn(&state));
        assert!(screen.contains("delete everything older"), "{screen}");
        assert_eq!(cursor(&screen), before, "{screen}");
    }
}

#[test]
fn without_a_server_nothing_is_offered_that_reads_again() {
    let mut state = build::main(Lang::En, (80, 24));
    state.session = Session::Local(Local::Archive { who: "kefu01@shop".to_owned(), since: build::NOW });
    state.history = Some(manyou::app::History::new("user_0555".parse().expect("a peer"), 0));
    state.focus = Focus::History;
    let screen = words(&drawn(&state));
    let footer = screen.lines().next_back().unwrap_or_default();
    assert!(footer.contains("back") && !footer.contains('R'), "{footer}");
}
