//! A conversation of 200,000 messages at its newest, middle and oldest: what each key measures, wraps and takes.
//!
//! `cargo bench --bench deep` prints one line of JSON. The conversation repeats itself every 400 messages, so that the
//! three stands see the same rows and the same keys must do the same work.

mod talk;
mod viewer;

use talk::{PERIOD, Talk};
use viewer::{Frame, Viewer};

/// Messages of the conversation.
const COUNT: usize = 200_000;
/// Where the stands are: the same place of the period.
const NEWEST: usize = COUNT - PERIOD / 2;
const MIDDLE: usize = COUNT / 2 + PERIOD / 2;
const OLDEST: usize = 2 * PERIOD + PERIOD / 2;
/// What is pressed at each, and how often: up through some hundred messages and down again.
const SCRIPT: [(&str, usize); 8] =
    [("k", 200), ("C-y", 100), ("C-u", 20), ("PageUp", 10), ("PageDown", 10), ("C-d", 20), ("C-e", 100), ("j", 200)];
const ROUNDS: usize = 7;

/// The script from a stand; one list of frames for each of its keys.
fn play(stand: &Viewer) -> Vec<Vec<Frame>> {
    let mut viewer = stand.again();
    SCRIPT.iter().map(|(key, times)| (0..*times).flat_map(|_| viewer.press(key)).collect()).collect()
}

/// The same frames of several rounds: what disturbs a frame only makes it slower.
fn best(rounds: &[Vec<Vec<Frame>>]) -> Vec<Vec<Frame>> {
    let mut best = rounds[0].clone();
    for round in &rounds[1..] {
        for (kept, other) in best.iter_mut().flatten().zip(round.iter().flatten()) {
            kept.took = kept.took.min(other.took);
        }
    }
    best
}

fn counts(frames: &[Frame]) -> Vec<(u64, usize)> {
    frames.iter().filter(|f| f.is_key).map(|f| (f.measured, f.wrapped)).collect()
}

fn mean_us(frames: &[Frame]) -> f64 {
    let keys: Vec<_> = frames.iter().filter(|f| f.is_key).map(|f| f.took.as_secs_f64()).collect();
    keys.iter().sum::<f64>() * 1e6 / keys.len().max(1) as f64
}

fn stands(talk: &Talk) -> [Viewer<'_>; 3] {
    let mut newest = Viewer::open(talk);
    newest.up_to(NEWEST, "k");
    let mut middle = newest.again();
    middle.up_to(MIDDLE + 120, "PageUp");
    middle.up_to(MIDDLE, "k");
    let mut oldest = middle.again();
    oldest.go_to_oldest();
    oldest.down_to(OLDEST + 120);
    oldest.up_to(OLDEST, "k");
    [newest, middle, oldest].map(|mut viewer| {
        // Wrapping off and on: no stand has measured anything yet.
        viewer.press("w");
        viewer.press("w");
        viewer
    })
}

#[allow(clippy::print_stdout, reason = "the figure is the purpose")]
fn main() {
    let talk = Talk::new(COUNT);
    let stands = stands(&talk);
    let mut rounds: [Vec<_>; 3] = [const { Vec::new() }; 3];
    // In turns, so that a slow moment of the machine hits all three.
    for _ in 0..ROUNDS {
        for (stand, rounds) in stands.iter().zip(&mut rounds) {
            rounds.push(play(stand));
        }
    }
    let worst_seen = rounds.iter().flatten().flatten().flatten().map(|f| f.took).max().unwrap_or_default();
    let best = rounds.map(|rounds| best(&rounds));
    let keys: Vec<_> = SCRIPT
        .iter()
        .enumerate()
        .map(|(i, (key, _))| {
            let (counted, took): (Vec<_>, Vec<_>) = best.iter().map(|s| (counts(&s[i]), mean_us(&s[i]))).unzip();
            let sums: Vec<_> = counted
                .iter()
                .map(|c| c.iter().fold((0, 0), |(measured, wrapped), (m, w)| (measured + m, wrapped + w)))
                .collect();
            let same = counted.iter().all(|c| *c == counted[0]);
            serde_json::json!({ "key": key, "same": same, "measured_wrapped": sums, "us": took })
        })
        .collect();
    let total = best.each_ref().map(|s| s.iter().map(|frames| mean_us(frames)).sum::<f64>());
    let spread = total.iter().fold(0.0_f64, |a, b| a.max(*b)) / total.iter().fold(f64::MAX, |a, b| a.min(*b));
    let worst = best.iter().flatten().flatten().map(|f| f.took).max().unwrap_or_default();
    let out = serde_json::json!({
        "same": keys.iter().all(|k| k["same"] == true),
        "spread": spread,
        "worst_ms": worst.as_secs_f64() * 1e3,
        "worst_seen_ms": worst_seen.as_secs_f64() * 1e3,
        "keys": keys,
    });
    println!("{out}");
}
