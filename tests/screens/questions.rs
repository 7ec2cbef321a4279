//! What a question before a deletion says and offers.

use manyou::app::Layer;
use manyou::app::layer::{Confirm, Count, ReportView, Scroll};
use manyou::domain::{Chunk, ChunkOutcome, DeletionReport, Scope};
use manyou::i18n::Lang;

use super::{build, drawn, words};

/// The screen in both languages with a question about a conversation, changed by `change`.
fn asked(with_history: bool, count: Count, change: impl Fn(&mut Confirm)) -> [String; 2] {
    [Lang::En, Lang::ZhCn].map(|lang| {
        let mut state = build::main(lang, (100, 40));
        let mut layer = build::confirm(Scope::Conversation { with_history }, build::script(), count, Some(17));
        if let Layer::Confirm(confirm) = &mut layer {
            change(confirm);
        }
        state.layers.push(layer);
        words(&drawn(&state))
    })
}

fn three(confirm: &mut Confirm) {
    confirm.plans = vec![confirm.plans[0].clone(); 3];
    confirm.must_type = Some(3);
}

const SOME: Count = Count { messages: 17, at_least: true };

#[test]
fn counting_is_offered_where_it_counts() {
    for screen in asked(true, SOME, |_| ()) {
        assert_eq!(screen.matches(" # ").count(), 2, "in the dialog and in the footer: {screen}");
    }
    for screen in asked(true, SOME, three).iter().chain(&asked(false, SOME, |_| ())) {
        assert!(!screen.contains(" # "), "{screen}");
    }
}

#[test]
fn the_first_message_is_named_only_where_it_is_known() {
    let [en, zh] = asked(true, SOME, |_| ());
    assert!(en.contains("first loaded") && en.contains("last loaded") && zh.contains("已加载最早"), "{en}{zh}");
    let [en, zh] = asked(true, Count { messages: 900, at_least: false }, |_| ());
    assert!(!en.contains("│  first") && en.contains("last loaded") && !zh.contains("│  最早"), "{en}{zh}");
    let exact = Count { messages: build::script().len() as u64, at_least: false };
    let [en, zh] = asked(true, exact, |_| ());
    assert!(en.contains("│  first  ") && !en.contains("loaded") && zh.contains("│  最早  "), "{en}{zh}");
}

#[test]
fn hiding_speaks_of_hiding() {
    let [en, zh] = asked(false, SOME, three);
    assert!(en.contains("Type 3 to hide") && en.contains("hide now") && en.contains("conversations   "), "{en}");
    assert!(!en.contains("delet"), "{en}");
    assert!(zh.contains("输入 3 以隐藏") && zh.contains("立即隐藏") && zh.contains("会话数"), "{zh}");
    assert!(!zh.contains("删除"), "{zh}");
}

#[test]
fn unread_messages_are_called_unread() {
    let [en, zh] = asked(true, SOME, |confirm| confirm.unread = 4);
    let row = |text: &str, label: &str, count: &str| {
        text.lines().any(|line| line.contains(label) && line.contains(count) && !line.contains("opened"))
    };
    assert!(row(&en, "unread", " 4 ") && row(&zh, "未读", "4 条"), "{en}{zh}");
}

#[test]
fn what_came_of_hiding_speaks_of_hiding() {
    for (lang, word) in [(Lang::En, "delet"), (Lang::ZhCn, "删除")] {
        for done in [true, false] {
            let mut state = build::main(lang, (100, 40));
            let plan = build::plan(Scope::Conversation { with_history: false });
            let outcome = if done { ChunkOutcome::Done } else { ChunkOutcome::NotSent };
            let report =
                DeletionReport { plan: plan.clone(), chunks: vec![Chunk { ids: Vec::new(), outcome }], kept: None };
            let not_sent = if done { Vec::new() } else { vec![plan] };
            let view =
                ReportView { reports: vec![report], not_sent, looked: None, at: build::NOW, top: Scroll::default() };
            state.layers.push(Layer::Report(Box::new(view)));
            let screen = words(&drawn(&state));
            assert!(!screen.to_lowercase().contains(word), "{screen}");
        }
    }
}

#[test]
fn the_question_says_that_the_archive_loses_it_too_where_there_is_one() {
    let said = |keeps: bool, with_history: bool| {
        [Lang::En, Lang::ZhCn].map(|lang| {
            let mut state = build::main(lang, (80, 24));
            if let manyou::app::Session::In(account) = &mut state.session {
                account.keeps = keeps;
            }
            state.layers.push(build::confirm(Scope::Conversation { with_history }, build::script(), SOME, None));
            let screen = words(&drawn(&state));
            screen.contains("the archive loses them too") || screen.contains("存档里也会删除")
        })
    };
    assert_eq!(said(true, true), [true, true]);
    assert_eq!(said(false, true), [false, false]);
    assert_eq!(said(true, false), [false, false], "a hidden conversation stays");
}

#[test]
fn no_title_is_cut_at_50_columns() {
    let before = Scope::Before { cutoff: build::ago(9), newest: manyou::domain::MessageId(7) };
    let many = Count { messages: 12_345, at_least: true };
    for lang in [Lang::En, Lang::ZhCn] {
        for scope in
            [before.clone(), Scope::Conversation { with_history: true }, Scope::Conversation { with_history: false }]
        {
            for several in [false, true] {
                let mut state = build::main(lang, (50, 24));
                let mut layer = build::confirm(scope.clone(), build::script(), many, None);
                if let (Layer::Confirm(confirm), true) = (&mut layer, several) {
                    three(confirm);
                }
                state.layers.push(layer);
                let screen = words(&drawn(&state));
                let title = screen.lines().find(|row| row.contains('╭')).unwrap_or_default();
                assert!(!title.contains('…'), "{title}");
            }
        }
    }
}
