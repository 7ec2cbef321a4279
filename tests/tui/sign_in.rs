//! The welcome screen, the form, and every reason not to be let in.

use crate::tty::{ENTER, ESC, Tty};
use crate::world::{Home, Sandbox};

const SIZE: (u16, u16) = (80, 24);

fn form(home: &Home, lang: &str) -> Tty {
    let mut tty = Tty::start(home.command(&["--lang", lang]), SIZE);
    tty.shows("漫游");
    tty.keys("s");
    tty.shows("app key");
    tty
}

#[test]
fn the_welcome_screen_opens_the_demo_and_is_left_by_q() {
    let home = Home::new();
    let mut tty = Tty::start(home.command(&["--lang", "en"]), SIZE);
    tty.shows("Look around");
    tty.keys("q");
    tty.ends_with(0);
    let mut tty = Tty::start(home.command(&["--lang", "zh"]), SIZE);
    tty.shows("漫游");
    tty.keys("jk\r");
    tty.shows("78 ");
    tty.keys("q");
    tty.ends_with(0);
    assert_eq!(home.left(), Vec::<std::path::PathBuf>::new());
}

#[test]
fn the_form_signs_in_and_a_pasted_password_is_never_shown() {
    let sandbox = Sandbox::start();
    let home = Home::new();
    let mut tty = form(&home, "en");
    tty.paste(sandbox.word("api"));
    tty.keys("\t");
    tty.paste(sandbox.word("app_key"));
    tty.keys("\tkefu01\t");
    tty.paste("hunter2-is-wrong");
    tty.keys(ENTER);
    tty.shows("wrong password");
    tty.paste("demo");
    tty.keys(ENTER);
    tty.shows("78 conversations");
    assert!(!String::from_utf8_lossy(&tty.sent).contains("hunter2"));
    tty.keys("q");
    tty.ends_with(0);
}

#[test]
fn a_field_that_cannot_be_right_is_named_before_anything_is_sent() {
    let home = Home::new();
    let mut tty = form(&home, "en");
    tty.keys("not-an-address\t\t\t\r");
    tty.shows("write the REST address");
    tty.keys(ESC);
    tty.shows("Look around");
    tty.keys("q");
    tty.ends_with(0);
}

#[test]
fn every_refused_sign_in_says_why_in_both_languages() {
    let sandbox = Sandbox::start();
    let key = sandbox.word("app_key").to_owned();
    let cases = [
        ("kefu01", "hunter2", key.as_str(), "wrong password", "密码错误"),
        ("nobody-here", "hunter2", &key, "there is no such user", "用户不存在"),
        ("kefu01", "hunter2", "other#app", "no app with this app key", "服务器上没有这个 app key"),
    ];
    for (user, password, app_key, en, zh) in cases {
        for (lang, words) in [("en", en), ("zh", zh)] {
            let home = Home::new();
            let args = ["tui", "--api", sandbox.word("api"), "--app-key", app_key, "--user", user, "--lang", lang];
            let mut command = home.command(&args);
            command.env("MANYOU_PASSWORD", password);
            let mut tty = Tty::start(command, SIZE);
            tty.shows(words);
            assert!(!String::from_utf8_lossy(&tty.sent).contains(password), "{user}");
            tty.keys("q");
            tty.ends_with(0);
            let mut tty = form(&home, lang);
            tty.paste(sandbox.word("api"));
            tty.keys(&format!("\t{app_key}\t{user}\t{password}\r"));
            tty.shows(words);
            tty.keys(ESC);
            tty.shows("漫游");
            tty.keys("q");
            tty.ends_with(0);
        }
    }
}

#[test]
fn a_sign_in_that_failed_is_tried_again_with_r() {
    let faults = r#"[{"route":"POST /token","count":6,"status":500,"headers":[["retry-after","0"]]}]"#;
    let sandbox = Sandbox::with_faults(faults);
    let mut tty = sandbox.tui(SIZE, &[]);
    tty.shows("not signed in");
    tty.insist("R", "78 conversations");
    tty.keys("q");
    tty.ends_with(0);
}

#[test]
fn capitals_in_the_user_id_are_explained_and_enter_tries_them_small() {
    for (lang, words) in [("en", "Capital letters"), ("zh", "大写")] {
        let faults = r#"[{"route":"GET /sdk/user/KEFU01/user_channels/list","status":200,
            "body":"{\"data\":{\"channel_infos\":[]}}"}]"#;
        let sandbox = Sandbox::with_faults(faults);
        let mut tty = sandbox.tui_as("KEFU01", "demo", SIZE, &["--lang", lang]);
        tty.shows(words);
        tty.keys(ENTER);
        tty.shows("78 ");
        tty.keys("q");
        tty.ends_with(0);
    }
}

#[test]
fn a_second_start_without_a_server_shows_what_the_first_one_saw() {
    let mut sandbox = Sandbox::start();
    let mut tty = sandbox.tui(crate::world::WIDE, &[]);
    tty.shows("78 conversations");
    tty.keys("ohugo_b\r");
    tty.shows("You've made moving day a lot easier");
    tty.keys("qq");
    tty.ends_with(0);
    sandbox.stop();
    let mut tty = sandbox.tui(crate::world::WIDE, &[]);
    tty.shows("Offline since");
    assert!(tty.text().contains("You've made moving day a lot easier"), "{}", tty.text());
    tty.shows("This is what was here at");
    assert!(!tty.text().contains("signed out"), "{}", tty.text());
    tty.insist("Dm", "no connection: a deletion needs the server");
    tty.keys("jj\r");
    tty.keys("q");
    tty.keys("q");
    tty.ends_with(0);
}
