//! The messages of one conversation, newest first, so that the newest page never waits for the rest.

use super::draft::{Draft, Facts};
use super::rng::{Rng, seed_of};
use super::script::{Line, Talk};
use super::table::{Row, Said, hostile};
use super::timeline::{self, DAY, HOUR, MINUTE, SECOND};
use super::{AGENT, World, long};
use crate::domain::{ChatType, ServerTime};

/// At most `most` messages of `row`, newest first; a smaller `most` gives the beginning of the same list.
pub(super) fn drafts(world: &World, row: &Row, most: usize) -> Vec<Draft> {
    let newest = world.now.plus_ms(-row.age);
    let mut list = match &row.said {
        Said::Nothing => Vec::new(),
        Said::Long => (0..most.min(long::COUNT)).map(|n| long::draft(newest, row.peer.id(), n, long::COUNT)).collect(),
        Said::Hostile => hostile_texts(row, newest),
        Said::Talks { file, last, earlier } => talks(world, row, (file, last, *earlier), most),
    };
    list.truncate(most);
    list
}

fn hostile_texts(row: &Row, newest: ServerTime) -> Vec<Draft> {
    let texts: Vec<String> = hostile("text").map(|(_, text)| text).collect();
    let of = |(text, n): (&String, i64)| Draft::text(newest.plus_ms(-n * 3 * MINUTE), row.peer.id(), text.clone());
    texts.iter().rev().zip(0..).map(of).collect()
}

fn talks(world: &World, row: &Row, (file, last, earlier): (&str, &str, usize), most: usize) -> Vec<Draft> {
    let mut rng = Rng::new(seed_of(row.peer.id()));
    let Some(newest) = world.talks.iter().find(|talk| talk.name == last) else { return Vec::new() };
    let before = earlier_talks(world, newest, file, &mut rng);
    let mut out = Vec::new();
    let mut end = world.now.plus_ms(-row.age);
    for n in 0..=earlier {
        // Every talk comes once before one comes again.
        let talk = if n == 0 { Some(&newest) } else { before.get((n - 1) % before.len().max(1)) };
        let Some(talk) = talk else { break };
        let start = talk_back(world, row, talk, end, &mut rng, &mut out);
        if out.len() >= most {
            break;
        }
        let longest = (60 * DAY / (earlier as i64 + 1)).min(15 * DAY);
        let at = start.plus_ms(-rng.within(5 * HOUR, longest));
        let opened = timeline::opened_before(at);
        // Not every talk of a night moves to the minute of closing.
        end = if opened == at { at } else { opened.plus_ms(-rng.within(0, 8 * HOUR)) };
    }
    out
}

/// What may have been said before `newest`, in some order; the talk of every kind first, where it belongs.
fn earlier_talks<'a>(world: &'a World, newest: &Talk, file: &str, rng: &mut Rng) -> Vec<&'a Talk> {
    let mut talks: Vec<&Talk> = world.talks.iter().filter(|talk| fits(talk, newest, file)).collect();
    rng.shuffle(&mut talks);
    let every = world.talks.iter().find(|talk| talk.file == "every" && talk.english == newest.english);
    if let Some(every) = every.filter(|every| file == "every" && every.name != newest.name) {
        talks.insert(0, every);
    }
    talks
}

/// Whether `talk` may come before `newest`: another one in the same language, answered, and of the same sort of
/// conversation. Programs say the same every time.
fn fits(talk: &Talk, newest: &Talk, file: &str) -> bool {
    let among_staff = |talk: &Talk| matches!(talk.name, "courier-desk" | "warehouse" | "support-shift");
    let answered = talk.lines.last().is_some_and(|line| line.who == 'a');
    let other = talk.name != newest.name;
    match file {
        "bot" => !other,
        "group" => {
            other && talk.file == "group" && talk.english == newest.english && among_staff(talk) == among_staff(newest)
        }
        "mixed" => other && answered && matches!(talk.file, "mixed" | "zh"),
        _ if newest.english => other && answered && talk.file == "en",
        _ => other && answered && talk.file == "zh",
    }
}

/// Writes `talk` backwards from its last line at `end`; gives the time of its first line.
fn talk_back(
    world: &World,
    row: &Row,
    talk: &Talk,
    end: ServerTime,
    rng: &mut Rng,
    out: &mut Vec<Draft>,
) -> ServerTime {
    let facts = Facts::new(rng, end, talk.english);
    let mut time = end;
    for (n, line) in talk.lines.iter().enumerate().rev() {
        let from = speaker(row, line.who);
        out.push(Draft::of(*line, &from, time, &facts, &world.shelf));
        let before = n.checked_sub(1).and_then(|n| talk.lines.get(n));
        if let Some(before) = before {
            time = time.plus_ms(-pause(*line, *before, rng));
        }
    }
    time
}

/// How long after `before` the line was written.
fn pause(line: Line, before: Line, rng: &mut Rng) -> i64 {
    if let Some(later) = line.note.strip_prefix("later ").and_then(timeline::age) {
        return later + rng.within(-20 * MINUTE, 20 * MINUTE);
    }
    let typing = line.text.len() as i64 * 90;
    if line.who == before.who {
        return 6 * SECOND + typing + rng.within(0, 30 * SECOND);
    }
    12 * SECOND + typing + rng.within(0, 4 * MINUTE)
}

fn speaker(row: &Row, who: char) -> String {
    let member = who.to_digit(10).map(|n| n as usize);
    match (row.peer.chat_type, member) {
        (_, None) if who == 'a' => AGENT.to_owned(),
        (ChatType::Single, _) => row.peer.id().to_owned(),
        (_, n) => {
            let members = row.speakers();
            members.get(n.unwrap_or(1) % members.len().max(1)).cloned().unwrap_or_else(|| AGENT.to_owned())
        }
    }
}
