//! Everything of a demo lies in one folder that nobody else can read and that goes with it.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use rustix::process::Signal;

use crate::tty::Tty;
use crate::world::Home;

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
