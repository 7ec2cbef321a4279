//! Exports: the question, how far it is, what came of it.

use manyou::app::export::{Choice, Ended, Exported, Missing, Order, Outcome, Question, Refusal, Row, Running, Subject};
use manyou::app::input::Input;
use manyou::app::layer::Scroll;
use manyou::app::{Layer, RequestId, State};
use manyou::domain::Format;
use manyou::i18n::Lang;

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
