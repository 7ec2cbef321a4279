//! The page: its policy, its pictures, its head; and transcripts as a person reads them.

use manyou::domain::{Body, Message};
use manyou::export::{Exporter, Format, Heading, Options, Saved};

use crate::support::{attachment, every_kind, export, export_with, options, peer, scope, stored, tags, text};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\nrest";

fn picture(name: &str) -> Message {
    stored(1, "user_1029", Body::Image { file: attachment(name), size: None, gif: false }, Vec::new(), None)
}

fn saved<'a>(path: &'a str, picture: Option<&'a [u8]>) -> Saved<'a> {
    Saved { path_in_folder: path, sha256: "00ff", bytes: 12, picture }
}

#[test]
fn the_page_asks_for_nothing_and_runs_nothing() {
    let every: Vec<Message> =
        every_kind("x").into_iter().map(|body| stored(1, "user_1029", body, Vec::new(), None)).collect();
    let page = export(Format::Html, &every);
    assert!(page.contains("content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\""));
    let tags = tags(&page);
    assert!(
        !tags.iter().any(|tag| tag.starts_with("script") || tag.starts_with("link") || tag.contains(" on")),
        "{tags:?}"
    );
    assert!(!page.contains("https://a1.example.test/o/a/chatfiles"), "no dead links");
    let style = page.split_once("<style>").unwrap().1.split_once("</style>").unwrap().0;
    assert!(!style.contains("url(") && !style.contains("@import"));
}

#[test]
fn a_small_picture_is_shown_and_every_saved_file_is_linked() {
    let of = |path, picture_bytes| {
        let sent = [(picture("雨 \"天\".png"), None, Some(saved(path, picture_bytes)))];
        export_with(Format::Html, options(), &sent, true).0
    };
    let page = of("files/雨 天.png", Some(PNG));
    assert!(page.contains("<a href=\"files/%E9%9B%A8%20%E5%A4%A9.png\">雨 &quot;天&quot;.png</a>"), "{page}");
    assert!(
        page.contains("alt=\"雨 &quot;天&quot;.png\"")
            && page.contains("src=\"data:image/png;base64,iVBORw0KGgpyZXN0\"")
    );
    let large = [PNG, &vec![0; 600 * 1024]].concat();
    for bytes in [None, Some(b"<svg onload=alert(1)>".as_slice()), Some(&large)] {
        let page = of("javascript:alert(1)", bytes);
        assert!(!page.contains("<img") && page.contains("href=\"javascript%3Aalert%281%29\""));
    }
}

#[test]
fn markdown_and_text_name_the_saved_file() {
    let sent = [(picture("a]b.png"), None, Some(saved("files/a_b (1).png", None)))];
    let of = |format| export_with(format, options(), &sent, true).0;
    assert!(
        of(Format::Markdown).contains("image [a\\]b.png](<files/a_b%20%281%29.png>) 240 KB"),
        "{}",
        of(Format::Markdown)
    );
    assert!(
        of(Format::Text).contains("image  a]b.png  240 KB\n            saved as  files/a_b (1).png\n"),
        "{}",
        of(Format::Text)
    );
}

#[test]
fn names_stand_once_per_group_and_own_messages_are_told_apart() {
    let own = |n| stored(n, "KEFU01", Body::Text { text: "hi".to_owned(), stream: None }, Vec::new(), None);
    let later = |n| stored(n, "user_1029", Body::Text { text: "hi".to_owned(), stream: None }, Vec::new(), None);
    let page = export(Format::Html, &[later(0), later(1), own(2), later(3), later(600_004), later(259_200_000)]);
    let rows: Vec<&str> = page
        .lines()
        .filter_map(|l| l.strip_prefix("<div class=\""))
        .filter_map(|l| l.split_once('"'))
        .map(|l| l.0)
        .collect();
    assert_eq!(rows, ["m top", "m", "m me top", "m top", "m top", "m top", "sum"]);
    assert_eq!(page.matches("<h3>").count(), 1, "times after the export are none: {page}");
    assert!(page.contains("invalid time 1714795325123"));
}

#[test]
fn the_head_tells_whose_from_when_to_when_how_many_and_by_whom() {
    let mut exporter = Exporter::start(Format::Html, Vec::new(), Options { ..options() }, scope()).unwrap();
    for peer in [peer(), "group:77".parse().unwrap()] {
        let heading = Heading { peer: &peer, name: Some("<b>"), whole: false, coverage: Some("2 gaps") };
        exporter.conversation(heading).unwrap();
        exporter.message(&text("a"), Some("李娜"), None).unwrap();
    }
    let page = String::from_utf8(exporter.finish(true).unwrap().0).unwrap();
    for told in [
        "<title>kefu01 · everything with user_1029</title>",
        "<dt>exported</dt><dd>2024-05-01 13:02:05 +08:00</dd>",
        "<dt>time zone</dt><dd>+08:00</dd>",
        concat!("<dt>written by</dt><dd>manyou ", env!("CARGO_PKG_VERSION"), "</dd>"),
        "<dt>messages</dt><dd>2</dd>",
        "<dt>first</dt><dd>2024-05-01 12:02:05 +08:00</dd>",
        "<dt>extent</dt><dd>incomplete</dd>",
        "<p class=\"cover\">incomplete · 2 gaps</p>",
        "<li><a href=\"#c2\"><bdi>&lt;b&gt;</bdi></a> <span>1</span></li>",
        "<bdi>李娜</bdi> <span class=\"id\">user_1029</span>",
        "title=\"2024-05-01 12:02:05 +08:00\">12:02</time>",
    ] {
        assert!(page.contains(told), "{told}\n{page}");
    }
}

#[test]
fn a_transcript_reads_as_a_script() {
    let sent = [(text("你好，\n还没到账"), Some("李娜"), None), (picture("IMG_0428.jpg"), Some("李娜"), None)];
    let (transcript, _) = export_with(Format::Text, options(), &sent, false);
    let wanted = "\
kefu01 · everything with user_1029

account     kefu01
app         easemob-demo#roam
server      https://a1.example.test
profile     shop
exported    2024-05-01 13:02:05 +08:00
time zone   +08:00
written by  manyou VERSION


李娜 (user_1029)
================
back to 3 Apr

-- 2024-05-01 Wed --

李娜 (user_1029)
  12:02:05  你好，
            还没到账
  12:02:05  image  IMG_0428.jpg  240 KB


messages  2
first     2024-05-01 12:02:05 +08:00
last      2024-05-01 12:02:05 +08:00
extent    incomplete
";
    assert_eq!(transcript, wanted.replace("VERSION", env!("CARGO_PKG_VERSION")));
}
