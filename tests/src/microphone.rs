//! A microphone: a client that plays samples into the program's input ports.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use jack::{AudioOut, Client, Control, Port, ProcessHandler, ProcessScope};

use crate::JackServer;
use crate::client::{self, Active};
use crate::connection::Connections;
use crate::health::Health;

/// [`Shared::start`] before [`Microphone::go`].
const NEVER: i64 = -1;
/// [`Shared::start`]: with the next cycle.
const NOW: i64 = -2;

/// Every so many samples it is noted when one was sent.
const NOTED: usize = 64;

/// A person in front of the program's input: silent, then the samples, then silent again.
///
/// Samples go out unchanged, one after the other without a gap, whatever the block size.
pub struct Microphone {
    connections: Connections,
    _active: Active<Feed>,
    health: Arc<Health>,
    shared: Arc<Shared>,
}

/// What the test and the callback tell each other.
#[derive(Debug)]
struct Shared {
    start: AtomicI64,
    first_frame: AtomicI64,
    played: AtomicUsize,
    late: AtomicBool,
    length: usize,
    /// When every [`NOTED`]th sample was sent, in nanoseconds of the monotonic clock; 0 before.
    sent: Vec<AtomicU64>,
}

/// The callback: reads preallocated samples, allocates nothing, waits for nothing.
struct Feed {
    ports: Vec<Port<AudioOut>>,
    samples: Vec<Vec<f32>>,
    position: usize,
    rate: u32,
    shared: Arc<Shared>,
}

impl Microphone {
    /// Plugs a microphone in: one channel of `samples` (planar, equally long) for each of `to_ports`
    /// (`ai-dawg:in_1`; a client that JACK renamed to `ai-dawg-01` is found as well).
    ///
    /// Returns at once. It connects as soon as the ports appear, and is silent until [`Microphone::go`].
    #[track_caller]
    pub fn feed(server: &JackServer, samples: Vec<Vec<f32>>, to_ports: &[&str]) -> Self {
        let length = samples.first().map_or(0, Vec::len);
        assert_eq!(samples.len(), to_ports.len(), "one channel of samples for each port");
        assert!(samples.iter().all(|channel| channel.len() == length), "channels of one length");
        let client = client::open(server, "dawg-mic");
        let (ports, names) = client::register(&client, "out_", to_ports.len(), AudioOut::default());
        let shared = Arc::new(Shared {
            start: AtomicI64::new(NEVER),
            first_frame: AtomicI64::new(NEVER),
            played: AtomicUsize::new(0),
            late: AtomicBool::new(false),
            length,
            sent: (0..=length / NOTED).map(|_| AtomicU64::new(0)).collect(),
        });
        let feed = Feed { ports, samples, position: 0, rate: server.rate(), shared: shared.clone() };
        let (active, health) = client::activate(client, feed);
        let wanted = names.into_iter().zip(to_ports.iter().map(|&port| port.to_owned())).collect();
        let connections = Connections::keep(active.clone(), health.clone(), wanted);
        Self { connections, _active: active, health, shared }
    }

    /// Waits until it is connected to every port.
    #[track_caller]
    pub fn wait_connected(&self, limit: Duration) {
        crate::until(limit, "the microphone's connection to the input ports", || self.connections.complete());
    }

    /// Starts with the next cycle. Call it when the program has reported that it is rolling: what was sung
    /// before nobody hears.
    #[track_caller]
    pub fn go(&self) {
        assert!(self.connections.complete(), "the microphone is not connected: wait_connected() first");
        self.shared.start.store(NOW, Ordering::Release);
    }

    /// Starts so that the first sample is sent at this device frame (as JACK counts them in
    /// `jack_last_frame_time`), even in the middle of a cycle. See [`Microphone::was_late`].
    pub fn go_at_frame(&self, frame: u32) {
        self.shared.start.store(i64::from(frame), Ordering::Release);
    }

    /// The device frame at which the first sample was sent.
    pub fn at_frame(&self) -> Option<u32> {
        u32::try_from(self.shared.first_frame.load(Ordering::Acquire)).ok()
    }

    /// Whether the frame given to [`Microphone::go_at_frame`] had passed already.
    pub fn was_late(&self) -> bool {
        self.shared.late.load(Ordering::Acquire)
    }

    /// When this sample would have reached a converter, in nanoseconds of [the monotonic clock](crate::monotonic): as long
    /// before the end of the cycle in which it was sent as a converter gathers one. None before. (The server's own
    /// times are of no use: the dummy driver's clock falls behind by what its xruns last.)
    pub fn sent_at(&self, sample: usize) -> Option<u64> {
        let noted = self.shared.sent.get(sample / NOTED)?.load(Ordering::Acquire);
        (noted > 0).then_some(noted)
    }

    /// How many frames have been sent.
    pub fn played(&self) -> usize {
        self.shared.played.load(Ordering::Acquire)
    }

    /// Waits until so many samples have been sent, however slowly: the device's time goes slower than the machine's where its
    /// cores halt. `limit` is for each step of it.
    #[track_caller]
    pub fn wait_played(&self, samples: usize, limit: Duration) {
        while self.played() < samples {
            let before = self.played();
            crate::until(limit, &format!("sample {samples} of the microphone's; {before} are sent"), || {
                assert!(!self.health.gone(), "the JACK server vanished under the microphone");
                self.played() != before
            });
        }
    }

    /// Waits until the last sample has been sent, as [`Microphone::wait_played`] does.
    #[track_caller]
    pub fn wait_finished(&self, limit: Duration) {
        self.wait_played(self.shared.length, limit);
    }

    /// Xruns of the server since it was plugged in.
    pub fn xruns(&self) -> usize {
        self.health.xruns()
    }

    /// When each of them was told, by [`crate::monotonic`].
    pub fn xrun_times(&self) -> Vec<u64> {
        self.health.xrun_times()
    }

    /// Whether the server has vanished.
    pub fn server_gone(&self) -> bool {
        self.health.gone()
    }
}

impl Drop for Microphone {
    fn drop(&mut self) {
        self.connections.stop(); // its thread shares the client, which closes with the last owner
    }
}

impl Feed {
    /// How many frames of this cycle stay silent before the samples go on; all of them if not started.
    fn silent_frames(&self, cycle: u32, frames: usize) -> usize {
        if self.position > 0 {
            return 0;
        }
        match self.shared.start.load(Ordering::Acquire) {
            NEVER => frames,
            NOW => 0,
            at => {
                // Frame counters wrap: what counts is the distance.
                let ahead = (at as u32).wrapping_sub(cycle) as i32;
                self.shared.late.store(ahead < 0, Ordering::Release);
                usize::try_from(ahead).map_or(0, |ahead| ahead.min(frames))
            }
        }
    }
}

impl ProcessHandler for Feed {
    fn process(&mut self, _: &Client, scope: &ProcessScope) -> Control {
        let frames = scope.n_frames() as usize;
        let cycle = scope.last_frame_time();
        let silent = self.silent_frames(cycle, frames);
        let count = (frames - silent).min(self.shared.length - self.position);
        for (port, channel) in self.ports.iter_mut().zip(&self.samples) {
            let out = port.as_mut_slice(scope);
            out.fill(0.0);
            out[silent..silent + count].copy_from_slice(&channel[self.position..self.position + count]);
        }
        if count > 0 && self.position == 0 {
            let first = cycle.wrapping_add(silent as u32);
            self.shared.first_frame.store(i64::from(first), Ordering::Release);
        }
        // The cycle begins when its last frame is in.
        let nanos = |frames: usize| frames as u64 * 1_000_000_000 / u64::from(self.rate.max(1));
        let now = crate::monotonic() - nanos(scope.n_frames() as usize);
        for noted in self.position.div_ceil(NOTED)..(self.position + count).div_ceil(NOTED) {
            let at = now + nanos(silent + noted * NOTED - self.position);
            self.shared.sent[noted].store(at, Ordering::Release);
        }
        self.position += count;
        self.shared.played.store(self.position, Ordering::Release);
        Control::Continue
    }
}
