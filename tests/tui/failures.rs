//! Servers that fail, dawdle or are gone: each says so in a sentence, loses nothing, and is recovered from.

use crate::tty::{ENTER, ESC, PAGE_UP};
use crate::world::{Sandbox, WIDE};

const LIST: &str = "GET /sdk/user/*/user_channels/list";
const HISTORY: &str = "POST /users/*/messageroaming";
const PAGE: &str = "<html><body>Welcome to the hotel</body></html>";

/// One fault and what the screen says about it in either language.
struct Case {
    fault: serde_json::Value,
    en: &'static str,
    zh: &'static str,
}

fn cases() -> Vec<Case> {
    let body = |words: &str| format!(r#"{{"error":"{words}","error_description":"{words}"}}"#);
    let case = |fault, en, zh| Case { fault, en, zh };
    let times = 6;
    vec![
        case(
            serde_json::json!({"status": 500, "body": body("boom"), "count": times, "headers": [["retry-after", "0"]]}),
            "the server failed",
            "服务器出错",
        ),
        case(
            serde_json::json!({"status": 200, "body": PAGE, "count": 1, "headers": [["content-type", "text/html"]]}),
            "a web page came instead",
            "收到的是网页",
        ),
        case(serde_json::json!({"status": 403, "body": body("service not open"), "count": 1}), "not enabled", "未开通"),
        case(
            serde_json::json!({"status": 400, "body": body("illegal_argument"), "count": 1}),
            "found the request wrong",
            "服务器认为请求有误",
        ),
        case(
            serde_json::json!({"status": 429, "body": body("too many requests"), "count": 8, "headers": [["retry-after", "0"]]}),
            "too many requests",
            "请求过于频繁",
        ),
        case(
            serde_json::json!({"status": 401, "body": body("token expired"), "count": 3}),
            "the sign-in has expired",
            "登录已过期",
        ),
    ]
}

fn with_route(fault: &serde_json::Value, route: &str, skip: u64) -> String {
    let mut fault = fault.clone();
    fault["route"] = route.into();
    fault["skip"] = skip.into();
    serde_json::json!([fault]).to_string()
}

#[test]
fn a_list_that_fails_says_why_and_r_recovers() {
    for case in cases() {
        for (lang, words) in [("en", case.en), ("zh", case.zh)] {
            let sandbox = Sandbox::with_faults(&with_route(&case.fault, LIST, 0));
            let mut tty = sandbox.tui(WIDE, &["--lang", lang]);
            tty.shows(words);
            tty.keys("R");
            tty.shows("78 ");
            tty.keys("q");
            tty.ends_with(0);
        }
    }
}

#[test]
fn a_list_that_fails_later_keeps_what_is_shown_and_says_so() {
    for case in cases() {
        let sandbox = Sandbox::with_faults(&with_route(&case.fault, LIST, 2));
        let mut tty = sandbox.tui(WIDE, &[]);
        tty.shows("78 conversations");
        tty.keys("R");
        tty.shows(case.en);
        assert!(tty.text().contains("78 "), "{}", tty.text());
        tty.keys("R");
        tty.gone(case.en);
        tty.keys("q");
        tty.ends_with(0);
    }
}

#[test]
fn a_history_that_fails_says_why_and_enter_recovers() {
    for case in cases() {
        for (lang, words) in [("en", case.en), ("zh", case.zh)] {
            let sandbox = Sandbox::with_faults(&with_route(&case.fault, HISTORY, 0));
            let mut tty = sandbox.tui(WIDE, &["--lang", lang]);
            tty.shows("78 ");
            tty.keys("olongtime\r");
            tty.shows(words);
            tty.keys(ENTER);
            tty.gone(words);
            tty.shows("在吗？还有一件事");
            tty.signal(rustix::process::Signal::TERM);
            tty.ends_with(143);
        }
    }
}

#[test]
fn a_page_that_fails_in_the_middle_keeps_the_others_and_is_tried_again() {
    for case in cases() {
        let sandbox = Sandbox::with_faults(&with_route(&case.fault, HISTORY, 1));
        let mut tty = sandbox.tui(WIDE, &[]);
        tty.shows("78 conversations");
        tty.keys("olongtime\r");
        tty.shows("50 of 50+");
        tty.insist(PAGE_UP, "not loaded");
        assert!(tty.text().contains("50 of 50+"), "{}", tty.text());
        tty.keys(ENTER);
        tty.gone("not loaded");
        tty.until("the next page", |tty| tty.text().contains("00 of ") || tty.text().contains("50 of 150+"));
        tty.signal(rustix::process::Signal::TERM);
        tty.ends_with(143);
    }
}

#[test]
fn a_cut_connection_and_an_expired_token_are_mended_unseen() {
    let expired = r#"{"error":"auth_bad_access_token","error_description":"token expired"}"#;
    let faults = serde_json::json!([
        {"route": HISTORY, "skip": 1, "count": 1, "cut": true},
        {"route": HISTORY, "skip": 3, "count": 1, "status": 401, "body": expired},
    ]);
    let sandbox = Sandbox::with_faults(&faults.to_string());
    let mut tty = sandbox.tui(WIDE, &[]);
    tty.shows("78 conversations");
    tty.keys("olongtime\r");
    tty.shows("0 of ");
    tty.insist(PAGE_UP, "of 250+");
    tty.keys("qq");
    tty.ends_with(0);
}

#[test]
fn a_slow_server_is_waited_for_and_keys_go_on_meanwhile() {
    let faults = serde_json::json!([{"route": HISTORY, "count": 1, "delay_ms": 3000}]);
    let sandbox = Sandbox::with_faults(&faults.to_string());
    let mut tty = sandbox.tui(WIDE, &[]);
    tty.shows("78 conversations");
    tty.keys("olongtime\r");
    tty.shows("loading history");
    tty.keys("?");
    tty.shows("scroll one line down");
    tty.keys(ESC);
    tty.shows("of 100+");
    tty.keys("qq");
    tty.ends_with(0);
}

#[test]
fn a_throttled_read_says_how_long_it_waits() {
    let faults = serde_json::json!([{"route": HISTORY, "count": 1, "status": 429, "headers": [["retry-after", "2"]]}]);
    let sandbox = Sandbox::with_faults(&faults.to_string());
    let mut tty = sandbox.tui(WIDE, &[]);
    tty.shows("78 conversations");
    tty.keys("olongtime\r");
    tty.shows("the server asks to wait");
    tty.shows("00 of 100+");
    tty.gone("the server asks to wait");
    tty.keys("qq");
    tty.ends_with(0);
}

#[test]
fn a_server_that_is_gone_is_named_and_nothing_on_the_screen_is_lost() {
    for (lang, offline) in [("en", "offline"), ("zh", "离线")] {
        let mut sandbox = Sandbox::start();
        let mut tty = sandbox.tui(WIDE, &["--lang", lang]);
        tty.shows("78 ");
        tty.keys("olongtime\r");
        tty.shows("100+");
        sandbox.stop();
        tty.keys("R");
        tty.shows(offline);
        assert!(tty.text().contains("longtime") && tty.text().contains("在吗？还有一件事"), "{}", tty.text());
        tty.keys("kkkk");
        tty.keys("qq");
        tty.ends_with(0);
    }
}
