//! “Keep what I just sang”: what came in before anybody pressed Record lies where it was sung, to the sample, whatever
//! the transport did and whatever the blocks are.
//!
//! The song is noise of which no two samples are alike, and a cable brings back what is played 777 frames later: so
//! what was kept must be the song itself where it is placed, and each sample tells where it belongs.
#![allow(clippy::unwrap_used, reason = "tests")]

#[path = "retrospect/studio.rs"]
mod studio;

use assert_no_alloc::AllocDisabler;
use dawg_engine::KeepError;
use dawg_engine::capture::{keep, recover, take};
use dawg_engine::retrospect::Still;
use dawg_media::wav::SampleFormat;
use dawg_session::{Access, Edit, Input, Layout, Store, apply_all, now_ms};
use proptest::prelude::*;
use studio::{CABLE, FADE, Studio, Window, places, stored, studio, sung, taken, windows};

#[global_allocator]
static GUARD: AllocDisabler = AllocDisabler;

// Seen red: with the turn noted one frame late (`self.at + 1` in `note`).
#[test]
fn while_the_song_rolls_all_since_it_began_is_kept_in_its_place() {
    for block in [32, 64, 100, 441, 777] {
        let mut studio = studio(&[block]);
        studio.run(10_001);
        studio.engine.play(Some(5_000));
        studio.run(30_000);
        let kept = studio.keep(None);
        assert_eq!((kept.channels[0].len(), kept.latency, kept.still), (30_000, 777, None));
        let windows = windows(&kept);
        assert_eq!(places(&windows), [(5_000, 30_000 - CABLE)]);
        studio.assert_song(&windows[0], (0, 0));
    }
}

// Seen red: with only the motion compared in `hear` all passes are one, stretched over the loop.
#[test]
fn each_pass_of_a_loop_is_a_segment_without_a_lost_sample_between() {
    let mut studio = studio(&[64, 333, 32]);
    studio.loops(10_007, 13_011);
    studio.engine.play(Some(9_000));
    studio.run(1_007 + 5 * 3_004 + 1_500);
    let windows = windows(&studio.keep(None));
    let passes = std::iter::repeat_n((10_007, 3_004), 4);
    let all: Vec<_> = [(9_000, 4_011)].into_iter().chain(passes).chain([(10_007, 1_500 - CABLE)]).collect();
    assert_eq!(places(&windows), all);
    windows.iter().for_each(|window| studio.assert_song(window, (0, 0)));
}

// Seen red: with only the motion compared in `hear` what was sung after the jump lies where it would have been without.
#[test]
fn a_locate_splits_and_nothing_is_stretched() {
    let mut studio = studio(&[256]);
    studio.engine.play(Some(0));
    studio.run(20_000);
    studio.engine.locate(70_000);
    studio.run(20_000);
    let windows = windows(&studio.keep(None));
    let after = 20_000 - FADE;
    assert_eq!(places(&windows), [(0, 20_000 + FADE), (70_000, after - CABLE)]);
    studio.assert_song(&windows[0], (0, FADE));
    studio.assert_song(&windows[1], (FADE, 0));
}

// Seen red: without the latency added to `capture_frame` in `at_playhead` it ends 777 frames early.
#[test]
fn what_was_sung_while_the_song_stood_still_ends_at_the_playhead() {
    let mut studio = studio(&[128, 1_024]);
    studio.engine.locate(60_000);
    studio.run(5_000);
    let at = studio.sing(30_000);
    let kept = studio.keep(Some(30_000.0 / 48_000.0));
    assert_eq!(kept.still, Some(Still::AtPlayhead));
    let all: Vec<f32> = (at..at + 30_000).map(sung).collect();
    assert_eq!(windows(&kept), [Window { start: 30_000, samples: all }]);
    // All since the stop is longer than the song up to the playhead: cut there, whole in the file.
    let at = studio.sing(50_000);
    let kept = studio.keep(None);
    assert_eq!(kept.still, Some(Still::Cut));
    let all: Vec<f32> = (at - 10_000..at + 50_000).map(sung).collect();
    assert_eq!(windows(&kept), [Window { start: 0, samples: all }]);
    assert!(kept.channels[0].len() >= 85_000);
}

// Seen red: with `playhead <= 0` left out of `at_playhead` there is no take of it at all.
#[test]
fn at_the_start_of_the_song_it_begins_there() {
    let mut studio = studio(&[256]);
    let at = studio.sing(30_000);
    let kept = studio.keep(Some(20_000.0 / 48_000.0));
    assert_eq!(kept.still, Some(Still::AtStart));
    let all: Vec<f32> = (at + 10_000..at + 30_000).map(sung).collect();
    assert_eq!(windows(&kept), [Window { start: 0, samples: all }]);
}

// Seen red: with what came in since the stop always taken, the keep is a second of silence over the take's end.
#[test]
fn who_sang_to_the_song_and_stopped_means_what_was_sung_to_it() {
    let mut studio = studio(&[256]);
    studio.loops(20_000, 40_000);
    studio.engine.play(Some(20_000));
    studio.run(50_000);
    studio.engine.stop();
    studio.run(48_000);
    let kept = studio.keep(None);
    assert_eq!(kept.still, None);
    let windows = windows(&kept);
    // With what was still on its way at the stop, and no more.
    assert_eq!(places(&windows), [(20_000, 20_000), (20_000, 20_000), (20_000, 10_000 + FADE)]);
    assert_eq!(kept.channels[0].len(), 50_000 + FADE + CABLE);
    windows[..2].iter().for_each(|window| studio.assert_song(window, (0, 0)));
    studio.assert_song(&windows[2], (0, FADE));
    // Sung since then: that, ending at the playhead.
    let at = studio.sing(26_000);
    let kept = studio.keep(None);
    assert_eq!(kept.still, Some(Still::Cut));
    assert_eq!(kept.channels[0].last(), Some(&sung(at + 25_999)));
}

// Seen red: with the segment of the running pass begun at the first kept frame (`from` without the latency) the first
// 777 frames are in the file and not in the take.
#[test]
fn the_last_seconds_may_begin_within_a_pass_and_hold_rolls_and_rests() {
    let mut studio = studio(&[64]);
    studio.engine.play(Some(0));
    studio.run(48_000);
    let within = windows(&studio.keep(Some(0.5)));
    assert_eq!(places(&within), [(24_000 - CABLE as i64, 24_000)]);
    studio.assert_song(&within[0], (0, 0));
    studio.engine.stop();
    studio.run(4_800);
    let at = studio.sing(25_000);
    let kept = studio.keep(Some(1.0));
    let windows = windows(&kept);
    let rolled = 48_000 - (4_800 + 25_000);
    let place = 48_000 + FADE as i64;
    assert_eq!(kept.still, Some(Still::AtPlayhead));
    let alone = 4_800 - FADE + 25_000;
    assert_eq!(
        places(&windows),
        [(48_000 - (rolled + CABLE) as i64, rolled + CABLE + FADE), (place - alone as i64, alone)]
    );
    studio.assert_song(&windows[0], (0, FADE));
    assert_eq!(windows[1].samples.last(), Some(&sung(at + 24_999)));
}

// Seen red: with the turn noted one frame late.
#[test]
fn a_count_in_is_kept_with_its_roll_and_is_no_part_of_the_take() {
    let mut studio = studio(&[64]);
    studio.run(9_000);
    studio.engine.roll(Some(24_000), 12_000, None);
    studio.run(30_000);
    let kept = studio.keep(None);
    assert_eq!(kept.channels[0].len(), 30_000);
    assert_eq!(places(&windows(&kept)), [(24_000, 18_000 - CABLE)]);
    studio.assert_song(&windows(&kept)[0], (0, 0));
}

// Seen red: with the earliest of the channels' first frames taken (`min` in `first`) one side holds what it never heard.
#[test]
fn both_sides_of_a_stereo_track_are_aligned() {
    let mut studio = studio(&[256]);
    studio.run(5_000);
    let stereo = studio.song.track("Choir", Layout::STEREO);
    studio.edit(&[
        Edit::SetTrackInput { track: stereo, input: "2+1".parse::<Input>().unwrap() },
        Edit::SetTrackArm { track: stereo, arm: true },
    ]);
    studio.sing(10_000);
    let kept = studio.engine.keep(&[2, 1], None, 0).unwrap();
    assert_eq!(kept.channels[0].len(), 10_000, "from when the second channel was armed");
    assert!(kept.channels[0].iter().zip(&kept.channels[1]).all(|(right, left)| *right == -left));
    assert!(studio.keep(None).channels[0].len() > 10_000, "the first channel has more");
}

#[test]
fn what_cannot_be_kept_is_told() {
    let mut studio = studio(&[256]);
    let keep =
        |studio: &mut Studio, input: &[u16], seconds| studio.engine.keep(input, seconds, 0).unwrap_err();
    assert_eq!(keep(&mut studio, &[1], None), KeepError::Nothing);
    studio.sing(1_000);
    assert_eq!(keep(&mut studio, &[1, 2], None), KeepError::NotListened { channel: 2 });
    assert_eq!(keep(&mut studio, &[], None), KeepError::NoInput);
    for seconds in [0.0, -1.0, f64::INFINITY] {
        assert_eq!(keep(&mut studio, &[1], Some(seconds)), KeepError::Seconds(seconds));
    }
    assert!(matches!(keep(&mut studio, &[1], Some(f64::NAN)), KeepError::Seconds(_)));
    assert_eq!(studio.engine.keep(&[1], Some(1e18), 0).unwrap().channels[0].len(), 1_000);
    studio.engine.set_retrospect(1_000);
    assert!(studio.engine.retrospect().channels.is_empty());
    assert_eq!(keep(&mut studio, &[1], None), KeepError::Off { bytes: 1_000 });
    studio.engine.set_retrospect(dawg_engine::retrospect::BUDGET);
    let reading = studio.engine.retrospect();
    assert_eq!((reading.seconds_each, reading.bytes), (120.0, 120 * 48_000 * 4));
    studio.arm(false);
    studio.run(1_000);
    assert_eq!(keep(&mut studio, &[1], None), KeepError::NotArmed);
}

#[derive(Debug, Clone)]
enum Deed {
    Play(Option<i64>),
    Stop,
    Locate(i64),
    Run(usize),
    Loop(i64, i64),
    Edit,
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let run = || (1_usize..6_000).prop_map(Deed::Run);
    let deed = prop_oneof![
        (0_i64..60_000).prop_map(|from| Deed::Play(Some(from))),
        Just(Deed::Play(None)),
        Just(Deed::Stop),
        (0_i64..60_000).prop_map(Deed::Locate),
        (0_i64..50_000, 480_i64..4_000).prop_map(|(start, length)| Deed::Loop(start, start + length)),
        Just(Deed::Edit),
    ];
    let pair = (deed, run()).prop_map(|(deed, run)| vec![deed, run]);
    prop::collection::vec(pair, 1..12).prop_map(|pairs| pairs.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    // Seen red: with only the motion compared in `hear`, and the turn noted one frame late.
    #[test]
    fn whatever_the_transport_does_each_kept_sample_lies_where_it_was_played(
        deeds in deeds(),
        blocks in prop::collection::vec(1_usize..1_024, 1..5),
        seconds in prop::sample::select(vec![0.05, 0.3, 1.0]),
    ) {
        let mut studio = studio(&blocks);
        studio.engine.play(Some(0));
        studio.run(2_000);
        for deed in deeds {
            match deed {
                Deed::Play(from) => studio.engine.play(from),
                Deed::Stop => studio.engine.stop(),
                Deed::Locate(to) => studio.engine.locate(to),
                Deed::Run(frames) => studio.run(frames),
                Deed::Loop(start, end) => studio.loops(start, end),
                Deed::Edit => {
                    studio.song.track("Another", Layout::MONO);
                    studio.edit(&[]);
                }
            }
        }
        let kept = studio.keep(Some(seconds));
        let windows = windows(&kept);
        let rolled = windows.len() - usize::from(kept.still.is_some());
        for window in &windows[..rolled] {
            studio.assert_song(window, (FADE, FADE));
        }
    }
}

// Seen red: with the row's `started_ms` left at the moment of keeping.
#[test]
fn what_was_kept_becomes_takes_on_disk() {
    let mut studio = studio(&[256]);
    studio.loops(10_000, 20_000);
    studio.engine.play(Some(10_000));
    studio.run(25_000);
    let kept = studio.keep(None);
    let store = stored(&studio);
    let recorded =
        keep(&studio.song.session, &store, &[(studio.vocal, kept.clone())], SampleFormat::Float32).unwrap();
    let track = &recorded.tracks[0];
    assert_eq!((track.row.frames, track.lost, &track.error), (25_000, 0, &None));
    let peaks = dawg_media::peaks::file_for(&store.folder().join("peaks"), &track.row.media.to_string());
    assert!(peaks.exists());
    let edits = take::edits(&studio.song.session, &track.row).unwrap().edits;
    let session = apply_all(&studio.song.session, &edits).unwrap().session;
    let first = session
        .track(studio.vocal)
        .unwrap()
        .lanes
        .iter()
        .filter_map(|lane| lane.take)
        .min_by_key(|take| take.number);
    let ago = now_ms() - first.unwrap().at_ms;
    assert!((520..60_000).contains(&ago), "sung {ago} ms ago, and it was 521 ms long");
    let mut taken = taken(&session, store.folder(), studio.vocal);
    taken.sort_by_key(|window| (window.start, window.samples.len()));
    assert_eq!(places(&taken), [(10_000, 5_000 - CABLE), (10_000, 10_000), (10_000, 10_000)]);
    taken.iter().for_each(|window| studio.assert_song(window, (0, 0)));
}

// Seen red: with the row committed after the file was written.
#[test]
fn what_was_being_kept_at_a_crash_is_a_take_at_the_next_opening() {
    let mut studio = studio(&[256]);
    studio.engine.play(Some(10_000));
    studio.run(25_000);
    let kept = studio.keep(None);
    let store = stored(&studio);
    let folder = store.folder().to_owned();
    let recorded =
        keep(&studio.song.session, &store, &[(studio.vocal, kept)], SampleFormat::Float32).unwrap();
    // The file as far as it was when the program was killed; nothing became of the capture.
    let file = folder.join("audio").join(&recorded.tracks[0].row.file);
    let length = std::fs::metadata(&file).unwrap().len();
    std::fs::OpenOptions::new().write(true).open(&file).unwrap().set_len(length - 4 * 5_000).unwrap();
    drop(store);
    let opened = Store::open(&folder, Access::Write).unwrap();
    assert_eq!(opened.unfinished[0].frames, 0, "the row was there before the first sample");
    let recovered = recover(opened.document.session(), &folder.join("audio"), opened.unfinished);
    let session = apply_all(opened.document.session(), &recovered.edits).unwrap().session;
    let taken = taken(&session, &folder, studio.vocal);
    assert_eq!(places(&taken), [(10_000, 20_000 - CABLE)]);
    studio.assert_song(&taken[0], (0, 0));
}
