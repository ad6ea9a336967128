//! What our sidecars share: how they are started, the port, the door, `/health`, and how they end.
//!
//! A sidecar is a program that does one thing for the studio beside it, and answers HTTP on loopback. It knows nothing of
//! the supervisor but a nonce, a token and a pipe ([`Start`]). Start at [`run`]; [`Running`] is the same without standard
//! input, output and signals, for tests.

mod correlation;
mod door;
mod end;
mod health;
mod problem;
mod running;
pub mod serve;
mod start;

pub use health::{Action, Check, Health};
pub use problem::Problem;
pub use running::{Running, Service};
pub use start::{Start, StartError};

use std::io::{self, Write};
use std::sync::mpsc::channel;

use axum::Router;

/// Serves until its end is asked for: supervised, when its standard input ends; by hand by SIGINT or SIGTERM. Says on
/// standard output where it listens, in one line of JSON. `work` makes what is answered, and may go on with what takes
/// long in threads of its own, telling [`Health`].
///
/// # Errors
/// [`StartError`], when it cannot listen or the system refuses.
pub fn run(start: Start, service: Service, work: impl FnOnce(&Health) -> Router) -> Result<(), StartError> {
    let (end, ended) = channel();
    end::listen(start.supervised, &end)?;
    let running = Running::start(start, service, work, move || _ = end.send(()))?;
    say_ready(running.port())?;
    // An error: nobody is left who could ask for the end, which is one.
    let _ = ended.recv();
    drop(running);
    Ok(())
}

/// The line by which a supervisor, or a script, knows the port.
fn say_ready(port: u16) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{{\"ready\":{{\"port\":{port}}}}}")?;
    out.flush()
}
