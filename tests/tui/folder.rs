//! Everything of a demo lies in one folder that nobody else can read and that goes with it.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use rustix::process::Signal;

use crate::tty::{ESC, Tty};
use crate::world::{Home, Sandbox, WIDE};

const SIZE: (u16, u16) = (80, 24);

/// All files below a folder, relative to it.
fn below(folder: &std::path::Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in std::fs::read_dir(next).expect("a folder") {
            let path = entry.expect("entry").path();
            if path.is_dir() {
                open.push(path);
            } else {
                found.push(path.strip_prefix(folder).expect("below").to_owned());
            }
        }
    }
    found
}

#[test]
fn data_and_log_lie_in_one_private_folder_which_goes_at_the_end() {
    let home = Home::new();
    let mut tty = home.demo(SIZE, &["--log", "debug"]);
    tty.shows("78 conversations");
    let folders = home.left();
    let [folder] = folders.as_slice() else { panic!("one folder: {folders:?}") };
    assert_eq!(std::fs::metadata(folder).expect("there").permissions().mode() & 0o777, 0o700);
    assert!(below(folder).iter().any(|file| file.extension().is_some_and(|e| e == "log")), "{:?}", below(folder));
    let elsewhere: Vec<PathBuf> = below(home.path()).into_iter().filter(|file| !file.starts_with("tmp")).collect();
    assert_eq!(elsewhere, Vec::<PathBuf>::new());
    tty.keys("q");
    tty.ends_with(0);
    assert_eq!(below(home.path()), Vec::<PathBuf>::new());
}

#[test]
fn leaving_while_the_data_is_still_made_leaves_nothing() {
    for _ in 0..3 {
        let home = Home::new();
        let mut tty = home.demo(SIZE, &[]);
        tty.until("the screen", Tty::is_taken);
        tty.keys("q");
        tty.ends_with(0);
        assert_eq!(home.left(), Vec::<PathBuf>::new());
    }
}

#[test]
fn what_a_killed_demo_left_goes_at_the_next_start() {
    let home = Home::new();
    let mut tty = home.demo(SIZE, &[]);
    tty.shows("78 conversations");
    tty.signal(Signal::KILL);
    assert!(tty.end().signal.is_some());
    let dead = home.left();
    assert_eq!(dead.len(), 1);
    let mut tty = home.demo(SIZE, &[]);
    tty.shows("78 conversations");
    assert!(!dead[0].exists() && home.left().len() == 1);
    tty.keys("q");
    tty.ends_with(0);
}

#[test]
fn a_kept_folder_stays_and_its_data_is_found_again() {
    let home = Home::new();
    let keep = home.path().join("mine");
    let keep = keep.to_str().expect("UTF-8");
    for _ in 0..2 {
        let mut tty = home.demo(SIZE, &["--keep", keep]);
        tty.shows("78 conversations");
        tty.keys("q");
        tty.ends_with(0);
    }
    assert!(!below(std::path::Path::new(keep)).is_empty());
    assert_eq!(home.left(), Vec::<PathBuf>::new());
}

#[test]
fn a_folder_in_use_is_refused_in_words() {
    let home = Home::new();
    let keep = home.path().join("mine");
    let keep = keep.to_str().expect("UTF-8");
    let mut first = home.demo(SIZE, &["--keep", keep]);
    first.shows("78 conversations");
    let mut second = home.demo(SIZE, &["--keep", keep]);
    second.shows("no folder for the demo");
    assert!(second.end().code == 1 && !second.sent.contains(&0x1B));
    first.keys("q");
    first.ends_with(0);
}

#[test]
fn where_nothing_can_be_kept_all_works_until_the_program_ends_and_nothing_is_left() {
    let sandbox = Sandbox::start();
    std::fs::write(sandbox.home.path().join("data"), "in its way").expect("written");
    let mut tty = sandbox.tui(WIDE, &[]);
    tty.shows("78 conversations");
    tty.shows("only until the program ends");
    tty.keys("/user_1029\r\r");
    tty.shows("42 of 42");
    tty.keys("S退款");
    tty.shows("hits in ");
    let folder = sandbox.home.left().into_iter().find(|path| path.join("archives").is_dir()).expect("an archive");
    assert_eq!(std::fs::metadata(folder).expect("there").permissions().mode() & 0o777, 0o700);
    tty.keys(ESC);
    tty.gone("hits in ");
    tty.keys("qq");
    tty.ends_with(0);
    let left = sandbox.home.left();
    assert!(!left.iter().any(|path| path.join("archives").is_dir()), "{left:?}");
}

#[test]
fn an_archive_that_takes_nothing_more_says_so_and_reading_goes_on() {
    let sandbox = Sandbox::start();
    let mut tty = sandbox.tui(WIDE, &[]);
    tty.shows("78 conversations");
    let archives = sandbox.home.path().join("data").join("manyou").join("archives");
    tty.until("an archive", |_| std::fs::read_dir(&archives).is_ok_and(|mut files| files.next().is_some()));
    tty.keys("q");
    tty.ends_with(0);
    let file = std::fs::read_dir(&archives).expect("a folder").map(|file| file.expect("a file").path());
    let file = file.into_iter().find(|path| path.extension().is_some_and(|e| e == "db")).expect("an archive");
    let db = rusqlite::Connection::open(&file).expect("opened");
    db.pragma_update(None, "user_version", 99).expect("of a later program");
    drop(db);
    let before = std::fs::read(&file).expect("bytes");
    let mut tty = sandbox.tui(WIDE, &[]);
    tty.shows("78 conversations");
    tty.shows("not all is kept here");
    tty.keys("/user_1029\r\r");
    tty.shows("user_1029  single");
    tty.keys("qq");
    tty.ends_with(0);
    assert_eq!(std::fs::read(&file).expect("bytes"), before, "not touched");
}
