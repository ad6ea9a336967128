//! What keeping three sidecars alive costs, and how soon one that was killed is healed: real processes, the bundled times.
//!
//! `cargo bench -p jarvis --bench healing [-- SECONDS]`: CPU and memory of the supervisor's process alone over 60 s (or
//! `SECONDS`), then SIGKILL of each sidecar twice, from the signal to the new one being healthy as a client is told.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a bench ends where something is wrong")]

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use jarvis::client::Client;
use jarvis::clock::{Clock, Moment, SystemClock};
use jarvis::health::State;
use jarvis::layout::Layout;
use jarvis::status::Status;

const NAMES: [&str; 3] = ["coach", "producer", "brain"];

/// The owner in a process of its own; killed with this.
struct Owner(Child);

impl Drop for Owner {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn main() {
    let seconds = std::env::args().find_map(|word| word.parse().ok()).unwrap_or(60);
    let folder = tempfile::tempdir().unwrap();
    let layout = Layout::within(folder.path());
    layout.make().unwrap();
    let declared = NAMES.map(|name| {
        format!(
            "[[sidecar]]\nname = \"{name}\"\ncommand = [\"{{ai-dawg}}\", \"sidecar\"]\nidentity = \"nonce\"\n"
        )
    });
    // We ask more often than a client may.
    let patient = "[control_plane]\nrequests = 1000000\nburst = 100000\n";
    std::fs::write(layout.sidecars(), format!("{patient}{}", declared.concat())).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_trial"));
    let owner =
        Owner(command.args(["own", "--folder"]).arg(folder.path()).stdout(Stdio::null()).spawn().unwrap());
    let client = until(|| Client::find(&layout).ok());
    for name in NAMES {
        until(|| healthy(&client, name));
    }
    cost(owner.0.id(), seconds);
    let mut took: Vec<Duration> = NAMES.iter().cycle().take(6).map(|name| heal(&client, name)).collect();
    took.sort_unstable();
    let seconds: Vec<String> = took.iter().map(|took| format!("{:.2}", took.as_secs_f64())).collect();
    println!("SIGKILL to healthy again, in seconds, 6 times: {}", seconds.join(" "));
    client.shutdown().unwrap();
}

/// CPU time of the process in clock ticks (1/100 s), all its threads, without its children.
fn ticks(pid: u32) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let fields: Vec<&str> = stat.rsplit_once(") ").unwrap().1.split(' ').collect();
    fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
}

fn cost(pid: u32, seconds: u64) {
    let before = ticks(pid);
    std::thread::park_timeout(Duration::from_secs(seconds));
    let share = (ticks(pid) - before) as f64 / seconds as f64;
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let memory = status.lines().find(|line| line.starts_with("VmRSS")).unwrap_or("").to_owned();
    println!("supervisor alone, three sidecars, {seconds} s: CPU {share:.2} % of a core; {memory}");
}

fn heal(client: &Client, name: &str) -> Duration {
    let before = until(|| healthy(client, name)).pid.unwrap();
    let clock = SystemClock::new();
    let sent = Command::new("kill").args(["-KILL", &before.to_string()]).status().unwrap();
    assert!(sent.success());
    until(|| healthy(client, name).filter(|now| now.pid != Some(before)));
    clock.now().since(Moment::ORIGIN)
}

fn healthy(client: &Client, name: &str) -> Option<Status> {
    let found = client.status().ok()?.into_iter().find(|status| status.name == name)?;
    (found.state == State::Healthy).then_some(found)
}

/// Asks until there is an answer, seldom enough to be let in.
fn until<T>(mut answer: impl FnMut() -> Option<T>) -> T {
    let clock = SystemClock::new();
    loop {
        if let Some(found) = answer() {
            return found;
        }
        assert!(clock.now() < Moment::ORIGIN.after(Duration::from_secs(60)), "waited in vain");
        std::thread::park_timeout(Duration::from_millis(50));
    }
}
