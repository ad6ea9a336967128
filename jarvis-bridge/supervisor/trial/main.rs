//! What the tests of the supervisor start, as processes of their own.
//!
//! `sidecar` speaks JARVIS's protocol in the mood that stands in the file `$MOOD`; `foreign` is another's program with
//! an HTTP port; `sidecar-keeper` keeps such a one; `host` and `own` own sidecars until they are killed.

mod act;
mod owners;
mod server;

use std::ffi::OsString;
use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    let text: Vec<String> = arguments.iter().map(|word| word.to_string_lossy().into_owned()).collect();
    let port = value(&text, "--port").and_then(|port| port.parse().ok()).unwrap_or(0);
    match text.first().map_or("", String::as_str) {
        "sidecar" => sidecar(port),
        "foreign" => server::serve(port, |port| say(&format!("listening at {port}"))),
        "exit" => {
            say(&value(&text, "--saying").unwrap_or_default());
            ExitCode::from(value(&text, "--code").and_then(|code| code.parse().ok()).unwrap_or(0))
        }
        "write" => write(value(&text, "--megabytes").and_then(|count| count.parse().ok()).unwrap_or(0)),
        "sidecar-keeper" => keeper(&arguments, &text),
        "host" => host(&text),
        "own" => own(&text),
        other => {
            say(&format!("what is {other}?"));
            ExitCode::from(2)
        }
    }
}

fn value(words: &[String], name: &str) -> Option<String> {
    words.iter().position(|word| word == name).and_then(|at| words.get(at + 1).cloned())
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    // Nobody may read any more.
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

/// Ends at the end of its standard input.
fn sidecar(port: u16) -> ExitCode {
    let deaf = std::env::var_os("DEAF").is_some();
    std::thread::spawn(move || {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        if !deaf {
            end();
        }
    });
    server::serve(port, |port| say(&format!("{{\"ready\":{{\"port\":{port}}}}}")))
}

#[expect(
    clippy::disallowed_methods,
    reason = "there is nothing to clean up, and a thread cannot return from main"
)]
fn end() {
    std::process::exit(0);
}

fn write(megabytes: usize) -> ExitCode {
    let block = format!("{}\n", "x".repeat(127)).repeat(8 * 1024);
    let mut out = std::io::stdout().lock();
    for _ in 0..megabytes {
        if out.write_all(block.as_bytes()).is_err() {
            return ExitCode::FAILURE;
        }
    }
    let _ = out.write_all(b"all written\n");
    ExitCode::SUCCESS
}

fn keeper(arguments: &[OsString], text: &[String]) -> ExitCode {
    let grace = value(text, "--grace").and_then(|grace| grace.parse().ok()).unwrap_or(1.0);
    let start = text.iter().position(|word| word == "--").map_or(arguments.len(), |at| at + 1);
    jarvis::process::keeper::main(arguments.get(start..).unwrap_or_default(), Duration::from_secs_f64(grace))
}

/// Owns a sidecar of ours and another's program in `--folder` until it is killed, and says their pids.
fn host(text: &[String]) -> ExitCode {
    let folder = PathBuf::from(value(text, "--folder").unwrap_or_default());
    match owners::host(&folder) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&error);
            ExitCode::FAILURE
        }
    }
}

/// Owns what `--folder` declares until it is killed.
fn own(text: &[String]) -> ExitCode {
    let folder = PathBuf::from(value(text, "--folder").unwrap_or_default());
    match owners::own(&folder) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&error);
            ExitCode::FAILURE
        }
    }
}
