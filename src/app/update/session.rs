//! Signing in: the welcome screen, the form, what follows from the answer.

use super::{keys, list, nothing, paging, sync, toast};
use crate::app::bookmarks::Bookmarks;
use crate::app::input::{Input, Typed};
use crate::app::list::{List, ListState};
use crate::app::msg::{Seed, SignIn, SignInForm, Target};
use crate::app::request::Purpose;
use crate::app::{Account, Effect, Focus, History, Local, Names, Screen, Session, SignInScreen, State};
use crate::domain::{AppKey, Failure, UserId};
use crate::keymap::{Code, Key};

/// Puts what an archive has on the screen.
pub fn seed(state: &mut State, seed: Seed) {
    (state.tried, state.shown) = (seed.target.clone(), Some(seed.target));
    state.screen = Screen::Main;
    state.names.learn(seed.users, seed.groups);
    state.list.replace(seed.list);
    (state.list.state, state.list.synced) = (ListState::Loaded, seed.listed_at);
    list::arrange(state);
    state.bookmarks.learn(seed.bookmarks);
    let Some((peer, kept)) = seed.open else {
        state.list.selected = state.list.shown.first().cloned();
        return;
    };
    let unread = state.list.get(&peer).map_or(0, |c| c.unread);
    state.list.selected = Some(peer.clone());
    state.history = Some(History::kept(peer, unread, kept, state.now.wall));
}

/// Shows what is here, and asks nobody for more.
pub fn stay_local(state: &mut State, local: Local) {
    (state.screen, state.session) = (Screen::Main, Session::Local(local));
    state.list.state = ListState::Loaded;
}

/// Says why nothing is asked of a server; `false` where one may be asked.
pub(super) fn is_local(state: &mut State) -> bool {
    let key = match state.local() {
        None => return false,
        Some(Local::Archive { .. }) => "toast-local-archive",
        Some(Local::File { .. }) => "toast-local-file",
    };
    toast(state, key);
    true
}

/// Signs in; the answer opens the main screen.
pub fn sign_in(state: &mut State, how: SignIn) -> Vec<Effect> {
    let id = state.requests.issue(Purpose::SignIn);
    match &how {
        SignIn::Form(form) => state.tried.clone_from(&form.target),
        SignIn::Again(Some(user)) => state.tried.user = user.to_string(),
        SignIn::Profile(name) => {
            let kept = state.options.profiles.iter().find(|p| p.name == *name);
            state.tried = kept.map(|p| p.target.clone()).unwrap_or_default();
        }
        SignIn::Again(None) | SignIn::Demo => {}
    }
    state.sign_in = (!matches!(how, SignIn::Form(_))).then(|| how.clone());
    state.session = Session::SigningIn(id, state.now);
    vec![Effect::SignIn(id, how)]
}

/// Signs in as before, or as another spelling of the user.
pub(super) fn again(state: &mut State, user: Option<UserId>) -> Vec<Effect> {
    sign_in(state, SignIn::Again(user))
}

/// Whether nothing is there that a sign-in could lose.
fn is_bare(state: &State) -> bool {
    state.list.is_empty() && state.history.is_none()
}

/// Keys of the main screen while nobody is signed in: try again, the form, or back to the choices; the rest as ever.
pub(super) fn refused_key(state: &mut State, key: Key) -> Option<Vec<Effect>> {
    let refused = matches!(state.session, Session::Refused(_));
    if !(refused || state.lost.is_some()) || !state.pending.keys.is_empty() {
        return None;
    }
    let empty = is_bare(state);
    match key.code {
        Code::Char('R') | Code::Enter | Code::Esc if !refused => return None,
        Code::Char('R') => {}
        Code::Char('s') if state.layers.is_empty() && state.sign_in != Some(SignIn::Demo) => {
            open_form(state);
            return Some(nothing());
        }
        Code::Enter if empty => {}
        Code::Esc if empty => {
            (state.screen, state.session) = (Screen::Welcome(0), Session::Out);
            return Some(nothing());
        }
        _ => return None,
    }
    let how = state.sign_in.clone().unwrap_or(SignIn::Again(None));
    Some(sign_in(state, how))
}

pub(super) fn welcome_key(state: &mut State, key: Key) -> Vec<Effect> {
    let last = 1 + state.options.profiles.len();
    let Screen::Welcome(selected) = &mut state.screen else { return nothing() };
    match key.code {
        Code::Char('j') | Code::Down | Code::Tab => *selected = (*selected + 1).min(last),
        Code::Char('k') | Code::Up => *selected = selected.saturating_sub(1),
        Code::Char('q') | Code::Esc => return keys::quit(state),
        Code::Char('d') => return choose(state, 0),
        Code::Char('s') => return choose(state, 1),
        Code::Char(digit @ '1'..='9') => return choose(state, 1 + digit as usize - '0' as usize),
        Code::Enter | Code::Char('l') => {
            let selected = *selected;
            return choose(state, selected);
        }
        _ => {}
    }
    nothing()
}

fn choose(state: &mut State, choice: usize) -> Vec<Effect> {
    match choice {
        0 => {
            state.screen = Screen::Main;
            sign_in(state, SignIn::Demo)
        }
        1 => {
            open_form(state);
            nothing()
        }
        n => match state.options.profiles.get(n - 2).cloned() {
            Some(profile) => {
                state.screen = Screen::Main;
                sign_in(state, SignIn::Profile(profile.name))
            }
            None => nothing(),
        },
    }
}

/// The form, with what was tried last; the caret in the first field that is empty.
fn open_form(state: &mut State) {
    let Target { api, app_key, user } = &state.tried;
    let fields = [Input::new(api), Input::new(app_key), Input::new(user), Input::secret()];
    let focus = fields.iter().position(|f| f.text().is_empty()).unwrap_or_default();
    state.screen = Screen::SignIn(Box::new(SignInScreen { fields, focus, problem: None }));
}

pub(super) fn form_key(state: &mut State, key: Key) -> Vec<Effect> {
    if matches!(state.session, Session::SigningIn(..)) {
        return nothing();
    }
    let Screen::SignIn(form) = &mut state.screen else { return nothing() };
    let last = form.fields.len() - 1;
    match (key.code, key.shift) {
        (Code::Tab, false) | (Code::Down, _) => form.focus = (form.focus + 1).min(last),
        (Code::Tab, true) | (Code::Up, _) => form.focus = form.focus.saturating_sub(1),
        _ => match form.fields[form.focus].key(key) {
            Typed::Changed => form.problem = None,
            Typed::Accept if form.focus < last => form.focus += 1,
            Typed::Accept => return submit(state),
            Typed::Leave if is_bare(state) => {
                state.screen = Screen::Welcome(1);
                state.session = Session::Out;
            }
            Typed::Leave => state.screen = Screen::Main,
            Typed::Used | Typed::Other => {}
        },
    }
    nothing()
}

/// Sends the form, or says which field cannot be right and goes there.
fn submit(state: &mut State) -> Vec<Effect> {
    let Screen::SignIn(form) = &mut state.screen else { return nothing() };
    let text = |i: usize| form.fields[i].text().trim().to_owned();
    let address = text(0);
    let problem = if !(address.starts_with("http://") || address.starts_with("https://")) {
        Some((0, "problem-address"))
    } else if text(1).parse::<AppKey>().is_err() {
        Some((1, "problem-app-key"))
    } else if text(2).parse::<UserId>().is_err() {
        Some((2, "problem-user"))
    } else if form.fields[3].text().is_empty() {
        Some((3, "problem-password"))
    } else {
        None
    };
    if let Some((field, problem)) = problem {
        (form.focus, form.problem) = (field, Some(problem));
        return nothing();
    }
    let password = form.fields[3].text().to_owned();
    let target = Target { api: address, app_key: text(1), user: text(2) };
    sign_in(state, SignIn::Form(SignInForm { target, password }))
}

pub(super) fn signed_in(state: &mut State, account: Account) -> Vec<Effect> {
    state.screen = Screen::Main;
    let mut effects = nothing();
    if state.shown.as_ref().is_some_and(|shown| *shown != account.target) {
        effects.extend(sync::stop(state));
        forget(state);
    }
    state.shown = Some(account.target.clone());
    state.session = Session::In(account);
    state.lost = None;
    if let Some(history) = state.history.as_mut() {
        history.timeline.forgive();
        history.stale = None;
    }
    effects.push(Effect::LoadBookmarks(state.requests.issue(Purpose::Bookmarks)));
    effects.extend(list::load(state));
    effects.extend(paging::reread(state));
    if let Some(peer) = state.open_at_start.take() {
        effects.extend(super::history::open(state, peer));
    }
    effects
}

/// Somebody else signed in: nothing of the account before stays on the screen.
fn forget(state: &mut State) {
    (*state.list, state.history, *state.names) = (List::default(), None, Names::default());
    (state.sync, state.search, state.bookmarks) = (None, None, Bookmarks::default());
    state.recent.clear();
    state.layers.clear();
    state.focus = Focus::List;
    state.detail = false;
}

/// Refused: a form stays as it was typed, with the reason above it.
pub(super) fn refused(state: &mut State, failure: Failure) {
    state.session = Session::Refused(Box::new(failure));
    if let Screen::SignIn(form) = &mut state.screen {
        form.fields[3].clear();
        form.focus = 3;
    }
}
