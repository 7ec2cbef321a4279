//! The hand-written talks of `assets/demo/*.txt`.

/// A talk of one file.
pub(super) struct Talk {
    /// Which file: `zh`, `en`, `mixed`, `every`, `group`, `bot`.
    pub(super) file: &'static str,
    pub(super) name: &'static str,
    pub(super) english: bool,
    pub(super) lines: Vec<Line>,
}

/// One line of a talk.
#[derive(Clone, Copy)]
pub(super) struct Line {
    /// `a` the shop, `c` the customer or bot, `1` to `6` members of a group.
    pub(super) who: char,
    pub(super) text: &'static str,
    /// What stands after `@@`, e.g. `edited` or `react 👍 2`.
    pub(super) note: &'static str,
}

const FILES: [(&str, &str); 6] = [
    ("zh", include_str!("../../../assets/demo/zh.txt")),
    ("en", include_str!("../../../assets/demo/en.txt")),
    ("mixed", include_str!("../../../assets/demo/mixed.txt")),
    ("every", include_str!("../../../assets/demo/every.txt")),
    ("group", include_str!("../../../assets/demo/groups.txt")),
    ("bot", include_str!("../../../assets/demo/bots.txt")),
];

/// Every talk, in file order.
pub(super) fn talks() -> Vec<Talk> {
    let mut talks: Vec<Talk> = Vec::with_capacity(80);
    for (file, text) in FILES {
        for line in text.lines() {
            if let Some(head) = line.strip_prefix("== ") {
                let name = head.rsplit(' ').next().unwrap_or(head);
                let english = file == "en" || head.starts_with("en ") || head.ends_with("-en");
                talks.push(Talk { file, name, english, lines: Vec::new() });
            } else if let (Some(talk), Some((who, said))) = (talks.last_mut(), line.split_once(": ")) {
                let (text, note) = said.split_once(" @@ ").unwrap_or((said, ""));
                talk.lines.extend(who.chars().next().map(|who| Line { who, text, note }));
            }
        }
    }
    talks
}
