//! Waits for one sidecar's end: sees it at once, sweeps what is left of its group, and tells how it was.

use std::io::Read;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Child, ExitStatus};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, bounded};
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

use super::super::log::RotatingLog;
use super::super::{Exit, Fate, Order};
use super::output::{self, Output};
use super::{Leader, News};
use crate::config::Logs;

/// How long the end of the output is waited for: a grandchild in a session of its own may hold the pipe for ever.
const DRAIN: Duration = Duration::from_millis(250);

/// Watches `child` until it is over and then calls `over`; none, and the child is killed, if that cannot be.
pub(super) fn watch(
    mut child: Child,
    order: &Order,
    log: PathBuf,
    logs: Logs,
    news: &News,
    over: impl FnOnce() + Send + 'static,
) -> Option<Leader> {
    let run = order.run;
    let output =
        Arc::new(Output::new(run, Arc::clone(&order.name), RotatingLog::new(log, logs), news.clone()));
    let (ended, drained) = bounded(2);
    let pipes: [Option<(bool, Box<dyn Read + Send>)>; 2] = [
        child.stdout.take().map(|pipe| (true, Box::new(pipe) as _)),
        child.stderr.take().map(|pipe| (false, Box::new(pipe) as _)),
    ];
    let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    let leader: Leader = Arc::new(Mutex::new(pid));
    // The process is handed to its thread through a slot, so that it can be ended if there is no such thread.
    let slot = Arc::new(Mutex::new(Some(child)));
    let mut threads = Ok(());
    for (speaks, pipe) in pipes.into_iter().flatten() {
        threads = threads.and_then(|()| reader(&output, speaks, pipe, ended.clone()));
    }
    drop(ended);
    let watcher = Watcher { slot: Arc::clone(&slot), leader: Arc::clone(&leader), drained, output };
    let tell = news.clone();
    let waiting = threads.and_then(|()| {
        let name = format!("jarvis-wait-{}", order.name);
        std::thread::Builder::new().name(name).spawn(move || {
            let fate = watcher.wait();
            tell.tell(run, fate);
            over();
        })
    });
    if let Err(error) = waiting {
        if let Some(mut child) = slot.lock().unwrap_or_else(PoisonError::into_inner).take() {
            // It may be over already.
            let _ = child.kill();
            let _ = child.wait();
        }
        news.tell(run, Fate::Failed(format!("there can be no more threads ({error}): close other programs")));
        return None;
    }
    Some(leader)
}

fn reader(
    output: &Arc<Output>,
    speaks: bool,
    pipe: Box<dyn Read + Send>,
    ended: Sender<()>,
) -> std::io::Result<()> {
    let output = Arc::clone(output);
    let name = format!("jarvis-read-{}", output.name());
    std::thread::Builder::new().name(name).spawn(move || {
        output::read(pipe, speaks, &output);
        // Whoever waited may have lost patience.
        let _ = ended.send(());
    })?;
    Ok(())
}

struct Watcher {
    slot: Arc<Mutex<Option<Child>>>,
    leader: Leader,
    drained: Receiver<()>,
    output: Arc<Output>,
}

impl Watcher {
    fn wait(self) -> Fate {
        let child = self.slot.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(mut child) = child else { return Fate::Failed("it was never there".to_owned()) };
        let pid = *self.leader.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pid) = pid {
            // Left unasked how it ended, so that nobody else gets its pid while its group is swept. Interrupted: again.
            let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
            while matches!(waitid(WaitId::Pid(pid), options), Err(rustix::io::Errno::INTR)) {}
        }
        let mut leader = self.leader.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pid) = leader.take() {
            // An empty group is what one hopes for.
            let _ = kill_process_group(pid, Signal::KILL);
        }
        let status = child.wait();
        drop(leader);
        for _ in 0..2 {
            if self.drained.recv_timeout(DRAIN).is_err() {
                break;
            }
        }
        match status {
            Ok(status) => Fate::Ended { exit: exit(status), last_line: self.output.last_line() },
            Err(error) => Fate::Failed(format!("the system does not tell how it ended ({error})")),
        }
    }
}

fn exit(status: ExitStatus) -> Exit {
    match (status.code(), status.signal()) {
        (Some(code), _) => Exit::Code(code),
        (None, signal) => Exit::Signal(signal.unwrap_or(0)),
    }
}
