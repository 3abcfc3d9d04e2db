//! The binary: argv in, exit code out.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(railguard::cli::main().code())
}
