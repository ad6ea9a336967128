//! The audio thread stays clean: under the allocation guard it plays, records, loops, is edited and given new
//! Plans; a node that allocates is caught; nothing is dropped there even when nobody collects the garbage.
#![allow(clippy::unwrap_used, unsafe_code, reason = "tests")]

use std::process::Command as Process;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use assert_no_alloc::AllocDisabler;
use dawg_engine::Engine;
use dawg_engine::capture::tap::Taps;
use dawg_engine::device::manual::Manual;
use dawg_engine::device::{Voice, at_song_rate};
use dawg_engine::installation::{Installation, Scratch, Slot};
use dawg_engine::plan::{Plan, SlotIndex, Span, Step};
use dawg_engine::processor::beside::Feed;
use dawg_engine::processor::command::Command;
use dawg_engine::processor::{Io, Processor};
use dawg_plugins::{Audio, Events, Node, Ports, Process as Block};
use dawg_session::{Edit, Gain, LoopRange, Monitor, Pan, Position};
use dawg_tests::torture;

// Aborts on any allocation inside the callback, in this binary as in a debug build of the program.
#[global_allocator]
static GUARD: AllocDisabler = AllocDisabler;

/// A node that does what `sin` says in each block, and counts when it is dropped.
struct Sinner {
    sin: fn(),
    drops: Arc<AtomicUsize>,
}

impl Node for Sinner {
    fn ports(&self) -> Ports {
        Ports { inputs: 2, outputs: 2 }
    }

    fn process(&mut self, _: &Block<'_>, audio: &mut Audio<'_, '_>, _: &mut Events) {
        (self.sin)();
        for output in audio.outputs.iter_mut() {
            output.fill(0.0);
        }
    }

    fn reset(&mut self) {}
}

impl Drop for Sinner {
    fn drop(&mut self) {
        self.drops.fetch_add(1, Ordering::Relaxed);
    }
}

/// A Plan of one node, in place of all that was.
fn installation(sin: fn(), drops: &Arc<AtomicUsize>, first: bool, generation: u64) -> Box<Installation> {
    let silence = Installation::silence(48_000);
    let (input, output) = (Span { first: 0, channels: 2 }, Span { first: 2, channels: 2 });
    let steps = vec![Step::Node { slot: SlotIndex(0), input, output }];
    let node = Sinner { sin, drops: Arc::clone(drops) };
    Box::new(Installation {
        plan: Plan { generation, steps, buffers: 4, output, ..silence.plan },
        fresh: vec![(SlotIndex(0), Some(Slot::node(Box::new(node), None)))],
        dead: if first { Vec::new() } else { vec![(SlotIndex(0), None)] },
        table: first.then(|| vec![None]),
        scratch: first.then(|| Scratch::new(4, 0, 64)),
    })
}

fn call(voice: &mut Voice) {
    let (mut left, mut right) = ([0.0; 64], [0.0; 64]);
    voice.call(&mut Io { input: &[], output: &mut [&mut left, &mut right], frames: 64, frame_time: 0 });
}

/// What the child process of [`a_node_that_allocates_is_caught`] does.
#[test]
fn child_that_allocates() {
    if std::env::var_os("DAWG_ALLOCATE").is_none() {
        return;
    }
    let (processor, mut controls) = Processor::new(48_000, 64, true);
    let mut voice = Voice::new(processor, Arc::clone(&controls.vitals), 48_000);
    let sin = || drop(std::hint::black_box(Vec::<u8>::with_capacity(100)));
    controls.commands.push(Command::Install(installation(sin, &Arc::default(), true, 1))).unwrap();
    call(&mut voice);
}

// Seen red: with the call in `Voice` not wrapped in assert_no_alloc the child ends in peace.
#[test]
fn a_node_that_allocates_is_caught() {
    let child = Process::new(std::env::current_exe().unwrap())
        .args(["--exact", "child_that_allocates"])
        .env("DAWG_ALLOCATE", "1")
        .output()
        .unwrap();
    assert!(!child.status.success(), "the guard does not bite");
    assert_eq!(std::os::unix::process::ExitStatusExt::signal(&child.status), Some(6), "{child:?}");
}

// Seen red: dropping in `discard` when the ring is full aborts here (a free inside the callback).
#[test]
fn a_full_return_ring_never_makes_it_drop_there() {
    let (processor, mut controls) = Processor::new(48_000, 64, true);
    let mut voice = Voice::new(processor, Arc::clone(&controls.vitals), 48_000);
    let drops = Arc::new(AtomicUsize::new(0));
    let count = 700;
    for generation in 1..=count {
        let plan = installation(|| (), &drops, generation == 1, generation);
        controls.commands.push(Command::Install(plan)).unwrap();
        call(&mut voice);
    }
    assert_eq!(drops.load(Ordering::Relaxed), 0, "something was freed while nobody collected");
    assert!(controls.vitals.generation() < count, "the ring was never full");
    for _ in 0..count {
        while controls.garbage.pop().is_ok() {}
        call(&mut voice);
    }
    assert_eq!(controls.vitals.generation(), count, "the Plans that waited were lost");
    assert_eq!(drops.load(Ordering::Relaxed), count as usize - 1, "all but the one that plays came back");
}

fn edits_for(turn: usize, song: &torture::Song) -> Vec<Edit> {
    let tracks = &song.session.tracks;
    let track = &tracks[turn % tracks.len()];
    let (lane, clip) = track.lanes.iter().find_map(|lane| Some((lane, lane.clips.first()?))).unwrap();
    let later = match clip.start {
        Position::Samples(start) => start + 1_001,
        Position::Ticks(_) => 0,
    };
    match turn % 8 {
        0 => vec![Edit::SetTrackGain {
            track: track.id,
            gain: Gain::new(0.5 + (turn % 7) as f32 / 10.0).unwrap(),
        }],
        1 => vec![Edit::MoveClip {
            clip: clip.id,
            to: lane.id,
            start: Position::Samples(later % 300_000),
            at: None,
        }],
        2 => vec![Edit::SetTrackPan { track: track.id, pan: Pan::new((turn % 5) as f32 / 5.0).unwrap() }],
        3 => vec![Edit::SetTrackMute { track: track.id, mute: !track.mute }],
        4 => vec![Edit::SetTrackSolo { track: track.id, solo: !track.solo }],
        5 => vec![Edit::SetClipGain { clip: clip.id, gain: Gain::new(0.4).unwrap() }],
        6 => vec![Edit::SetLoop {
            range: LoopRange {
                on: turn % 16 < 8,
                start: Position::Samples(40_000),
                end: Position::Samples(40_000 + 3_000 + turn as i64),
            },
        }],
        _ if tracks.len() > 5 => vec![Edit::RemoveTrack { track: track.id }],
        _ => Vec::new(),
    }
}

// Seen red: freeing the replaced Plan in `install` (drop in place of `discard`) aborts at the first edit.
#[test]
fn sixty_seconds_of_everything_without_an_allocation() {
    everything(48_000, 60);
}

// Seen red: a Fifo in the bridge that grows (`extend` in place of its fixed room) aborts.
#[test]
fn nor_through_a_device_at_another_rate() {
    everything(44_100, 10);
}

/// Plays, records, loops, locates, edits and swaps Plans for `seconds` on a device at `rate`.
fn everything(rate: u32, seconds: u64) {
    let folder = tempfile::tempdir().unwrap();
    let mut song = torture::make(folder.path());
    let armed = song.session.tracks[0].id;
    song.edit(&[
        Edit::SetTrackInput { track: armed, input: "1+2".parse().unwrap() },
        Edit::SetTrackArm { track: armed, arm: true },
        Edit::SetTrackMonitor { track: armed, monitor: Monitor::Auto },
    ]);
    let (device, mut hand) = Manual::open(rate);
    let device = at_song_rate(device, 48_000);
    let mut engine = Engine::on_device(Arc::new(song.session.clone()), &song.audio, device).unwrap();
    let input = vec![0.25; 256];
    let mut captured = 0_u64;
    let mut readers = Vec::new();
    let mut feeding = None;
    let turns = seconds as usize * rate as usize / 256;
    for turn in 0..turns {
        if turn % 2_000 == 0 {
            engine.stop();
            let (taps, taps_readers, log) = Taps::new(&[&[1, 2]], 48_000, 2, 777);
            readers = taps_readers;
            drop(log);
            engine.roll(Some(0), 4_800, Some(taps));
        }
        if turn % 2_000 == 1_500 {
            engine.stop();
        }
        if turn % 50 == 0 {
            let (feed, filler) = Feed::new(9_600);
            engine.beside((turn % 150 != 0).then_some(feed));
            feeding = Some(filler);
        }
        if let Some(filler) = &mut feeding {
            while filler.push(0.1).is_ok() {}
        }
        if turn % 700 == 0 {
            engine.locate(turn as i64 * 10);
        }
        if turn % 30 == 0 {
            let edits = edits_for(turn / 30, &song);
            song.edit(&edits);
            engine.set_session(Arc::new(song.session.clone())).unwrap();
        }
        hand.call([&input, &input]);
        engine.tick();
        for reader in &mut readers {
            let waiting = reader.samples.slots();
            captured += reader.samples.read_chunk(waiting).map_or(0, |chunk| {
                chunk.commit_all();
                waiting as u64
            });
        }
    }
    assert_eq!(hand.time(), turns as u64 * 256);
    assert!(captured > 2 * seconds / 3 * 48_000, "hardly anything was captured: {captured}");
}
