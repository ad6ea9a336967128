//! A cable from the program's output to its input, with a delay that no driver reports.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use jack::{AudioIn, AudioOut, Client, Control, Port, ProcessHandler, ProcessScope};

use crate::JackServer;
use crate::client::{self, Active};
use crate::connection::{Connections, Wanted};
use crate::health::Health;

/// How long a measurement may take; it is a few cycles, after the delay itself.
const MEASURE_LIMIT: Duration = Duration::from_secs(10);
/// How many cycles the stand-in stays silent before its impulse: a new connection sounds a cycle later.
const SETTLING_CYCLES: u32 = 8;
/// Where in its cycle the impulse lies: not at an edge, where an error of one frame could hide.
const IMPULSE_OFFSET: usize = 37;

/// In which order the two halves of the loop are plugged. JACK breaks the circle at the half that comes last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cabling {
    /// First the program's outputs into the cable, then the cable into its inputs. What [`Loopback::start`]
    /// does with the program.
    OutputsFirst,
    /// The other way round.
    InputsFirst,
}

/// Sends what the program plays on `out_1`, `out_2` back into `in_1`, `in_2`, later by exactly
/// [`Loopback::total_delay`] frames.
///
/// Of these, `extra` are the delay line in here; JACK adds one period, because two clients that feed each
/// other cannot both run first in a cycle: one of them gets what the other made in the cycle before. Which
/// of the two that is depends on the order of plugging, the sum does not.
pub struct Loopback {
    connections: Option<Connections>,
    active: Active<Cable>,
    health: Arc<Health>,
    server_rate: u32,
    total_delay: usize,
}

impl Loopback {
    /// Puts a cable of `extra` frames to the client `app` (`ai-dawg`), whenever its four ports appear.
    ///
    /// Before, it measures its own delay on a stand-in for the program.
    #[track_caller]
    pub fn start(server: &JackServer, app: &str, extra: usize) -> Self {
        let mut loopback = Self::unplugged(server, extra);
        let stand_in = StandIn::new(server);
        loopback.total_delay = loopback.measure_on(&stand_in, Cabling::OutputsFirst);
        drop(stand_in);
        loopback.plug(app, Cabling::OutputsFirst);
        loopback
    }

    /// The frames that a loop with `extra` frames takes, measured with a pair of clients of its own.
    #[track_caller]
    pub fn measure(server: &JackServer, extra: usize, cabling: Cabling) -> usize {
        let mut loopback = Self::unplugged(server, extra);
        let stand_in = StandIn::new(server);
        loopback.measure_on(&stand_in, cabling)
    }

    /// From a sample leaving the program's output port to the same sample in its input port, in frames.
    /// As measured at the start.
    pub fn total_delay(&self) -> usize {
        self.total_delay
    }

    /// Waits until the program's ports are plugged in.
    #[track_caller]
    pub fn wait_connected(&self, limit: Duration) {
        crate::until(limit, "the loopback's connection to the program", || {
            self.connections.as_ref().is_some_and(Connections::complete)
        });
    }

    /// Xruns of the server since this was started.
    pub fn xruns(&self) -> usize {
        self.health.xruns()
    }

    fn unplugged(server: &JackServer, extra: usize) -> Self {
        let client = client::open(server, "dawg-cable");
        let (inputs, _) = client::register(&client, "in_", 2, AudioIn::default());
        let (outputs, _) = client::register(&client, "out_", 2, AudioOut::default());
        let lines = [vec![0.0; extra], vec![0.0; extra]];
        let cable = Cable { inputs, outputs, lines, position: 0 };
        let (active, health) = client::activate(client, cable);
        Self { connections: None, active, health, server_rate: server.rate(), total_delay: 0 }
    }

    fn plug(&mut self, app: &str, cabling: Cabling) {
        let own = self.active.as_client().name().to_owned();
        let out: [Wanted; 2] = [1, 2].map(|n| (format!("{app}:out_{n}"), format!("{own}:in_{n}")));
        let back: [Wanted; 2] = [1, 2].map(|n| (format!("{own}:out_{n}"), format!("{app}:in_{n}")));
        let wanted = match cabling {
            Cabling::OutputsFirst => [out, back].concat(),
            Cabling::InputsFirst => [back, out].concat(),
        };
        self.connections = Some(Connections::keep(self.active.clone(), self.health.clone(), wanted));
    }

    #[track_caller]
    fn measure_on(&mut self, stand_in: &StandIn, cabling: Cabling) -> usize {
        self.plug(stand_in.active.as_client().name(), cabling);
        self.wait_connected(MEASURE_LIMIT);
        let delay = stand_in.hear_itself();
        // Dropping the connections' thread keeps them from being made again; the stand-in's end cuts them.
        self.connections = None;
        delay
    }

    /// The same delay in seconds.
    pub fn total_seconds(&self) -> f64 {
        self.total_delay as f64 / f64::from(self.server_rate)
    }
}

impl Drop for Loopback {
    fn drop(&mut self) {
        self.connections = None; // its thread shares the client, which closes with the last owner
    }
}

/// The callback of the cable: a delay line for each side.
struct Cable {
    inputs: Vec<Port<AudioIn>>,
    outputs: Vec<Port<AudioOut>>,
    lines: [Vec<f32>; 2],
    position: usize,
}

impl ProcessHandler for Cable {
    fn process(&mut self, _: &Client, scope: &ProcessScope) -> Control {
        let length = self.lines[0].len();
        let mut position = self.position;
        for ((input, output), line) in self.inputs.iter().zip(&mut self.outputs).zip(&mut self.lines) {
            let (input, output) = (input.as_slice(scope), output.as_mut_slice(scope));
            if length == 0 {
                output.copy_from_slice(input);
                continue;
            }
            position = self.position;
            for (heard, sent) in input.iter().zip(output) {
                *sent = std::mem::replace(&mut line[position], *heard);
                position = (position + 1) % length;
            }
        }
        self.position = position;
        Control::Continue
    }
}

/// A client with the program's ports, which sends an impulse and waits for it.
struct StandIn {
    active: Active<Impulse>,
    shared: Arc<Echo>,
}

/// Frames of the stand-in's own count at which the impulse went out and came back (−1: not yet).
#[derive(Debug)]
struct Echo {
    go: AtomicBool,
    sent: AtomicI64,
    heard: [AtomicI64; 2],
}

/// The callback of the stand-in.
struct Impulse {
    inputs: Vec<Port<AudioIn>>,
    outputs: Vec<Port<AudioOut>>,
    frame: i64,
    settling: u32,
    shared: Arc<Echo>,
}

impl StandIn {
    #[track_caller]
    fn new(server: &JackServer) -> Self {
        let client = client::open(server, "dawg-stand-in");
        let (inputs, _) = client::register(&client, "in_", 2, AudioIn::default());
        let (outputs, _) = client::register(&client, "out_", 2, AudioOut::default());
        let nothing = || AtomicI64::new(-1);
        let shared =
            Arc::new(Echo { go: AtomicBool::new(false), sent: nothing(), heard: [nothing(), nothing()] });
        let impulse =
            Impulse { inputs, outputs, frame: 0, settling: SETTLING_CYCLES, shared: shared.clone() };
        let (active, _) = client::activate(client, impulse);
        Self { active, shared }
    }

    #[track_caller]
    fn hear_itself(&self) -> usize {
        self.shared.go.store(true, Ordering::Release);
        let echo = || {
            let [left, right] = [0, 1].map(|side: usize| self.shared.heard[side].load(Ordering::Acquire));
            (left >= 0 && right >= 0).then_some((left, right))
        };
        let Some((left, right)) = crate::patiently(MEASURE_LIMIT, echo) else {
            panic!("no impulse came back through the loopback");
        };
        assert_eq!(left, right, "both sides of the loopback take the same time");
        usize::try_from(left - self.shared.sent.load(Ordering::Acquire)).unwrap()
    }
}

impl ProcessHandler for Impulse {
    fn process(&mut self, _: &Client, scope: &ProcessScope) -> Control {
        for (input, heard) in self.inputs.iter().zip(&self.shared.heard) {
            let impulse = input.as_slice(scope).iter().position(|sample| *sample != 0.0);
            if let Some(offset) = impulse.filter(|_| heard.load(Ordering::Relaxed) < 0) {
                heard.store(self.frame + offset as i64, Ordering::Release);
            }
        }
        let mut send = false;
        if self.shared.go.load(Ordering::Acquire) && self.shared.sent.load(Ordering::Relaxed) < 0 {
            send = self.settling == 0;
            self.settling = self.settling.saturating_sub(1);
        }
        let offset = IMPULSE_OFFSET.min(scope.n_frames() as usize - 1);
        for output in &mut self.outputs {
            let out = output.as_mut_slice(scope);
            out.fill(0.0);
            if send {
                out[offset] = 1.0;
            }
        }
        if send {
            self.shared.sent.store(self.frame + offset as i64, Ordering::Release);
        }
        self.frame += i64::from(scope.n_frames());
        Control::Continue
    }
}
