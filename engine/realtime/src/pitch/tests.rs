//! The worker without a thread: what it makes of blocks, gaps and other rings.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use crossbeam_channel::{Receiver, bounded, unbounded};

use super::Heard;
use super::feed::{Follower, feed};
use super::past::Past;
use super::voice::Wanted;
use super::worker::{Order, Shared, Worker};
use crate::retrospect::{Motion, Place};

const RATE: u32 = 48_000;

struct Desk {
    follower: Follower,
    worker: Worker,
    heard: Receiver<(u32, Heard)>,
    shared: Arc<Shared>,
    at: u64,
}

impl Desk {
    fn new() -> Self {
        let (out, heard) = unbounded();
        let shared = Arc::new(Shared::default());
        let worker = Worker::new(RATE, out, Arc::clone(&shared));
        Self { follower: Follower::new(), worker, heard, shared, at: 0 }
    }

    fn follow(&mut self, voices: &[(u32, &[u16])], frames: usize) {
        let mut channels: Vec<u16> = voices.iter().flat_map(|(_, channels)| *channels).copied().collect();
        channels.sort_unstable();
        channels.dedup();
        let (feed, inlet) = feed(&channels, frames);
        let wanted = |(id, channels): &(u32, &[u16])| Wanted { id: *id, channels: channels.to_vec() };
        self.worker.obey(Order { inlet, voices: voices.iter().map(wanted).collect() });
        drop(self.follower.follow(feed));
    }

    /// Two channels of sines, in blocks of 256 frames, while the song stands at frame `position`.
    fn sing(&mut self, hertz: [f32; 2], frames: u64, position: i64) {
        let end = self.at + frames;
        while self.at < end {
            let sine = |hertz: f32| {
                let turn = |n| n as f32 * hertz / RATE as f32 % 1.0;
                let sample = |n| 0.5 * (std::f32::consts::TAU * turn(n)).sin();
                (self.at..self.at + 256).map(sample).collect::<Vec<_>>()
            };
            let place = Place { motion: Motion::Still, position, latency: 0 };
            self.follower.hear(place, &[&sine(hertz[0]), &sine(hertz[1])], 0, 256);
            self.at += 256;
        }
    }

    fn heard(&mut self, id: u32) -> Vec<Heard> {
        self.worker.listen();
        self.heard.try_iter().filter(|(voice, _)| *voice == id).map(|(_, heard)| heard).collect()
    }
}

fn near(heard: &[Heard], hertz: f32) -> bool {
    let voiced: Vec<f32> =
        heard.iter().filter(|it| it.estimate.voiced).map(|it| it.estimate.frequency).collect();
    voiced.len() * 2 > heard.len() && voiced.iter().all(|it| (1_200.0 * (it / hertz).log2()).abs() < 15.0)
}

// Seen red: with trackers made anew for another set, the numbers begin anew.
#[test]
fn a_voice_goes_on_when_others_come_and_go() {
    let mut desk = Desk::new();
    desk.follow(&[(1, &[1])], 48_000);
    desk.sing([220.0, 330.0], 24_000, 0);
    desk.follow(&[(1, &[1]), (2, &[2])], 48_000);
    desk.follow(&[(1, &[1]), (2, &[2]), (3, &[2, 1])], 48_000);
    desk.sing([220.0, 330.0], 24_000, 7);
    desk.worker.listen();
    let all: Vec<(u32, Heard)> = desk.heard.try_iter().collect();
    let of = |id| all.iter().filter(|(voice, _)| *voice == id).map(|(_, heard)| *heard).collect::<Vec<_>>();
    let (first, second) = (of(1), of(2));
    let numbers: Vec<u64> = first.iter().map(|heard| heard.estimate.number).collect();
    assert_eq!(numbers, (0..numbers.len() as u64).collect::<Vec<_>>());
    assert!(near(&first, 220.0) && near(&second[20..], 330.0));
    assert!(first.len() > 190 && second.len() > 90 && of(3).len() == second.len());
    assert_eq!(second[0].estimate.number, 0);
    assert_eq!((first[0].position, second[0].position), (0, 7));
    assert!((second[50].level - 0.5).abs() < 0.01, "{}", second[50].level);
}

/// Seen red: with the tracker fed on after a gap, nothing is missed and its moments come too early.
#[test]
fn what_found_no_room_is_missed_and_counted_and_numbers_jump() {
    let mut desk = Desk::new();
    desk.follow(&[(1, &[1])], 24_000);
    desk.sing([220.0; 2], 12_032, 10);
    let before = desk.heard(1);
    // Two seconds while nobody empties the ring, of which half a second fits.
    desk.sing([220.0; 2], 96_000, 20);
    let meanwhile = desk.heard(1);
    desk.sing([440.0; 2], 24_064, 30);
    let after = desk.heard(1);
    let all: Vec<Heard> = before.into_iter().chain(meanwhile).chain(after.iter().copied()).collect();
    let given = all.len() as u64;
    let last = all.last().unwrap().estimate.number;
    assert_eq!(desk.shared.missed.load(Ordering::Relaxed), last + 1 - given);
    assert!((200..350).contains(&(last + 1 - given)), "{}", last + 1 - given);
    assert!(all.windows(2).all(|two| two[0].estimate.number < two[1].estimate.number));
    // Each speaks of its own moment: the last came in when it says.
    assert!(all.iter().all(|heard| {
        let frame = heard.estimate.number * 240;
        heard.position
            == if frame < 12_032 {
                10
            } else if frame < 108_032 {
                20
            } else {
                30
            }
    }));
    assert!(near(&after[20..], 440.0));
}

/// Seen red: with the latency taken off the position instead of looking back in time, what is sung at a loop's beginning to
/// its end lies before the loop.
#[test]
fn what_is_sung_to_a_loops_end_lies_there() {
    let mut past = Past::new(RATE);
    let came = std::time::Instant::now();
    let mut block = |at: u64, motion, position| {
        let place = Place { motion, position, latency: 100 };
        past.take(super::feed::Block { at, frames: 256, place, came });
    };
    block(0, Motion::Still, 5_000);
    block(256, Motion::CountingIn, 5_000);
    block(512, Motion::Rolling, 5_000);
    // A loop from 5,000 to 5,256.
    block(768, Motion::Rolling, 5_000);
    assert_eq!(past.sung_to(300, 200), Some((5_000, false)));
    assert_eq!(past.sung_to(811, 200), Some((5_000, false)));
    assert_eq!(past.sung_to(812, 200), Some((5_000, true)));
    assert_eq!(past.sung_to(1_000, 200), Some((5_188, true)));
    assert_eq!(past.sung_to(1_023, 0), Some((5_155, true)));
    assert_eq!(past.sung_to(800, 0), Some((5_188, true)));
    assert_eq!(Past::new(RATE).sung_to(0, 0), None);
}

/// What eight inputs cost that are sung into all the time; a figure, and a bound for any machine.
#[test]
#[allow(clippy::print_stdout, reason = "it prints what it measures")]
fn eight_voices_cost_little() {
    let mut desk = Desk::new();
    let channels: [&[u16]; 8] = [&[1], &[2], &[1, 2], &[2, 1], &[1, 1], &[2, 2], &[1, 2, 1], &[2, 1, 2]];
    let voices: Vec<(u32, &[u16])> = (1..).zip(channels).collect();
    desk.follow(&voices, 48_000);
    let (mut took, mut voiced) = (std::time::Duration::ZERO, 0);
    for _ in 0..10 {
        desk.sing([220.0, 330.0], 24_064, 0);
        let begun = std::time::Instant::now();
        desk.worker.listen();
        took += begun.elapsed();
        voiced += desk.heard.try_iter().filter(|(_, heard)| heard.estimate.voiced).count();
    }
    println!("8 voices: {:.1} ms a second of sound", took.as_secs_f64() * 1e3 / 5.0);
    assert!(voiced > 7_000, "{voiced}");
    assert!(took.as_secs_f64() < 2.5, "{took:?} for 5 s");
}

// Seen red: with nothing written for a channel that the device does not have, the next comes in its place.
#[test]
fn each_channel_arrives_to_the_sample_wherever_the_ring_turns() {
    let (written, mut inlet) = feed(&[1, 3, 2], 700);
    let mut follower = Follower::new();
    drop(follower.follow(written));
    let place = Place { motion: Motion::Still, position: 0, latency: 0 };
    let mut planes = Vec::new();
    for round in 0..10_u16 {
        let channel = |number: u16| -> Vec<f32> {
            (0..300_u16)
                .map(|n| f32::from(number) * 10_000.0 + f32::from(round) * 300.0 + f32::from(n))
                .collect()
        };
        let (first, second) = (channel(1), channel(2));
        follower.hear(place, &[&first, &second], 44, 256);
        let block = inlet.take(&mut planes).unwrap();
        assert_eq!((block.at, block.frames), (u64::from(round) * 256, 256));
        assert_eq!(planes[..256], first[44..]);
        assert_eq!(planes[256..512], [0.0; 256]);
        assert_eq!(planes[512..], second[44..]);
        assert!(inlet.take(&mut planes).is_none());
    }
}

#[test]
fn who_overhears_gets_every_block_of_one_voice_or_what_finds_room() {
    let mut desk = Desk::new();
    desk.follow(&[(1, &[1]), (2, &[2])], RATE as usize);
    let (out, overheard) = bounded(1_000);
    desk.shared.tap.set(Some((2, out)));
    desk.sing([220.0, 330.0], 25_600, 7_000);
    assert!(near(&desk.heard(1), 220.0));
    let blocks: Vec<_> = overheard.try_iter().collect();
    assert_eq!(blocks.len(), 100);
    assert!(
        blocks
            .iter()
            .all(|block| block.samples.len() == 256 && (block.rate, block.position) == (RATE, 7_000))
    );
    let samples: Vec<f32> = blocks.iter().flat_map(|block| block.samples.iter().copied()).collect();
    let turn = 330.0 * 1_000.0 / RATE as f32 % 1.0;
    assert!((samples[1_000] - 0.5 * (std::f32::consts::TAU * turn).sin()).abs() < 1e-3);
    // One that does not fetch, and one that has gone, hold nobody up.
    let (out, full) = bounded(3);
    desk.shared.tap.set(Some((2, out)));
    desk.sing([220.0, 330.0], 25_600, 7_000);
    assert!(near(&desk.heard(2), 330.0));
    assert_eq!(full.len(), 3);
    drop(full);
    desk.sing([220.0, 330.0], 25_600, 7_000);
    assert!(near(&desk.heard(2), 330.0));
    assert_eq!(desk.shared.missed.load(Ordering::Relaxed), 0);
}
