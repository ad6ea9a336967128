//! What an export is, to the sample and to the last bit.

mod common;

use common::{names, with_song, write_noise};
use dawg_tests::Program;
use dawg_tests::signal::{click_at, first_difference, first_nonzero, read_wav, write_wav_24};

#[track_caller]
fn exported(program: &Program, options: &[&str]) -> Vec<Vec<f32>> {
    program.run(&[&["export", "s.dawg", "out.wav"], options].concat()).success();
    read_wav(program.path("out.wav")).planar
}

#[track_caller]
fn assert_same(original: &[f32], copy: &[f32]) {
    assert_eq!((original.len(), first_difference(original, copy)), (copy.len(), None));
}

/// Seen red: with `--depth` 16 as the default, the first sample already differs.
#[test]
fn a_stereo_file_comes_out_to_the_last_bit() {
    let program = with_song();
    let original = write_noise(&program, "beat.wav", 48_000, 2, 50_001);
    program.run(&["import", "s.dawg", "beat.wav"]).success();
    let out = exported(&program, &[]);
    assert_eq!(read_wav(program.path("out.wav")).bits, 24);
    assert_same(&original[0], &out[0]);
    assert_same(&original[1], &out[1]);
}

/// Seen red: with a stereo track for every file, a mono file comes out at full level on both sides.
#[test]
fn a_mono_file_comes_out_3_db_lower_on_each_side() {
    let program = with_song();
    let original = write_noise(&program, "voice.wav", 48_000, 1, 10_000);
    program.run(&["import", "s.dawg", "voice.wav"]).success();
    let out = exported(&program, &["--depth", "32f"]);
    let lower: Vec<f32> = original[0].iter().map(|sample| sample * std::f32::consts::FRAC_1_SQRT_2).collect();
    assert_same(&lower, &out[0]);
    assert_same(&lower, &out[1]);
}

/// Seen red: with `--at` passed over, the second impulse lands on the first.
#[test]
fn an_impulse_lands_where_it_was_put() {
    let program = with_song();
    let click = click_at(48_000, 24_000);
    write_wav_24(program.path("click.wav"), 48_000, &[click.clone(), click]);
    program.run(&["import", "s.dawg", "click.wav"]).success();
    assert_eq!(first_nonzero(&exported(&program, &[])[0]), Some(24_000));
    program.run(&["undo", "s.dawg"]).success();
    // At 120 beats a minute bar 3 starts at 4 s.
    program.run(&["import", "s.dawg", "click.wav", "--at", "3|1|0"]).success();
    assert_eq!(first_nonzero(&exported(&program, &[])[0]), Some(4 * 48_000 + 24_000));
}

/// Seen red: with the whole song exported whatever `--range` says.
#[test]
fn a_range_has_exactly_its_samples() {
    let program = with_song();
    let original = write_noise(&program, "beat.wav", 48_000, 2, 48_000);
    program.run(&["import", "s.dawg", "beat.wav"]).success();
    let out = exported(&program, &["--range", "10001smp..0:00.5"]);
    assert_same(&original[0][10_001..24_000], &out[0]);
    let report = program.run(&["export", "s.dawg", "out.wav", "--range", "0.9s..1.5s", "--json"]).json();
    assert_eq!((&report["frames"], &report["seconds"]), (&28_800.into(), &0.6.into()));
    for (range, reason) in [("1s..1s", "ends before"), ("1s", "is no range"), ("0..1:99", "60 or more")] {
        assert!(program.run(&["export", "s.dawg", "out.wav", "--range", range]).refusal(1).contains(reason));
    }
}

/// Seen red: with the ending compared as it is typed, b.FLAC is of unknown kind.
#[test]
fn every_kind_is_made_and_told() {
    let program = with_song();
    write_noise(&program, "beat.wav", 48_000, 2, 24_000);
    program.run(&["import", "s.dawg", "beat.wav"]).success();
    for (out, options) in [("a.flac", &[][..]), ("b.FLAC", &["--depth", "16"]), ("c.mp3", &["--kbps", "128"])]
    {
        let report = program.run(&[&["export", "s.dawg", out, "--json"], options].concat()).json();
        assert!(report["peak_db"].as_f64().unwrap().abs() < 1.0, "{report}");
        assert!(report["lufs"].is_number() && report["clipped"] == 0, "{report}");
    }
    program.run(&["new", "silent.dawg"]).success();
    assert!(program.run(&["export", "silent.dawg", "x.wav"]).refusal(1).contains("nothing to render"));
    let silence = program.run(&["export", "silent.dawg", "x.wav", "--range", "0..1s", "--json"]).json();
    assert!(silence["peak_db"].is_null() && silence["lufs"].is_null());
}

/// Seen red: without `refuse_sources`, the last one replaces the beat with the mix of itself.
#[test]
fn impossible_exports_are_refused_and_leave_nothing() {
    let program = with_song();
    write_noise(&program, "beat.wav", 48_000, 2, 1_000);
    program.run(&["import", "s.dawg", "beat.wav"]).success();
    std::fs::write(program.path("old.wav"), "what was there").unwrap();
    let before = names(&program, ".");
    let bad: [(&[&str], &str); 8] = [
        (&["nowhere/mix.wav"], "Make it first"),
        (&["mix.ogg"], "end in .wav, .mp3 or .flac"),
        (&["mix"], "end in .wav, .mp3 or .flac"),
        (&["mix.flac", "--depth", "32f"], "cannot hold floats"),
        (&["mix.mp3", "--depth", "16"], "no depth"),
        (&["mix.mp3", "--kbps", "7"], "kbit"),
        (&["old.wav", "--range", "2|9|0..3s"], "beat"),
        (&["s.dawg/audio/beat.wav"], "must not replace"),
    ];
    for (arguments, reason) in bad {
        let said = program.run(&[&["export", "s.dawg"], arguments].concat()).refusal(1).to_owned();
        assert!(said.contains(reason), "{said}");
    }
    assert_eq!(names(&program, "."), before);
    assert_eq!(std::fs::read(program.path("old.wav")).unwrap(), b"what was there");
}
