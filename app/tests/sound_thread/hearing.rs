//! What is heard is what is shown, and what stands still costs nothing.

use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use crate::window::{FRAME, LIMIT, Window, by_hand};
use ai_dawg::sound::{SoundCommand, SoundEvent};
use dawg_engine::device::Host;
use dawg_engine::offline::Renderer;
use dawg_tests::{JackServer, Listener, Witness, signal};

/// What two seconds of a rolling song showed, with a jump in the middle.
struct Watched {
    /// How many frames what was shown lay beside what was heard, by look.
    apart: Vec<i64>,
    /// How often the window was woken.
    woken: usize,
}

fn watch(window: &mut Window, listener: &Listener, places: &HashMap<u32, i64>) -> Watched {
    window.send(SoundCommand::Play(Some(1_000)));
    window.until("rolling", |_, readout| readout.playhead.rolling);
    listener.take();
    let mut apart = Vec::new();
    let woken = window.wakes.load(Ordering::Relaxed);
    let start = Instant::now();
    let mut jumped = false;
    while start.elapsed() < Duration::from_secs(2) {
        std::thread::sleep(FRAME);
        if !jumped && start.elapsed() > Duration::from_secs(1) {
            jumped = true;
            window.send(SoundCommand::Locate(100_000));
            std::thread::sleep(Duration::from_millis(100));
        }
        // Looked at before and after, since this thread may lose the processor in between.
        let before = listener.take().swap_remove(0);
        let shown = window.frame().playhead.position;
        let after = listener.take().swap_remove(0);
        let place = |heard: &[f32]| places.get(&heard.last()?.to_bits()).copied();
        // Around a jump it fades: those samples are nowhere in the song.
        if let Some(before) = place(&before) {
            let after = place(&after).unwrap_or(before);
            apart.push((before - shown).max(shown - after).max(0));
        }
    }
    let woken = window.wakes.load(Ordering::Relaxed) - woken;
    window.send(SoundCommand::Stop);
    window.until("standing", |_, readout| !readout.playhead.rolling);
    apart.sort_unstable();
    Watched { apart, woken }
}

/// Seen red: with a tick of 100 ms while rolling, around the jump even 50,000 frames apart.
#[test]
fn what_is_on_screen_is_what_is_heard() {
    let server = JackServer::start(48_000, 256);
    let mut window = Window::open(Some(Host::Jack), None);
    let listener = Listener::start(&server, Duration::from_secs(30));
    window.until_running();
    listener.wait_connected(LIMIT);
    let places: HashMap<u32, i64> =
        window.beat.iter().zip(0..).map(|(sample, at)| (sample.to_bits(), at)).collect();
    // Where the machine halts the device or the sound thread, both are apart by as much.
    let Watched { apart, woken } =
        Witness::undisturbed(Duration::from_millis(30), || watch(&mut window, &listener, &places));
    let (median, worst, compared) = (apart[apart.len() / 2], apart[apart.len() - 1], apart.len());
    println!("median {median}, worst {worst} frames over {compared} looks, {woken} wakes in 2 s");
    assert!(compared > 60, "hardly anything was heard: {compared}");
    assert!(worst < 2_400, "{worst} frames apart");
    assert!((60..=140).contains(&woken), "{woken} wakes in two seconds");
}

/// Seen red: with the end of the feed not looked for in `follow_sounding`, `auditioning` stays for ever.
#[test]
fn an_audition_is_heard_beside_the_song_and_not_exported() {
    let (opener, hands) = by_hand();
    let mut window = Window::open(None, Some(opener));
    let mut hand = hands.recv_timeout(LIMIT).unwrap();
    window.until_running();
    let file = window.song.with_file_name("other.wav");
    let other = [signal::distinct(30_000, 8), signal::distinct(30_000, 9)];
    signal::write_wav_24(&file, 48_000, &other);
    window.send(SoundCommand::Audition(Some(file.clone())));
    let mut heard = [Vec::new(), Vec::new()];
    let mut hear = |heard: &mut [Vec<f32>; 2]| {
        let block = hand.silence(256);
        for (heard, side) in heard.iter_mut().zip(block) {
            heard.extend(side);
        }
    };
    window.until("the file's name", |_, readout| {
        hear(&mut heard);
        readout.auditioning.as_ref() == Some(&file)
    });
    window.until("its end", |_, readout| {
        hear(&mut heard);
        readout.auditioning.is_none()
    });
    for (heard, other) in heard.iter().zip(&other) {
        assert!(signal::find(other, heard).is_some(), "it was not heard as it is");
    }
    let mut renderer = Renderer::new(&window.session, &window.song.join("audio"), 192_000, 256).unwrap();
    let mut loudest = 0.0_f32;
    renderer
        .render(9_600, &dawg_media::Progress::default(), |sides| {
            loudest = sides.iter().flat_map(|side| side.iter()).fold(loudest, |a, b| a.max(b.abs()));
            Ok(())
        })
        .unwrap();
    assert_eq!(loudest, 0.0);
    window.send(SoundCommand::Audition(Some(window.song.join("song.db"))));
    window.until("a refusal", |window, readout| {
        hear(&mut heard);
        window.count(|event| matches!(event, SoundEvent::AuditionRefused(_))) == 1
            && readout.auditioning.is_none()
    });
    heard[0].clear();
    window.send(SoundCommand::TestTone(true));
    window.until("the tone", |_, readout| {
        hear(&mut heard);
        readout.test_tone && heard[0].iter().any(|sample| *sample > 0.12)
    });
    assert!(heard[0].iter().all(|sample| sample.abs() < 0.126), "louder than −18 dBFS");
    window.send(SoundCommand::TestTone(false));
    window.until("silence", |_, readout| {
        hear(&mut heard);
        !readout.test_tone
    });
}

/// Seen red: with a tick of 2 ms while nothing moves it costs 2.4 % of a core; with the time of the reading compared in
/// `differs` the window is woken at each tick.
#[test]
fn a_song_that_stands_still_costs_nothing_and_wakes_nobody() {
    let mut window = Window::open(Some(Host::Timer), None);
    window.until_running();
    window.send(SoundCommand::Play(None));
    window.until("sound", |_, readout| readout.master[0].peak > 0.1);
    window.send(SoundCommand::Stop);
    // The meters fall for four seconds.
    std::thread::sleep(Duration::from_secs(6));
    // Where the machine halts, the device is late, and that is looked at and told.
    let looks = Witness::undisturbed_looks(5, Duration::from_millis(20), || {
        let (cost, woken) = (cpu_of("sound"), window.wakes.load(Ordering::Relaxed));
        std::thread::sleep(Duration::from_secs(1));
        (cpu_of("sound") - cost, window.wakes.load(Ordering::Relaxed) - woken)
    });
    let cost: Duration = looks.iter().map(|look| look.0).sum();
    println!("{cost:?} of 5 s");
    assert_eq!(looks.iter().map(|look| look.1).sum::<usize>(), 0, "{:?}", window.frame());
    assert!(cost < Duration::from_millis(15), "{cost:?} of 5 s");
}

/// Processor time that this process's thread of that name has used.
fn cpu_of(name: &str) -> Duration {
    let tasks = std::fs::read_dir("/proc/self/task").unwrap();
    let of_name = tasks
        .map(|task| task.unwrap().path())
        .filter(|task| std::fs::read_to_string(task.join("comm")).is_ok_and(|comm| comm.trim() == name));
    let used = of_name.map(|task| {
        let used = std::fs::read_to_string(task.join("schedstat")).unwrap();
        used.split(' ').next().unwrap().parse::<u64>().unwrap()
    });
    Duration::from_nanos(used.sum())
}
