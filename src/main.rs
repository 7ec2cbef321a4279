//! Arguments in, exit code out. The only place where server and screen meet.

mod door;
mod local;
mod start;

use std::process::ExitCode;

use manyou::cli::args::Verb;
use manyou::cli::usage;

fn main() -> ExitCode {
    let cli = match usage::parse() {
        Ok(cli) => cli,
        Err(code) => return ExitCode::from(code),
    };
    let code = match cli.verb {
        None | Some(Verb::Tui | Verb::Demo { .. } | Verb::Open { .. }) => start::screen(cli),
        Some(_) => manyou::cli::run(cli),
    };
    ExitCode::from(code)
}
