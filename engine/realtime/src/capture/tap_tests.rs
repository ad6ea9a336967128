//! What the audio side does when the disk stalls, and at the end of a roll.

use super::*;

fn take(taps: &mut Taps, blocks: usize) {
    for _ in 0..blocks {
        let first = taps.captured as f32;
        let input: Vec<f32> = (0..256_u16).map(|frame| first + f32::from(frame)).collect();
        taps.take(&[&input], 0, 256);
    }
}

fn drain(reader: &mut TapReader) -> Vec<f32> {
    let waiting = reader.samples.slots();
    let mut samples = vec![0.0; waiting];
    reader.samples.pop_entire_slice(&mut samples).unwrap();
    samples
}

// Seen red: without `missing` carried on (the gap noted as one block) everything after the stall is misplaced.
#[test]
fn after_a_stall_the_gap_is_known_and_what_follows_is_in_place() {
    let (mut taps, mut readers, _log) = Taps::new(&[&[1]], 48_000, 1, 0);
    let reader = &mut readers[0];
    take(&mut taps, 300);
    let before = drain(reader);
    assert_eq!(before.len(), 187 * 256, "as many whole blocks as fit into a second");
    take(&mut taps, 10);
    assert_eq!(reader.gaps.pop(), Ok((187 * 256, 113 * 256)));
    assert_eq!(drain(reader).first(), Some(&(300.0 * 256.0)));
}

// Seen red: with `left` not counted down the roll never ends.
#[test]
fn a_roll_ends_one_round_trip_after_the_stop() {
    let (mut taps, mut readers, mut log) = Taps::new(&[&[1]], 48_000, 1, 300);
    take(&mut taps, 2);
    taps.stopped();
    assert_eq!(taps.reach(1_000), 300);
    assert!(!taps.ended());
    taps.take(&[&[0.0; 300]], 0, 300);
    assert!(taps.ended());
    assert_eq!(drain(&mut readers[0]).len(), 812);
    let lines: Vec<LogLine> = std::iter::from_fn(|| log.pop().ok()).collect();
    assert_eq!(lines, [LogLine::Stopped { capture_frame: 512 }, LogLine::Ended { capture_frame: 812 }]);
}

// Seen red: indexing a hardware channel that the device does not have panics.
#[test]
fn a_channel_that_the_device_does_not_have_is_silence() {
    let (mut taps, mut readers, _log) = Taps::new(&[&[1, 9]], 48_000, 1, 0);
    taps.take(&[&[0.5; 4]], 0, 4);
    assert_eq!(drain(&mut readers[0]), [0.5, 0.0, 0.5, 0.0, 0.5, 0.0, 0.5, 0.0]);
}
