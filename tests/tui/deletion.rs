//! Nothing is deleted by accident, and what was sent is accounted for.

use std::time::Duration;

use rustix::process::Signal;

use crate::tty::{ENTER, ESC, Tty};
use crate::world::{Sandbox, WIDE};

const BY_IDS: &str = "DELETE /sdk/message/roaming/*/user/*";

fn opened(sandbox: &Sandbox) -> Tty {
    let mut tty = sandbox.tui(WIDE, &["--log", "info"]);
    tty.shows("78 conversations");
    tty.keys("oyuanfang\r");
    tty.shows("yuanfang  single");
    // An archive of an earlier start may begin with fewer.
    tty.until("two pages", |tty| [" of 1", "99 of 99"].iter().any(|n| tty.text().contains(n)));
    tty
}

#[test]
fn keys_that_run_ahead_pastes_and_enter_delete_nothing() {
    let sandbox = Sandbox::start();
    let before = sandbox.ids("yuanfang");
    let mut tty = opened(&sandbox);
    tty.keys("Dmx");
    tty.shows("Delete 1 message");
    tty.paste("x\r1\nx");
    tty.listen(Duration::from_millis(600));
    tty.paste("x");
    tty.listen(Duration::from_millis(200));
    assert!(tty.text().contains("Delete 1 message"), "{}", tty.text());
    tty.keys(ENTER);
    tty.gone("Delete 1 message");
    tty.keys("Dm");
    tty.shows("Delete 1 message");
    tty.listen(Duration::from_millis(500));
    tty.keys(ESC);
    tty.gone("Delete 1 message");
    tty.keys("qq");
    tty.ends_with(0);
    assert_eq!(sandbox.ids("yuanfang"), before);
}

#[test]
fn an_answer_that_breaks_off_is_reported_as_unknown() {
    for (lang, unknown) in [("en", "outcome of one request is unknown"), ("zh", "结果未知")] {
        let sandbox = Sandbox::with_faults(&format!(r#"[{{"route":"{BY_IDS}","count":1,"cut":true}}]"#));
        let mut tty = sandbox.tui(WIDE, &["--lang", lang]);
        tty.shows("老主顾");
        tty.keys("oyuanfang\r");
        tty.shows("100+");
        tty.keys("Dm");
        tty.insist("x", unknown);
        tty.keys(ESC);
        tty.gone(unknown);
        tty.keys("qq");
        tty.ends_with(0);
    }
}

#[test]
fn a_refused_deletion_takes_nothing_off_the_screen() {
    let refused = r#"{"error":"service not open","exception":"x","error_description":"not open"}"#;
    let faults = serde_json::json!([{"route": BY_IDS, "status": 403, "body": refused}]);
    let sandbox = Sandbox::with_faults(&faults.to_string());
    let before = sandbox.ids("yuanfang");
    let mut tty = opened(&sandbox);
    tty.keys("Dm");
    tty.insist("x", "0 of 1 deleted");
    tty.shows("does not have one-way message deletion");
    tty.keys(ESC);
    tty.gone("0 of 1 deleted");
    assert_eq!(sandbox.ids("yuanfang"), before);
    assert!(tty.text().contains("of 1"), "{}", tty.text());
    tty.keys("qq");
    tty.ends_with(0);
}

#[test]
fn a_deletion_on_its_way_is_waited_for_when_the_terminal_hangs_up() {
    let sandbox = Sandbox::with_faults(&format!(r#"[{{"route":"{BY_IDS}","delay_ms":2000}}]"#));
    let before = sandbox.ids("yuanfang");
    for end in [Signal::HUP, Signal::TERM] {
        let mut tty = opened(&sandbox);
        tty.keys("Dm");
        tty.shows("Delete 1 message");
        tty.insist("x", "deleting");
        tty.signal(end);
        tty.ends_with(128 + end.as_raw() as u32);
    }
    assert_eq!(sandbox.ids("yuanfang").len(), before.len() - 2);
    let logs = std::fs::read_dir(sandbox.home.path().join("state/manyou")).expect("the log's folder");
    let log: String = logs.map(|file| std::fs::read_to_string(file.expect("file").path()).expect("text")).collect();
    assert_eq!(log.matches("the deletion on its way was answered").count(), 2, "{log}");
}

#[test]
fn a_deletion_that_is_never_answered_does_not_hold_the_end_up_for_ever() {
    let sandbox = Sandbox::with_faults(&format!(r#"[{{"route":"{BY_IDS}","delay_ms":60000}}]"#));
    let mut tty = opened(&sandbox);
    tty.keys("Dm");
    tty.insist("x", "deleting");
    tty.keys("qq");
    tty.shows("leaving once the deletion is answered");
    tty.hang_up();
    assert!(tty.within(Duration::from_secs(9), Tty::has_ended), "it waits on");
}
