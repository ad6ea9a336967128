//! How a sidecar is started: its command, its environment, its port, its ties to us.
#![allow(
    unsafe_code,
    reason = "what a child does between fork and exec can be said in no other way; one block"
)]

use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use super::super::{Fate, Order};
use super::{INSTANCE, Program, TOKEN};
use crate::config::Identity;

/// The port to put into the command, and why it is another one than it is to have, if it is. One of our own binds by itself,
/// so its wish is passed on as it is.
pub(super) fn port(order: &Order) -> Result<(u16, Option<String>), Fate> {
    if order.identity == Identity::Nonce {
        return Ok((order.port, None));
    }
    let taken = match order.port {
        0 => None,
        // Who can move does so also for a stranger at another address: it may want the port at all of them.
        port => taken(port).or_else(|| (order.moves && is_anywhere(port)).then_some(None)),
    };
    match taken {
        None if order.port != 0 => Ok((order.port, None)),
        _ if order.moves => {
            let free = free().map_err(|error| Fate::Failed(format!("no port is free ({error})")))?;
            let whose = |pid: Option<u32>| pid.map(|pid| format!(" by pid {pid}")).unwrap_or_default();
            Ok((free, taken.map(|pid| format!("port {} is taken{}", order.port, whose(pid)))))
        }
        Some(pid) => Err(Fate::PortTaken { port: order.port, pid }),
        None => Err(Fate::Failed("it has neither a port nor a place for one in its command".to_owned())),
    }
}

/// Whose the port is, if anybody's.
fn taken(port: u16) -> Option<Option<u32>> {
    #[cfg(target_os = "linux")]
    {
        use super::super::proc::{Listener, listener};
        match listener(port, None) {
            Listener::Another(pid) => return Some(pid),
            Listener::Nobody | Listener::Family => {}
        }
    }
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => Some(None),
        _ => None,
    }
}

/// Whether anybody listens at that port of any address, as far as the system tells.
fn is_anywhere(port: u16) -> bool {
    #[cfg(target_os = "linux")]
    let is = super::super::proc::is_anywhere(port);
    #[cfg(not(target_os = "linux"))]
    let is = false;
    is
}

/// A port that nobody has at this moment. Another program may be quicker: then the identity is wrong, and it moves again.
fn free() -> io::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

/// The command to start, under a keeper if it is not our own.
pub(super) fn command(program: &Program, order: &Order, port: u16) -> Command {
    let ours = program.path.to_string_lossy();
    let mut parts = order
        .command
        .iter()
        .map(|part| part.replace("{ai-dawg}", &ours).replace("{port}", &port.to_string()))
        .collect::<Vec<_>>();
    let mut command;
    match order.identity {
        Identity::Nonce => {
            command = Command::new(parts.remove(0));
            command.args(parts).args(["--supervised", "--port", &port.to_string()]);
            dies_with_us(&mut command);
        }
        Identity::Process => {
            command = Command::new(&program.path);
            command.args(&program.keeper).arg("--grace").arg(order.grace.as_secs_f64().to_string());
            command.arg("--").args(parts);
        }
    }
    command.envs(&order.environment).env(INSTANCE, &order.instance).env(TOKEN, &order.token);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.process_group(0);
    command
}

/// Linux: it is killed when the thread that starts it ends. A keeper is not: it has to clean up first.
#[cfg(target_os = "linux")]
pub(in super::super) fn dies_with_us(command: &mut Command) {
    let us = rustix::process::getpid();
    let tie = move || {
        rustix::process::set_parent_process_death_signal(Some(Signal::KILL))?;
        // We may have died before the line above, and then nobody sends that signal.
        if rustix::process::getppid() == Some(us) { Ok(()) } else { Err(io::ErrorKind::NotFound.into()) }
    };
    // SAFETY: between fork and exec only system calls are made (prctl, getppid), nothing is allocated or locked: an
    // `io::Error` of a kind or of a raw number holds no heap.
    unsafe {
        command.pre_exec(tie);
    }
}

/// Elsewhere a sidecar of ours reads its standard input until it ends.
#[cfg(not(target_os = "linux"))]
pub(in super::super) fn dies_with_us(_: &mut Command) {}

/// Why it could not be started, and what to do.
pub(super) fn why(order: &Order, error: &io::Error) -> String {
    let program = order.command.first().map_or("", String::as_str);
    format!("“{program}” cannot be started ({error}): correct its command in sidecars.toml")
}

/// Kills the group of `leader` and all descendants in sight.
pub(super) fn kill_family(leader: Pid) {
    // Whoever is gone already is gone.
    #[cfg(target_os = "linux")]
    {
        let family = super::super::proc::family(leader.as_raw_nonzero().get().unsigned_abs());
        for pid in family.into_iter().filter_map(|pid| Pid::from_raw(i32::try_from(pid).ok()?)) {
            let _ = kill_process(pid, Signal::KILL);
        }
    }
    let _ = kill_process_group(leader, Signal::KILL);
    let _ = kill_process(leader, Signal::KILL);
}
