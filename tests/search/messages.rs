//! What of a message is found, and by which filter.

use manyou::domain::{
    Attachment, Body, Edit, ExtValue, Message, MessageId, Reaction, ServerTime, ThreadInfo, Translation,
};
use manyou::text::search::{Script, Traits, index_text};

use crate::build::{Index, matches, message, query, said};

fn finds(typed: &str, message: &Message) -> bool {
    let query = query(typed, Script::Either);
    let seen = matches(&query, message);
    let messages = std::slice::from_ref(message);
    if query.kinds().is_empty() && !query.names_senders() && !query.names_conversations() && !typed.contains(':') {
        assert_eq!(!Index::of(messages).answer(&query, messages).is_empty(), seen, "{typed}");
    }
    seen
}

fn file(name: &str) -> Attachment {
    Attachment { url: "https://x.test/secret".to_owned(), secret: "s3".to_owned(), name: name.to_owned(), bytes: 1 }
}

fn pair(value: ExtValue) -> Vec<(String, ExtValue)> {
    vec![("orderId".to_owned(), value)]
}

#[test]
fn every_kind_is_found_by_its_words() {
    let place = Body::Location {
        latitude: 1.0,
        longitude: 2.0,
        address: "中关村大街1号".to_owned(),
        building: "海龙大厦".to_owned(),
    };
    let custom = Body::Custom { event: "order_card".to_owned(), exts: pair(ExtValue::Int(-20_240_501)) };
    let command = Body::Command { action: "typing".to_owned(), params: pair(ExtValue::Double(1.5)) };
    let combined = Body::Combine {
        fallback: "版本过低".to_owned(),
        title: "群聊记录".to_owned(),
        summary: "bob: 好".to_owned(),
        level: 1,
        file: file("r.dat"),
    };
    for (body, words) in [
        (Body::File { file: file("发票-2024.PDF") }, &["发票", "2024", "pdf", "\"发票-2024.pdf\""][..]),
        (place, &["中关村", "海龙", "1号"]),
        (custom, &["order_card", "card", "20240501", "-2024"]),
        (command, &["typing", "1.5"]),
        (combined, &["版本", "群聊", "bob", "dat"]),
    ] {
        let message = message(body);
        for word in words {
            assert!(finds(word, &message), "{word}");
        }
        for word in ["secret", "s3", "alice", "kefu01", "orderId"] {
            assert!(!finds(word, &message), "{word}");
        }
    }
}

#[test]
fn attributes_threads_and_translations_are_found_but_no_word_runs_across() {
    let mut message = said("退款");
    message.ext = [
        ExtValue::Text("订单".to_owned()),
        ExtValue::Json(r#"{"a":"\u53d1\u8d27\n"}"#.to_owned()),
        ExtValue::Bool(true),
    ]
    .into_iter()
    .flat_map(pair)
    .collect();
    message.thread = Some(ThreadInfo { id: "t".to_owned(), name: "售后".to_owned(), message_count: 1 });
    message.translations = vec![Translation { code: "en".to_owned(), text: "refund".to_owned() }];
    for word in ["退款", "订单", "发货", "\"a", "售后", "refund", "退款 refund"] {
        assert!(finds(word, &message), "{word}");
    }
    for word in ["款订", "\"退款 订单\"", "true", "后re", "t1"] {
        assert!(!finds(word, &message), "{word}");
    }
    assert_eq!(index_text(&said("\u{200B}")), "");
}

#[test]
fn filters_narrow_what_the_words_find() {
    let mut message = said("退款 https://x.test");
    message.id = MessageId(7);
    for typed in [
        "from:alice",
        "from:ALI",
        "from:小明",
        "from:bob from:alice",
        "in:g7",
        "in:group:g7",
        "in:\"售后 team\"",
        "in:售",
        "type:txt",
        "type:img,txt",
        "has:link",
        "after:1714572000000",
        "before:1714572000001",
        "退 from:alice has:link type:txt",
    ] {
        assert!(finds(typed, &message), "{typed}");
    }
    for typed in [
        "from:bob",
        "from:lice",
        "in:g8",
        "type:img",
        "has:file",
        "has:link,file",
        "after:1714572000001",
        "before:1714572000000",
        "无 from:alice",
        "退 from:bob",
        "",
    ] {
        assert!(!finds(typed, &message), "{typed}");
    }
}

#[test]
fn what_a_message_has_keeps_its_bit() {
    let mut message = message(Body::Image { file: file("a.png"), size: None, gif: false });
    assert_eq!(Traits::of(&message), Traits(0b11));
    message.reactions = vec![Reaction { reaction: "👍".to_owned(), count: 1, mine: false, users: Vec::new() }];
    message.edit = Some(Edit { count: 1, operator: "alice".to_owned(), time: ServerTime(1) });
    message.thread = Some(ThreadInfo::default());
    message.translations = vec![Translation { code: "en".to_owned(), text: String::new() }];
    assert_eq!(Traits::of(&message), Traits(0b11_1100_0011));
    assert!(
        finds("has:image has:reaction,edit,thread,translation has:FILE", &message) && !finds("has:video", &message)
    );
}
