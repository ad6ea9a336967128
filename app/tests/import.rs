//! Taking files in, and what becomes of a song when one of them is not what it seems.

mod common;

use common::{info, names, with_song, write_noise};

/// Seen red: with `--at` passed over, the clips start at 0.
#[test]
fn each_file_becomes_a_track_named_after_it() {
    let program = with_song();
    write_noise(&program, "beat.wav", 48_000, 2, 1_000);
    write_noise(&program, "项目.wav", 48_000, 1, 500);
    program.run(&["import", "s.dawg", "beat.wav", "项目.wav", "--at", "1s"]).success();
    let info = info(&program);
    assert_eq!(
        (&info["tracks"][0]["name"], &info["tracks"][0]["layout"]),
        (&"beat".into(), &"stereo".into())
    );
    assert_eq!((&info["tracks"][1]["name"], &info["tracks"][1]["layout"]), (&"项目".into(), &"mono".into()));
    for (track, length) in [(0, 1_000), (1, 500)] {
        let clip = &info["tracks"][track]["lanes"][0]["clips"][0];
        assert_eq!(
            (&clip["start"], &clip["length"], &clip["missing"]),
            (&48_000.into(), &length.into(), &false.into())
        );
    }
    assert_eq!(info["length"]["samples"], 49_000);
    assert!(info["media"][0]["hash"].is_string());
}

/// Seen red: with `start` left as it was, the second clip covers the first.
#[test]
fn files_on_one_track_follow_each_other() {
    let program = with_song();
    write_noise(&program, "a.wav", 48_000, 1, 1_000);
    write_noise(&program, "b.wav", 48_000, 2, 500);
    let import = |files: &[&str]| {
        let arguments = [&["import", "s.dawg", "--track", "Voice"], files].concat();
        program.run(&arguments).success();
    };
    import(&["a.wav", "b.wav"]);
    import(&["a.wav"]);
    let info = info(&program);
    assert_eq!(info["tracks"].as_array().unwrap().len(), 1);
    let clips = info["tracks"][0]["lanes"][0]["clips"].as_array().unwrap();
    let starts: Vec<i64> = clips.iter().map(|clip| clip["start"].as_i64().unwrap()).collect();
    assert_eq!(starts, [0, 1_000, 1_500]);
}

/// Seen red: with `Intake`'s `Drop` emptied, good.wav and its peaks stay in the song's folder.
#[test]
fn one_bad_file_leaves_the_song_as_it_was() {
    let program = with_song();
    write_noise(&program, "good.wav", 48_000, 2, 1_000);
    let bytes = std::fs::read(program.path("good.wav")).unwrap();
    std::fs::write(program.path("empty.wav"), "").unwrap();
    std::fs::write(program.path("cut.wav"), &bytes[..bytes.len() / 2]).unwrap();
    std::fs::write(
        program.path("noise.wav"),
        (0..9_999_u32).map(|n| ((n * n) >> 3) as u8).collect::<Vec<_>>(),
    )
    .unwrap();
    std::fs::write(program.path("words.txt"), "la la la").unwrap();
    let bad = [
        ("empty.wav", "the file is empty"),
        ("cut.wav", "cut off"),
        ("noise.wav", "not a kind of audio file"),
        ("words.txt", "not a kind of audio file"),
        ("nowhere.wav", "no such file"),
        (".", "this is a folder"),
    ];
    for (file, reason) in bad {
        let said = program.run(&["import", "s.dawg", "good.wav", file]).refusal(1).to_owned();
        assert!(
            said.contains("the song stays as it was") && said.contains(file) && said.contains(reason),
            "{said}"
        );
    }
    let info = info(&program);
    assert_eq!((&info["seq"], info["tracks"].as_array().unwrap().len()), (&0.into(), 0));
    assert_eq!(names(&program, "s.dawg/audio"), [""; 0]);
    assert_eq!(names(&program, "s.dawg/peaks"), [""; 0]);
}

/// Seen red: with `--repair` not passed on, the file is refused all the same.
#[test]
fn repair_takes_what_is_there_of_a_cut_file() {
    let program = with_song();
    write_noise(&program, "whole.wav", 48_000, 1, 1_000);
    let bytes = std::fs::read(program.path("whole.wav")).unwrap();
    std::fs::write(program.path("cut.wav"), &bytes[..bytes.len() - 300]).unwrap();
    program.run(&["import", "s.dawg", "cut.wav"]).refusal(1);
    program.run(&["import", "s.dawg", "cut.wav", "--repair"]).success();
    assert_eq!(info(&program)["length"]["samples"], 900);
}

/// Seen red: with the rate taken without asking, the first song comes out at 44.1 kHz.
#[test]
fn another_rate_is_converted_or_becomes_the_songs() {
    let program = with_song();
    write_noise(&program, "cd.wav", 44_100, 2, 44_100);
    let offer = program.run(&["import", "s.dawg", "cd.wav"]);
    offer.success();
    assert!(offer.stderr.contains("--set-rate would set the song to 44100 Hz"), "{offer}");
    let converted = info(&program);
    assert_eq!(
        (&converted["sample_rate"], &converted["length"]["samples"]),
        (&48_000.into(), &48_000.into())
    );

    assert!(program.run(&["import", "s.dawg", "cd.wav", "--set-rate"]).refusal(1).contains("has audio"));
    assert_eq!(info(&program)["seq"], converted["seq"]);

    program.run(&["new", "cd.dawg"]).success();
    let set = program.run(&["import", "cd.dawg", "cd.wav", "--set-rate", "--json"]).json();
    assert_eq!((&set["sample_rate"], &set["files"][0]["copied"]), (&44_100.into(), &true.into()));
    program.run(&["undo", "cd.dawg"]).success();
    assert_eq!(program.run(&["info", "cd.dawg", "--json"]).json()["sample_rate"], 48_000);
}

/// Seen red: without `tell_of_channels`, nobody is told.
#[test]
fn more_than_two_channels_are_kept_and_told() {
    let program = with_song();
    write_noise(&program, "six.wav", 48_000, 6, 100);
    let import = program.run(&["import", "s.dawg", "six.wav"]);
    assert!(import.stderr.contains("six.wav has 6 channels"), "{import}");
    let info = info(&program);
    assert_eq!((&info["media"][0]["channels"], &info["tracks"][0]["layout"]), (&6.into(), &"stereo".into()));
}
