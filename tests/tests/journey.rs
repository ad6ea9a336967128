//! One person's way through the window, from the first start to the exported song, on a real audio server.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use std::time::Duration;

use dawg_tests::{Control, Display, JackServer, Listener, Microphone, Program, Window, signal};

const LIMIT: Duration = Duration::from_secs(20);
const RATE: usize = 48_000;
/// Constant power at the centre, of a mono track.
const CENTRE: f32 = std::f32::consts::FRAC_1_SQRT_2;

/// Four bars of 96 beats a minute: a thump on each beat, no two samples of it alike, rather quiet.
fn beat() -> Vec<f32> {
    struck(10 * RATE, RATE * 60 / 96, 0.5, 1)
}

/// Three seconds of somebody singing.
fn voice() -> Vec<f32> {
    let mut samples = struck(3 * RATE, RATE / 2, 0.6, 2);
    samples[0] = 0.25; // where it begins must be plain
    samples
}

/// Noise that is struck again every `every` frames and dies away, in exact 24-bit values, none of them zero.
fn struck(frames: usize, every: usize, level: f32, seed: u32) -> Vec<f32> {
    let mut samples = signal::distinct(frames, seed);
    for (index, sample) in samples.iter_mut().enumerate() {
        let age = (index % every) as f32 / every as f32;
        let quiet = *sample * level * (1.0 - age).powi(4);
        *sample = (quiet * signal::FULL_SCALE_24).round().max(1.0) / signal::FULL_SCALE_24;
    }
    samples
}

/// The voice sung to the beat that is heard, in the window, while it records. Returns the song frame it belongs to.
fn sing(window: &mut Window<'_>, microphone: &Microphone, listener: &Listener, beat: &[f32]) -> i64 {
    window.key("Home");
    window.key("r");
    window.wait("the recording", |shown| {
        let state = shown.state();
        let runs = state["recording"] == true && state["rolling"] == true && state["counting_in"] == false;
        (runs && state["position"].as_i64()? > 24_000).then_some(())
    });
    microphone.wait_connected(LIMIT);
    microphone.go();
    microphone.wait_played(3 * RATE / 2 + 1, LIMIT);
    window.picture("journey-5-recording");
    microphone.wait_finished(LIMIT);
    dawg_tests::poll(Duration::from_millis(300), || None::<()>);
    window.key("space");
    window.wait_state("recording", false);
    // What the singer heard when the first note was sung.
    let heard = listener.take().swap_remove(0);
    let piece = RATE..RATE + 64;
    let at = signal::find(&beat[piece.clone()], &heard).expect("the beat was heard while recording");
    let beat_began = i64::from(listener.at_frame().unwrap()) + (at - piece.start) as i64;
    let round_trip = window.shown().state()["round_trip"].as_i64().unwrap();
    assert_eq!((listener.gaps(), microphone.was_late()), (0, false));
    i64::from(microphone.at_frame().unwrap()) - beat_began - round_trip
}

fn clip(window: &mut Window<'_>, name: &str) -> Control {
    window.wait_for(&format!("Clip {name}"))
}

// Seen red: with takes placed as if there were no round trip, the exported voice is 512 frames late.
#[test]
fn from_the_first_start_to_an_exported_song() {
    let server = JackServer::start(RATE as u32, 256);
    let display = Display::start(1600, 1000);
    let program = Program::new().with_env(server.env()).with_env(display.env());
    let (beat, voice) = (beat(), voice());
    signal::write_wav_24(program.path("Beat.wav"), RATE as u32, &[beat.clone(), beat.clone()]);
    let folder = program.folder().to_str().unwrap().to_owned();

    // First start.
    let mut window = Window::open(&display, &program, &[]);
    window.wait_state("stage", "open");
    window.wait_for("Skip");
    window.picture("journey-1-first-start");
    window.click("Skip");
    window.wait_gone("Skip");
    window.picture("journey-2-empty-song");

    // A new song.
    window.key("ctrl+n");
    window.fill("Name", "Night Verse");
    window.fill("Folder", &folder);
    window.fill("Tempo", "96");
    window.picture("journey-3-new-song");
    window.click("Create");
    let song = program.path("Night Verse.dawg");
    window.wait_state("song", song.to_str().unwrap());
    window.wait_state("stage", "open");
    window.wait_state("device", "running");

    // The beat.
    window.key("ctrl+i");
    window.fill("Files", &format!("{folder}/Beat.wav"));
    window.click("Import");
    clip(&mut window, "Beat");

    // A track for the voice.
    window.key("ctrl+t");
    window.click("Arm Track 1");
    window.wait("the armed track", |shown| shown.find("Arm Track 1").filter(|arm| arm.on == Some(true)));
    window.picture("journey-4-armed");
    let listener = Listener::start(&server, Duration::from_secs(60));
    let microphone = Microphone::feed(&server, vec![voice.clone()], &["ai-dawg:in_1"]);
    listener.wait_connected(LIMIT);
    let sung_at = sing(&mut window, &microphone, &listener, &beat);
    clip(&mut window, "Take 1");
    window.wait_state("save", "saved");
    window.picture("journey-6-recorded");

    // Listening to it.
    window.key("Home");
    window.key("space");
    window.wait("the song playing", |shown| {
        (shown.state()["rolling"] == true && shown.state()["position"].as_i64()? > 96_000).then_some(())
    });
    window.picture("journey-7-playing");
    window.key("space");
    window.wait_state("rolling", false);

    // Moving the take, and taking that back.
    let before = clip(&mut window, "Take 1");
    let [x, _] = before.centre();
    let grip = [x, before.rect[1] + 6.0];
    window.drag(grip, [grip[0] + 200.0, grip[1]]);
    let moved = window.wait("the moved take", |shown| {
        shown.find("Clip Take 1").filter(|now| (now.rect[0] - before.rect[0]).abs() > 100.0)
    });
    window.picture("journey-8-moved");
    window.key("ctrl+z");
    window.wait("the take back in its place", |shown| {
        shown.find("Clip Take 1").filter(|now| (now.rect[0] - before.rect[0]).abs() < 0.5)
    });
    assert!((moved.rect[2] - before.rect[2]).abs() < 0.5, "moving changed its length");

    // The file.
    window.key("ctrl+e");
    window.fill("Name", "Night Verse");
    window.fill("Folder", &folder);
    window.click("32 bit float");
    window.picture("journey-9-export");
    window.click("Export");
    window.wait_for("The file is made.");
    window.picture("journey-10-exported");
    window.click("Close");
    window.quit();

    // It is what was played and sung, to the sample.
    let wav = signal::read_wav(program.path("Night Verse.wav"));
    assert_eq!((wav.rate, wav.planar.len(), wav.planar[0].len()), (RATE as u32, 2, beat.len()));
    let expected = |index: usize| {
        let sung = usize::try_from(index as i64 - sung_at).ok().and_then(|at| voice.get(at));
        beat[index] + sung.map_or(0.0, |sample| sample * CENTRE)
    };
    for channel in &wav.planar {
        let wrong =
            channel.iter().enumerate().find(|(index, sample)| (**sample - expected(*index)).abs() > 2e-7);
        assert_eq!(wrong, None, "the voice belongs at {sung_at}");
    }

    // The song is what it was, for whoever comes back.
    let info = program.run(&["info", song.to_str().unwrap(), "--json"]).json();
    let clips = |track: usize| info["tracks"][track]["lanes"][0]["clips"].as_array().unwrap().len();
    assert_eq!(
        (info["tempo"].as_f64(), info["missing"].as_array().unwrap().len()),
        (Some(96.0), 0),
        "{info}"
    );
    assert_eq!((info["tracks"].as_array().unwrap().len(), clips(0), clips(1)), (2, 1, 1), "{info}");
    let mut window = Window::open(&display, &program, &[]);
    window.wait_state("song", song.to_str().unwrap());
    window.wait_state("stage", "open");
    clip(&mut window, "Take 1");
    window.wait_state("device", "running");
    assert!(window.shown().find("Skip").is_none(), "the tour came again");
    window.picture("journey-11-reopened");
    window.quit();
}
