//! `search`: messages in the archive, without any server.

use serde_json::{Value, json};

use super::archive_args::SearchArgs;
use super::fields::{Fields, OF_MESSAGE};
use super::output::{Mode, Printer, Trouble, note};
use super::{Context, session};
use crate::cli::record::Lines;
use crate::domain::{Hit, Horizon, Peer, ServerTime};
use crate::engine::{Names, SearchScope};
use crate::report::exit;
use crate::text::search::{Problem, Query, Script};

/// Hits read at once.
const PAGE: usize = 200;

/// Prints every message that matches, newest first.
pub(super) async fn search(context: &Context, args: SearchArgs) -> Result<u8, Trouble> {
    let fields = Fields::read(context, &[&["peer"], OF_MESSAGE].concat())?;
    let target = session::unconnected(context)?;
    let user = target.profile.user.clone();
    let archive = session::kept(context, &target.profile)?;
    let failed = |failure| Trouble::failed(failure, user.to_string());
    let typed = typed(&args.terms);
    let query = query(context, &typed, args.as_typed)?;
    let peer = args.peer.as_ref().map(|word| word.listed(&archive.list_now().conversations));
    let horizon = archive.horizon(peer.clone()).await.map_err(failed)?;
    let scope = json!({"query": typed, "peer": peer.as_ref().map(Peer::to_string), "source": "archive"});
    let header = json!({"schema": "manyou.search/1", "profile": target.name, "user": user, "scope": scope});
    let mut printer = Printer::start(context.mode(), header)?;
    let mut lines = context.lines(&user);
    let (profiles, groups) = archive.names_now();
    lines.names = Names { profiles, groups };
    let most = args.limit.unwrap_or(usize::MAX);
    let (mut count, mut below, mut behind, mut more, mut is_cut) = (0, None, 0, true, false);
    while more && !is_cut {
        // One more than is wanted tells whether there is more.
        let limit = PAGE.min((most - count).saturating_add(1));
        let found = archive.search(query.clone(), SearchScope { peer: peer.clone(), below, limit }).await;
        let mut found = found.map_err(failed)?;
        (more, behind) = (found.hits.len() == limit, found.behind);
        is_cut = found.hits.len() > most - count;
        found.hits.truncate(most - count);
        below = found.hits.last().map(|hit| hit.key);
        print(&mut printer, &lines, &fields, &found.hits)?;
        printer.flush()?;
        count += found.hits.len();
    }
    printer.end(json!({
        "count": count, "complete": !is_cut && horizon.whole, "behind": behind,
        "horizon": {"messages": horizon.messages, "oldest": horizon.oldest.map(ServerTime::ms),
                    "oldest_utc": horizon.oldest.map(|at| at.to_string()), "whole": horizon.whole},
    }))?;
    if context.mode() == Mode::Plain {
        let key = if is_cut { "search-hits-cut" } else { "search-hits" };
        let args = [("n", count.into()), ("horizon", said(context, &horizon).into())];
        note(&context.global, &context.texts.tr(key, &args));
    }
    Ok(exit::DONE)
}

/// Reads a query; a filter that means nothing is refused.
pub(super) fn query(context: &Context, typed: &str, as_typed: bool) -> Result<Query, Trouble> {
    let script = if as_typed { Script::AsTyped } else { Script::Either };
    let query = Query::parse(typed, script, |text| context.time(text).ok());
    let Some(Problem { filter, value }) = query.problems().first() else { return Ok(query) };
    let value = if value.is_empty() { context.texts.t("search-problem-nothing") } else { value.clone() };
    Err(context.refuse(&format!("search-problem-{filter}"), &[("value", value.into())]))
}

/// How far the search looked.
fn said(context: &Context, horizon: &Horizon) -> String {
    let day = |at: ServerTime| {
        at.timestamp().map_or_else(String::new, |t| t.to_zoned(context.zone.clone()).strftime("%Y-%m-%d").to_string())
    };
    let args =
        [("n", horizon.messages.to_string().into()), ("day", horizon.oldest.map(day).unwrap_or_default().into())];
    let key = match (horizon.messages, horizon.whole) {
        (0, _) => "search-horizon-empty",
        (_, true) => "search-horizon",
        (_, false) => "search-horizon-part",
    };
    context.texts.tr(key, &args)
}

/// What the shell left of the person's quotes is put back: a word with blanks in it is a phrase.
fn typed(terms: &[String]) -> String {
    let one = |term: &String| {
        let plain = term.contains(char::is_whitespace) && !term.contains(['"', ':', '：']);
        if plain { format!("\"{term}\"") } else { term.clone() }
    };
    terms.iter().map(one).collect::<Vec<_>>().join(" ")
}

fn print(printer: &mut Printer, lines: &Lines<'_>, fields: &Fields, hits: &[Hit]) -> Result<(), Trouble> {
    let messages: Vec<_> = hits.iter().map(|hit| hit.message.clone()).collect();
    let widest = hits.iter().map(|hit| hit.peer.to_string().len()).max().unwrap_or(0);
    for (hit, line) in hits.iter().zip(lines.messages(&messages)) {
        let record = || -> Value {
            let mut record = lines.message_record(&hit.message);
            record["peer"] = json!(hit.peer.to_string());
            fields.of(record, |name| lines.extra(&hit.message, name))
        };
        let columns = || {
            if fields.are_named() {
                fields.row(&record())
            } else {
                format!("{:<widest$}  {line}", hit.peer.to_string())
            }
        };
        printer.record(record, columns)?;
    }
    Ok(())
}
