//! An ear: a client that writes down everything the program plays.

use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jack::{AudioIn, Client, Control, Port, ProcessHandler, ProcessScope};
use rtrb::{Consumer, Producer, RingBuffer};

use crate::JackServer;
use crate::client::{self, Active};
use crate::connection::Connections;
use crate::cycles::Cycles;
use crate::health::Health;

/// Records from the moment it is made, silence included, into memory reserved beforehand.
///
/// What is heard is exact, but JACK connects no port of a client that is not active yet. Of a program that
/// plays from its very first callback up to three cycles can be missed: measured, none in 118 of 120 starts
/// at 256 or 1024 frames, 0–3 cycles at 64 or on a loaded machine. After [`Listener::wait_connected`]
/// everything is heard.
pub struct Listener {
    connections: Connections,
    _active: Active<Ear>,
    health: Arc<Health>,
    shared: Arc<Shared>,
    recorded: Mutex<Consumer<f32>>,
    channels: usize,
}

/// What the callback tells the test.
#[derive(Debug)]
struct Shared {
    first_frame: AtomicI64,
    heard: AtomicUsize,
    lost: AtomicUsize,
    gaps: AtomicUsize,
    cycles: Cycles,
}

/// The callback: copies into the ring, allocates nothing, waits for nothing.
struct Ear {
    ports: Vec<Port<AudioIn>>,
    ring: Producer<f32>,
    expected: Option<u32>,
    shared: Arc<Shared>,
}

impl Listener {
    /// Listens to the stereo output of the program, `ai-dawg:out_1` and `ai-dawg:out_2`.
    #[track_caller]
    pub fn start(server: &JackServer, longest: Duration) -> Self {
        Self::to_ports(server, &["ai-dawg:out_1", "ai-dawg:out_2"], longest)
    }

    /// Listens to any output ports, one channel each. `longest` is what fits between two calls of
    /// [`Listener::take`]; it is reserved in memory at once.
    #[track_caller]
    pub fn to_ports(server: &JackServer, from_ports: &[&str], longest: Duration) -> Self {
        let channels = from_ports.len();
        let client = client::open(server, "dawg-ear");
        let (ports, names) = client::register(&client, "in_", channels, AudioIn::default());
        let frames = (longest.as_secs_f64() * f64::from(server.rate())).ceil() as usize;
        let (mut ring, mut recorded) = RingBuffer::new(frames * channels);
        touch(&mut ring, &mut recorded);
        let shared = Arc::new(Shared {
            first_frame: AtomicI64::new(-1),
            heard: AtomicUsize::new(0),
            lost: AtomicUsize::new(0),
            gaps: AtomicUsize::new(0),
            cycles: Cycles::new(server.rate(), server.period(), longest),
        });
        let ear = Ear { ports, ring, expected: None, shared: shared.clone() };
        let (active, health) = client::activate(client, ear);
        let wanted = from_ports.iter().map(|&port| port.to_owned()).zip(names).collect();
        let connections = Connections::keep(active.clone(), health.clone(), wanted);
        let recorded = Mutex::new(recorded);
        Self { connections, _active: active, health, shared, recorded, channels }
    }

    /// Whether it hears all its ports.
    pub fn is_connected(&self) -> bool {
        self.connections.complete()
    }

    /// Waits until it hears all its ports.
    #[track_caller]
    pub fn wait_connected(&self, limit: Duration) {
        crate::until(limit, "the listener's connection to the output ports", || self.is_connected());
    }

    /// Waits until this many more frames have been heard, such as a few periods for the last samples' way.
    ///
    /// Device time, not wall time: a loaded machine only makes it take longer.
    #[track_caller]
    pub fn wait_heard(&self, frames: usize, limit: Duration) {
        let heard = || self.shared.heard.load(Ordering::Acquire);
        let enough = heard() + frames;
        crate::until(limit, "more frames to listen to", || {
            assert!(!self.health.gone(), "the JACK server vanished under the listener");
            heard() >= enough
        });
    }

    /// Everything heard since the last call, planar, silence before the connection included.
    ///
    /// # Panics
    ///
    /// If more came than `longest` allows: a recording with a hole must not pass for a whole one.
    #[track_caller]
    pub fn take(&self) -> Vec<Vec<f32>> {
        let mut ring = self.recorded.lock().unwrap();
        let lost = self.shared.lost.load(Ordering::Acquire);
        assert_eq!(
            lost, 0,
            "the listener's memory was full: give it a longer `longest`, or take() more often"
        );
        let frames = ring.slots() / self.channels;
        let mut planar = vec![Vec::with_capacity(frames); self.channels];
        let chunk = ring.read_chunk(frames * self.channels).unwrap();
        for (index, sample) in chunk.into_iter().enumerate() {
            planar[index % self.channels].push(sample);
        }
        planar
    }

    /// The device frame of the first sample that the first [`Listener::take`] gave.
    pub fn at_frame(&self) -> Option<u32> {
        u32::try_from(self.shared.first_frame.load(Ordering::Acquire)).ok()
    }

    /// The device's frame at a moment of [`crate::monotonic`], by the cycles that came before and after it.
    pub fn frame_at(&self, at: u64) -> Option<f64> {
        self.shared.cycles.frame_at(at)
    }

    /// For how long the device's time stood between two moments.
    pub fn stood(&self, from: u64, to: u64) -> Duration {
        self.shared.cycles.stood(from, to)
    }

    /// Xruns of the server since this began to listen.
    pub fn xruns(&self) -> usize {
        self.health.xruns()
    }

    /// When each of them was told, by [`crate::monotonic`].
    pub fn xrun_times(&self) -> Vec<u64> {
        self.health.xrun_times()
    }

    /// How often the device's frame counter jumped between two callbacks: a cycle was skipped for us, or the
    /// clock moved. (An xrun of the dummy driver alone does neither: time stalls, and no sample is lost.)
    pub fn gaps(&self) -> usize {
        self.shared.gaps.load(Ordering::Acquire)
    }

    /// Whether the server has vanished.
    pub fn server_gone(&self) -> bool {
        self.health.gone()
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.connections.stop(); // its thread shares the client, which closes with the last owner
    }
}

/// Writes the whole ring once, so that its pages are there before the callback needs them.
fn touch(ring: &mut Producer<f32>, recorded: &mut Consumer<f32>) {
    while ring.push(0.0).is_ok() {}
    while recorded.pop().is_ok() {}
}

impl ProcessHandler for Ear {
    fn process(&mut self, _: &Client, scope: &ProcessScope) -> Control {
        let cycle = scope.last_frame_time();
        self.shared.cycles.note(cycle, crate::monotonic());
        match self.expected {
            None => self.shared.first_frame.store(i64::from(cycle), Ordering::Release),
            Some(expected) if expected != cycle => {
                self.shared.gaps.fetch_add(1, Ordering::AcqRel);
            }
            Some(_) => {}
        }
        self.expected = Some(cycle.wrapping_add(scope.n_frames()));

        let frames = scope.n_frames() as usize;
        let channels = self.ports.len();
        if self.ring.slots() < frames * channels {
            self.shared.lost.fetch_add(frames, Ordering::AcqRel);
            return Control::Continue;
        }
        if let Ok(chunk) = self.ring.write_chunk_uninit(frames * channels) {
            let ports = &self.ports;
            chunk.fill_from_iter(
                (0..frames).flat_map(|frame| ports.iter().map(move |port| port.as_slice(scope)[frame])),
            );
        }
        self.shared.heard.fetch_add(frames, Ordering::AcqRel);
        Control::Continue
    }
}
