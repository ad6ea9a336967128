//! Devices that are slow, or not there.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::window::{FRAME, LIMIT, Window, by_hand, no_device};
use ai_dawg::sound::{DeviceChoice, DeviceState, Opener, SoundCommand, SoundEvent};
use dawg_engine::Vitals;
use dawg_engine::device::timer::Timer;
use dawg_engine::device::{Device, DeviceError, DeviceFormat, DeviceRequest, DriverLatency, Host, Voice};

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

/// Whether it is told that nothing can be recorded.
fn is_deaf(event: &SoundEvent) -> bool {
    matches!(event, SoundEvent::Trouble(why) if why.contains("no microphone"))
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
    window.until("the reason", |window, _| window.count(is_deaf) == 1);
    window.send(SoundCommand::Play(None));
    window.until("rolling", |_, readout| readout.playhead.position > 12_345);
}

/// Seen red: with only a device that vanished looked for again.
#[test]
fn a_device_that_does_not_answer_is_opened_once_it_does() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&asked);
    let opener: Opener = Box::new(move |request| match counted.fetch_add(1, Ordering::Relaxed) {
        0..2 => Err(DeviceError::Hangs { host: Host::Jack }),
        _ => Ok(Box::new(Timer::open(request)) as Box<dyn Device>),
    });
    let mut window = Window::open(None, Some(opener));
    let why =
        |device: &DeviceState| matches!(device, DeviceState::Missing(why) if why.contains("does not answer"));
    window.until("the reason", |_, readout| why(&readout.device));
    window.send(SoundCommand::Locate(12_345));
    let readout = window.until("a device", |_, readout| matches!(readout.device, DeviceState::Running(_)));
    assert_eq!(readout.playhead.position, 12_345);
    assert_eq!(window.count(|event| matches!(event, SoundEvent::NoDevice(_))), 1, "it was told once");
    window.until("it is told", |window, _| {
        window.count(|event| matches!(event, SoundEvent::Back { records: false })) == 1
    });
}

/// Seen red: with what the engine says taken as it is, and 100 ms between its first block and its place, as where a core
/// stands still.
#[test]
fn a_device_that_comes_late_to_its_place_does_not_show_the_songs_beginning() {
    let (opener, hands) = by_hand();
    let mut window = Window::open(None, Some(opener));
    let mut hand = hands.recv_timeout(LIMIT).unwrap();
    window.until_running();
    window.send(SoundCommand::Locate(12_345));
    window.until("the place", |_, readout| {
        hand.silence(256);
        readout.playhead.position == 12_345
    });
    window.send(SoundCommand::Device(DeviceChoice::default()));
    let mut hand = hands.recv_timeout(LIMIT).unwrap();
    for turn in 0..60 {
        // Some blocks while it is being opened, and then none for a while.
        if !(10..40).contains(&turn) {
            hand.silence(256);
        }
        std::thread::sleep(Duration::from_millis(10));
        assert_eq!(window.frame().playhead.position, 12_345, "turn {turn}");
    }
    window.send(SoundCommand::Play(None));
    window.until("rolling on", |_, readout| {
        hand.silence(256);
        readout.playhead.rolling && readout.playhead.position > 12_345
    });
}

/// A timer that vanishes when it is told.
struct Vanishing {
    timer: Timer,
    gone: Arc<AtomicBool>,
    vitals: Option<Arc<Vitals>>,
}

impl Device for Vanishing {
    fn format(&self) -> &DeviceFormat {
        self.timer.format()
    }

    fn latency(&self) -> DriverLatency {
        self.timer.latency()
    }

    fn start(&mut self, voice: Voice) -> Result<(), DeviceError> {
        self.vitals = Some(Arc::clone(voice.vitals()));
        self.timer.start(voice)
    }

    fn tick(&mut self) {
        if let (true, Some(vitals)) = (self.gone.load(Ordering::Acquire), &self.vitals) {
            vitals.lost_device();
        }
    }
}

/// What a device is asked for: the host and the inputs.
type Asked = (Option<Host>, u16);

/// A window whose device vanished while something was recorded; `back` answers the n-th look for it.
fn vanished(
    back: impl Fn(usize, &DeviceRequest) -> Result<(), DeviceError> + Send + 'static,
) -> (Window, crossbeam_channel::Receiver<Asked>) {
    let gone = Arc::new(AtomicBool::new(false));
    let (asked, told) = crossbeam_channel::unbounded();
    let (vanishes, count) = (Arc::clone(&gone), AtomicUsize::new(0));
    let opener: Opener = Box::new(move |request| {
        asked.send((request.host, request.inputs)).unwrap();
        let timer = Timer::open(request);
        match count.fetch_add(1, Ordering::Relaxed) {
            0 => Ok(Box::new(Vanishing { timer, gone: Arc::clone(&vanishes), vitals: None })),
            later => back(later, request).map(|()| Box::new(timer) as Box<dyn Device>),
        }
    });
    let mut window = Window::open(None, Some(opener));
    window.until_running();
    window.record();
    window.until("some of a take", |_, readout| readout.playhead.position > 4_800);
    gone.store(true, Ordering::Release);
    window.until("the take", |window, _| window.has_recorded());
    (window, told)
}

/// A server that comes up while it is looked for, and an interface whose outputs come first. Seen red: with the second try,
/// without a microphone, made whatever the first said; with any host taken in place of the one that vanished; and with the
/// first that plays taken.
#[test]
fn a_recording_goes_on_once_its_microphone_is_back() {
    let (mut window, asked) = vanished(|later, request| match later {
        1 => {
            let reason = "no server is running".to_owned();
            Err(DeviceError::NoHost { host: Host::Timer, reason, advice: "Start it." })
        }
        2 if request.inputs > 0 => Err(no_device("input device")),
        _ => Ok(()),
    });
    window.until("it goes on", |_, readout| readout.recording.is_some() && readout.playhead.rolling);
    assert_eq!(window.count(|event| matches!(event, SoundEvent::Back { records: true })), 1);
    assert_eq!(window.count(is_deaf), 0, "{:?}", window.told);
    let timer = Some(Host::Timer);
    let looked = [(timer, 2), (timer, 2), (timer, 0), (timer, 2)];
    assert_eq!(asked.try_iter().skip(1).collect::<Vec<_>>(), looked);
}

/// Seen red: with the microphone waited for as long as it takes.
#[test]
fn a_microphone_that_stays_away_does_not_keep_the_song_silent() {
    let (mut window, _asked) = vanished(|_, request| match request.inputs {
        0 => Ok(()),
        _ => Err(no_device("input device")),
    });
    window.until_running();
    window.until("it is told", |window, _| {
        window.count(|event| matches!(event, SoundEvent::Back { records: false })) == 1
    });
    assert_eq!(window.count(is_deaf), 1);
    assert!(window.frame().recording.is_none());
}
