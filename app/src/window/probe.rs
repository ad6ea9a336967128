//! What the window shows, written down for tests: where everything with a name is, and what it says.
//!
//! Off, and free of cost, unless the environment variable `AI_DAWG_PROBE` names a file. Then every frame that was
//! painted leaves its accessibility tree (what a screen reader is told) and the state of the transport there, as one
//! JSON value that replaces the one before. A test of the real window finds controls by their names in it, and sees
//! whether what is drawn is true; it also shows which names a screen reader would read.
//!
//! Start at [`attach`]. The file is written by a thread of its own, the newest frame only, at most every 10 ms.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use egui::accesskit::{Node, NodeId, Role, Toggled, TreeUpdate};
use egui::{Color32, Context, Event, FullOutput, Pos2, Shape, ViewportId};
use serde::Serialize;

use super::Shell;
use crate::look;
use crate::sound::DeviceState;
use crate::studio::Stage;
use crate::studio::work::SaveState;

/// The environment variable that names the file.
const VARIABLE: &str = "AI_DAWG_PROBE";
/// How long the file is left alone after it was written.
const PAUSE: Duration = Duration::from_millis(10);

/// One frame, as the file has it.
#[derive(Debug, Serialize)]
struct Frame {
    /// Frames painted since the start, those of detached windows included.
    frames: u64,
    /// When its layout was done, in nanoseconds of the system's monotonic clock.
    at: u64,
    /// The same of the very first frame.
    first: u64,
    pixels_per_point: f32,
    /// Milliseconds from the start of its layout to its end.
    took: f64,
    /// The most that a frame has taken so, the first ten left out: they load fonts and shaders.
    slowest: f64,
    /// Where the playhead was drawn in the lanes, in points from the window's left edge.
    playhead: Option<f32>,
    /// What the window has been told so far.
    told: Told,
    state: State,
    nodes: Vec<Named>,
}

/// What a person has done to the window since its start. One who is faster than the frames does two things in one, and what
/// comes of the first is not to be seen before the second.
#[derive(Debug, Clone, Copy, Default, Serialize)]
struct Told {
    /// Mouse buttons let go.
    clicks: u64,
    /// Keys pressed, for themselves or with others.
    keys: u64,
    /// Characters typed.
    typed: u64,
}

/// What the studio knew when the frame was drawn.
#[derive(Debug, Clone, Default, Serialize)]
struct State {
    stage: &'static str,
    song: Option<PathBuf>,
    save: &'static str,
    device: &'static str,
    recording: bool,
    rolling: bool,
    counting_in: bool,
    /// Song frame that the sound thread saw last, and when, by the same clock as `at`.
    position: i64,
    read: Option<u64>,
    /// The song frame at the lanes' left edge, and frames a point.
    left: f64,
    frames_per_point: f64,
    /// Frames from output to input, as the device says; none without one.
    round_trip: Option<i64>,
    vitals: dawg_engine::VitalsReading,
    /// When Stop was last asked for, and when what was recorded before it stood in the song; as `at`.
    stopped: Option<u64>,
    taken: Option<u64>,
    /// When the frame that shows it first had been laid out.
    drawn: Option<u64>,
}

/// A control or text with a name.
#[derive(Debug, Serialize)]
struct Named {
    name: String,
    role: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    /// Left, top, width, height in pixels of the window.
    rect: [f64; 4],
    #[serde(skip_serializing_if = "Option::is_none")]
    on: Option<bool>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    disabled: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    focused: bool,
}

/// Watches the window, if the environment says so.
pub(super) fn attach(ctx: &Context) -> std::io::Result<()> {
    let Some(path) = std::env::var_os(VARIABLE).filter(|path| !path.is_empty()) else { return Ok(()) };
    let (sender, receiver) = bounded(1);
    let newest = receiver.clone();
    std::thread::Builder::new().name("probe".to_owned()).spawn(move || write(&path.into(), &newest))?;
    ctx.enable_accesskit();
    let probe = Probe {
        sender,
        receiver,
        frames: 0,
        first: None,
        began: 0,
        slowest: 0.0,
        told: Told::default(),
        state: State::default(),
        taken: None,
        drawn: None,
    };
    ctx.add_plugin(probe);
    Ok(())
}

/// Notes what the studio knows in this frame. Does nothing when nobody watches.
pub(super) fn note(ctx: &Context, shell: &Shell) {
    ctx.with_plugin(|probe: &mut Probe| probe.state = State::of(shell));
}

/// The watcher.
struct Probe {
    sender: Sender<Frame>,
    receiver: Receiver<Frame>,
    frames: u64,
    first: Option<u64>,
    began: u64,
    slowest: f64,
    told: Told,
    state: State,
    taken: Option<u64>,
    drawn: Option<u64>,
}

impl egui::Plugin for Probe {
    fn debug_name(&self) -> &'static str {
        "probe"
    }

    fn input_hook(&mut self, _: &Context, input: &mut egui::RawInput) {
        self.began = monotonic();
        input.events.iter().for_each(|event| self.told.take(event));
    }

    fn output_hook(&mut self, ctx: &Context, output: &mut FullOutput) {
        if output.platform_output.requested_discard() {
            return; // laid out once more, and only then painted
        }
        self.frames += 1;
        if ctx.viewport_id() != ViewportId::ROOT {
            return;
        }
        let at = monotonic();
        let took = at.saturating_sub(self.began) as f64 / 1e6;
        if self.frames > 10 {
            self.slowest = self.slowest.max(took);
        }
        if self.taken != self.state.taken {
            self.taken = self.state.taken;
            self.drawn = Some(at);
        }
        let scale = ctx.pixels_per_point();
        let playhead = playhead(output, look::tokens(ctx).playhead);
        let nodes = output.platform_output.accesskit_update.as_ref();
        let frame = Frame {
            frames: self.frames,
            at,
            first: *self.first.get_or_insert(at),
            pixels_per_point: scale,
            took,
            slowest: self.slowest,
            playhead,
            told: self.told,
            state: State { drawn: self.drawn, ..self.state.clone() },
            nodes: nodes.map_or_else(Vec::new, |tree| named(tree, f64::from(scale))),
        };
        // The newest replaces one that still waits.
        if let Err(TrySendError::Full(frame)) = self.sender.try_send(frame) {
            _ = self.receiver.try_recv();
            _ = self.sender.try_send(frame);
        }
    }
}

impl Told {
    fn take(&mut self, event: &Event) {
        match event {
            Event::PointerButton { pressed: false, .. } => self.clicks += 1,
            Event::Key { pressed: true, .. } | Event::Copy | Event::Cut | Event::Paste(_) => self.keys += 1,
            Event::Text(text) => self.typed += text.chars().count() as u64,
            _ => {}
        }
    }
}

impl State {
    fn of(shell: &Shell) -> Self {
        let (studio, timeline) = (shell.studio(), &shell.view().timeline);
        let readout = studio.readout();
        let (stopped, taken) = studio.stopped_and_taken();
        let (stage, song) = match studio.stage() {
            Stage::Empty => ("empty", None),
            Stage::Opening(folder) => ("opening", Some(folder.clone())),
            Stage::Failed { folder, .. } => ("failed", Some(folder.clone())),
            Stage::Open(work) => ("open", Some(work.folder().to_owned())),
        };
        let save = match studio.work().map(crate::studio::work::Work::save_state) {
            None => "none",
            Some(SaveState::Saved) => "saved",
            Some(SaveState::Saving) => "saving",
            Some(SaveState::Failed(_)) => "failed",
            Some(SaveState::ReadOnly) => "read only",
        };
        let device = match &readout.device {
            DeviceState::Closed => "closed",
            DeviceState::Opening => "opening",
            DeviceState::Running(_) => "running",
            DeviceState::Missing(_) => "missing",
        };
        let round_trip = match &readout.device {
            DeviceState::Running(running) => Some(running.round_trip),
            _ => None,
        };
        Self {
            stage,
            song,
            save,
            device,
            recording: readout.recording.is_some(),
            rolling: readout.playhead.rolling,
            counting_in: readout.playhead.counting_in,
            position: readout.playhead.position,
            read: readout.at.map(since_start),
            left: timeline.left,
            frames_per_point: timeline.frames_per_point,
            round_trip,
            vitals: readout.vitals,
            stopped: stopped.map(since_start),
            taken: taken.map(since_start),
            drawn: None,
        }
    }
}

/// Nodes that say something, with what labels of their own they have been given by others.
fn named(tree: &TreeUpdate, scale: f64) -> Vec<Named> {
    let label = |id: &NodeId| {
        let (_, node) = tree.nodes.iter().find(|(other, _)| other == id)?;
        node.label().or(node.value()).map(str::to_owned)
    };
    let one = |(id, node): &(NodeId, Node)| {
        let own = node.label().map(str::to_owned);
        let given = || node.labelled_by().iter().filter_map(label).reduce(|a, b| format!("{a} {b}"));
        // A text's words are its value.
        let words = || (node.role() == Role::Label).then(|| node.value().map(str::to_owned)).flatten();
        let bounds = node.bounds()?;
        let number = node.numeric_value().map(|value| value.to_string());
        Some(Named {
            name: own.or_else(given).or_else(words)?,
            role: format!("{:?}", node.role()),
            value: node.value().map(str::to_owned).or(number),
            rect: [bounds.x0, bounds.y0, bounds.width(), bounds.height()].map(|edge| edge * scale),
            on: node.toggled().map(|toggled| toggled == Toggled::True),
            disabled: node.is_disabled(),
            focused: tree.focus == *id,
        })
    };
    tree.nodes.iter().filter_map(one).collect()
}

/// The longest upright line in the playhead's colour that was painted.
fn playhead(output: &FullOutput, colour: Color32) -> Option<f32> {
    let mut longest: Option<(f32, f32)> = None;
    let mut line = |[a, b]: [Pos2; 2]| {
        let length = (a.y - b.y).abs();
        if (a.x - b.x).abs() < 0.1 && longest.is_none_or(|(_, than)| length > than) {
            longest = Some((a.x, length));
        }
    };
    for clipped in &output.shapes {
        match &clipped.shape {
            Shape::LineSegment { points, stroke } if stroke.color == colour => line(*points),
            Shape::Rect(rect) if rect.fill == colour && rect.rect.width() <= 3.0 => {
                line([rect.rect.center_top(), rect.rect.center_bottom()]);
            }
            _ => {}
        }
    }
    longest.map(|(x, _)| x)
}

fn write(path: &PathBuf, newest: &Receiver<Frame>) {
    let part = Path::new(path).with_extension("part");
    for frame in newest {
        if let Err(error) = replace(path, &part, &frame) {
            tracing::warn!(%error, path = %path.display(), "{VARIABLE}: the file cannot be written");
            return;
        }
        pause();
    }
}

#[allow(
    clippy::disallowed_methods,
    reason = "a reader must never see half of it; it need not outlive a power cut"
)]
fn replace(path: &Path, part: &Path, frame: &Frame) -> std::io::Result<()> {
    std::fs::write(part, serde_json::to_vec(frame)?)?;
    std::fs::rename(part, path)
}

#[allow(
    clippy::disallowed_methods,
    reason = "the pause is the point: it spares the processor that is tested"
)]
fn pause() {
    std::thread::sleep(PAUSE);
}

/// A moment in the same count as [`monotonic`].
fn since_start(at: std::time::Instant) -> u64 {
    monotonic().saturating_sub(at.elapsed().as_nanos() as u64)
}

/// Nanoseconds of the system's monotonic clock, which other processes share.
#[cfg(unix)]
fn monotonic() -> u64 {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
    now.tv_sec as u64 * 1_000_000_000 + now.tv_nsec as u64
}

#[cfg(not(unix))]
fn monotonic() -> u64 {
    use std::sync::OnceLock;
    use std::time::Instant;
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed().as_nanos() as u64
}
