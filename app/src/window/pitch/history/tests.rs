//! Laws of the line of time.

use std::time::Instant;

use dawg_session::{Name, SongId, Tempo};

use super::*;

fn song() -> Arc<Session> {
    // A bar lasts two seconds.
    Arc::new(Session::new(SongId::fresh(), Name::new("s").unwrap(), 48_000, Tempo::from_bpm(120.0).unwrap()))
}

/// What is heard, and the history that takes it in.
struct Singer {
    heard: VecDeque<Heard>,
    history: History,
    song: Arc<Session>,
    number: u64,
    position: Option<i64>,
}

impl Singer {
    fn new() -> Self {
        let history = History::of(TrackId::fresh(), Tuning::default());
        Self { heard: VecDeque::new(), history, song: song(), number: 0, position: None }
    }

    /// So many estimates at a pitch in Hz; 0 is silence.
    fn sing(&mut self, estimates: u64, frequency: f32) {
        for _ in 0..estimates {
            let voiced = frequency > 0.0;
            let estimate = Estimate { number: self.number, frequency, confidence: 0.9, voiced };
            let (position, rolling) = (self.position.unwrap_or(0), self.position.is_some());
            self.heard.push_back(Heard { estimate, level: 0.1, position, rolling, at: Instant::now() });
            self.number += 1;
            self.position = self.position.map(|position| position + 240);
        }
        self.history.take_in(&self.heard, &self.song);
    }

    fn marks(&self) -> Vec<(u64, Mark)> {
        self.history.marks().collect()
    }
}

/// Seen red: every moment kept.
#[test]
fn a_long_silence_is_folded_while_the_song_stands() {
    let mut singer = Singer::new();
    singer.sing(1_000, 0.0);
    assert_eq!((singer.history.end(), singer.history.runs()), (0, false), "nothing was sung yet");
    singer.sing(200, 220.0);
    assert!(singer.history.runs());
    singer.sing(u64::from(HELD), 0.0);
    let end = singer.history.end();
    assert_eq!(end, 200 + u64::from(HELD));
    singer.sing(20_000, 0.0);
    assert_eq!((singer.history.end(), singer.history.runs()), (end, false), "time stands");
    singer.sing(10, 220.0);
    assert_eq!(singer.history.end(), end + 10);
    assert!(singer.marks().contains(&(end, Mark::Fold)));
}

/// Seen red: the bar that ends taken for the one that begins.
#[test]
fn bars_stand_where_they_begin() {
    let mut singer = Singer::new();
    for _ in 0..600 {
        let estimate = Estimate { number: singer.number, frequency: 220.0, confidence: 0.9, voiced: true };
        let position = 95_000 + singer.number as i64 * 240;
        singer.heard.push_back(Heard { estimate, level: 0.1, position, rolling: true, at: Instant::now() });
        singer.number += 1;
    }
    singer.history.take_in(&singer.heard, &singer.song);
    let bars: Vec<(u64, Mark)> =
        singer.marks().into_iter().filter(|(_, mark)| matches!(mark, Mark::Bar(_))).collect();
    // Bar 2 begins at frame 96,000, 1,000 frames or five moments after the first.
    assert_eq!(bars, [(5, Mark::Bar(2)), (405, Mark::Bar(3))]);
}

/// Seen red: a jump taken for a bar line alone; notes that may still change left in the list.
#[test]
fn a_jump_of_the_song_is_marked_and_ends_a_note() {
    let mut singer = Singer::new();
    singer.position = Some(0);
    singer.sing(100, 220.0);
    singer.position = Some(480_000);
    singer.sing(100, 220.0);
    assert!(singer.marks().contains(&(100, Mark::Fold)), "{:?}", singer.marks());
    let notes: Vec<f64> = singer.history.notes().map(|note| note.start).collect();
    assert_eq!(notes.len(), 2, "{notes:?}");
}

/// What may still change is replaced, not shown twice.
///
/// Seen red: pending notes left in the list.
#[test]
fn a_note_that_is_sung_is_one_note_however_often_one_looks() {
    let mut singer = Singer::new();
    for _ in 0..40 {
        singer.sing(10, 246.94);
    }
    let notes: Vec<SungNote> = singer.history.notes().copied().collect();
    assert_eq!(notes.len(), 1, "{notes:?}");
    assert!(notes[0].end - notes[0].start > 1.8, "{notes:?}");
}

/// A device that is opened again counts from 0: what was sung stays.
///
/// Seen red: what counts anew taken for what is known already.
#[test]
fn what_counts_anew_goes_on() {
    let mut singer = Singer::new();
    singer.sing(200, 220.0);
    singer.heard.clear();
    singer.number = 0;
    singer.sing(100, 247.0);
    assert_eq!(singer.history.end(), 300);
    assert!(singer.marks().contains(&(200, Mark::Fold)));
}

/// Seen red: another reference pitch passed by.
#[test]
fn another_reference_pitch_moves_what_was_sung() {
    let mut singer = Singer::new();
    singer.sing(200, 440.0);
    assert_eq!(singer.history.at(100).map(|moment| moment.keys), Some(69.0));
    singer.history.retune(Tuning { a4: Hertz(415.305) });
    let keys = singer.history.at(100).map(|moment| moment.keys.round());
    assert_eq!(keys, Some(70.0));
    assert_eq!(singer.history.notes().count(), 1);
}

/// Seen red: the oldest kept.
#[test]
fn a_minute_is_kept() {
    let mut singer = Singer::new();
    for _ in 0..70 {
        singer.sing(200, 220.0);
        singer.heard.clear();
    }
    let history = &singer.history;
    assert_eq!(history.end() - history.start(), MOST as u64);
    assert!(singer.marks().first().is_some_and(|(at, _)| *at >= history.start()));
}
