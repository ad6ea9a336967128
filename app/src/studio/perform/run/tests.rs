//! A song of 120 beats a minute at 48 kHz: a bar is 96,000 frames.

use dawg_session::{LoopRange, Name, Position, PunchRange, RollTime, Session, SongId, Tempo};

use super::*;

const BAR: i64 = 96_000;

fn song(punch: Option<(i64, i64)>, round: Option<(i64, i64)>) -> Session {
    let tempo = Tempo::from_bpm(120.0).unwrap_or(Tempo::DEFAULT);
    let Ok(name) = Name::new("Song") else { unreachable!() };
    let mut song = Session::new(SongId::fresh(), name, 48_000, tempo);
    let at = |bars: i64| Position::Samples(bars * BAR);
    if let Some((start, end)) = punch {
        let rolls = (RollTime::Bars(2), RollTime::Bars(1));
        song.punch =
            PunchRange { on: true, start: at(start), end: at(end), pre_roll: rolls.0, post_roll: rolls.1 };
    }
    if let Some((start, end)) = round {
        song.loop_range = LoopRange { on: true, start: at(start), end: at(end) };
    }
    song
}

fn bars(run: &Run) -> (i64, Option<i64>, bool) {
    (run.from / BAR, run.until.map(|until| until / BAR), run.counts)
}

// Seen red: with the playhead in the place of the pre-roll's start.
#[test]
fn a_punch_rolls_from_before_its_range_to_after_it_wherever_the_playhead_stands() {
    let mut song = song(Some((4, 6)), None);
    for playhead in [0, 5 * BAR, 40 * BAR] {
        let run = Run::of(&song, playhead);
        assert_eq!(bars(&run), (2, Some(7), false), "{playhead}");
        assert_eq!(run.punch, Punch::Range(4 * BAR, 6 * BAR));
    }
    song.punch.pre_roll = RollTime::Bars(0);
    assert_eq!(bars(&Run::of(&song, 0)), (4, Some(7), true), "without a pre-roll it is counted in");
    song.punch.start = Position::START;
    song.punch.pre_roll = RollTime::Bars(2);
    assert_eq!(bars(&Run::of(&song, 0)), (0, Some(7), true), "there is nothing before the song's start");
}

// Seen red: with `until` as without a loop, a recording into a loop stops at the end of its first pass.
#[test]
fn a_punch_within_a_loop_goes_round_and_one_beside_it_is_not_caught_by_it() {
    let within = Run::of(&song(Some((4, 6)), Some((2, 8))), 30 * BAR);
    assert_eq!(bars(&within), (2, None, true));
    let across = Run::of(&song(Some((6, 10)), Some((2, 8))), 0);
    assert_eq!(bars(&across), (2, None, true));
    let behind = Run::of(&song(Some((4, 6)), Some((0, 3))), 0);
    assert_eq!(bars(&behind), (3, Some(7), false), "a pre-roll that began in the loop would never leave it");
    let before = Run::of(&song(Some((4, 6)), Some((6, 8))), 0);
    assert_eq!(bars(&before), (2, Some(6), false), "the loop begins with the post-roll");
}

// Seen red: with the playhead taken as it is.
#[test]
fn into_a_loop_one_records_from_its_start() {
    let song = song(None, Some((2, 8)));
    assert_eq!(bars(&Run::of(&song, 5 * BAR)), (2, None, true));
    assert_eq!(bars(&Run::of(&song, BAR)), (2, None, true));
    assert_eq!(bars(&Run::of(&song, 9 * BAR)), (2, None, true));
}

// Seen red: with the loop left out, a loop that leads back to the range is refused.
#[test]
fn a_range_that_has_gone_by_is_known() {
    let gone = |song: &Session, bar: i64| is_past(song, bar * BAR);
    let plain = song(Some((4, 6)), None);
    assert!(!gone(&plain, 3) && !gone(&plain, 5) && gone(&plain, 6) && gone(&plain, 9));
    let round = song(Some((4, 6)), Some((2, 8)));
    assert!(!gone(&round, 7) && gone(&round, 8));
    assert!(gone(&song(Some((4, 6)), Some((6, 8))), 7));
    assert!(!gone(&song(None, None), 7));
}
