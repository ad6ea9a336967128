//! The worker: empties the ring every few milliseconds and listens to what was in it.
//!
//! Start at [`run`]. It ends when nobody gives it orders any more.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender};
use dawg_dsp::denormals::DenormalsOff;

use super::Heard;
use super::feed::{Block, Inlet};
use super::overhear::{Overheard, Tap};
use super::past::Past;
use super::voice::{Voice, Wanted};

/// How often it looks while something comes in: less than half a block of 256 frames.
const PACE: Duration = Duration::from_millis(2);
/// How often it looks when nothing has come in for a while.
const IDLE: Duration = Duration::from_millis(20);
/// Such a while.
const LULL: Duration = Duration::from_millis(250);

/// What is to be followed from now on.
#[derive(Debug)]
pub(super) struct Order {
    pub(super) inlet: Inlet,
    pub(super) voices: Vec<Wanted>,
}

/// What both sides see.
#[derive(Debug, Default)]
pub(super) struct Shared {
    /// Estimates that were missed.
    pub(super) missed: AtomicU64,
    /// The device's round trip in frames.
    pub(super) round_trip: AtomicI64,
    /// Who listens besides.
    pub(super) tap: Tap,
}

/// The worker's state.
pub(super) struct Worker {
    rate: u32,
    // The first is read; others are read once something has come into one of them.
    orders: VecDeque<Order>,
    voices: Vec<Voice>,
    past: Past,
    planes: Vec<f32>,
    out: Sender<(u32, Heard)>,
    shared: Arc<Shared>,
}

/// Until nobody gives orders any more.
pub(super) fn run(mut worker: Worker, orders: &Receiver<Order>) {
    let _denormals = DenormalsOff::on_this_thread();
    let mut came = Instant::now();
    loop {
        let pace = if came.elapsed() < LULL { PACE } else { IDLE };
        match orders.recv_timeout(pace) {
            Ok(order) => worker.obey(order),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
        if worker.listen() {
            came = Instant::now();
        }
    }
}

impl Worker {
    pub(super) fn new(rate: u32, out: Sender<(u32, Heard)>, shared: Arc<Shared>) -> Self {
        let (orders, voices, past, planes) = (VecDeque::new(), Vec::new(), Past::new(rate), Vec::new());
        Self { rate, orders, voices, past, planes, out, shared }
    }

    /// The audio thread was told to write another ring; until it does, what is in the former ones comes first.
    pub(super) fn obey(&mut self, order: Order) {
        self.orders.push_back(order);
        if self.orders.len() == 1 {
            self.voices_of_order();
        }
    }

    /// Listens to all that has come in; whether there was anything.
    pub(super) fn listen(&mut self) -> bool {
        let mut any = false;
        loop {
            // In this order: when something is in a later ring, all that the former will ever hold is in it.
            let over = self.orders.iter().skip(1).any(|order| order.inlet.waits());
            while let Some(block) =
                self.orders.front_mut().and_then(|order| order.inlet.take(&mut self.planes))
            {
                any = true;
                self.hear(block);
            }
            if !over {
                return any;
            }
            self.orders.pop_front();
            self.voices_of_order();
        }
    }

    /// Voices that go on keep what they know.
    fn voices_of_order(&mut self) {
        let Some(order) = self.orders.front() else { return };
        let mut former = std::mem::take(&mut self.voices);
        for wanted in &order.voices {
            let known = former.iter().position(|voice| voice.wanted == *wanted);
            match known {
                Some(place) => self.voices.push(former.swap_remove(place)),
                // What cannot be tracked was told when it was to be followed.
                None => self.voices.extend(Voice::new(wanted.clone(), self.rate)),
            }
        }
    }

    fn hear(&mut self, block: Block) {
        self.past.take(block);
        let Some(Order { inlet, .. }) = self.orders.front() else { return };
        let round_trip = self.shared.round_trip.load(Ordering::Relaxed);
        for voice in &mut self.voices {
            let plane = |channel: &u16| {
                let from = inlet.plane(*channel)? * block.frames;
                self.planes.get(from..from + block.frames)
            };
            let channels: Vec<&[f32]> = voice.wanted.channels.iter().filter_map(plane).collect();
            let id = voice.wanted.id;
            voice.hear(block.at, &channels, |moment| {
                let (position, rolling) = self.past.sung_to(moment.frame, round_trip).unwrap_or_default();
                let at = self.past.came(moment.frame).unwrap_or(block.came);
                let heard = Heard { estimate: moment.estimate, level: moment.level, position, rolling, at };
                let lost = u64::from(self.out.try_send((id, heard)).is_err());
                self.shared.missed.fetch_add(moment.missed + lost, Ordering::Relaxed);
            });
            self.shared.tap.pass_on(id, || {
                let (position, rolling) = self.past.sung_to(block.at, round_trip).unwrap_or_default();
                Overheard { rate: self.rate, position, rolling, samples: voice.mono().into() }
            });
        }
    }
}
