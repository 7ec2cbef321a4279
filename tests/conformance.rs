//! The vendor's official Web SDK, two versions of it, against `manyou serve`. Needs Node and npm, and says so when they
//! are not there; with `MANYOU_CONFORMANCE=required` that is a failure.

#![allow(clippy::expect_used, clippy::print_stdout)]

use std::path::Path;
use std::process::Command;

fn has(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok_and(|out| out.status.success())
}

fn skip(why: &str) {
    assert!(std::env::var_os("MANYOU_CONFORMANCE").is_none_or(|v| v != "required"), "{why}");
    println!("skipped: {why}");
}

#[test]
fn both_official_sdks_work_against_the_server() {
    if !has("node") || !has("npm") {
        return skip("node and npm are not installed");
    }
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance");
    let install = ["ci", "--no-audit", "--no-fund", "--prefer-offline"];
    let installed = Command::new("npm").args(install).current_dir(&home).output().expect("npm starts");
    if !installed.status.success() {
        return skip(&format!("npm ci failed:\n{}", String::from_utf8_lossy(&installed.stderr)));
    }
    let run = Command::new("node").args(["run.mjs", env!("CARGO_BIN_EXE_manyou")]).current_dir(&home).output();
    let told = run.expect("node starts");
    let (out, err) = (String::from_utf8_lossy(&told.stdout), String::from_utf8_lossy(&told.stderr));
    assert!(told.status.success(), "{out}\n{err}");
}
