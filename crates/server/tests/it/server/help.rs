//! `--help` of every command, as the program prints it.

use clap::{Command, CommandFactory as _};
use lintel_server::cli::Cli;

use super::process::{bare, run};

fn check(command: &Command, path: &[&str], seen: &mut usize) {
    let mut words = path.to_vec();
    words.push("--help");
    let help = run(&mut bare(&words));
    assert_eq!(help.code, Some(0), "{words:?}: {help:?}");
    for argument in command.get_arguments().filter(|a| !a.is_hide_set()) {
        let name = match argument.get_long() {
            Some(long) => format!("--{long}"),
            // Help shows the name of its value, or its own in capitals.
            None => match argument.get_value_names().and_then(<[_]>::first) {
                Some(name) => name.to_string(),
                None => argument.get_id().as_str().to_uppercase(),
            },
        };
        assert!(
            help.out.contains(&name),
            "{path:?} does not mention {name}:\n{}",
            help.out
        );
        let about = argument
            .get_help()
            .map(ToString::to_string)
            .unwrap_or_default();
        assert!(!about.is_empty(), "{path:?}: {name} has no explanation");
        *seen += 1;
    }
    for next in command.get_subcommands().filter(|c| c.get_name() != "help") {
        assert!(
            help.out.contains(next.get_name()),
            "{path:?} does not mention {}",
            next.get_name()
        );
        check(next, &[path, &[next.get_name()]].concat(), seen);
    }
}

#[test]
fn every_flag_is_in_the_help_of_its_command() {
    let mut command = Cli::command();
    command.build();
    let mut seen = 0;
    check(&command, &[], &mut seen);
    assert!(seen > 50, "{seen} flags");
}
