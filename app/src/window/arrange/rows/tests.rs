//! Rows stand where the song says, and are found again by where they stand.

use dawg_session::{LaneId, Layout, Name, SongId, Tempo};

use super::*;
use crate::intake::new_track;

fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

/// Three tracks; the middle one has four lanes, of which one is hidden.
fn song(shows: bool) -> Session {
    let mut song = Session::new(SongId::fresh(), name("s"), 48_000, Tempo::DEFAULT);
    for row in 0..3 {
        song.tracks.push(Arc::new(new_track(name("t"), Layout::MONO, row, Vec::new())));
    }
    let track = Arc::make_mut(&mut song.tracks[1]);
    for n in 2..5 {
        let mut lane = Lane::new(LaneId::fresh(), name(&format!("Take {n}")));
        lane.hidden = n == 3;
        track.lanes.push(Arc::new(lane));
    }
    track.shows_lanes = shows;
    song
}

// Seen red: with all rows in sight.
#[test]
fn every_row_is_found_where_it_stands() {
    let song = song(true);
    let mut rows = Rows::default();
    rows.follow(&song, 72.0, &Growing::default());
    let kinds: Vec<_> = rows.rows.iter().map(|row| (row.track, row.kind)).collect();
    let lane = Kind::Lane;
    assert_eq!(
        kinds,
        [(0, Kind::Track), (1, Kind::Track), (1, lane(0)), (1, lane(1)), (1, lane(3)), (2, Kind::Track)]
    );
    for row in &rows.rows {
        for y in [row.top, row.bottom() - 0.5] {
            assert_eq!(rows.at(y), Some(row));
        }
        let seen = rows.in_sight(row.height, row.top);
        assert_eq!(seen, [*row], "alone in a window just as high");
    }
    assert_eq!((rows.at(-1.0), rows.at(rows.height())), (None, None));
    assert_eq!(rows.group(1).unwrap().1, rows.of(2).unwrap().top, "what lies below the lanes is theirs");
}

#[test]
fn what_changes_moves_the_rows_below() {
    let mut rows = Rows::default();
    rows.follow(&song(false), 72.0, &Growing::default());
    let shut = rows.of(2).unwrap().top;
    assert_eq!(shut, 72.0 * 2.0 + CHOICE);
    let open = song(true);
    rows.follow(&open, 72.0, &Growing::default());
    assert!(rows.of(2).unwrap().top > shut + 3.0 * LANE.0);
    rows.follow(&open, 100.0, &Growing::default());
    assert_eq!(rows.of(1).unwrap().top, 100.0);
    assert_eq!(rows.gap_near(0.0), 0);
    assert_eq!(rows.gap_near(rows.height()), 3);
}

// Seen red: with the passes in the order in which they were sung.
#[test]
fn passes_that_are_sung_stand_above_the_lanes() {
    let song = song(true);
    let mut rows = Rows::default();
    let growing = Growing { tracks: vec![song.tracks[1].id], passes: 2 };
    rows.follow(&song, 72.0, &growing);
    let kinds: Vec<_> = rows.rows.iter().filter(|row| row.track == 1).map(|row| row.kind).collect();
    assert_eq!(kinds[..4], [Kind::Track, Kind::Pass(1), Kind::Pass(0), Kind::Lane(0)]);
}

// Seen red: with the rows of passes left out while the track's lanes are not shown.
#[test]
fn the_second_pass_of_the_first_recording_unfolds_its_track() {
    let song = song(false);
    let mut rows = Rows::default();
    let kinds = |rows: &Rows, track: usize| -> Vec<Kind> {
        rows.rows.iter().filter(|row| row.track == track).map(|row| row.kind).collect()
    };
    let growing = |track: usize, passes| Growing { tracks: vec![song.tracks[track].id], passes };
    rows.follow(&song, 72.0, &growing(0, 1));
    let before = rows.revision();
    assert_eq!(kinds(&rows, 0), [Kind::Track]);
    rows.follow(&song, 72.0, &growing(0, 2));
    assert_eq!(kinds(&rows, 0), [Kind::Track, Kind::Pass(1), Kind::Pass(0)]);
    assert_ne!(rows.revision(), before, "what is drawn by rows is drawn anew");
    rows.follow(&song, 72.0, &growing(1, 2));
    assert_eq!(kinds(&rows, 1), [Kind::Track], "whoever has hidden the takes wants them hidden");
}
