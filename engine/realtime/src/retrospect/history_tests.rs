//! Reading while writing goes on, from two threads; rings that change their length meanwhile; lines that find no room.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};

use dawg_session::{Edit, Input, Lane, LaneId, Layout, Name, SongId, Tempo, Track, TrackId, apply_all};

use super::*;
use crate::retrospect::listener::{Listener, listener};
use crate::retrospect::{Motion, Place};

const RATE: u32 = 8_000;
const PLACE: Place = Place { motion: Motion::Rolling, position: 0, latency: 0 };

/// A song with one armed track for each of these inputs.
fn armed(inputs: &[&str]) -> Session {
    let mut song = Session::new(SongId::fresh(), Name::new("Song").unwrap(), RATE, Tempo::DEFAULT);
    for input in inputs {
        let lane = Lane::new(LaneId::fresh(), Name::new("Take 1").unwrap());
        let layout = if input.contains('+') { Layout::STEREO } else { Layout::MONO };
        let track = Track::with_lane(TrackId::fresh(), Name::new("Voice").unwrap(), layout, lane);
        let track = Track { input: input.parse::<Input>().unwrap(), arm: true, ..track };
        let at = song.tracks.len();
        song = apply_all(&song, &[Edit::AddTrack { track, at }]).unwrap().session;
    }
    song
}

fn both() -> (Listener, History) {
    let (listener, heard) = listener(4_096);
    (listener, History::new(RATE, heard))
}

/// What comes in as this frame of this channel: no two near each other alike, none of them NaN.
fn sample(frame: u64, channel: u16) -> f32 {
    let mixed = (frame as u32).wrapping_mul(0x9E37_79B1) ^ (u32::from(channel) << 16);
    f32::from_bits(mixed & 0x3FFF_FFFF)
}

/// Blocks of changing length, from frame `at` on.
fn hear(listener: &mut Listener, at: &mut u64, frames: usize) {
    let planes: Vec<Vec<f32>> = (1..=2)
        .map(|channel| (0..frames as u64).map(|frame| sample(*at + frame, channel)).collect())
        .collect();
    let place = Place { position: *at as i64, ..PLACE };
    listener.hear(place, &[&planes[0], &planes[1]], 0, frames);
    *at += frames as u64;
}

fn assert_sound(from: u64, planes: &[Vec<f32>], numbers: &[u16]) {
    for (plane, number) in planes.iter().zip(numbers) {
        let wrong = (from..).zip(plane).find(|(frame, is)| is.to_bits() != sample(*frame, *number).to_bits());
        assert_eq!(wrong, None, "of channel {number}, from {from} on");
    }
}

/// The audio thread: writes as fast as it can, until it is told to end.
fn hammer(mut listener: Listener, banks: &Receiver<Box<Bank>>, end: &AtomicBool) {
    let mut at = 0;
    let mut former = Vec::new();
    for frames in [64, 1_024, 1, 333, 128, 777].into_iter().cycle() {
        while let Ok(bank) = banks.try_recv() {
            former.push(listener.listen(bank));
        }
        hear(&mut listener, &mut at, frames);
        if end.load(Ordering::Relaxed) {
            return;
        }
    }
}

/// Ends the writer, also when something is wrong.
struct Ends<'a>(&'a AtomicBool);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

// Seen red: with what is published, not what was begun, taken for what may have been overwritten (`written` in `oldest`).
#[test]
fn what_is_copied_while_writing_goes_on_is_what_came_in() {
    let (listener, mut history) = both();
    history.set_budget(2 * 4 * 8_000);
    let bank = history.listen(&armed(&["1+2"]), 2).unwrap();
    let (banks, receiver) = channel();
    banks.send(bank).unwrap();
    let end = AtomicBool::new(false);
    let (mut copies, mut overwritten) = (0, 0);
    std::thread::scope(|scope| {
        let ends = Ends(&end);
        let writer = scope.spawn({
            let end = &end;
            move || hammer(listener, &receiver, end)
        });
        while copies < 1_000 || overwritten < 100 {
            let now = history.clock.written();
            let wanted = now.saturating_sub(8_000);
            let (from, planes) = history.copy(&[1, 2], wanted, now);
            assert_eq!(planes[0].len(), planes[1].len());
            assert_eq!(from + planes[0].len() as u64, now);
            assert_sound(from, &planes, &[1, 2]);
            copies += usize::from(wanted > 0);
            overwritten += usize::from(wanted > 0 && from > wanted);
        }
        drop(ends);
        writer.join().unwrap();
    });
}

// Seen red: as above.
#[test]
fn rings_change_their_length_without_a_gap_while_writing_goes_on() {
    let (listener, mut history) = both();
    let song = armed(&["2", "1"]);
    let budgets = [2 * 4 * 8_000, 2 * 4 * 20_000, 2 * 4 * 9_000, 2 * 4 * 12_345];
    let (banks, receiver) = channel();
    let end = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let ends = Ends(&end);
        let writer = scope.spawn({
            let end = &end;
            move || hammer(listener, &receiver, end)
        });
        for turn in 0..400 {
            history.set_budget(budgets[turn % budgets.len()]);
            // Now and then twice before the audio thread can have the first.
            for _ in 0..1 + turn % 2 {
                if let Some(bank) = history.listen(&song, 2) {
                    banks.send(bank).unwrap();
                }
                history.set_budget(budgets[(turn + 1) % budgets.len()]);
            }
            let until = history.clock.written() + 3_000;
            while history.clock.written() < until {
                history.tick();
                let now = history.clock.written();
                let (from, planes) = history.copy(&[1, 2], now.saturating_sub(20_000), now);
                assert_sound(from, &planes, &[1, 2]);
            }
        }
        drop(ends);
        writer.join().unwrap();
    });
}

/// Remembers one channel in a ring of so many frames.
fn remembers(history: &mut History, frames: u64) -> Box<Bank> {
    history.set_budget(4 * frames);
    history.listen(&armed(&["1"]), 2).unwrap()
}

// Seen red: with all up to the swap taken from a ring that had come round by then (`holds` always true), also with halts of
// the machine by `rings_change_their_length…`.
#[test]
fn a_ring_that_came_round_before_the_audio_thread_had_the_next_gives_nothing_wrong() {
    let (mut listener, mut history) = both();
    let mut at = 0;
    drop(listener.listen(remembers(&mut history, 8_000)));
    (0..8).for_each(|_| hear(&mut listener, &mut at, 1_000));
    let longer = remembers(&mut history, 40_000);
    (0..9).for_each(|_| hear(&mut listener, &mut at, 1_000));
    drop(listener.listen(longer));
    let joined = at;
    hear(&mut listener, &mut at, 500);
    history.tick();
    let (from, planes) = history.copy(&[1], 0, at);
    assert_eq!((from, planes[0].len()), (joined, 500));
    assert_sound(from, &planes, &[1]);
}

// Seen red: without `mixed`, also with halts of the machine by `rings_change_their_length…`.
#[test]
fn what_is_moved_so_slowly_that_the_ring_comes_round_is_given_up() {
    let (mut listener, mut history) = both();
    let mut at = 0;
    drop(listener.listen(remembers(&mut history, 20_000)));
    (0..20).for_each(|_| hear(&mut listener, &mut at, 1_000));
    let shorter = remembers(&mut history, 8_000);
    hear(&mut listener, &mut at, 1_000);
    drop(listener.listen(shorter));
    // The machine halts the control thread here, which has just looked at the clock.
    let looked = history.clock.written();
    (0..10).for_each(|_| hear(&mut listener, &mut at, 1_000));
    let History { listened, clock, .. } = &mut history;
    listened[0].settle(looked, clock);
    hear(&mut listener, &mut at, 300);
    let (from, planes) = history.copy(&[1], 0, at);
    assert_eq!((from, planes[0].len()), (at - 300, 300), "what it wrote until then may be mixed up");
    assert_sound(from, &planes, &[1]);
    (0..10).for_each(|_| hear(&mut listener, &mut at, 1_000));
    let (from, planes) = history.copy(&[1], 0, at);
    assert_eq!((from, planes[0].len()), (at - 8_000, 8_000));
    assert_sound(from, &planes, &[1]);
}

// Seen red: with `from` as it was carried, 1,000 frames of silence that nobody heard are remembered.
#[test]
fn what_came_in_before_the_audio_thread_had_a_ring_is_not_remembered_as_silence() {
    let (mut listener, mut history) = both();
    let mut at = 0;
    hear(&mut listener, &mut at, 700);
    let one = remembers(&mut history, 8_000);
    let other = remembers(&mut history, 9_000);
    hear(&mut listener, &mut at, 1_000);
    drop(listener.listen(one));
    hear(&mut listener, &mut at, 500);
    drop(listener.listen(other));
    hear(&mut listener, &mut at, 300);
    history.tick();
    let (from, planes) = history.copy(&[1], 0, at);
    assert_eq!((from, planes[0].len()), (1_700, 800));
    assert_sound(from, &planes, &[1]);
}

// Seen red: with the ring given up although nothing was moved into it.
#[test]
fn a_ring_that_was_there_at_once_gives_nothing_up_however_late_it_is_looked_at() {
    let (mut listener, mut history) = both();
    let mut at = 0;
    drop(listener.listen(remembers(&mut history, 8_000)));
    (0..8).for_each(|_| hear(&mut listener, &mut at, 1_000));
    drop(listener.listen(remembers(&mut history, 9_000)));
    let looked = history.clock.written();
    (0..10).for_each(|_| hear(&mut listener, &mut at, 1_000));
    let History { listened, clock, .. } = &mut history;
    listened[0].settle(looked, clock);
    let (from, planes) = history.copy(&[1], 0, at);
    assert_eq!((from, planes[0].len()), (at - 9_000, 9_000));
    assert_sound(from, &planes, &[1]);
}

// Seen red: with a new ring in place of the moved one (`fresh` for every length) all is forgotten.
#[test]
fn what_is_remembered_stays_when_more_channels_share_the_budget() {
    let (mut listener, mut history) = both();
    history.set_budget(4 * 20_000);
    let mut at = 0;
    drop(listener.listen(history.listen(&armed(&["1"]), 2).unwrap()));
    (0..50).for_each(|_| hear(&mut listener, &mut at, 500));
    let bank = history.listen(&armed(&["1", "2"]), 2).unwrap();
    assert_eq!(history.reading(), Retrospect { seconds_each: 1.25, bytes: 80_000, channels: vec![1, 2] });
    // Until the audio thread has the new rings, the old one is read.
    hear(&mut listener, &mut at, 700);
    let (from, planes) = history.copy(&[1], 0, at);
    assert_eq!((from, planes[0].len()), (5_700, 20_000));
    drop(listener.listen(bank));
    hear(&mut listener, &mut at, 300);
    history.tick();
    let (from, planes) = history.copy(&[1], 0, at);
    assert_eq!((from, planes[0].len()), (16_000, 10_000));
    assert_sound(from, &planes, &[1]);
    let (from, planes) = history.copy(&[2], 0, at);
    assert_eq!((from, planes[0].len()), (25_700, 300));
    // Both: no more than the shorter.
    assert_eq!(history.copy(&[1, 2], 0, at).0, 25_700);
}

// Seen red: with a bank returned although nothing changes (`same` left out).
#[test]
fn a_channel_that_stays_armed_goes_on_and_one_that_does_not_is_forgotten() {
    let (mut listener, mut history) = both();
    let mut at = 0;
    drop(listener.listen(history.listen(&armed(&["1"]), 2).unwrap()));
    hear(&mut listener, &mut at, 500);
    assert!(history.listen(&armed(&["1"]), 2).is_none());
    drop(listener.listen(history.listen(&armed(&["1+2", "1", "9"]), 2).unwrap()));
    assert_eq!(history.reading().channels, [1, 2], "the device has no input 9");
    hear(&mut listener, &mut at, 500);
    assert_eq!((history.first(&[1], at), history.first(&[2], at)), (0, 500));
    drop(listener.listen(history.listen(&armed(&["2"]), 2).unwrap()));
    hear(&mut listener, &mut at, 500);
    drop(listener.listen(history.listen(&armed(&["1+2"]), 2).unwrap()));
    hear(&mut listener, &mut at, 500);
    assert_eq!((history.first(&[1], at), history.first(&[2], at)), (1_500, 500));
}

// Seen red: with `lost_since` left out of the line the stretch before it reaches over what nobody knows.
#[test]
fn where_lines_were_lost_nothing_is_claimed() {
    let (mut listener, heard) = listener(2);
    let mut history = History::new(RATE, heard);
    drop(listener.listen(history.listen(&armed(&["1"]), 2).unwrap()));
    let mut rolls = |position| listener.hear(Place { position, ..PLACE }, &[], 0, 100);
    [0, 5_000, 9_000, 9_100, 20_000].into_iter().for_each(&mut rolls);
    history.tick();
    [30_000, 30_100].into_iter().for_each(&mut rolls);
    history.tick();
    let stretches = history.turns.stretches(700);
    let told: Vec<(u64, u64, i64)> =
        stretches.iter().map(|stretch| (stretch.from, stretch.to, stretch.place.position)).collect();
    assert_eq!(told, [(0, 100, 0), (100, 200, 5_000), (500, 700, 30_000)]);
}
