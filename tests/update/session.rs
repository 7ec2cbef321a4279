//! Signing in, and what goes wrong there.

use manyou::app::list::ListState;
use manyou::app::msg::{Answer, Effect, KeptProfile, Msg, SignIn, SignInForm, Target};
use manyou::app::notice::Notice;
use manyou::app::sync::{Mirror, Mirroring, Run};
use manyou::app::{Account, Connection, RequestId, Screen, Session};
use manyou::domain::{Failure, FailureKind};

use crate::driver::{Driver, conversation};

#[test]
fn capitals_and_an_empty_list_offer_the_lower_case_id() {
    let mut driver = Driver::signed_in("KeFu01", false);
    driver.answer_list(Vec::new());
    driver.press("Enter");
    let again = driver.take(|e| if let Effect::SignIn(_, how) = e { Some(how.clone()) } else { None });
    assert_eq!(again, Some(SignIn::Again(Some("kefu01".parse().expect("a user")))));
}

#[test]
fn a_failed_list_keeps_what_was_there() {
    let mut driver = Driver::with_list(vec![conversation("alice", 3, 0)]);
    driver.press("R");
    let id = driver.take(|e| if let Effect::LoadList(id) = e { Some(*id) } else { None }).expect("a request");
    driver.msg(Msg::Failed(id, Failure::local(FailureKind::Unreachable, "refused")));
    assert_eq!(driver.state.list.shown.len(), 1);
    assert!(matches!(driver.state.list.state, ListState::Failed(_)));
    assert!(matches!(driver.state.connection, Connection::Offline { .. }));
    driver.press("R");
    driver.answer_list(vec![conversation("alice", 3, 0)]);
    assert_eq!(driver.state.connection, Connection::Online);
}

#[test]
fn ctrl_c_twice_leaves() {
    let mut driver = Driver::with_list(vec![conversation("alice", 3, 0)]);
    driver.press("C-c");
    assert!(!driver.effects.contains(&Effect::Quit));
    driver.press("C-c");
    assert!(driver.effects.contains(&Effect::Quit));
}

#[test]
fn a_refused_sign_in_is_kept_with_its_reason() {
    let mut driver = Driver::new();
    driver.state.session = Session::Out;
    let effects = manyou::app::update::sign_in(&mut driver.state, SignIn::Demo);
    let Some(Effect::SignIn(id, _)) = effects.first() else { panic!("no sign-in") };
    driver.msg(Msg::Failed(*id, Failure::local(FailureKind::WrongPassword, "invalid password")));
    assert!(matches!(&driver.state.session, Session::Refused(f) if f.kind == FailureKind::WrongPassword));
}

#[test]
fn a_refused_sign_in_is_tried_again_the_same_way_and_left_for_the_choices() {
    let mut driver = Driver::new();
    let refuse = |driver: &mut Driver, effects: Vec<Effect>| {
        let Some(Effect::SignIn(id, _)) = effects.first() else { panic!("no sign-in") };
        driver.msg(Msg::Failed(*id, Failure::local(FailureKind::Unreachable, "refused")));
    };
    let effects = manyou::app::update::sign_in(&mut driver.state, SignIn::Profile("shop".to_owned()));
    refuse(&mut driver, effects);
    driver.press("R");
    let how = driver.take(|e| if let Effect::SignIn(id, how) = e { Some((*id, how.clone())) } else { None });
    let (id, how) = how.expect("a sign-in");
    assert_eq!(how, SignIn::Profile("shop".to_owned()));
    driver.msg(Msg::Failed(id, Failure::local(FailureKind::Unreachable, "refused")));
    driver.press("Esc");
    assert!(matches!(driver.state.screen, Screen::Welcome(_)));
}

#[test]
fn a_lost_connection_is_offline_from_the_first_wait_and_a_throttled_one_is_not() {
    let mut driver = Driver::with_list(vec![conversation("alice", 3, 0)]);
    let wait = std::time::Duration::from_secs(5);
    driver.msg(Msg::Waiting(wait, Failure::local(FailureKind::RateLimited, "slow down")));
    assert!(driver.state.notice().is_none() && driver.state.connection.again().is_some());
    driver.msg(Msg::Waiting(wait, Failure::local(FailureKind::Unreachable, "refused")));
    assert!(matches!(driver.state.notice(), Some(Notice::Offline(..))));
    assert!(driver.state.connection.again().is_some());
}

fn target(user: &str) -> Target {
    Target { api: "http://127.0.0.1:1".to_owned(), app_key: "a#b".to_owned(), user: user.to_owned() }
}

fn account(user: &str) -> Account {
    Account {
        user: user.parse().expect("a user"),
        place: "a#b".to_owned(),
        read_only: false,
        on_behalf: false,
        keeps: true,
        target: target(user),
    }
}

/// Signed in as `kefu02`, one conversation on the screen, then signed out by the server.
fn signed_out() -> Driver {
    let mut driver = Driver::new();
    let profile = KeptProfile { name: "shop".to_owned(), target: target("kefu02") };
    driver.state.options.profiles = vec![profile];
    let effects = manyou::app::update::sign_in(&mut driver.state, SignIn::Profile("shop".to_owned()));
    let Some(Effect::SignIn(id, _)) = effects.first() else { panic!("no sign-in") };
    driver.msg(Msg::Done(*id, Answer::SignedIn(account("kefu02"))));
    driver.answer_list(vec![conversation("alice", 3, 0)]);
    let effects = manyou::app::update::sign_in(&mut driver.state, SignIn::Again(None));
    let Some(Effect::SignIn(id, _)) = effects.first() else { panic!("no sign-in") };
    driver.msg(Msg::Failed(*id, Failure::local(FailureKind::WrongPassword, "invalid password")));
    driver
}

fn fields(driver: &Driver) -> Option<Vec<String>> {
    let Screen::SignIn(form) = &driver.state.screen else { return None };
    Some(form.fields.iter().map(|f| f.text().to_owned()).collect())
}

#[test]
fn after_a_refusal_the_form_opens_with_what_is_known_and_esc_goes_back_to_what_was_there() {
    let mut driver = signed_out();
    driver.press("s");
    let known = ["http://127.0.0.1:1", "a#b", "kefu02", ""].map(str::to_owned);
    assert_eq!(fields(&driver), Some(known.to_vec()));
    assert!(matches!(&driver.state.screen, Screen::SignIn(form) if form.focus == 3));
    driver.press("Esc");
    assert!(matches!(driver.state.screen, Screen::Main) && driver.state.list.shown.len() == 1);
}

#[test]
fn signing_in_as_somebody_else_leaves_nothing_of_the_one_before() {
    for (user, kept) in [("kefu02", 1), ("kefu03", 0)] {
        let mut driver = signed_out();
        let mirroring = Mirroring { run: Run::Running(RequestId(999)), mirror: Mirror::default(), selected: 0 };
        driver.state.sync = Some(Box::new(mirroring));
        let form = SignInForm { target: target(user), password: "right".to_owned() };
        let effects = manyou::app::update::sign_in(&mut driver.state, SignIn::Form(form));
        let Some(Effect::SignIn(id, _)) = effects.first() else { panic!("no sign-in") };
        driver.msg(Msg::Done(*id, Answer::SignedIn(account(user))));
        assert_eq!(driver.state.list.shown.len(), kept, "{user}");
        assert_eq!(driver.state.sync.is_some(), kept == 1, "{user}");
        let stops = |e: &Effect| matches!(e, Effect::Cancel(ids) if ids.contains(&RequestId(999))).then_some(());
        assert_eq!(driver.take(stops).is_some(), kept == 0, "{user}");
    }
}

#[test]
fn a_refusal_names_who_was_tried() {
    let mut driver = Driver::new();
    driver.state.session = Session::Out;
    let form = SignInForm { target: target("kefu02"), password: "wrong".to_owned() };
    manyou::app::update::sign_in(&mut driver.state, SignIn::Form(form));
    assert_eq!(driver.state.who(), "kefu02");
}

#[test]
fn a_token_that_ends_while_paging_offers_the_form_and_an_answer_ends_that() {
    let mut driver = Driver::with_list(vec![conversation("alice", 300, 0)]);
    driver.press("Enter");
    driver.state.sign_in = None;
    driver.fail_page(FailureKind::TokenExpired);
    assert!(matches!(driver.state.notice(), Some(Notice::SignedOut(_))));
    assert_eq!(driver.state.me(), "agent", "whose messages are whose stays known");
    driver.press("s");
    assert!(fields(&driver).is_some());
    driver.press("Esc");
    driver.press("Enter");
    driver.serve(&crate::driver::peer("alice"), 1..=300);
    assert!(driver.state.notice().is_none() && driver.state.lost.is_none());
}
