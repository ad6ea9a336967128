//! Laws of what is in sight.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Instant;

use dawg_dsp::pitch::Estimate;
use dawg_dsp::pitch::tuning::Tuning;
use dawg_engine::pitch::Heard;
use dawg_session::{Name, Session, SongId, Tempo, TrackId};
use egui::vec2;

use super::*;

const FRAME: f32 = 1.0 / 60.0;

/// A history in which these keys of the piano were sung, and time that goes on.
struct Singer {
    history: History,
    heard: VecDeque<Heard>,
    song: Arc<Session>,
}

impl Singer {
    fn new() -> Self {
        let song = Session::new(SongId::fresh(), Name::new("s").unwrap(), 48_000, Tempo::DEFAULT);
        let history = History::of(TrackId::fresh(), Tuning::default());
        Self { history, heard: VecDeque::new(), song: Arc::new(song) }
    }

    fn sing(&mut self, key: f32, estimates: u64) {
        for _ in 0..estimates {
            let number = self.heard.len() as u64;
            let frequency = 440.0 * ((key - 69.0) / 12.0).exp2();
            let estimate = Estimate { number, frequency, confidence: 0.9, voiced: true };
            let at = Instant::now();
            self.heard.push_back(Heard { estimate, level: 0.1, position: 0, rolling: false, at });
        }
        self.history.take_in(&self.heard, &self.song);
    }
}

fn rect() -> Rect {
    Rect::from_min_size(pos2(252.0, 460.0), vec2(1_028.0, 260.0))
}

/// Seen red: the view set to where the voice is.
#[test]
fn the_view_rests_while_the_voice_stays_in_its_middle_then_glides() {
    let (mut singer, mut reach) = (Singer::new(), Reach::default());
    reach.fit(rect().height());
    singer.sing(57.0, 50);
    assert!(!reach.follow(&singer.history, FRAME), "the first note is there at once");
    let home = reach.field(rect(), 1.0).y(57.0);
    assert!((home - rect().center().y).abs() < 0.01);
    singer.sing(61.0, 50);
    assert!(!reach.follow(&singer.history, FRAME));
    assert_eq!(reach.field(rect(), 1.0).y(57.0).to_bits(), home.to_bits(), "a third up moves nothing");
    singer.sing(72.0, 50);
    let mut last = reach.field(rect(), 1.0).y(57.0);
    let mut frames = 0;
    while reach.follow(&singer.history, FRAME) {
        let now = reach.field(rect(), 1.0).y(57.0);
        assert!(now >= last, "one way");
        (last, frames) = (now, frames + 1);
    }
    assert!((2..=9).contains(&frames), "{frames} frames: no jump, and within 150 ms");
    assert!(rect().contains(pos2(300.0, reach.field(rect(), 1.0).y(72.0))));
}

/// Seen red: a view that follows the voice while a person looks elsewhere.
#[test]
fn what_a_person_looks_at_stays_until_they_come_back() {
    let (mut singer, mut reach) = (Singer::new(), Reach::default());
    reach.fit(rect().height());
    singer.sing(57.0, 400);
    reach.follow(&singer.history, FRAME);
    reach.pan(-3.0, 0.5);
    let looked = reach.field(rect(), 1.0);
    let (x, y) = (looked.x(200.0), looked.y(57.0));
    singer.sing(74.0, 200);
    reach.follow(&singer.history, FRAME);
    let field = reach.field(rect(), 1.0);
    assert!((field.x(200.0) - x).abs() < 0.01 && (field.y(57.0) - y).abs() < 0.01);
    reach.come_back();
    reach.follow(&singer.history, 10.0);
    assert!(!reach.is_away());
    assert!(rect().contains(pos2(300.0, reach.field(rect(), 1.0).y(74.0))));
    assert!((reach.field(rect(), 1.0).at_now - 600.0).abs() < 0.01, "now is at the line of now");
}

#[test]
fn what_is_zoomed_around_stays_where_it_is() {
    let mut reach = Reach::default();
    reach.fit(rect().height());
    let before = reach.field(rect(), 1.0).y(64.0);
    reach.zoom_keys(0.5, 64.0);
    let field = reach.field(rect(), 1.0);
    assert!((field.y(64.0) - before).abs() < 0.01);
    assert!((field.keys(field.y(64.3)) - 64.3).abs() < 1e-3);
    for _ in 0..100 {
        reach.zoom_keys(0.5, 64.0);
        reach.zoom_time(0.5);
        reach.pan(40.0, -5.0);
    }
    let field = reach.field(rect(), 1.0);
    assert!(field.row.is_finite() && field.points.is_finite() && *field.rows().end() <= 127);
}
