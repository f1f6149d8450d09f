//! The `lintel` binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    lintel_server::command::main()
}
