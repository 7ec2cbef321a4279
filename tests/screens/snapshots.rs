//! What each screen looks like.

use manyou::app::layer::{Count, Scroll};
use manyou::app::list::ListState;
use manyou::app::request::Purpose;
use manyou::app::timeline::Side;
use manyou::app::{Depth, Focus, History, Layer, Screen, Session, State, ThemeKind};
use manyou::domain::*;
use manyou::i18n::Lang;
use manyou::keymap::Place;

use super::{build, drawn, styles, words};

const SIZES: [(u16, u16); 4] = [(50, 24), (80, 24), (120, 40), (200, 60)];

/// Keeps the words of a screen in both languages at four widths.
pub(crate) fn check(name: &str, make: impl Fn(Lang, (u16, u16)) -> State) {
    for (lang, tag) in [(Lang::En, "en"), (Lang::ZhCn, "zh")] {
        for size in SIZES {
            let state = make(lang, size);
            let buffer = drawn(&state);
            picture(&format!("{name}-{tag}-{}", size.0), &buffer);
            insta::assert_snapshot!(format!("{name}_{tag}_{}", size.0), words(&buffer));
        }
    }
}

/// Writes the screen for people to look at, where `SCREENS_ANSI` names a folder.
fn picture(name: &str, buffer: &ratatui::buffer::Buffer) {
    if let Ok(folder) = std::env::var("SCREENS_ANSI") {
        std::fs::write(
            format!("{folder}/{name}-{}x{}.ansi", buffer.area.width, buffer.area.height),
            super::ansi(buffer),
        )
        .expect("the folder can be written");
    }
}

#[test]
fn main_screen() {
    check("main", build::main);
    check("main_top", |lang, size| {
        let mut state = build::main(lang, size);
        if let Some(history) = state.history.as_mut() {
            build::top(history);
            history.marks = history.timeline.entries().take(2).map(|e| e.key).collect();
            history.find = build::sought("退款");
        }
        state
    });
}

#[test]
fn styles_of_the_main_screen() {
    for (name, kind, depth) in [
        ("dark", ThemeKind::Dark, Depth::True),
        ("light", ThemeKind::Light, Depth::True),
        ("indexed", ThemeKind::Dark, Depth::Indexed),
        ("sixteen", ThemeKind::Dark, Depth::Sixteen),
        ("nocolor", ThemeKind::Dark, Depth::None),
    ] {
        let mut state = build::main(Lang::En, (80, 24));
        (state.options.theme, state.options.depth) = (kind, depth);
        let buffer = drawn(&state);
        picture(&format!("style-{name}"), &buffer);
        insta::assert_snapshot!(format!("styles_{name}"), styles(&buffer));
    }
    let mut state = build::main(Lang::En, (80, 24));
    state.options.ascii = true;
    let buffer = drawn(&state);
    picture("style-ascii", &buffer);
    insta::assert_snapshot!("ascii", words(&buffer));
}

#[test]
fn list_screen() {
    check("list", |lang, size| {
        let mut state = build::main(lang, size);
        state.focus = Focus::List;
        state
    });
}

#[test]
fn group() {
    check("group", |lang, size| {
        let mut state = build::state(lang, size);
        build::conversations(&mut state);
        let day = 24 * 60;
        let said =
            [("wang", 2 * day, "请问周末还有船吗？"), ("express_service_07", 2 * day - 2, "Yes, both half full.")];
        let more = [("kefu01", 2 * day - 5, "有的，十点和下午三点。"), ("zhao", 400, "我这边显示订单处理中")];
        let all = said.iter().chain(&more).zip(1..);
        let messages = all.map(|((from, at, words), n)| build::message(n, from, build::ago(*at), build::text(words)));
        build::open(&mut state, "group:vip-07", messages.collect());
        state
    });
}

#[test]
fn search() {
    let day = 24 * 60;
    let said = |n, who: &'static str, from: &str, minutes, words: &str| {
        (who, build::message(n, from, build::ago(minutes), build::text(words)))
    };
    let long =
        "你好，上周在平台上申请的西湖游船票因为下雨没有坐成，客服说会安排退款，但是退款到现在还没有到账，麻烦查一下";
    let mut hits = vec![
        said(9, "user_1029", "user_1029", 134, "请问退款什么时候到账？"),
        said(8, "user_1029", "kefu01", 3 * day, "Sorry for the wait. 退款已提交，请留意到账通知"),
        said(7, "user_1029", "user_1029", 3 * day + 20, long),
        said(6, "user_0233", "kefu01", 4 * day, "退款已原路返回，请注意查收"),
    ];
    hits.extend(
        (0..5).map(|n| said(5 - n, "group:vip-07", "zhao", 400 * day + n as i64, "我也要退款，和王老师同一单")),
    );
    check("search", |lang, size| build::search(lang, size, "退款", &hits));
    check("search_hint", |lang, size| build::search(lang, size, "", &[]));
    check("search_problem", |lang, size| build::search(lang, size, "type:nose", &[]));
    check("search_none", |lang, size| build::search(lang, size, "退货", &[]));
    check("search_hit", |lang, size| {
        let mut state = build::search(lang, size, "退款", &hits);
        state.focus = Focus::History;
        if let Some(search) = state.search.as_mut() {
            search.is_typing = false;
        }
        state
    });
}

#[test]
fn empty_list() {
    check("empty", |lang, size| {
        let mut state = build::state(lang, size);
        if let Session::In(account) = &mut state.session {
            account.user = "KeFu01".parse().expect("an id");
        }
        state
    });
}

#[test]
fn failed_history() {
    check("error", |lang, size| {
        let mut state = build::main(lang, size);
        let mut history = History::new("user_0555".parse().expect("a peer"), 0);
        let id = state.requests.issue(Purpose::Page(history.peer.clone()));
        let peer = history.peer.clone();
        history.timeline.load(&peer, 0, Side::Older, id, false);
        let failure = Failure {
            status: Some(403),
            code: "unauthorized (15001)".to_owned(),
            request: "POST messageroaming".to_owned(),
            request_id: "8f2c41d0".to_owned(),
            ..Failure::local(FailureKind::ServiceNotEnabled(Service::History), "message roaming not open")
        };
        history.timeline.page_failed(id, failure);
        state.history = Some(history);
        state
    });
}

#[test]
fn loading_history() {
    check("loading", |lang, size| {
        let mut state = build::main(lang, size);
        let mut history = History::new("user_0555".parse().expect("a peer"), 0);
        let id = state.requests.issue(Purpose::Page(history.peer.clone()));
        let peer = history.peer.clone();
        history.timeline.load(&peer, 0, Side::Older, id, false);
        state.history = Some(history);
        state.loading_since = Some(std::time::Duration::from_secs(99));
        state
    });
}

#[test]
fn offline_with_a_deletion_on_its_way() {
    check("offline", |lang, size| {
        let mut state = build::main(lang, size);
        let since = manyou::app::Now { wall: build::ago(18), elapsed: std::time::Duration::from_secs(9) };
        let again = Some(state.now.elapsed + std::time::Duration::from_millis(15_400));
        state.connection = manyou::app::Connection::Offline { since, again };
        state.list.synced = Some(build::ago(19));
        let plan = build::plan(Scope::Messages(vec![MessageId(1)]));
        let (waiting, reports) = (std::collections::VecDeque::new(), Vec::new());
        let request = state.requests.issue(Purpose::Delete(plan.clone()));
        state.running = Some(manyou::app::Running { request, plan, waiting, reports, done: (1, 3) });
        state
    });
}

#[test]
fn refused_sign_in() {
    check("refused", |lang, size| {
        let mut state = build::state(lang, size);
        let fields: [manyou::app::input::Input; 4] =
            ["https://a1.easemob.com", "org#app", "kefu01", ""].map(manyou::app::input::Input::new);
        let form = manyou::app::SignInScreen { fields, focus: 3, problem: None };
        let failure = Failure {
            status: Some(400),
            code: "invalid_grant".to_owned(),
            ..Failure::local(FailureKind::WrongPassword, "invalid username or password")
        };
        (state.screen, state.session) = (Screen::SignIn(Box::new(form)), Session::Refused(Box::new(failure)));
        state
    });
}

#[test]
fn gaps_and_chords() {
    check("gap", |lang, size| {
        let mut state = build::main(lang, size);
        if let Some(history) = state.history.as_mut() {
            history.timeline.segments[0].older = manyou::app::timeline::Edge::Failed(
                Box::new(Failure::local(FailureKind::Timeout, "no answer in 30 s")),
                None,
            );
            build::top(history);
        }
        state.pending.keys = manyou::keymap::parse_chord("D").expect("a chord");
        state
    });
}

#[test]
fn confirm_messages() {
    check("confirm_messages", |lang, size| {
        let mut state = build::main(lang, size);
        let picked: Vec<_> = build::script().into_iter().skip(13).collect();
        let ids = picked.iter().map(|m| m.id).collect();
        let count = Count { messages: 4, at_least: false };
        state.layers.push(build::confirm(Scope::Messages(ids), picked, count, None));
        state
    });
}

#[test]
fn confirm_conversation() {
    check("confirm_conversation", |lang, size| {
        let mut state = build::main(lang, size);
        let count = Count { messages: 17, at_least: true };
        let scope = Scope::Conversation { with_history: true };
        let mut layer = build::confirm(scope, build::script(), count, Some(17));
        if let Layer::Confirm(confirm) = &mut layer {
            (confirm.typed, confirm.unread) = ("1".to_owned(), 4);
        }
        state.layers.push(layer);
        state
    });
}

#[test]
fn deletion_report() {
    check("report", |lang, size| {
        let mut state = build::main(lang, size);
        state.layers.push(build::report());
        state
    });
}

#[test]
fn help() {
    check("help", |lang, size| {
        let mut state = build::main(lang, size);
        let filter = manyou::app::input::Input::default();
        state.layers.push(Layer::Help { place: Place::History, filter, top: Scroll::default() });
        state
    });
}

#[test]
fn welcome_and_sign_in() {
    check("welcome", |lang, size| {
        let mut state = build::state(lang, size);
        (state.screen, state.session) = (Screen::Welcome(0), Session::Out);
        state
    });
    check("sign_in", |lang, size| {
        let mut state = build::state(lang, size);
        let mut fields: [manyou::app::input::Input; 4] = Default::default();
        fields[0] = manyou::app::input::Input::new("https://a1.easemob.com");
        fields[3] = manyou::app::input::Input::secret();
        fields[3].paste("hunter2");
        let form = manyou::app::SignInScreen { fields, focus: 1, problem: None };
        (state.screen, state.session) = (Screen::SignIn(Box::new(form)), Session::Out);
        state
    });
}

#[test]
fn detail() {
    check("detail", |lang, size| {
        let mut state = build::main(lang, size);
        if let Some(history) = state.history.as_mut() {
            history.cursor = history.timeline.entries().nth(1).map(|e| e.key);
        }
        state.detail = true;
        if state.layout().detail.is_none() {
            state.layers.push(Layer::Detail { top: Scroll::default() });
        }
        state
    });
}

#[test]
fn a_secret_is_never_drawn() {
    let mut state = build::main(Lang::En, (200, 60));
    state.layers.push(Layer::Detail { top: Scroll::default() });
    if let Some(history) = state.history.as_mut() {
        history.cursor = history.timeline.entries().nth(1).map(|e| e.key);
    }
    assert!(!words(&drawn(&state)).contains("s3cr3t"));
}

#[test]
fn too_small() {
    let state = build::main(Lang::En, (30, 3));
    insta::assert_snapshot!("too_small", words(&drawn(&state)));
    let mut state = build::state(Lang::En, (80, 24));
    state.list.state = ListState::Unloaded;
    drawn(&state);
}
