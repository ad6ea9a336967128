//! `ai-dawg jarvis`: the supervisor of the sidecars, alone or asked from outside.
//!
//! Start at [`run`]. What is asked goes to the owner, in whichever program it is; events and logs are read from the disk.

mod alerts;
mod audit;
mod events;
mod logs;
mod plain;
mod report;
mod since;

use std::ffi::OsString;
use std::fmt::{self, Display, Formatter};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Error, Result};
use jarvis::by::By;
use jarvis::client::{Client, ClientError, EventQuery};
use jarvis::clock::Wall;
use jarvis::control_loop::Target;
use jarvis::event::Action;
use jarvis::layout::Layout;
use jarvis::owner::{Owner, StartError};

use super::log;
use super::output::Output;
use crate::interrupt::Interrupt;
use crate::supervision::options;
use report::{Done, Services, Switched};

/// The supervisor of the AI sidecars: starts them, watches them, mends them, and tells how they are.
///
/// Alone, `ai-dawg jarvis` is `ai-dawg jarvis run`. The other commands ask the supervisor that runs.
/// What is kept alive stands in sidecars.toml in the folder “jarvis” of $AI_DAWG_DATA (or of “AI DAWG” in the user's data
/// folder); without that file, the vocal coach is.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  ai-dawg jarvis run
  ai-dawg jarvis status --json

Exit codes: 0 done, 1 it could not be done, 2 typed wrongly, 3 (run) another supervisor owns the sidecars, 4 no supervisor runs.
`audit verify`: 0 whole, 1 tampered with, 2 nobody can tell: its key is missing, or it cannot be read.",
    // A port before `status` would have no meaning.
    args_conflicts_with_subcommands = true)]
pub struct Arguments {
    #[command(subcommand)]
    what: Option<What>,
    #[command(flatten)]
    run: Run,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Keep the sidecars alive until Ctrl-C; the log is on standard error
    Run(Run),
    /// How the sidecars are
    Status,
    /// Start a sidecar, or all
    Start(Which),
    /// Stop a sidecar, or all; it stays stopped
    Stop(Which),
    /// Stop a sidecar, or all, and start it again
    Restart(Which),
    /// Stop all sidecars and end the supervisor
    Shutdown,
    /// What sidecars wrote, oldest first, from the disk
    Logs(logs::Arguments),
    /// What happened, oldest first, from the disk
    Events {
        /// Only of this sidecar
        #[arg(long, value_name = "NAME")]
        service: Option<String>,
        /// Only since then: 90s, 10m, 2h or 3d ago, or a time such as “2026-11-21 14:00” (UTC, as times are shown)
        #[arg(long, value_name = "T", value_parser = since::since)]
        since: Option<Wall>,
        /// At most this many, the newest
        #[arg(long, value_name = "N", default_value_t = 50)]
        limit: u32,
    },
    /// Who did what, oldest first, or whether that is as it was written; from the disk
    Audit(audit::Arguments),
    /// What is wrong now; without a supervisor, what the last one left open, from the disk
    Alerts(alerts::Alerts),
    /// What was measured: uptime, latency, errors, use, and what keeps happening, from the disk
    Report {
        /// In the last N hours
        #[arg(long, value_name = "N", default_value_t = 24, value_parser = clap::value_parser!(u32).range(1..=9600))]
        hours: u32,
    },
    /// Whether the supervisor may restart sidecars without being asked
    Autonomy {
        /// From now on, or only say how it is
        #[arg(value_enum, default_value_t = Autonomy::Status)]
        to: Autonomy,
    },
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Autonomy {
    On,
    Off,
    Status,
}

#[derive(Debug, clap::Args)]
struct Run {
    /// Where the control plane listens on this machine; 0: anywhere [env: JARVIS_PORT] [default: 4000]
    // The variable is read where it is needed: a wrong one must not keep `status` from answering.
    #[arg(long)]
    port: Option<u16>,
}

#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
struct Which {
    /// Which one
    name: Option<String>,
    /// All of them
    #[arg(long)]
    all: bool,
}

/// What the supervisor starts around another's program.
#[derive(Debug, clap::Args)]
pub struct Keeper {
    /// Seconds from the polite request to end until it is killed
    #[arg(long, default_value_t = 5.0)]
    grace: f64,
    /// The program and its arguments
    #[arg(last = true, required = true)]
    command: Vec<OsString>,
}

/// Why it could not be done, with an exit code that tells more than that.
#[derive(Debug)]
pub(super) struct Code {
    pub(super) code: u8,
    why: String,
}

impl Display for Code {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.why)
    }
}

impl std::error::Error for Code {}

/// `ai-dawg sidecar-keeper`.
pub(super) fn keep(keeper: &Keeper) -> ExitCode {
    let grace = Duration::try_from_secs_f64(keeper.grace).unwrap_or(Duration::ZERO);
    #[cfg(unix)]
    return jarvis::process::keeper::main(&keeper.command, grace);
    #[cfg(not(unix))]
    return ExitCode::from(if grace.is_zero() { 2 } else { 1 });
}

pub(super) fn run(arguments: &Arguments, output: &mut Output) -> Result<()> {
    let folder = super::data_folder().map_err(|error| match &arguments.what {
        Some(What::Audit(audit)) if audit.verifies() => audit::cannot_tell(&error),
        _ => error,
    })?;
    let layout = Layout::within(&folder);
    match arguments.what.as_ref().unwrap_or(&What::Status) {
        _ if arguments.what.is_none() => own(&arguments.run, layout),
        What::Run(run) => own(run, layout),
        What::Status => {
            let client = client(&layout)?;
            let services = client.status().map_err(told)?;
            elsewhere(client.taken_port());
            output.say(&Services(services, client.checks().map_err(told)?))
        }
        What::Start(which) => act(&layout, which, Action::Start, output),
        What::Stop(which) => act(&layout, which, Action::Stop, output),
        What::Restart(which) => act(&layout, which, Action::Restart, output),
        What::Shutdown => {
            client(&layout)?.shutdown().map_err(told)?;
            output.say(&Done { done: "shutdown", of: "the supervisor" })
        }
        What::Logs(arguments) => logs::run(&layout, arguments, output),
        What::Audit(arguments) => audit::run(&layout, arguments, output),
        What::Alerts(arguments) => alerts::run(arguments, &layout, output),
        What::Events { service, since, limit } => {
            let query = EventQuery { service: service.clone(), since: *since, limit: Some(*limit) };
            events::events(&layout, &query, output)
        }
        What::Report { hours } => events::report(&layout, *hours, output),
        What::Autonomy { to } => {
            let on = match to {
                Autonomy::On => Some(true),
                Autonomy::Off => Some(false),
                Autonomy::Status => None,
            };
            output.say(&Switched(client(&layout)?.autonomy(on, By::name("cli")).map_err(told)?))
        }
    }
}

/// Owns the sidecars until Ctrl-C, or until somebody asks for the end.
fn own(run: &Run, layout: Layout) -> Result<()> {
    let interrupt = Interrupt::listen()?;
    let options = options(layout, run.port)?;
    let owner = Owner::start(options).map_err(|error| {
        let another = matches!(error, StartError::NotOwned(jarvis::lock::NotOwned::Another { .. }));
        let error = error.to_string();
        if another { Error::new(Code { code: 3, why: error }) } else { Error::msg(error) }
    })?;
    log::note(&format!(
        "the supervisor listens at 127.0.0.1:{}; Ctrl-C ends it and its sidecars",
        owner.port()
    ));
    elsewhere(owner.taken_port());
    while !owner.is_over() {
        if interrupt.within(Duration::from_millis(100)) {
            // Asked by a human: an attached window does not go on with it.
            let _ = owner.client().shutdown();
            break;
        }
    }
    // Stops the sidecars, unless that has been done.
    drop(owner);
    Ok(())
}

/// Says that another program has the port that was chosen.
fn elsewhere(taken: Option<u16>) {
    if let Some(taken) = taken {
        log::note(&format!(
            "port {taken} is taken by another program: the supervisor listens elsewhere, as endpoint.json says"
        ));
    }
}

fn act(layout: &Layout, which: &Which, action: Action, output: &mut Output) -> Result<()> {
    let client = client(layout)?;
    let target = which.name.clone().map_or(Target::All, Target::One);
    client.act(target, action, By::name("cli")).map_err(told)?;
    let done = match action {
        Action::Start => "start",
        Action::Stop => "stop",
        Action::Restart => "restart",
    };
    output.say(&Done { done, of: which.name.as_deref().unwrap_or("all sidecars") })
}

fn client(layout: &Layout) -> Result<Client> {
    Client::find(layout).map_err(told)
}

fn told(error: ClientError) -> Error {
    match error {
        ClientError::NoOwner => Error::new(Code { code: 4, why: ClientError::NoOwner.to_string() }),
        other => other.into(),
    }
}
