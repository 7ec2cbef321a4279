//! What a person does in the first quarter of an hour.

use crate::bytes::copied;
use crate::tty::{ESC, PAGE_UP};
use crate::world::{Home, Sandbox, WIDE};

#[test]
fn the_long_conversation_is_paged_to_its_first_message_and_back() {
    let home = Home::new();
    let mut tty = home.demo(WIDE, &[]);
    tty.shows("78 conversations");
    tty.keys("olongtime\r");
    tty.shows("0 of ");
    tty.keys("gg");
    tty.shows("first message of this conversation");
    tty.shows("oldest on server");
    tty.keys("G");
    tty.gone("oldest on server");
    tty.until("the newest message", |tty| tty.text().contains("在吗？还有一件事"));
    tty.insist(&PAGE_UP.repeat(3), "2,000 of 2,000+");
    tty.keys("G");
    tty.until("the newest message", |tty| tty.text().contains("在吗？还有一件事"));
    tty.keys("qq");
    tty.ends_with(0);
    assert_eq!(home.left(), Vec::<std::path::PathBuf>::new());
}

#[test]
fn one_and_five_messages_are_deleted_at_the_server_too() {
    let sandbox = Sandbox::start();
    let before = sandbox.ids("yuanfang");
    let mut tty = sandbox.tui(WIDE, &[]);
    tty.shows("78 conversations");
    tty.keys("oyuanfang\r");
    tty.shows("yuanfang  single");
    tty.shows(" of 1");
    tty.keys("kkkkkkkkyi");
    tty.shows("copied");
    tty.keys("Dm");
    tty.shows("Delete 1 message");
    tty.insist("x", "1 deleted");
    let one = copied(&tty.sent).pop().expect("the id was copied");
    let left: Vec<String> = before.iter().filter(|id| **id != one).cloned().collect();
    assert_eq!(sandbox.ids("yuanfang"), left);
    tty.keys("     ");
    tty.shows("5 marked");
    tty.keys("Dm");
    tty.shows("Delete 5 messages");
    tty.insist("x", "5 deleted");
    assert_eq!(sandbox.ids("yuanfang").len(), before.len() - 6);
    tty.keys("qq");
    tty.ends_with(0);
}

#[test]
fn a_conversation_is_hidden_and_another_deleted_with_its_history() {
    let sandbox = Sandbox::start();
    let listed = |peer: &str| sandbox.run(&["list", "--ndjson"]).iter().any(|r| r["peer"] == peer);
    let kept = sandbox.ids("chen_c");
    let mut tty = sandbox.tui(WIDE, &[]);
    tty.shows("78 conversations");
    tty.keys("ochen_c\r");
    tty.shows("chen_c  single");
    tty.keys("Dh");
    tty.shows("Hide conversation");
    tty.insist("x", "hidden, its history stays");
    assert!(!listed("chen_c"));
    assert_eq!(sandbox.ids("chen_c"), kept);
    tty.keys("qolina88\r");
    tty.shows("lina88  single");
    tty.shows(" of ");
    tty.keys("Dc");
    tty.shows("to delete");
    let typed = tty.text().split("Type ").nth(1).and_then(|t| t.split(' ').next()).expect("a count").to_owned();
    tty.insist("x", "type the number first");
    tty.keys(&typed.replace(',', ""));
    tty.insist("x", "conversation and history deleted");
    assert!(!listed("lina88") && sandbox.ids("lina88").is_empty());
    tty.keys("qq");
    tty.ends_with(0);
}

#[test]
fn a_word_is_found_in_all_conversations_and_the_way_leads_back() {
    let sandbox = Sandbox::start();
    let mut tty = sandbox.tui(WIDE, &[]);
    tty.shows("78 conversations");
    tty.keys("ouser_1029\r");
    tty.shows("user_1029  single");
    tty.shows(" of ");
    tty.keys("M");
    tty.shows("goes on behind");
    tty.keys(ESC);
    tty.shows("mirrored: ");
    tty.keys("S退款");
    tty.shows("hits in ");
    tty.shows("1 of ");
    tty.keys("\r");
    tty.shows("stay here");
    tty.keys("n");
    tty.shows("2 of ");
    tty.keys(ESC);
    tty.gone("hits in ");
    tty.shows("user_1029  single");
    tty.keys("qqq");
    tty.ends_with(0);
}

#[test]
fn every_way_of_looking_works_from_the_keyboard() {
    let home = Home::new();
    let mut tty = home.demo(WIDE, &["--lang", "zh"]);
    // The names come after the list; before them an order by name is one by ID.
    tty.shows("VIP-07");
    tty.keys(",n");
    tty.shows("按名称");
    tty.shows("Beta testers");
    tty.keys("\\Ellen");
    tty.gone("Beta testers");
    tty.keys(ESC);
    tty.shows("Beta testers");
    tty.keys(",w");
    tty.shows("等待最久在前");
    tty.keys(",rgg/Ellen\r\r");
    tty.shows("ellen.k");
    tty.keys("]");
    tty.gone("ellen.k  单聊");
    // Before its messages are there, no key has anything to show.
    tty.shows("从这里开始等待");
    tty.keys("?");
    tty.shows("当前在 历史");
    tty.keys(ESC);
    tty.gone("当前在 历史");
    tty.keys("i");
    tty.shows("发送者");
    tty.keys("q");
}
