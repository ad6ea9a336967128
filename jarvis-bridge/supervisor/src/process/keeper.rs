//! The keeper of another's program: `ai-dawg sidecar-keeper --grace SECONDS -- COMMAND…`.
//!
//! A small process between the owner and a program that knows nothing of us. It reads a pipe from the owner; when that
//! ends, or the program does, it ends the program and every descendant, also those that went into sessions of their own,
//! for on Linux it adopts whom their parents leave. Then it ends as the program did. Start at [`main`].

use std::ffi::OsString;
use std::io::Read;
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::Duration;

use crossbeam_channel::{Sender, unbounded};
use rustix::io::Errno;
use rustix::process::{Pid, Signal, WaitOptions, WaitStatus, kill_process, wait};

use super::system::dies_with_us;
use crate::clock::{Bell, Clock, Moment, SystemClock};

/// What the owner writes into the pipe to have all killed without grace.
pub(super) const KILL: u8 = b'k';

/// How often it looks whether all are gone.
const LOOK: Duration = Duration::from_millis(5);
/// How long it looks after it has killed all in sight: whoever is still there cannot be killed (a dead disk).
const LIMIT: Duration = Duration::from_secs(5);

/// Why the keeper moves.
enum Why {
    /// The program is over, and so.
    Over(WaitStatus),
    /// The owner is gone, or wants the end.
    Asked,
    /// The owner wants it at once.
    Kill,
}

/// Runs `command` for an owner at the other end of standard input, until either ends. Ends as the command did.
#[must_use]
pub fn main(command: &[OsString], grace: Duration) -> ExitCode {
    let Some((program, arguments)) = command.split_first() else { return ExitCode::from(2) };
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::set_child_subreaper(Some(rustix::process::getpid())) {
        tracing::warn!(%error, "what leaves its parent cannot be adopted");
    }
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null());
    dies_with_us(&mut command);
    match command.spawn() {
        Ok(child) => keep(child, grace),
        Err(error) => {
            tracing::error!("{} cannot be started: {error}", program.to_string_lossy());
            ExitCode::from(127)
        }
    }
}

fn keep(mut child: Child, grace: Duration) -> ExitCode {
    let (why, reasons) = unbounded();
    let program = pid_of(child.id());
    let threads = listen(why.clone()).and_then(|()| wait_for(program, why));
    if threads.is_err() {
        // Without them nothing can be kept.
        let _ = child.kill();
        return ExitCode::FAILURE;
    }
    let mut status = None;
    match reasons.recv() {
        Ok(Why::Over(over)) => status = Some(over),
        Ok(Why::Asked) => {
            ask(program);
            if let Ok(Why::Over(over)) = reasons.recv_timeout(grace) {
                status = Some(over);
            }
        }
        Ok(Why::Kill) | Err(_) => {}
    }
    end_all(program);
    while status.is_none() {
        match reasons.recv_timeout(LIMIT) {
            Ok(Why::Over(over)) => status = Some(over),
            Ok(Why::Asked | Why::Kill) => {}
            // It was killed and does not end (a dead disk): our own end is all that is left.
            Err(_) => return ExitCode::FAILURE,
        }
    }
    status.map_or(ExitCode::FAILURE, end_like)
}

/// Reads the owner's pipe.
fn listen(why: Sender<Why>) -> std::io::Result<()> {
    std::thread::Builder::new().name("owner".to_owned()).spawn(move || {
        let mut byte = [0];
        loop {
            let reason = match std::io::stdin().read(&mut byte) {
                Ok(1) if byte == [KILL] => Why::Kill,
                Ok(1) => continue,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                _ => Why::Asked,
            };
            // The keeper may be about to end.
            let _ = why.send(reason);
            return;
        }
    })?;
    Ok(())
}

/// Waits for the program, and for all that were adopted, so that none stays behind as a zombie.
fn wait_for(program: Option<Pid>, why: Sender<Why>) -> std::io::Result<()> {
    std::thread::Builder::new().name("program".to_owned()).spawn(move || {
        loop {
            match wait(WaitOptions::empty()) {
                Ok(Some((pid, status))) if Some(pid) == program => {
                    if why.send(Why::Over(status)).is_err() {
                        return;
                    }
                }
                Ok(_) | Err(Errno::INTR) => {}
                Err(_) => return,
            }
        }
    })?;
    Ok(())
}

/// Asks all that is kept to end.
fn ask(program: Option<Pid>) {
    for pid in kept(program) {
        // It may be gone already.
        let _ = kill_process(pid, Signal::TERM);
    }
}

/// Kills all that is kept; returns when nothing is left.
fn end_all(program: Option<Pid>) {
    let (clock, bell) = (SystemClock::new(), Bell::default());
    let limit = Moment::ORIGIN.after(LIMIT);
    while clock.now() < limit {
        let left = kept(program);
        if left.is_empty() {
            return;
        }
        for pid in left {
            let _ = kill_process(pid, Signal::KILL);
        }
        bell.wait(LOOK);
    }
}

/// All descendants that are not over.
#[cfg(target_os = "linux")]
fn kept(_: Option<Pid>) -> Vec<Pid> {
    super::proc::descendants(std::process::id()).into_iter().filter_map(pid_of).collect()
}

/// Elsewhere the program itself: its process group is what the owner sweeps after us.
#[cfg(not(target_os = "linux"))]
fn kept(program: Option<Pid>) -> Vec<Pid> {
    program.into_iter().filter(|pid| rustix::process::test_kill_process(*pid).is_ok()).collect()
}

/// Ends as the program did, so that the owner is told the truth.
fn end_like(status: WaitStatus) -> ExitCode {
    if let Some(number) = status.terminating_signal() {
        if let Some(signal) = Signal::from_named_raw(number) {
            let _ = kill_process(rustix::process::getpid(), signal);
        }
        // A signal that does not end us: as shells say it.
        return ExitCode::from(128u8.saturating_add(u8::try_from(number).unwrap_or(0)));
    }
    ExitCode::from(u8::try_from(status.exit_status().unwrap_or(1)).unwrap_or(1))
}

fn pid_of(pid: u32) -> Option<Pid> {
    i32::try_from(pid).ok().and_then(Pid::from_raw)
}
