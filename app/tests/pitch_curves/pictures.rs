//! Pictures for the eye, to be held beside the sketch.

use std::path::Path;
use std::sync::Arc;

use ai_dawg::intake::{layout_for, new_track};
use ai_dawg::studio::command::Command;
use ai_dawg::studio::preferences::Theme;
use dawg_session::{
    Comp, CompId, FadeShape, Joint, Key, Lane, LaneId, Mode, Pick, Plays, Samples, Session, SongId, Take,
    Tempo,
};
use dawg_tests::sung::{Chance, Singer, Sung};
use egui::Event;

use super::desk::{Desk, bar, frame};
use super::stage::{Curves as _, RATE, at, media, name};

/// A verse in F♯ minor: key and quarters.
const VERSE: [(Option<f64>, f64); 26] = [
    (Some(57.0), 1.0),
    (Some(59.0), 1.0),
    (Some(61.0), 2.0),
    (None, 1.0),
    (Some(61.0), 1.0),
    (Some(62.0), 0.5),
    (Some(61.0), 0.5),
    (Some(59.0), 1.0),
    (Some(57.0), 3.0),
    (None, 1.0),
    (Some(54.0), 1.0),
    (Some(57.0), 1.0),
    (Some(64.0), 2.0),
    (Some(62.0), 1.0),
    (Some(61.0), 3.0),
    (None, 1.0),
    (Some(66.0), 2.0),
    (Some(64.0), 1.0),
    (Some(61.0), 1.0),
    (Some(59.0), 0.5),
    (Some(61.0), 0.5),
    (Some(59.0), 1.0),
    (Some(57.0), 3.0),
    (None, 1.0),
    (Some(54.0), 3.0),
    (None, 1.0),
];

/// The verse as somebody sings it on a better or worse day.
fn sung(number: u64, beside: f64) -> Vec<f32> {
    let mut chance = Chance::named(number, "a day");
    let quarter = 60.0 / 92.0;
    let notes: Vec<Sung> = VERSE
        .iter()
        .map(|(key, quarters)| Sung {
            key: key.map(|key| key + chance.normal() * beside / 100.0),
            seconds: quarters * quarter,
        })
        .collect();
    let singer = Singer::numbered(RATE, 3);
    singer.perform(&notes, 0.4, &mut chance).piece("verse").samples
}

/// Three takes in a comp, doubles, and a beat.
fn verse(folder: &Path) -> Session {
    let mut song =
        Session::new(SongId::fresh(), name("Midnight Verse"), RATE, Tempo::from_bpm(92.0).unwrap());
    song.key = Some(Key { tonic: 6, mode: Mode::Minor });
    let mut track = new_track(name("Lead vocal"), layout_for(1), 0, Vec::new());
    track.lanes.clear();
    for (number, beside) in [(3u32, 7.0), (2, 22.0), (1, 12.0)] {
        let called = format!("Take {number}");
        let media = media(&mut song, folder, &called, &[sung(u64::from(number), beside)]);
        let mut lane = Lane::new(LaneId::fresh(), name(&called));
        lane.clips.push(Arc::new(at(&media, bar(2))));
        lane.take = Some(Take { number, at_ms: 1_700_000_000_000 + i64::from(number) * 60_000 });
        track.lanes.push(Arc::new(lane));
    }
    let mut comp = Comp::new(CompId::fresh(), name("Comp A"));
    for (start, end, lane) in [(2, 5, 0usize), (5, 7, 2), (7, 11, 0)] {
        let (start, end) = (Samples(frame(&song, start)), Samples(frame(&song, end)));
        let lane = &track.lanes[lane];
        let joint = Joint::usual(RATE, FadeShape::EqualPower);
        comp.picks.push(Pick { start, end, lane: lane.id, name: lane.name.clone(), joint });
    }
    track.plays = Plays::Comp(comp.id);
    track.comps.push(Arc::new(comp));
    track.shows_lanes = true;
    song.tracks.push(Arc::new(track));
    let double = media(&mut song, folder, "Double L", &[sung(9, 10.0)]);
    let mut track = new_track(name("Doubles"), layout_for(1), 1, vec![at(&double, bar(2))]);
    track.input = "1".parse().unwrap();
    song.tracks.push(Arc::new(track));
    let mut chance = Chance::named(4, "beat");
    let beat = dawg_tests::sung::noise::beat(30 * RATE as usize, RATE, false, &mut chance);
    let beat = media(&mut song, folder, "Trap 92", &[beat.clone(), beat]);
    song.tracks.push(Arc::new(new_track(name("Beat"), layout_for(2), 2, vec![at(&beat, bar(1))])));
    song
}

/// From bar `from` to `to`.
fn show(desk: &mut Desk, from: i64, to: i64) {
    let (left, end) = (desk.bar(from), desk.bar(to));
    let timeline = &mut desk.window.state_mut().view_mut().timeline;
    (timeline.left, timeline.frames_per_point) =
        (left as f64, (end - left) as f64 / f64::from(timeline.width));
    desk.window.run_steps(2);
}

#[test]
#[ignore = "takes a minute and compares nothing"]
fn pictures() {
    for (theme, called) in [(Theme::Dark, "dark"), (Theme::Light, "light"), (Theme::HighContrast, "contrast")]
    {
        let mut desk = Desk::open([1_600.0, 1_000.0], theme, verse);
        desk.window.state_mut().view_mut().panels.track_height = 120.0;
        show(&mut desk, 1, 12);
        desk.show_curves();
        let on = desk.at(desk.bar(2) + 90_000, None, 0.6);
        desk.window.event(Event::PointerMoved(on));
        desk.window.run_steps(3);
        desk.until("all is found", |shell| shell.studio().jobs().running().next().is_none());
        desk.picture(&format!("pitch-{called}"));
        if theme != Theme::Dark {
            continue;
        }
        desk.window.state_mut().view_mut().panels.track_height = 72.0;
        show(&mut desk, 2, 4);
        desk.picture("pitch-near");
        show(&mut desk, -40, 120);
        desk.picture("pitch-far");
        let beat = desk.song().tracks[2].id;
        desk.window.state_mut().view_mut().selection.track = Some(beat);
        show(&mut desk, 1, 12);
        desk.until("the beat's", |shell| shell.studio().jobs().running().next().is_none());
        desk.picture("pitch-beat");
        desk.command(Command::ToggleCurves);
        desk.picture("pitch-off");
    }
}
