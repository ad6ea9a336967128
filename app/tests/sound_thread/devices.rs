//! Devices that are slow, or not there.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::window::{FRAME, LIMIT, Window, no_device};
use ai_dawg::sound::{DeviceChoice, DeviceState, Opener, SoundCommand, SoundEvent};
use dawg_engine::device::timer::Timer;
use dawg_engine::device::{Device, DeviceError, Host};

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
