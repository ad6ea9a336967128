//! Whether the machine itself stood still.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use rustix::thread::{CpuSet, sched_setaffinity};
use thread_priority::{
    RealtimeThreadSchedulePolicy, ThreadPriority, ThreadSchedulePolicy, set_thread_priority_and_policy,
    thread_native_id,
};

/// How often it looks at the clock, in nanoseconds.
const STEP: u64 = 1_000_000;
/// Looks that a test takes at most until one is undisturbed.
const LOOKS: usize = 10;
/// Above JACK's server (70) and its clients, whatever they do.
const PRIORITY: u8 = 95;

/// A thread on each core that wants only to wake every millisecond, before everything else here. When it wakes late, no
/// program of this machine could have run there: its host was busy with others. A real-time program that was late for a
/// reason of its own, a lock or a long calculation, keeps no such thread from waking.
///
/// (Measured: on one evening 0 to 2 of 5,000 wakes a core were over 5 ms late, in a bad minute 2,189 of 30,000, up to 85 ms,
/// with nothing else running.)
#[derive(Debug)]
pub struct Witness {
    /// From when to when, by [`crate::monotonic`].
    halts: Arc<Mutex<Vec<(u64, u64)>>>,
    ended: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Witness {
    /// Watches until it is dropped.
    #[track_caller]
    pub fn start() -> Self {
        let (halts, ended) = (Arc::default(), Arc::default());
        let mut witness = Self { halts, ended, threads: Vec::new() };
        for core in 0..std::thread::available_parallelism().unwrap().get() {
            let (halts, ended) = (Arc::clone(&witness.halts), Arc::clone(&witness.ended));
            witness.threads.push(std::thread::spawn(move || watch(core, &halts, &ended)));
        }
        witness
    }

    /// How long cores stood still between two moments of [`crate::monotonic`], all added up. What is over is known.
    pub fn stood_still(&self, from: u64, to: u64) -> Duration {
        let halts = self.halts.lock().unwrap();
        let within = |&(began, ended): &(u64, u64)| ended.min(to).saturating_sub(began.max(from));
        Duration::from_nanos(halts.iter().map(within).sum())
    }

    /// The longest time for which one core stood still between two moments. What is over is known; it waits until what has
    /// just ended is, too.
    pub fn longest_halt(&self, from: u64, to: u64) -> Duration {
        std::thread::sleep(Duration::from_nanos((to + 5 * STEP).saturating_sub(crate::monotonic())));
        let halts = self.halts.lock().unwrap();
        let within = |&(began, ended): &(u64, u64)| ended.min(to).saturating_sub(began.max(from));
        Duration::from_nanos(halts.iter().map(within).max().unwrap_or_default())
    }

    /// What is seen by a look during which no core stood still for longer than `tolerated`: it is looked again if one did,
    /// at most ten times, and what was seen last counts whatever the machine did.
    #[track_caller]
    #[allow(clippy::print_stdout, reason = "shown with a test that fails")]
    pub fn undisturbed<T>(tolerated: Duration, mut look: impl FnMut() -> T) -> T {
        let witness = Self::start();
        let mut looks = 1;
        loop {
            let from = crate::monotonic();
            let seen = look();
            let halt = witness.longest_halt(from, crate::monotonic());
            if halt <= tolerated || looks == LOOKS {
                return seen;
            }
            println!("looks again: a core stood still for {halt:.0?} during look {looks}");
            looks += 1;
        }
    }
}

impl Drop for Witness {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            let told = thread.join();
            assert!(told.is_ok() || std::thread::panicking(), "the witness could not watch");
        }
    }
}

fn watch(core: usize, halts: &Mutex<Vec<(u64, u64)>>, ended: &AtomicBool) {
    let mut own = CpuSet::new();
    own.set(core);
    sched_setaffinity(None, &own).unwrap_or_else(|error| panic!("no thread on core {core} alone: {error}"));
    let fifo = ThreadSchedulePolicy::Realtime(RealtimeThreadSchedulePolicy::Fifo);
    let priority = ThreadPriority::Crossplatform(PRIORITY.try_into().unwrap());
    set_thread_priority_and_policy(thread_native_id(), priority, fifo)
        .unwrap_or_else(|error| panic!("no real-time thread, which JACK needs here too: {error:?}"));
    let mut due = crate::monotonic() + STEP;
    while !ended.load(Ordering::Relaxed) {
        std::thread::sleep(Duration::from_nanos(due.saturating_sub(crate::monotonic())));
        let now = crate::monotonic();
        if now > due + STEP {
            halts.lock().unwrap().push((due, now));
        }
        due = now.max(due) + STEP;
    }
}
