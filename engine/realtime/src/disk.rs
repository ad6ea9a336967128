//! The disk reader: keeps the blocks ahead of the playhead in memory.
//!
//! One thread with the cache's filler. It looks at the playhead's newest value every few milliseconds, and is
//! asked to prepare a place before the transport goes there. Start at [`DiskReader`].

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded, unbounded};
use dawg_media::cache::{BLOCK_FRAMES, Filler, Slots};

use crate::timeline::Timeline;
use crate::vitals::Vitals;

/// How often it looks.
const ROUND: Duration = Duration::from_millis(10);
/// How often it looks while the song stands still and everything is in. Whoever sets it going asks for its place first,
/// and what is read ahead lasts far longer.
const STILL: Duration = Duration::from_millis(100);
/// Rounds without anything new after which the song stands still.
const QUIET: u32 = 20;
/// How far ahead of the playhead it reads, in seconds.
const AHEAD: i64 = 2;
/// How long a prepared place is kept warm.
const KEPT: Duration = Duration::from_secs(2);

/// The thread's handle. Dropping it ends the thread.
#[derive(Debug)]
pub struct DiskReader {
    requests: Option<Sender<Request>>,
    trouble: Receiver<String>,
    thread: Option<JoinHandle<()>>,
}

enum Request {
    /// What is played from now on.
    Timelines(Vec<Arc<Timeline>>),
    /// The loop's first frame, to be kept ready for the jump back.
    LoopStart(Option<i64>),
    /// A place that the transport will go to, and whom to tell when its first blocks are in.
    Prepare(i64, Sender<()>),
}

impl DiskReader {
    /// Starts the thread on `slots`, following `vitals`' playhead at `rate` frames a second.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(slots: &Arc<Slots>, vitals: &Arc<Vitals>, rate: u32) -> std::io::Result<Self> {
        let (requests, inbox) = unbounded();
        let (complaints, trouble) = unbounded();
        let reader = Reader {
            filler: Filler::new(slots),
            vitals: Arc::clone(vitals),
            ahead: AHEAD * i64::from(rate),
            timelines: Vec::new(),
            loop_start: None,
            places: Vec::new(),
            quiet: (0, 0),
            complaints,
            complained: std::collections::HashSet::new(),
        };
        let thread =
            std::thread::Builder::new().name("disk reader".to_owned()).spawn(move || reader.run(&inbox))?;
        Ok(Self { requests: Some(requests), trouble, thread: Some(thread) })
    }

    /// Says what is played from now on.
    pub fn play(&self, timelines: Vec<Arc<Timeline>>) {
        self.send(Request::Timelines(timelines));
    }

    /// Says where the loop starts.
    pub fn set_loop(&self, start: Option<i64>) {
        self.send(Request::LoopStart(start));
    }

    /// Reads what sounds at song frame `position` and waits until its first blocks are in, at most `patience`.
    /// Returns whether they are.
    #[must_use]
    pub fn prepare(&self, position: i64, patience: Duration) -> bool {
        let (done, ready) = bounded(1);
        self.send(Request::Prepare(position, done));
        ready.recv_timeout(patience).is_ok()
    }

    /// Files that could not be read, each told once.
    pub fn trouble(&self) -> impl Iterator<Item = String> + '_ {
        self.trouble.try_iter()
    }

    fn send(&self, request: Request) {
        if let Some(requests) = &self.requests {
            // The thread ends only after this sender; if it died, playback falls silent and is counted.
            let _ = requests.send(request);
        }
    }
}

impl Drop for DiskReader {
    fn drop(&mut self) {
        self.requests = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

struct Reader {
    filler: Filler,
    vitals: Arc<Vitals>,
    ahead: i64,
    timelines: Vec<Arc<Timeline>>,
    loop_start: Option<i64>,
    places: Vec<(i64, Instant)>,
    // Where the playhead stood in the last round, and for how many rounds it has stood there.
    quiet: (i64, u32),
    complaints: Sender<String>,
    complained: std::collections::HashSet<std::path::PathBuf>,
}

impl Reader {
    fn run(mut self, inbox: &Receiver<Request>) {
        loop {
            match inbox.recv_timeout(self.rest()) {
                Ok(request) => {
                    self.quiet.1 = 0;
                    self.take(request);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            while let Ok(request) = inbox.try_recv() {
                self.take(request);
            }
            self.round(inbox);
        }
    }

    /// How long until the next round.
    fn rest(&mut self) -> Duration {
        let here = self.vitals.position();
        let rounds = if here == self.quiet.0 { self.quiet.1.saturating_add(1) } else { 0 };
        self.quiet = (here, rounds);
        if rounds > QUIET { STILL } else { ROUND }
    }

    fn take(&mut self, request: Request) {
        match request {
            Request::Timelines(timelines) => self.timelines = timelines,
            Request::LoopStart(start) => self.loop_start = start,
            Request::Prepare(position, done) => {
                self.remember(position);
                self.filler.begin_round();
                self.read(position, BLOCK_FRAMES as i64);
                // Whoever asked may have lost patience.
                let _ = done.send(());
            }
        }
    }

    /// Keeps a place warm, unless it is where the playhead is anyway or close to a place that is kept: many Edits a
    /// second must not make many places.
    fn remember(&mut self, position: i64) {
        let here = self.vitals.position();
        if (here..here + self.ahead / 2).contains(&position) {
            return;
        }
        let block = |position: i64| position.div_euclid(BLOCK_FRAMES as i64);
        match self.places.iter_mut().find(|(place, _)| block(*place) == block(position)) {
            Some((_, since)) => *since = Instant::now(),
            None => self.places.push((position, Instant::now())),
        }
    }

    /// Everything that is wanted now, most urgent first; breaks off when somebody asks for something.
    fn round(&mut self, inbox: &Receiver<Request>) {
        self.places.retain(|(_, since)| since.elapsed() < KEPT);
        self.filler.begin_round();
        let mut from = vec![self.vitals.position()];
        from.extend(self.places.iter().map(|(position, _)| *position));
        from.extend(self.loop_start);
        // In steps over all places, so that none starves while another is read to its end.
        let mut ahead = 0;
        while ahead < self.ahead {
            for place in &from {
                if !self.read(place + ahead, BLOCK_FRAMES as i64) || !inbox.is_empty() {
                    return;
                }
            }
            ahead += BLOCK_FRAMES as i64;
        }
    }

    /// Fetches what sounds in `frames` frames from `position` on; false when the cache is full.
    fn read(&mut self, position: i64, frames: i64) -> bool {
        let mut fits = true;
        for timeline in &self.timelines {
            timeline.blocks_between(position, position + frames, |stream, block| {
                if !fits || stream.broken() && self.complained.contains(stream.path()) {
                    return;
                }
                match self.filler.fetch(stream, block) {
                    Ok(fit) => fits = fit,
                    Err(error) => {
                        if self.complained.insert(stream.path().to_owned()) {
                            // Nobody may be listening any more.
                            let _ = self.complaints.send(error.to_string());
                        }
                    }
                }
            });
        }
        fits
    }
}
