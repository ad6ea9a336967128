//! Whether the machine itself stood still.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rustix::thread::{CpuSet, sched_setaffinity};
use thread_priority::{
    RealtimeThreadSchedulePolicy, ThreadPriority, ThreadSchedulePolicy, set_thread_priority_and_policy,
    thread_native_id,
};

/// How often it looks at the clock, in nanoseconds.
const STEP: u64 = 1_000_000;
/// For so long a test looks again until it is undisturbed: half of what a test may last.
const PATIENCE: Duration = Duration::from_secs(150);
/// No halt is waited for longer.
const LONGEST: Duration = Duration::from_secs(2);
/// JACK tells an xrun so long after the end of its cause at the latest: some periods, and the way to us.
const AFTER_A_HALT: Duration = Duration::from_millis(40);
/// Cores that stood still for so long are enough for one: a period is 5.3 ms, and a call is under way.
const ENOUGH_FOR_ONE: Duration = Duration::from_millis(2);
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
    /// When each core's thread last woke.
    woken: Arc<Vec<AtomicU64>>,
    ended: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Witness {
    /// Watches until it is dropped.
    #[track_caller]
    pub fn start() -> Self {
        let cores = std::thread::available_parallelism().unwrap().get();
        let woken = Arc::new((0..cores).map(|_| AtomicU64::new(crate::monotonic())).collect::<Vec<_>>());
        let mut witness = Self { halts: Arc::default(), woken, ended: Arc::default(), threads: Vec::new() };
        for core in 0..cores {
            let (halts, woken) = (Arc::clone(&witness.halts), Arc::clone(&witness.woken));
            let ended = Arc::clone(&witness.ended);
            witness.threads.push(std::thread::spawn(move || watch(core, &halts, &woken[core], &ended)));
        }
        witness
    }

    /// How long cores stood still between two moments of [`crate::monotonic`], all added up. What is over is known.
    pub fn stood_still(&self, from: u64, to: u64) -> Duration {
        let halts = self.halts.lock().unwrap();
        let within = |&(began, ended): &(u64, u64)| ended.min(to).saturating_sub(began.max(from));
        Duration::from_nanos(halts.iter().map(within).sum())
    }

    /// For how long at least one core stood still between two moments. What is over is known.
    pub fn hindered(&self, from: u64, to: u64) -> Duration {
        let halts = self.halts.lock().unwrap();
        let within = halts.iter().map(|&(began, ended)| (began.max(from), ended.min(to)));
        let mut within: Vec<(u64, u64)> = within.filter(|(began, ended)| began < ended).collect();
        drop(halts);
        within.sort_unstable();
        let mut covered = from;
        let new = within.into_iter().map(|(began, ended)| {
            let new = ended.saturating_sub(began.max(covered));
            covered = covered.max(ended);
            new
        });
        Duration::from_nanos(new.sum())
    }

    /// The longest time for which one core stood still between two moments. It waits until what had begun by then is over.
    pub fn longest_halt(&self, from: u64, to: u64) -> Duration {
        let over = || self.woken.iter().all(|woken| woken.load(Ordering::Acquire) > to + STEP);
        let _ = crate::poll(LONGEST, || over().then_some(()));
        // Its own, so that no thread that watches waits for the lock while they are looked through.
        let halts = self.halts.lock().unwrap().clone();
        let within = |&(began, ended): &(u64, u64)| ended.min(to).saturating_sub(began.max(from));
        Duration::from_nanos(halts.iter().map(within).max().unwrap_or_default())
    }

    /// Cores of this machine.
    pub fn cores(&self) -> u32 {
        u32::try_from(self.woken.len()).unwrap()
    }

    /// Whether an xrun that was told at `at`, by [`crate::monotonic`], may be the machine's.
    pub fn may_have_caused(&self, at: u64) -> bool {
        self.stood_still(at.saturating_sub(AFTER_A_HALT.as_nanos() as u64), at) >= ENOUGH_FOR_ONE
    }

    /// The share of a time in which an xrun would not be the machine's.
    pub fn judged(&self, from: u64, to: u64) -> f64 {
        let moments = (from..to).step_by(STEP as usize);
        let (all, judged) =
            (moments.clone().count(), moments.filter(|at| !self.may_have_caused(*at)).count());
        judged as f64 / all.max(1) as f64
    }

    /// What is seen by a look during which no core stood still for longer than `tolerated`: it is looked again if one did, for
    /// two and a half minutes, and what was seen last counts whatever the machine did.
    #[track_caller]
    #[allow(clippy::print_stdout, reason = "shown with a test that fails")]
    pub fn undisturbed<T>(tolerated: Duration, mut look: impl FnMut() -> T) -> T {
        let (witness, began) = (Self::start(), Instant::now());
        loop {
            let from = crate::monotonic();
            let seen = look();
            let halt = witness.longest_halt(from, crate::monotonic());
            if halt <= tolerated || began.elapsed() > PATIENCE {
                return seen;
            }
            println!("looks again: a core stood still for {halt:.0?}");
        }
    }

    /// The same in `count` short looks of which each has another before it during which no core stood still for longer than
    /// `tolerated` either: what comes of a halt may be seen a little later.
    #[track_caller]
    #[allow(clippy::print_stdout, reason = "shown with a test that fails")]
    pub fn undisturbed_looks<T>(count: usize, tolerated: Duration, mut look: impl FnMut() -> T) -> Vec<T> {
        let (witness, began) = (Self::start(), Instant::now());
        let (mut seen, mut others) = (Vec::new(), Vec::new());
        let (mut calm_before, mut last) = (false, None);
        while seen.len() < count {
            if began.elapsed() > PATIENCE && seen.len() + others.len() >= count {
                println!("the machine stood still: {} of {count} looks are undisturbed", seen.len());
                others.extend(last.map(|(_, _, one)| one));
                seen.extend(others.into_iter().rev().take(count - seen.len()));
                return seen;
            }
            let from = crate::monotonic();
            let one = look();
            // Of the one before all is known, and no look waits for another to be judged.
            let Some((from, to, one)) = last.replace((from, crate::monotonic(), one)) else { continue };
            let calm = witness.longest_halt(from, to) <= tolerated;
            let kept = if calm && calm_before { &mut seen } else { &mut others };
            kept.push(one);
            calm_before = calm;
        }
        seen
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

fn watch(core: usize, halts: &Mutex<Vec<(u64, u64)>>, woken: &AtomicU64, ended: &AtomicBool) {
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
        woken.store(now, Ordering::Release);
        due = now.max(due) + STEP;
    }
}
