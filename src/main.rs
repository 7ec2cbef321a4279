//! Arguments in, exit code out. The only place where server and screen meet.

use std::process::ExitCode;

use clap::Parser;
use manyou::cli::{self, args::Cli};

fn main() -> ExitCode {
    ExitCode::from(cli::run(Cli::parse()))
}
