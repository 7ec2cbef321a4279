//! A conversation full of texts that attack a terminal: nothing of it acts, wherever it is shown.

use crate::bytes::{copied, foreign};
use crate::tty::{ESC, PAGE_UP, Tty};
use crate::world::{Home, Sandbox};

/// Waits until everything typed so far has been drawn.
fn settle(tty: &mut Tty) {
    tty.keys("?");
    tty.shows("type to narrow");
    tty.keys(ESC);
    tty.gone("type to narrow");
}

fn unharmed(tty: &mut Tty) {
    assert_eq!(foreign(&tty.sent), None);
    let screen = tty.model.screen();
    assert!(screen.alternate_screen() && screen.bracketed_paste());
    assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None);
}

#[test]
fn all_of_it_is_browsed_and_copied_without_a_foreign_byte() {
    let sandbox = Sandbox::start();
    let count = sandbox.ids("stranger").len();
    for (size, detail) in [((200, 60), "i"), ((80, 24), "")] {
        let mut tty = sandbox.tui(size, &[]);
        tty.shows("78 conversations");
        tty.keys("ostranger\r");
        tty.shows("stranger  single");
        tty.keys("gg");
        tty.shows("oldest on server");
        tty.keys(detail);
        let copies = copied(&tty.sent).len();
        for _ in 0..count {
            tty.keys(if detail.is_empty() { "yyyjyij" } else { "yyyjynylj" });
        }
        settle(&mut tty);
        unharmed(&mut tty);
        assert!(copied(&tty.sent).len() >= copies + count, "{} copies of {count}", copied(&tty.sent).len());
        tty.keys("w");
        (0..40).for_each(|_| tty.keys(PAGE_UP));
        settle(&mut tty);
        tty.resize(50, 24);
        settle(&mut tty);
        unharmed(&mut tty);
        tty.keys("Dm");
        tty.shows("Delete 1 message");
        tty.keys(ESC);
        tty.insist(ESC, "stranger");
        tty.signal(rustix::process::Signal::TERM);
        tty.ends_with(143);
    }
}

#[test]
fn hostile_names_in_a_list_do_nothing_in_either_language() {
    for lang in ["en", "zh"] {
        let home = Home::new();
        let mut tty = home.demo((120, 40), &["--lang", lang]);
        tty.shows("78 ");
        (0..80).for_each(|_| tty.keys("jyn"));
        tty.until("the last row", |tty| copied(&tty.sent).len() == 80);
        unharmed(&mut tty);
        tty.keys("q");
        tty.ends_with(0);
    }
}
