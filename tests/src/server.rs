//! A JACK server of our own on the dummy driver: real-time, exact, and without a sound card.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tempfile::NamedTempFile;

use crate::daemon::{mortal, stop};
use crate::turn::Turn;

/// What all our servers' names begin with, so that leftovers of a killed test run can be told from others'.
const NAME_PREFIX: &str = "dawgtest";
/// Where jackd keeps sockets, semaphores and shared memory.
const SHARED: &str = "/dev/shm";
/// A start takes 0.1 s; on a machine that compiles at the same time, seconds.
const START_LIMIT: Duration = Duration::from_secs(20);
/// A tenth of the time, in milliseconds, for which the server waits for its clients before it goes on without them.
///
/// By itself it waits for twenty periods, 27 ms at 64 frames and 107 ms at 256. Where a machine's cores halt for longer, the
/// cycle is lost to all: what was recorded has a hole, or a client cannot be activated, and no program could have done
/// better. (Who is killed within a cycle holds the others up for as long.)
const PATIENCE: u32 = 100;

/// A running `jackd`. One at a time on this machine: a second [`JackServer::start`] waits for its turn.
///
/// Drop it after every client of this process (declare it first): libjack can only change its server once
/// no client is left.
#[derive(Debug)]
pub struct JackServer {
    name: String,
    rate: u32,
    period: u32,
    jackd: Child,
    log: NamedTempFile,
    killed: bool,
    _turn: Turn,
}

impl JackServer {
    /// Starts a server with the dummy driver at `rate` Hz and `period` frames, and waits until it is ready.
    ///
    /// Synchronous (`-S`): asynchronous, the dummy driver stalls about once a second on busy machines, and
    /// a client that was late is skipped for a cycle, so what was recorded would have holes.
    ///
    /// # Panics
    ///
    /// If jackd is not installed or does not come up: says what is missing, with the server's log.
    #[track_caller]
    pub fn start(rate: u32, period: u32) -> Self {
        let turn = Turn::take();
        sweep_leftovers();
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        // Short: a client's semaphore file is named after both, and JACK cuts names.
        let name = format!("{NAME_PREFIX}{}_{:05x}", std::process::id(), now.subsec_micros());
        let log = NamedTempFile::with_prefix("jackd-").unwrap();
        let jackd = launch(&name, rate, period, log.path());
        let mut server = Self { name, rate, period, jackd, log, killed: false, _turn: turn };
        server.wait_until_ready();
        crate::env::set("JACK_DEFAULT_SERVER", &server.name);
        crate::env::set("JACK_NO_START_SERVER", "1");
        jack::set_logger(jack::LoggerType::None); // libjack prints to stdout, past the test's capture
        server
    }

    /// What the program under test needs in its environment to find this server.
    pub fn env(&self) -> Vec<(String, String)> {
        [
            ("JACK_DEFAULT_SERVER", self.name.as_str()),
            ("JACK_NO_AUDIO_RESERVATION", "1"),
            ("JACK_NO_START_SERVER", "1"),
        ]
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .to_vec()
    }

    /// The sample rate in Hz.
    pub fn rate(&self) -> u32 {
        self.rate
    }

    /// Frames per cycle.
    pub fn period(&self) -> u32 {
        self.period
    }

    /// Whether it runs, as far as we did not kill it.
    pub fn is_running(&self) -> bool {
        !self.killed
    }

    /// What jackd has said so far (which xruns came when, who was late).
    pub fn log(&self) -> String {
        let said = std::fs::read(self.log.path()).unwrap_or_default();
        format!("--- jackd {}:\n{}", self.name, String::from_utf8_lossy(&said))
    }

    /// Lets the server hang until what comes back is dropped: whoever asks it for something waits meanwhile.
    #[track_caller]
    pub fn hang(&self) -> Hanging {
        let jackd = self.jackd.id();
        signal(jackd, "-STOP").unwrap_or_else(|why| panic!("{why}"));
        Hanging { jackd }
    }

    /// SIGKILL at once: to every client, the device vanishes.
    pub fn kill(&mut self) {
        let _ = self.jackd.kill();
        let _ = self.jackd.wait();
        self.killed = true;
    }

    /// The device comes back after [`JackServer::kill`]: same name, rate and period.
    ///
    /// Clients of this process that knew the dead server must be dropped before.
    #[track_caller]
    pub fn restart(&mut self) {
        if !self.killed {
            stop(&mut self.jackd);
        }
        self.jackd = launch(&self.name, self.rate, self.period, self.log.path());
        self.killed = false;
        self.wait_until_ready();
    }

    #[track_caller]
    fn wait_until_ready(&mut self) {
        let ready = crate::patiently(START_LIMIT, || {
            if let Ok(Some(status)) = self.jackd.try_wait() {
                panic!(
                    "jackd ended at once ({status}). If it is not installed: apt-get install jackd2, or run \
                     script/test\n{}",
                    self.log()
                );
            }
            answers(&self.name).then_some(())
        });
        if ready.is_none() {
            let log = self.log();
            stop(&mut self.jackd);
            panic!(
                "jackd is not ready after {START_LIMIT:?}. If it says nothing below, its registry is full: \
                 it has room for 8 servers, and killed ones stay in it. With no jackd running, \
                 `rm {SHARED}/jack*` mends that.\n{log}"
            );
        }
    }
}

/// A server that hangs.
#[derive(Debug)]
pub struct Hanging {
    jackd: u32,
}

impl Drop for Hanging {
    // Also when the test fails: its own clients would wait for the server for ever.
    fn drop(&mut self) {
        if let Err(why) = signal(self.jackd, "-CONT") {
            eprintln!("{why}");
        }
    }
}

fn signal(jackd: u32, signal: &str) -> Result<(), String> {
    let sent = Command::new("kill").args([signal, &jackd.to_string()]).status();
    let sent = sent.is_ok_and(|status| status.success());
    sent.then_some(()).ok_or_else(|| format!("cannot send {signal} to jackd"))
}

impl Drop for JackServer {
    fn drop(&mut self) {
        if self.killed {
            reclaim(&self.name);
        } else {
            stop(&mut self.jackd);
        }
        remove_files_of(&self.name);
    }
}

#[track_caller]
fn launch(name: &str, rate: u32, period: u32, log: &Path) -> Child {
    let out = std::fs::OpenOptions::new().append(true).open(log).unwrap();
    mortal("jackd")
        .args(["-n", name, "-R", "-P", "70", "-S", "-t", &PATIENCE.to_string(), "-d", "dummy"])
        .args(["-r", &rate.to_string(), "-p", &period.to_string()])
        .env("JACK_NO_AUDIO_RESERVATION", "1")
        .stdin(Stdio::null())
        .stderr(out.try_clone().unwrap())
        .stdout(out)
        .spawn()
        .unwrap_or_else(|error| {
            panic!("setpriv, which starts jackd, is missing ({error}): apt-get install util-linux")
        })
}

/// Whether the server of that name takes clients. (`jack_wait -w` would look once a second only.)
fn answers(name: &str) -> bool {
    socket(name).exists()
        && Command::new("jack_wait")
            .args(["-c", "-s", name])
            .output()
            .unwrap_or_else(|error| panic!("jack_wait is missing ({error}): apt-get install jackd2"))
            .stdout
            .starts_with(b"running")
}

fn socket(name: &str) -> PathBuf {
    // The last two are the user id and the channel number.
    let user = std::fs::metadata("/proc/self").map_or(0, |own| std::os::unix::fs::MetadataExt::uid(&own));
    Path::new(SHARED).join(format!("jack_{name}_{user}_0"))
}

/// Frees a killed server's place in the registry.
///
/// It has room for 8 servers and never forgets one that was killed; the ninth `jackd` then hangs without a
/// word. Only a server of the same name takes the place over, and gives it back when it ends properly.
fn reclaim(name: &str) {
    let Ok(log) = NamedTempFile::with_prefix("jackd-") else { return };
    let _ = std::fs::remove_file(socket(name)); // the dead one's, which would look ready
    let mut jackd = launch(name, 48_000, 1024, log.path());
    crate::patiently(START_LIMIT, || {
        let ended = !matches!(jackd.try_wait(), Ok(None));
        (ended || socket(name).exists()).then_some(())
    });
    stop(&mut jackd);
    remove_files_of(name);
}

/// Reclaims what test runs have left that were killed whole. We hold the turn: none of ours is alive.
fn sweep_leftovers() {
    for file in shared_files() {
        let rest = file.strip_prefix("jack_").filter(|rest| rest.starts_with(NAME_PREFIX));
        let name = rest.and_then(|rest| rest.rsplitn(3, '_').nth(2));
        if let Some(name) = name {
            reclaim(name);
        }
    }
    remove_files_of(NAME_PREFIX); // semaphores that clients have left
}

fn remove_files_of(name: &str) {
    for file in shared_files().into_iter().filter(|file| file.contains(name)) {
        let _ = std::fs::remove_file(Path::new(SHARED).join(file));
    }
}

fn shared_files() -> Vec<String> {
    let entries = std::fs::read_dir(SHARED).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().into_string().ok()).collect()
}
