//! The sound thread as a window uses it: what is shown is what is heard, nothing waits, nothing is lost.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]
#![allow(clippy::disallowed_methods, reason = "a slow device is slept, and a window draws every 16 ms")]

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use ai_dawg::song::OpenSong;
use ai_dawg::sound::{DeviceChoice, DeviceState, Opener, Readout, Sound, SoundCommand, SoundEvent, Waker};
use dawg_engine::capture::Punch;
use dawg_engine::device::manual::{Hand, Manual};
use dawg_engine::device::timer::Timer;
use dawg_engine::device::{Device, DeviceError, Host};
use dawg_engine::offline::Renderer;
use dawg_media::wav::SampleFormat;
use dawg_session::{Edit, Input, Layout, Name, Session, SongId, Store, Tempo, TrackId};
use dawg_tests::{JackServer, Listener, Microphone, signal, torture};

const LIMIT: Duration = Duration::from_secs(20);
const FRAME: Duration = Duration::from_millis(16);

/// A window without pixels: a song, the sound thread, and all that it has told.
struct Window {
    sound: Sound,
    wakes: Arc<AtomicUsize>,
    told: Vec<SoundEvent>,
    song: PathBuf,
    session: Arc<Session>,
    store: Arc<Store>,
    beat: Vec<f32>,
    voice: TrackId,
    _home: tempfile::TempDir,
}

impl Window {
    /// A song with four seconds of noise on one track (the same on both sides) and an empty one with inputs 1 and
    /// 2 beside it.
    fn open(host: Option<Host>, opener: Option<Opener>) -> Self {
        let home = tempfile::tempdir().unwrap();
        let song = home.path().join("song.dawg");
        let empty = Session::new(SongId::fresh(), Name::new("Song").unwrap(), 48_000, Tempo::DEFAULT);
        let mut open = OpenSong::create(&song, &empty).unwrap();
        let mut made = torture::Song::of(empty, &song.join("audio"));
        let beat = signal::distinct(192_000, 3);
        let media = made.media(&[beat.clone(), beat.clone()], SampleFormat::Int24);
        let track = made.track("Beat", Layout::STEREO);
        let clip = made.clip(media, 0);
        made.add(track, clip);
        let voice = made.track("Voice", Layout::STEREO);
        made.edit(&[Edit::SetTrackInput { track: voice, input: "1+2".parse::<Input>().unwrap() }]);
        let mut edits: Vec<Edit> =
            made.session.media.values().map(|media| Edit::AddMedia { media: (**media).clone() }).collect();
        for (at, track) in made.session.tracks.iter().enumerate() {
            edits.push(Edit::AddTrack { track: (**track).clone(), at });
        }
        open.commit("Make", edits).unwrap();
        let session = Arc::clone(open.session());
        let (store, _, _) = open.into_parts();
        let wakes = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&wakes);
        let waker: Waker = Arc::new(move || {
            counted.fetch_add(1, Ordering::Relaxed);
        });
        let choice = DeviceChoice { host, ..DeviceChoice::default() };
        let sound = match opener {
            Some(opener) => Sound::start_with(choice, waker, opener),
            None => Sound::start(choice, waker),
        };
        let window = Self {
            sound: sound.unwrap(),
            wakes,
            told: Vec::new(),
            song,
            session,
            store,
            beat,
            voice,
            _home: home,
        };
        window.show_song();
        window
    }

    fn show_song(&self) {
        self.send(SoundCommand::Song {
            session: Arc::clone(&self.session),
            folder: self.song.clone(),
            store: Some(Arc::clone(&self.store)),
        });
    }

    fn send(&self, command: SoundCommand) {
        self.sound.send(command);
    }

    fn record(&self) {
        self.send(SoundCommand::Record {
            tracks: vec![self.voice],
            from: 0,
            count_in: 0,
            punch: Punch::All(None),
            until: None,
            float: false,
        });
    }

    /// A frame: takes in what there is.
    fn frame(&mut self) -> Readout {
        let readout = self.sound.readout();
        self.told.extend(self.sound.events());
        readout
    }

    /// Draws until `seen`.
    #[track_caller]
    fn until(&mut self, what: &str, mut seen: impl FnMut(&Self, &Readout) -> bool) -> Readout {
        let start = Instant::now();
        loop {
            let readout = self.frame();
            if seen(self, &readout) {
                return readout;
            }
            assert!(start.elapsed() < LIMIT, "waited in vain: {what}. {readout:?}, told {:?}", self.told);
            std::thread::sleep(Duration::from_millis(4));
        }
    }

    #[track_caller]
    fn until_running(&mut self) {
        self.until("a device", |_, readout| matches!(readout.device, DeviceState::Running(_)));
    }

    fn has_recorded(&self) -> bool {
        self.told.iter().any(|event| matches!(event, SoundEvent::Recorded { .. }))
    }

    fn count(&self, wanted: impl Fn(&SoundEvent) -> bool) -> usize {
        self.told.iter().filter(|event| wanted(event)).count()
    }
}

/// A device that is called by hand; the hand comes with each opening.
fn by_hand() -> (Opener, crossbeam_channel::Receiver<Hand>) {
    let (send, hands) = crossbeam_channel::unbounded();
    let opener: Opener = Box::new(move |request| {
        let (device, hand) = Manual::open(request.rate);
        send.send(hand).unwrap();
        Ok(device)
    });
    (opener, hands)
}

fn no_device(what: &str) -> DeviceError {
    DeviceError::NoDevice { what: what.to_owned(), reason: "for a test".to_owned() }
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
    window.send(SoundCommand::Play(Some(1_000)));
    window.until("rolling", |_, readout| readout.playhead.rolling);
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
    apart.sort_unstable();
    let (median, worst, compared) = (apart[apart.len() / 2], apart[apart.len() - 1], apart.len());
    let woken = window.wakes.load(Ordering::Relaxed) - woken;
    println!("median {median}, worst {worst} frames over {compared} looks, {woken} wakes in 2 s");
    assert!(compared > 60, "hardly anything was heard: {compared}");
    assert!(worst < 2_400, "{worst} frames apart");
    assert!((60..=140).contains(&woken), "{woken} wakes in two seconds");
    window.send(SoundCommand::Stop);
    window.until("standing", |_, readout| !readout.playhead.rolling);
}

/// Seen red: with the latency left out of `offset` the growing waveform is drawn 512 frames late.
#[test]
fn what_is_sung_is_recorded_to_the_last_bit() {
    let server = JackServer::start(48_000, 256);
    let mut window = Window::open(Some(Host::Jack), None);
    let sung = vec![signal::distinct(48_000, 1), signal::distinct(48_000, 2)];
    let microphone = Microphone::feed(&server, sung.clone(), &["ai-dawg:in_1", "ai-dawg:in_2"]);
    window.until_running();
    microphone.wait_connected(LIMIT);
    window.record();
    let readout = window.until("recording", |_, readout| readout.playhead.recording);
    microphone.go();
    let recording = readout.recording.unwrap();
    assert_eq!((recording.takes[0].track, recording.takes[0].channels), (window.voice, 2));
    microphone.wait_finished(LIMIT);
    let peaks = window.song.join(format!("peaks/{}.peaks", recording.takes[0].media));
    assert!(std::fs::metadata(peaks).unwrap().len() > 1_000, "the growing waveform");
    let loud = window.frame();
    assert_eq!(loud.tracks.len(), 2);
    window.send(SoundCommand::Stop);
    window.until("the take", |window, readout| window.has_recorded() && readout.recording.is_none());
    let recorded = window.told.iter().find_map(|event| match event {
        SoundEvent::Recorded { recorded, .. } => Some(recorded.tracks[0].clone()),
        _ => None,
    });
    let recorded = recorded.unwrap();
    assert_eq!((recorded.lost, recorded.error, recorded.row.media), (0, None, recording.takes[0].media));
    assert_eq!(recorded.row.log.segments[0].capture_frame + recorded.row.latency, recording.offset);
    let file = signal::read_wav(window.song.join("audio").join(&recorded.row.file));
    let at = signal::find(&sung[0], &file.planar[0]).expect("what was sung");
    assert_eq!(signal::first_difference(&sung[1], &file.planar[1][at..at + 48_000]), None);
}

/// Seen red: with the recorder dropped together with the engine the take is never told of.
#[test]
fn a_device_that_vanishes_leaves_the_take_and_comes_back() {
    let mut server = JackServer::start(48_000, 256);
    let mut window = Window::open(Some(Host::Jack), None);
    window.until_running();
    window.record();
    window.until("some of a take", |_, readout| readout.playhead.position > 24_000);
    server.kill();
    let killed = Instant::now();
    window.until("the take", |window, _| window.has_recorded());
    assert!(killed.elapsed() < Duration::from_secs(8), "{:?}", killed.elapsed());
    let readout = window.until("no device", |_, readout| matches!(&readout.device, DeviceState::Missing(_)));
    assert!(readout.recording.is_none() && readout.playhead.position > 24_000, "{readout:?}");
    assert_eq!(window.count(|event| matches!(event, SoundEvent::Gone(_))), 1);
    let frames = window.told.iter().find_map(|event| match event {
        SoundEvent::Recorded { recorded, .. } => Some(recorded.tracks[0].row.frames),
        _ => None,
    });
    assert!(frames.unwrap() > 20_000, "{frames:?}");
    // It is found by itself, and the recording goes on from where the song stood.
    let stood = readout.playhead.position;
    server.restart();
    window.until_running();
    let readout = window.until("recording goes on", |_, readout| {
        readout.recording.is_some() && readout.playhead.rolling && readout.playhead.position > stood + 24_000
    });
    assert_eq!(readout.recording.unwrap().from, stood);
    assert_eq!(window.count(|event| matches!(event, SoundEvent::Back { records: true })), 1);
    window.send(SoundCommand::Stop);
    window.until("the second take", |window, _| {
        window.count(|event| matches!(event, SoundEvent::Recorded { .. })) == 2
    });
}

// A stop counts, whatever comes back.
#[test]
fn a_stop_while_the_device_is_away_ends_the_recording_for_good() {
    let mut server = JackServer::start(48_000, 256);
    let mut window = Window::open(Some(Host::Jack), None);
    window.until_running();
    window.record();
    window.until("some of a take", |_, readout| readout.playhead.position > 12_000);
    server.kill();
    window.until("the take", |window, _| window.has_recorded());
    window.send(SoundCommand::Stop);
    server.restart();
    window.until_running();
    window.until("it is told", |window, _| {
        window.count(|event| matches!(event, SoundEvent::Back { records: false })) == 1
    });
    std::thread::sleep(Duration::from_millis(500));
    let readout = window.frame();
    assert!(readout.recording.is_none() && !readout.playhead.rolling, "{readout:?}");
    window.send(SoundCommand::Play(None));
    window.until("rolling", |_, readout| readout.playhead.rolling && readout.playhead.position > 20_000);
}

/// Seen red: with `show` left out before the device is opened nobody sees that it is being opened.
#[test]
fn a_slow_device_keeps_nobody_waiting() {
    let slow: Opener = Box::new(|request| {
        std::thread::sleep(Duration::from_secs(2));
        Ok(Box::new(Timer::open(request)) as Box<dyn Device>)
    });
    let began = Instant::now();
    let mut window = Window::open(None, Some(slow));
    let started = Instant::now();
    window.send(SoundCommand::Play(Some(0)));
    window.send(SoundCommand::Stop);
    let (mut longest, mut opening) = (Duration::ZERO, false);
    let mut device = DeviceState::Closed;
    while !matches!(device, DeviceState::Running(_)) {
        assert!(began.elapsed() < LIMIT, "{device:?}");
        std::thread::sleep(FRAME);
        let frame = Instant::now();
        device = window.frame().device;
        window.send(SoundCommand::Session(Arc::clone(&window.session)));
        longest = longest.max(frame.elapsed());
        opening |= device == DeviceState::Opening;
    }
    println!("longest frame {longest:?}");
    assert!(started.elapsed() > Duration::from_millis(1_900) && opening, "{:?}", started.elapsed());
    assert!(longest < Duration::from_millis(50), "{longest:?}");
    std::thread::sleep(Duration::from_millis(100));
    let playhead = window.frame().playhead;
    assert_eq!((playhead.rolling, playhead.position), (false, 0), "a start that was taken back");
}

/// Seen red: with the second try asking for two inputs again there is no device at all.
#[test]
fn without_a_microphone_it_plays_and_without_any_device_it_says_so_once() {
    let opened = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&opened);
    let opener: Opener = Box::new(move |request| match counted.fetch_add(1, Ordering::Relaxed) {
        0 | 1 => Err(no_device("output device")),
        _ if request.inputs > 0 => Err(no_device("input device")),
        _ => Ok(Box::new(Timer::open(request)) as Box<dyn Device>),
    });
    let mut window = Window::open(None, Some(opener));
    window.until("the reason", |_, readout| matches!(readout.device, DeviceState::Missing(_)));
    window.send(SoundCommand::Locate(12_345));
    window.send(SoundCommand::Session(Arc::clone(&window.session)));
    window.record();
    let readout = window.until("the place", |_, readout| readout.playhead.position == 12_345);
    assert!(!readout.playhead.rolling);
    window.until("a refusal", |window, _| {
        window.count(|event| matches!(event, SoundEvent::RecordRefused(_))) == 1
    });
    assert_eq!(window.count(|event| matches!(event, SoundEvent::NoDevice(_))), 1);
    assert_eq!(opened.load(Ordering::Relaxed), 2, "it asked again by itself");
    window.send(SoundCommand::Device(DeviceChoice::default()));
    window.until_running();
    let told =
        |event: &SoundEvent| matches!(event, SoundEvent::Trouble(why) if why.contains("no microphone"));
    window.until("the reason", |window, _| window.count(told) == 1);
    window.send(SoundCommand::Play(None));
    window.until("rolling", |_, readout| readout.playhead.position > 12_345);
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

/// Seen red: with `NoSong` obeyed at once, and the recorder going with the engine, the take is never told of.
#[test]
fn closing_the_song_finishes_the_recording_first() {
    let mut window = Window::open(Some(Host::Timer), None);
    window.until_running();
    window.record();
    window.until("some of a take", |_, readout| readout.playhead.position > 9_600);
    window.send(SoundCommand::NoSong);
    window.send(SoundCommand::Play(None));
    window.until("the end", |window, readout| {
        readout.device == DeviceState::Closed && readout.recording.is_none() && window.has_recorded()
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
    let (cost, woken) = (cpu_of("sound"), window.wakes.load(Ordering::Relaxed));
    std::thread::sleep(Duration::from_secs(5));
    let cost = cpu_of("sound") - cost;
    println!("{cost:?} of 5 s");
    assert_eq!(window.wakes.load(Ordering::Relaxed) - woken, 0, "{:?}", window.frame());
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
