//! The bridge itself: its thread, and the app's hold of it.

use std::path::PathBuf;
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};
use jarvis::clock::{Clock, Moment, SystemClock};
use jarvis::entropy::{Entropy, SystemEntropy};
use jarvis::gauge::Gauge;
use jarvis::usage::Usage;

use crate::courier::{Answer, Courier, Line, Parcel};
use crate::pause::Pause;
use crate::spool::Spool;
use crate::usage::{UsageWriter, ring};
use crate::vitals::{Scale, Source};

/// How often it looks into cells and ring.
const TICK: Duration = Duration::from_millis(250);
/// How often it looks for what dead programs left.
const ADOPTION: Duration = Duration::from_secs(10);
/// How often its own gauges are told if they stay the same.
const OWN: Duration = Duration::from_secs(10);
/// Uses that are told at a time.
const BATCH: usize = 32;
/// How long the end waits for the disk to take what was used last. For the supervisor it does not wait at all.
const LONGEST_END: Duration = Duration::from_secs(1);

/// Readings that nobody was told of: overwritten, or given to a supervisor that did not answer.
const DROPPED: Scale = Scale { name: "bridge_dropped", unit: "count", warn: None, fail: None };
/// Uses that wait for the supervisor.
const WAITING: Scale = Scale { name: "bridge_usage_waiting", unit: "count", warn: Some(256.0), fail: None };

/// What a bridge is made of.
pub struct Setup {
    /// Where usage waits: `Layout::spool`.
    pub spool: PathBuf,
    /// Where gauges come from.
    pub sources: Vec<Box<dyn Source>>,
    /// Whom to tell.
    pub line: Line,
}

/// The app's hold of the bridge. Dropped, it waits until the disk has what was used last, and no longer than 1 s.
#[derive(Debug)]
pub struct Bridge {
    usage: UsageWriter,
    end: Option<Sender<()>>,
    over: Receiver<()>,
}

impl Bridge {
    /// Begins its threads.
    ///
    /// # Errors
    /// When the system gives none.
    pub fn start(setup: Setup) -> std::io::Result<Self> {
        let (usage, ring) = ring();
        let (end, ends) = bounded(0);
        let (done, over) = bounded(0);
        let work = Work::new(setup, ring)?;
        std::thread::Builder::new().name("bridge".to_owned()).spawn(move || {
            work.run(&ends);
            drop(done);
        })?;
        Ok(Self { usage, end: Some(end), over })
    }

    /// `what` was used now, such as `take_recorded`; `detail` for people. Does not wait, and is not lost.
    pub fn used(&mut self, what: &str, detail: Option<String>) {
        self.usage.tell(what, detail);
    }

    /// To be called now and then: what did not fit into the ring is tried again.
    pub fn retry(&mut self) {
        self.usage.retry();
    }
}

impl Drop for Bridge {
    fn drop(&mut self) {
        let clock = SystemClock::new();
        let latest = clock.now().after(LONGEST_END);
        self.usage.retry();
        while self.usage.waiting() > 0 && clock.now() < latest {
            // Nothing is sent there: a pause that ends with the bridge.
            if self.over.recv_timeout(Duration::from_millis(5)) != Err(RecvTimeoutError::Timeout) {
                break;
            }
            self.usage.retry();
        }
        self.end = None;
        let left = latest.since(clock.now());
        if self.over.recv_timeout(left) == Err(RecvTimeoutError::Timeout) {
            tracing::warn!("the disk takes long: what was used last may be lost");
        }
    }
}

/// What its thread knows.
struct Work {
    ring: rtrb::Consumer<Usage>,
    sources: Vec<Box<dyn Source>>,
    folder: PathBuf,
    spool: Spool,
    /// What a dead program left.
    adopted: Option<Spool>,
    courier: Courier,
    clock: SystemClock,
    /// Whose gauges these are: the process.
    source: String,
    /// Readings that did not arrive.
    failed: u64,
    /// Readings that the courier carries.
    carried: u64,
    /// After a supervisor that did not answer.
    talk: Pause,
    /// After one that kept nothing, for its disk may be full; gauges go on.
    usage: Pause,
    next_adoption: Moment,
    own_told: Option<(Moment, [f64; 2])>,
    full: bool,
}

impl Work {
    fn new(setup: Setup, ring: rtrb::Consumer<Usage>) -> std::io::Result<Self> {
        let Setup { spool: folder, sources, line } = setup;
        Ok(Self {
            ring,
            sources,
            spool: Spool::own(&folder, &SystemEntropy.nonce()),
            folder,
            adopted: None,
            courier: Courier::start(line)?,
            clock: SystemClock::new(),
            source: std::process::id().to_string(),
            failed: 0,
            carried: 0,
            talk: Pause::none(),
            usage: Pause::none(),
            next_adoption: Moment::ORIGIN,
            own_told: None,
            full: false,
        })
    }

    fn run(mut self, end: &Receiver<()>) {
        while end.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
            self.keep();
            self.hear();
            self.adopt();
            self.tell();
        }
        // What was used last is on disk when the program ends; whoever comes next tells it, unless there is time.
        self.keep();
        self.hear();
    }

    /// Brings usage to disk.
    fn keep(&mut self) {
        let used: Vec<Usage> = std::iter::from_fn(|| self.ring.pop().ok()).collect();
        match self.spool.keep(used) {
            Ok(()) => self.full = false,
            Err(error) => {
                if !std::mem::replace(&mut self.full, true) {
                    let folder = self.folder.display();
                    tracing::warn!(%error, %folder, "usage cannot be written: it is kept in memory until there is room");
                }
            }
        }
    }

    /// Hears what the courier came back with.
    fn hear(&mut self) {
        let Some(Answer { gauged, kept, failed }) = self.courier.back() else { return };
        self.failed += if gauged { 0 } else { self.carried };
        let now = self.clock.now();
        if let Some(kept) = kept {
            self.spool.kept(&kept);
            if let Some(adopted) = &mut self.adopted {
                adopted.kept(&kept);
            }
            self.usage.tried(now, !kept.is_empty());
        }
        if let Some(error) = &failed {
            tracing::debug!(error, "the supervisor was not told");
        }
        self.talk.tried(now, failed.is_none());
    }

    /// Takes over what a dead program left, one at a time.
    fn adopt(&mut self) {
        let now = self.clock.now();
        // All of it is told; or there never was anything in it but, at most, a torn line.
        self.adopted.take_if(|adopted| adopted.is_empty());
        if self.adopted.is_some() || now < self.next_adoption {
            return;
        }
        self.adopted = Spool::adopt(&self.folder);
        // The next at once, as long as there are any.
        if self.adopted.is_none() {
            self.next_adoption = now.after(ADOPTION);
        }
    }

    /// Sends the courier off, if there is anything to tell.
    fn tell(&mut self) {
        let now = self.clock.now();
        if self.courier.is_away() || !self.talk.is_over(now) {
            return;
        }
        let usage = if self.usage.is_over(now) { self.due() } else { Vec::new() };
        let mut gauges = Vec::new();
        self.carried = 0;
        for source in &mut self.sources {
            let before = gauges.len();
            source.read(&mut gauges);
            self.carried += u64::from(gauges.len() > before);
        }
        self.tell_own(now, &mut gauges);
        // Several windows measure the same.
        gauges.iter_mut().for_each(|gauge| gauge.source = Some(self.source.clone()));
        if !(usage.is_empty() && gauges.is_empty()) {
            self.courier.send(Parcel { gauges, usage });
        }
    }

    /// The uses to be told next.
    fn due(&mut self) -> Vec<Usage> {
        let mut usage = self.spool.due(BATCH);
        if let Some(adopted) = &mut self.adopted {
            usage.extend(adopted.due(BATCH - usage.len()));
        }
        usage
    }

    /// How the bridge itself does, when that has changed or is long ago.
    fn tell_own(&mut self, now: Moment, gauges: &mut Vec<Gauge>) {
        let missed: u64 = self.sources.iter().map(|source| source.missed()).sum();
        let waiting = self.spool.waiting() + self.adopted.as_ref().map_or(0, Spool::waiting);
        let values = [(self.failed + missed) as f64, waiting as f64];
        if self.own_told.is_some_and(|(at, told)| told == values && now.since(at) < OWN) {
            return;
        }
        self.own_told = Some((now, values));
        gauges.extend([DROPPED, WAITING].iter().zip(values).filter_map(|(scale, value)| scale.gauge(value)));
    }
}

#[cfg(test)]
mod tests;
