//! States to draw: histories and lists from plain message values.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use manyou::app::history::Item;
use manyou::app::input::Input;
use manyou::app::layer::{Confirm, Count, ReportView, Scroll};
use manyou::app::list::{ListState, Wait};
use manyou::app::request::Purpose;
use manyou::app::search::{Choice, Home, Search, Sought};
use manyou::app::timeline::Side;
use manyou::app::viewport::Anchor;
use manyou::app::{
    Account, Depth, Focus, History, KeptProfile, Layer, Now, Options, Screen, Session, State, Target, ThemeKind,
    TimeFormat,
};
use manyou::domain::*;
use manyou::i18n::{Lang, Texts};
use manyou::keymap::Keymap;
use manyou::text::search::{Query, Script};

/// 3 May 2024, 16:16 in Shanghai.
pub(crate) const NOW: ServerTime = ServerTime(1_714_724_180_000);

fn kept(name: &str) -> KeptProfile {
    KeptProfile { name: name.to_owned(), target: Target::default() }
}

pub(crate) fn state(lang: Lang, size: (u16, u16)) -> State {
    let options = Options {
        texts: Arc::new(Texts::new(lang)),
        keymap: Arc::new(Keymap::defaults().expect("the built-in keys parse")),
        zone: jiff::tz::TimeZone::fixed(jiff::tz::offset(8)),
        theme: ThemeKind::Dark,
        depth: Depth::True,
        ascii: false,
        wrap: true,
        time: TimeFormat::Local,
        profiles: ["kefu01@shop", "kefu02@shop"].map(kept).to_vec(),
    };
    let mut state = State::new(options, size, Now { wall: NOW, elapsed: Duration::from_secs(100) });
    state.screen = Screen::Main;
    let user = "kefu01".parse().expect("an id");
    state.session = Session::In(Account {
        user,
        place: "shop".to_owned(),
        read_only: false,
        on_behalf: false,
        keeps: true,
        target: Target::default(),
    });
    (state.list.state, state.list.synced) = (ListState::Loaded, Some(NOW));
    state
}

/// A moment `minutes` before now.
pub(crate) fn ago(minutes: i64) -> ServerTime {
    NOW.plus_ms(-minutes * 60_000)
}

pub(crate) fn message(nth: u64, from: &str, at: ServerTime, body: Body) -> Message {
    let from_to = [from.to_owned(), "kefu01".to_owned()];
    Message::plain(
        MessageId(MessageId::at(at).0 + nth),
        ChatType::Single,
        from_to,
        at,
        body,
        Bytes::from(nth.to_string()),
    )
}

pub(crate) fn text(words: &str) -> Body {
    Body::Text { text: words.to_owned(), stream: None }
}

pub(crate) fn file(name: &str, bytes: u64) -> Attachment {
    Attachment {
        url: format!("https://a1.easemob.com/{name}"),
        secret: "s3cr3t".to_owned(),
        name: name.to_owned(),
        bytes,
    }
}

/// One conversation with every kind of message.
pub(crate) fn script() -> Vec<Message> {
    let day = 24 * 60;
    let image = Body::Image {
        file: file("IMG_0428.jpg", 240_000),
        size: Some(Size { width: 1280.0, height: 960.0 }),
        gif: false,
    };
    let custom = Body::Custom {
        event: "order_card".to_owned(),
        exts: vec![
            ("order".to_owned(), ExtValue::Text("20240428-7731".to_owned())),
            ("paid".to_owned(), ExtValue::Bool(true)),
        ],
    };
    let record = Body::Combine {
        fallback: String::new(),
        title: "Group chat history".to_owned(),
        summary: "王: 请问周末还有船吗\n赵: 有的".to_owned(),
        level: 1,
        file: Attachment::default(),
    };
    let place = Body::Location {
        latitude: 30.2592,
        longitude: 120.1418,
        address: "杭州市西湖区北山街 25 号".to_owned(),
        building: String::new(),
    };
    let mut sorry = message(4, "kefu01", ago(3 * day - 30), text("Sorry for the wait. 退款已提交，三天内原路返回"));
    sorry.edit = Some(Edit { count: 1, operator: "kefu01".to_owned(), time: ago(3 * day - 31) });
    sorry.reactions = vec![
        Reaction { reaction: "👍".to_owned(), count: 2, mine: false, users: vec!["user_1029".to_owned()] },
        Reaction { reaction: "谢谢".to_owned(), count: 1, mine: true, users: vec![] },
    ];
    vec![
        message(1, "user_1029", ago(3 * day), text("你好，上周申请的游船票退款还没到账，订单 20240428-7731")),
        message(2, "user_1029", ago(3 * day - 1), image),
        message(3, "user_1029", ago(3 * day - 2), text("那天下雨，船都停了")),
        sorry,
        message(5, "kefu01", ago(3 * day - 31), Body::File { file: file("refund-7731.pdf", 86_000) }),
        message(6, "user_1029", ago(180), Body::Audio { file: file("v.amr", 18_000), seconds: 12 }),
        message(7, "user_1029", ago(179), place),
        message(8, "user_1029", ago(178), Body::Recalled { target: MessageId(0) }),
        message(9, "order-bot", ago(160), text("Refund 20240428-7731 submitted to the bank.")),
        message(10, "kefu01", ago(150), text("您好，请稍等，我马上帮您查一下")),
        message(11, "user_1029", ago(134), text("请问退款什么时候到账？")),
        message(12, "user_1029", ago(133), custom),
        message(13, "user_1029", ago(60), record),
        message(14, "user_1029", ago(59), Body::Unknown { kind: "12".to_owned() }),
        message(15, "user_1029", ago(58), Body::Damaged { reason: "field 3: bad length".to_owned() }),
        message(16, "user_1029", ago(19), text("在吗\u{202e}fdp.exe\x1b[2J")),
        message(17, "user_1029", ago(18), text("???")),
    ]
}

/// Opens `peer` with `messages`, all the server has.
pub(crate) fn open(state: &mut State, peer: &str, messages: Vec<Message>) {
    let peer: Peer = peer.parse().expect("a peer");
    let mut history = History::new(peer.clone(), 0);
    load(state, &mut history, messages, PageEnd::End);
    history.cursor = history.timeline.entries().last().map(|e| e.key);
    state.list.selected = Some(peer);
    state.history = Some(history);
    state.focus = Focus::History;
}

pub(crate) fn load(state: &mut State, history: &mut History, mut messages: Vec<Message>, end: PageEnd) {
    messages.reverse();
    let id = state.requests.issue(Purpose::Page(history.peer.clone()));
    let peer = history.peer.clone();
    assert!(history.timeline.load(&peer, 0, Side::Older, id, false).is_some());
    assert!(history.timeline.page_arrived(id, HistoryPage::new(messages, end), NOW));
    state.requests.settle(id);
}

pub(crate) fn conversations(state: &mut State) {
    let rows = [
        ("user_1029", 134, 4, "???"),
        ("lina88", 41, 1, "ok, 还没有收到"),
        ("user_0555", 9, 1, "怎么修改收货地址？我上周下的单现在还能改吗"),
        ("group:vip-07", 120, 12, "请问周末还有船吗"),
        ("order-bot", 3, 0, "Your parcel is on its way"),
        ("user_0412", 26, 0, "thanks, solved!"),
        ("user_0031", 2000, 0, "周一再联系"),
    ];
    let all = rows.into_iter().map(|(peer, minutes, unread, words)| {
        let peer: Peer = peer.parse().expect("a peer");
        let from = if peer.chat_type == ChatType::Group { "wang" } else { peer.id() };
        let from = if words.contains("solved") { "kefu01" } else { from };
        let last = Some(Box::new(message(1, from, ago(minutes), text(words))));
        Conversation { pinned: words == "周一再联系", peer, unread, pinned_at: None, marks: vec![], last }
    });
    state.list.replace(all.collect());
    state.list.cap = Some(100);
    let users = [("lina88", "李娜"), ("wang", "王")];
    let profile = |(id, name): (&str, &str)| (id.to_owned(), Profile { nickname: name.to_owned() });
    let group = Group { name: "VIP-07".to_owned(), members: Some(41) };
    state.names.learn(users.into_iter().map(profile).collect(), [("vip-07".to_owned(), group)].into());
    let me = state.me().to_owned();
    let names = state.names.clone();
    state.list.arrange(&names, &me);
    let peer: Peer = "user_1029".parse().expect("a peer");
    state.list.learn_wait(&peer, Some(Wait { since: ago(134), at_least: false }));
}

pub(crate) fn main(lang: Lang, size: (u16, u16)) -> State {
    let mut state = state(lang, size);
    conversations(&mut state);
    open(&mut state, "user_1029", script());
    state
}

pub(crate) fn plan(scope: Scope) -> DeletionPlan {
    let owner = "kefu01".parse().expect("an id");
    DeletionPlan { owner, peer: "user_1029".parse().expect("a peer"), scope }
}

pub(crate) fn confirm(scope: Scope, messages: Vec<Message>, count: Count, must_type: Option<u64>) -> Layer {
    Layer::Confirm(Box::new(Confirm {
        oldest: None,
        plans: vec![plan(scope)],
        messages: messages.into_iter().map(Arc::new).collect(),
        count,
        unread: 0,
        must_type,
        typed: String::new(),
        painted: None,
        top: 0,
        counting: None,
        mistyped: false,
    }))
}

pub(crate) fn report() -> Layer {
    let failure = Failure {
        status: Some(429),
        code: "resource_limited".to_owned(),
        ..Failure::local(FailureKind::RateLimited, "You have exceeded the limit")
    };
    let chunks = vec![
        Chunk { ids: vec![MessageId(1); 20], outcome: ChunkOutcome::Done },
        Chunk { ids: vec![MessageId(2); 20], outcome: ChunkOutcome::Unknown(failure) },
        Chunk { ids: vec![MessageId(3)], outcome: ChunkOutcome::NotSent },
    ];
    let plan = plan(Scope::Messages(vec![MessageId(1)]));
    Layer::Report(Box::new(ReportView {
        looked: None,
        reports: vec![DeletionReport { plan, chunks, kept: None }],
        not_sent: vec![],
        at: NOW,
        top: Scroll::default(),
    }))
}

pub(crate) fn top(history: &mut History) {
    history.anchor = Anchor::At { item: Item::Edge(0, Side::Older), screen: 0 };
}

/// Words that are looked for.
pub(crate) fn sought(typed: &str) -> Sought {
    Sought { typed: typed.to_owned(), query: Query::parse(typed, Script::Either, |_| None) }
}

/// The main screen with a search for `typed` over it, answered with these messages of these conversations.
pub(crate) fn search(lang: Lang, size: (u16, u16), typed: &str, said: &[(&str, Message)]) -> State {
    let mut state = main(lang, size);
    let open = state.history.as_ref();
    let home = Home {
        focus: state.focus,
        zoom: state.zoom,
        peer: open.map(|h| h.peer.clone()),
        cursor: open.and_then(|h| h.cursor),
        anchor: Anchor::Newest,
    };
    let hit = |(n, (who, message)): (usize, &(&str, Message))| Hit {
        key: 1_000 - n as i64,
        peer: who.parse().expect("a peer"),
        message: message.clone(),
    };
    let mut search = Search::new(None, home);
    (search.input, search.sought) = (Input::new(typed), sought(typed));
    search.hits = said.iter().enumerate().map(hit).collect();
    search.chosen = search.hits.first().map(|hit| Choice::Hit(hit.key));
    let (oldest, newest) = (Some(ago(30 * 24 * 60)), Some(NOW));
    search.horizon = Some(Horizon { messages: 12_400, oldest, newest, whole: false });
    if let Some(history) = state.history.as_mut() {
        history.find = search.sought.clone();
    }
    (state.focus, state.search) = (Focus::List, Some(Box::new(search)));
    state
}
