//! Arguments in, exit code out. The only place where server and screen meet.

mod door;
mod start;

use std::process::ExitCode;

use clap::Parser;
use manyou::cli::args::{Cli, Verb};

fn main() -> ExitCode {
    let cli = Cli::parse();
    let code = match cli.verb {
        None | Some(Verb::Tui | Verb::Demo { .. }) => start::screen(cli),
        Some(_) => manyou::cli::run(cli),
    };
    ExitCode::from(code)
}
