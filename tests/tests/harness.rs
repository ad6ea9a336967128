//! The harness proves itself: before a test blames the program, its tools must be known to be exact.
//!
//! The program's place is taken by a client of the same name and ports, or by a shell.

#![allow(clippy::unwrap_used, reason = "clippy exempts #[test] functions only, not what they share")]

use std::time::{Duration, Instant};

use dawg_tests::{
    Cabling, JackServer, Listener, Loopback, Microphone, Program, PulseServer, SmallDisk, find_port, signal,
    until,
};
use jack::contrib::ClosureProcessHandler;
use jack::{AudioIn, AudioOut, Client, ClientOptions, Control, ProcessScope};

const RATE: u32 = 48_000;
const PERIOD: u32 = 256;
/// Some periods, for the last samples' way through the server.
const WAY: usize = 8 * PERIOD as usize;
const SOON: Duration = Duration::from_secs(5);

/// A client with the program's ports that plays what it hears.
fn pass_through(name: &str) -> jack::AsyncClient<impl Sized, impl Sized> {
    let client = Client::new(name, ClientOptions::NO_START_SERVER).unwrap().0;
    let inputs = ["in_1", "in_2"].map(|port| client.register_port(port, AudioIn::default()).unwrap());
    let mut outputs = ["out_1", "out_2"].map(|port| client.register_port(port, AudioOut::default()).unwrap());
    let process = move |_: &Client, scope: &ProcessScope| {
        for (input, output) in inputs.iter().zip(&mut outputs) {
            output.as_mut_slice(scope).copy_from_slice(input.as_slice(scope));
        }
        Control::Continue
    };
    client.activate_async((), ClosureProcessHandler::new(process)).unwrap()
}

/// A client `ai-dawg` that counts its frames on both outputs, from its first callback on: 1, 2, 3…
fn counter() -> jack::AsyncClient<impl Sized, impl Sized> {
    let client = Client::new("ai-dawg", ClientOptions::NO_START_SERVER).unwrap().0;
    let mut outputs = ["out_1", "out_2"].map(|port| client.register_port(port, AudioOut::default()).unwrap());
    let mut frame = 0_u32;
    let process = move |_: &Client, scope: &ProcessScope| {
        for output in &mut outputs {
            for (offset, sample) in output.as_mut_slice(scope).iter_mut().enumerate() {
                *sample = (frame + 1 + offset as u32) as f32;
            }
        }
        frame += scope.n_frames();
        Control::Continue
    };
    client.activate_async((), ClosureProcessHandler::new(process)).unwrap()
}

#[test]
fn what_the_microphone_plays_the_listener_hears_to_the_bit() {
    for period in [64, PERIOD] {
        let server = JackServer::start(RATE, period);
        let sung = vec![signal::distinct(RATE as usize, 1), signal::distinct(RATE as usize, 2)];
        let listener = Listener::start(&server, Duration::from_secs(10));
        let microphone = Microphone::feed(&server, sung.clone(), &["ai-dawg:in_1", "ai-dawg:in_2"]);
        let app = pass_through("ai-dawg");
        microphone.wait_connected(SOON);
        listener.wait_connected(SOON);
        microphone.go();
        microphone.wait_finished(SOON);
        listener.wait_heard(WAY, SOON);
        let heard = listener.take();

        for (sung, heard) in sung.iter().zip(&heard) {
            let start = signal::first_nonzero(heard).unwrap();
            let after = start + sung.len();
            assert_eq!(signal::first_difference(sung, &heard[start..after]), None, "at {period} frames");
            assert!(heard[after..].iter().all(|sample| *sample == 0.0), "silence afterwards");
            // Ear and microphone agree on device time: nothing was in between but one pass through a client.
            let began = listener.at_frame().unwrap().wrapping_add(start as u32);
            if listener.gaps() == 0 {
                assert_eq!(began, microphone.at_frame().unwrap(), "at {period} frames");
            }
        }
        println!("{period} frames: xruns {}, gaps {}", listener.xruns(), listener.gaps());
        drop(app);
    }
}

#[test]
fn a_microphone_starts_at_the_very_frame() {
    let server = JackServer::start(RATE, PERIOD);
    let listener = Listener::start(&server, Duration::from_secs(10));
    let app = pass_through("ai-dawg");
    let sung = signal::distinct(10_000, 3);
    let microphone = Microphone::feed(&server, vec![sung.clone()], &["ai-dawg:in_1"]);
    microphone.wait_connected(SOON);
    listener.wait_connected(SOON);
    let frame = app.as_client().frame_time() + RATE / 10 + 77; // in 0.1 s, in the middle of a cycle
    microphone.go_at_frame(frame);
    microphone.wait_finished(SOON);
    assert!(!microphone.was_late());
    assert_eq!(microphone.at_frame(), Some(frame));
    listener.wait_heard(WAY, SOON);
    let heard = listener.take();
    assert!(signal::find(&sung, &heard[0]).is_some());
    assert!(heard[1].iter().all(|sample| *sample == 0.0), "nothing was sung into in_2");
    drop(app);
}

#[test]
fn a_renamed_client_is_found() {
    let server = JackServer::start(RATE, PERIOD);
    let taken = Client::new("ai-dawg", ClientOptions::NO_START_SERVER).unwrap().0;
    let app = pass_through("ai-dawg");
    let name = app.as_client().name().to_owned();
    assert_ne!(name, "ai-dawg");
    assert_eq!(find_port(app.as_client(), "ai-dawg:in_2"), Some(format!("{name}:in_2")));
    assert_eq!(find_port(app.as_client(), "ai-dawg:in_3"), None);
    let listener = Listener::start(&server, Duration::from_secs(1));
    listener.wait_connected(SOON);
    drop((taken, app));
}

/// Not exact by nature; what it tells is how much of a program's start no listener can hear.
#[test]
fn a_listener_hears_all_but_the_first_milliseconds_of_a_program() {
    let server = JackServer::start(RATE, PERIOD);
    let listener = Listener::start(&server, Duration::from_secs(10));
    for _ in 0..3 {
        let app = counter();
        listener.wait_connected(SOON);
        listener.wait_heard(WAY, SOON);
        drop(app);
        until(SOON, "the end of the connection", || !listener.is_connected());
        let heard = listener.take().swap_remove(0);
        let start = signal::first_nonzero(&heard).unwrap();
        let missed = heard[start] as u32 - 1;
        println!("missed {missed} frames = {} cycles", missed / PERIOD);
        assert!(missed < RATE / 4, "missed {missed} frames");
    }
}

/// The fact that matters to everything about latency: the circle costs exactly one period, always.
#[test]
fn a_loopback_takes_its_own_frames_and_one_period() {
    for period in [128, PERIOD, 1024] {
        let server = JackServer::start(RATE, period);
        for cabling in [Cabling::OutputsFirst, Cabling::InputsFirst] {
            for extra in [0, 777, 777, 777] {
                let delay = Loopback::measure(&server, extra, cabling);
                println!("{period} frames, {cabling:?}, {extra} extra: {delay}");
                assert_eq!(delay, extra + period as usize, "{period} frames, {cabling:?}, {extra} extra");
            }
        }
    }
}

#[test]
fn a_loopback_plugs_itself_into_the_program() {
    let server = JackServer::start(RATE, PERIOD);
    let loopback = Loopback::start(&server, "ai-dawg", 777);
    assert_eq!(loopback.total_delay(), 777 + PERIOD as usize);
    let app = pass_through("ai-dawg");
    loopback.wait_connected(SOON);
    let input = app.as_client().port_by_name("ai-dawg:in_1").unwrap();
    assert_eq!(input.connected_count().unwrap(), 1);
    // Hidden from the driver's figures: the program is told of no latency at all.
    assert_eq!(input.get_latency_range(jack::LatencyType::Capture), (0, 0));
    drop(app);
}

#[test]
fn a_killed_server_is_noticed_and_comes_back() {
    let mut server = JackServer::start(RATE, PERIOD);
    let listener = Listener::start(&server, Duration::from_secs(10));
    let app = pass_through("ai-dawg");
    listener.wait_connected(SOON);
    assert!(!listener.server_gone());
    let killed = Instant::now();
    server.kill();
    until(SOON, "the listener notices", || listener.server_gone());
    println!("noticed after {:?}", killed.elapsed());
    assert!(!listener.take()[0].is_empty(), "what was heard before is kept");
    drop((listener, app));
    println!("closed after {:?}", killed.elapsed());

    server.restart();
    let listener = Listener::start(&server, Duration::from_secs(1));
    let app = pass_through("ai-dawg");
    listener.wait_connected(SOON);
    drop((listener, app));
}

/// JACK's registry holds 8 servers and keeps the killed ones; the ninth hangs.
#[test]
fn killed_servers_do_not_fill_the_registry() {
    for _ in 0..9 {
        JackServer::start(RATE, PERIOD).kill();
    }
    drop(JackServer::start(RATE, PERIOD));
}

#[test]
fn a_small_disk_is_full_soon_and_gone_afterwards() {
    let disk = SmallDisk::mount(1 << 20);
    let path = disk.path().to_owned();
    let ballast = disk.fill();
    assert!(std::fs::metadata(&ballast).unwrap().len() <= 1 << 20);
    assert!(std::fs::write(path.join("more"), [0; 8192]).is_err());
    std::fs::remove_file(ballast).unwrap();
    std::fs::write(path.join("more"), [0; 8192]).unwrap();
    let mounted = || std::fs::read_to_string("/proc/mounts").unwrap().contains(path.to_str().unwrap());
    assert!(mounted());
    drop(disk);
    assert!(!mounted() && !path.exists());
}

#[test]
fn a_command_runs_in_a_home_of_its_own() {
    let shell = Program::at("/bin/sh").with_env([("WORD".to_owned(), "dawg".to_owned())]);
    let output =
        shell.run(&["-c", "echo $WORD; echo $HOME; pwd; echo $AI_DAWG_DATA; echo '[1]' >&2; exit 2"]);
    let home = shell.home().display();
    assert_eq!(output.stdout, format!("dawg\n{home}\n{home}/work\n{home}/dawg\n"));
    assert_eq!(output.refusal(2), "[1]\n");
    assert_eq!(shell.run_with_input(&["-c", "cat"], "{\"a\": 1}").json()["a"], 1);
}

#[test]
fn a_running_command_can_be_followed_interrupted_and_killed() {
    let shell = Program::at("/bin/sh");
    let script = "trap 'echo stopped; exit 3' INT; echo rolling >&2; while :; do sleep 0.05; done";
    let mut running = shell.spawn(&["-c", script]);
    assert_eq!(running.wait_for_line("roll", SOON), "rolling");
    running.interrupt();
    let output = running.wait(SOON);
    assert_eq!((output.code(), output.stdout.as_str()), (Some(3), "stopped\n"));

    let mut running = shell.spawn(&["-c", "echo rolling; exec sleep 60"]);
    running.wait_for_line("rolling", SOON);
    assert!(running.is_running());
    assert_eq!(running.kill_9().code(), None);
    assert!(!running.is_running());
}

#[test]
#[should_panic(expected = "did not end within")]
fn a_command_that_hangs_fails_the_test() {
    Program::at("/bin/sh").run_within(Duration::from_millis(200), &["-c", "echo here; exec sleep 60"]);
}

/// jackd2's own `alsa_in` stands for the program: it opens ALSA's default device. (Its sibling `alsa_out`
/// gives up on PulseAudio, which grants another period than it asks for.)
#[test]
fn pulseaudio_is_the_default_device_of_alsa() {
    let jack = JackServer::start(RATE, PERIOD);
    let pulse = PulseServer::start(RATE);
    assert!(pulse.control(&["info"]).contains("Default Sink: desktop"));
    assert!(pulse.control(&["info"]).contains("Default Source: desktop.monitor"));
    let env = jack.env().into_iter().chain(pulse.env());
    let program = Program::at("/usr/bin/alsa_in").with_env(env);
    let running = program.spawn(&["-d", "default", "-r", "48000", "-c", "2"]);
    until(SOON, "a stream on the PulseAudio server", || {
        !pulse.control(&["list", "short", "source-outputs"]).is_empty()
    });
    drop(running);
}

/// Time for which cores idled since the start of the machine, and all time, in ticks.
fn idle() -> [u64; 2] {
    let told = std::fs::read_to_string("/proc/stat").unwrap();
    let fields: Vec<u64> = told
        .lines()
        .next()
        .unwrap()
        .split_whitespace()
        .skip(1)
        .take(8)
        .map(|it| it.parse().unwrap())
        .collect();
    [fields[3] + fields[4], fields.iter().sum()]
}

// Seen red: without the loops.
#[test]
fn while_a_server_runs_no_core_idles() {
    let server = JackServer::start(48_000, 256);
    let before = idle();
    dawg_tests::poll(Duration::from_secs(1), || None::<()>);
    let after = idle();
    let share = (after[0] - before[0]) as f64 / (after[1] - before[1]) as f64;
    assert!(share < 0.2, "{share:.2} of the time idle");
    drop(server);
}
