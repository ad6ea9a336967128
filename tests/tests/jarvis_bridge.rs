//! The bridge beside a supervisor that hangs: the sound does not notice, and no use of anything is lost.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]
#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "they print what they measure, and look for a while"
)]
#![cfg(target_os = "linux")]

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use dawg_engine::device::jack::JACK_THREAD;
use dawg_media::wav::SampleFormat;
use dawg_session::{Layout, Store};
use dawg_tests::torture::Song;
use dawg_tests::{Display, JackServer, Listener, Program, Running, Window, Witness, monotonic};

const LIMIT: Duration = Duration::from_secs(60);
const TRACKS: usize = 100;
const RATE: u32 = 48_000;
const PERIOD: u32 = 256;
/// How long one look at the audio thread lasts: some 370 calls.
const LOOK: Duration = Duration::from_secs(2);
/// Calls that each look is to see at least.
const ENOUGH_CALLS: usize = 250;
/// How often JACK calls in that time.
const CALLS: f64 = 2.0 * RATE as f64 / PERIOD as f64;

/// Looks with an answering and with a stopped supervisor, in turn, so that what else the machine does meets both. So many,
/// however they turn out.
fn pairs() -> usize {
    if std::env::var_os("DAWG_SOAK").is_some() { 24 } else { 3 }
}

/// A song of 100 tracks that all sound for two minutes.
fn save_hundred(program: &Program, name: &str) {
    let folder = program.path(name);
    let audio = tempfile::tempdir_in(program.folder()).unwrap();
    let mut song = Song::new(RATE, audio.path());
    let media: Vec<_> = (0..4).map(|_| song.noise(1, RATE as usize * 120, SampleFormat::Int24)).collect();
    for number in 0..TRACKS {
        let track = song.track(&format!("Track {}", number + 1), Layout::MONO);
        let clip = song.clip(media[number % media.len()], 0);
        song.add(track, clip);
    }
    Store::create(&folder, &song.session).unwrap().close().unwrap();
    for media in song.session.media.values() {
        std::fs::copy(audio.path().join(&media.file), folder.join("audio").join(&media.file)).unwrap();
    }
}

/// How often something was used, as the supervisor has it.
fn times(program: &Program, what: &str) -> u64 {
    let report = program.ask_owner("/api/v1/intelligence?hours=1&parts=1", None);
    let usage = report["usage"].as_array().unwrap_or_else(|| panic!("{report}"));
    usage.iter().find(|used| used["what"] == what).map_or(0, |used| used["times"].as_u64().unwrap())
}

fn gauge(program: &Program, name: &str) -> Option<f64> {
    let gauges = program.ask_owner("/api/v1/gauges", None);
    gauges.as_array().unwrap().iter().find(|gauge| gauge["name"] == name)?["value"].as_f64()
}

/// The threads of a program whose names begin so.
fn threads(pid: u32, name: &str) -> Vec<PathBuf> {
    let threads =
        std::fs::read_dir(format!("/proc/{pid}/task")).unwrap().flatten().map(|thread| thread.path());
    let named = |thread: &PathBuf| {
        std::fs::read_to_string(thread.join("comm")).is_ok_and(|comm| comm.starts_with(name))
    };
    threads.filter(named).collect()
}

/// What the kernel counts of one thread.
#[derive(Debug)]
struct Thread {
    schedule: File,
    state: File,
}

impl Thread {
    fn open(folder: &Path) -> std::io::Result<Self> {
        Ok(Self { schedule: File::open(folder.join("schedstat"))?, state: File::open(folder.join("stat"))? })
    }

    /// The one that JACK calls: of the threads that libjack made for the program, which all have the name that it gives them
    /// before the first call, the only one that wakes at least half as often as JACK calls. The others wait for news.
    #[track_caller]
    fn of_sound(pid: u32) -> Self {
        let made: Vec<Self> = threads(pid, JACK_THREAD.to_str().unwrap())
            .iter()
            .map(|thread| Self::open(thread).unwrap())
            .collect();
        let turns = || -> Vec<u64> { made.iter().map(|thread| thread.read().map_or(0, |it| it.1)).collect() };
        let before = turns();
        std::thread::sleep(LOOK);
        let woken: Vec<u64> = turns().iter().zip(before).map(|(after, before)| after - before).collect();
        println!("threads of libjack woke {woken:?} times; JACK calls {CALLS:.0} times");
        let called = |woken: u64| woken as f64 > CALLS / 2.0;
        assert_eq!(woken.iter().filter(|woken| called(**woken)).count(), 1, "one that JACK calls");
        made.into_iter().zip(woken).find(|(_, woken)| called(*woken)).unwrap().0
    }

    /// Nanoseconds that it has used the processor, and how often it was given it. Of a thread that runs the first is old.
    fn read(&self) -> Option<(u64, u64)> {
        let mut text = [0; 80];
        let length = self.schedule.read_at(&mut text, 0).ok()?;
        let text = std::str::from_utf8(&text[..length]).ok()?;
        let mut numbers = text.split_whitespace().map(|number| number.parse().ok());
        let (busy, _, turns) = (numbers.next()??, numbers.next()?, numbers.next()??);
        Some((busy, turns))
    }

    /// The same while it waits for its next call; none while it runs. True of one moment, since nothing has changed round
    /// the look at its state.
    fn waiting(&self) -> Option<(u64, u64)> {
        let before = self.read()?;
        let mut text = [0; 80];
        let length = self.state.read_at(&mut text, 0).ok()?;
        let text = String::from_utf8_lossy(&text[..length]);
        let waits = text.rsplit(')').next()?.trim_start().starts_with('S');
        (waits && self.read()? == before).then_some(before)
    }

    /// What each call costs for a while, in microseconds of processor time: from one moment at which it waits to another,
    /// with one turn at the processor between. A call that was interrupted by another thread has two, and is left out; so is
    /// one during which the machine stood still, whose caches are another's afterwards.
    fn calls(&self, span: Duration, witness: &Witness) -> Vec<f64> {
        let undisturbed = |from: u64, to: u64| witness.stood_still(from, to).is_zero();
        let begun = Instant::now();
        let mut costs = Vec::new();
        let mut before: Option<(u64, u64, u64)> = None;
        // On a machine that stands still often it takes longer to see enough of them.
        while begun.elapsed() < span || (costs.len() < ENOUGH_CALLS && begun.elapsed() < 4 * span) {
            std::thread::park_timeout(Duration::from_micros(400));
            let Some((busy, turns)) = self.waiting() else { continue };
            let now = monotonic();
            if let Some((old, last, then)) = before.replace((busy, turns, now))
                && turns == last + 1
                && undisturbed(then, now)
            {
                costs.push(((busy - old) as f64 / 1_000.0, then, now));
            }
        }
        // The witness of the other core may have learnt it only now.
        costs.into_iter().filter(|call| undisturbed(call.1, call.2)).map(|call| call.0).collect()
    }
}

/// Processor time so far, in nanoseconds, of those threads of a program whose names begin so.
fn busy(pid: u32, name: &str) -> u64 {
    // One that has ended meanwhile has no more to tell.
    let threads = threads(pid, name).into_iter().filter_map(|thread| Thread::open(&thread).ok());
    threads.filter_map(|thread| thread.read()).map(|(busy, _)| busy).sum()
}

/// What bridge and supervisor cost while all is well, as a share of a core.
fn cost(window: u32, owner: u32) -> f64 {
    const LOOKS: usize = 4;
    let used =
        || busy(window, "bridge") + busy(window, "disk room") + busy(window, "supervision") + busy(owner, "");
    let looks = Witness::undisturbed_looks(LOOKS, Duration::from_millis(20), || {
        let (before, then) = (used(), monotonic());
        std::thread::sleep(Duration::from_secs(1));
        (used() - before) as f64 / (monotonic() - then) as f64
    });
    looks.iter().sum::<f64>() / LOOKS as f64
}

/// What was seen with the supervisor in one state.
#[derive(Debug, Default)]
struct Seen {
    calls: Vec<f64>,
    xruns: usize,
    /// How many more there were while the machine itself stood still.
    of_the_machine: usize,
    /// Milliseconds looked at, and those of them that the machine's halts leave to judge an xrun by.
    looked: (u64, u64),
}

impl std::fmt::Display for Seen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (p99, calls) = (self.p99(), self.calls.len());
        write!(f, "p99 {p99:.0} us of {calls} calls and {} xruns", self.xruns)?;
        write!(
            f,
            " in {} of {} ms (and {} of the machine's)",
            self.looked.1, self.looked.0, self.of_the_machine
        )
    }
}

impl Seen {
    fn add(&mut self, other: Self) {
        self.calls.extend(other.calls);
        self.xruns += other.xruns;
        self.of_the_machine += other.of_the_machine;
        self.looked.0 += other.looked.0;
        self.looked.1 += other.looked.1;
    }

    /// Adds the xruns from then to now.
    fn add_xruns(&mut self, listener: &Listener, witness: &Witness, since: u64) {
        let halted = |at: &u64| witness.may_have_caused(*at);
        let told = listener.xrun_times().into_iter().filter(|told| *told >= since);
        let (machine, ours): (Vec<_>, Vec<_>) = told.partition(halted);
        self.of_the_machine += machine.len();
        self.xruns += ours.len();
        let looked: Vec<_> = (since..monotonic()).step_by(1_000_000).collect();
        self.looked.0 += looked.len() as u64;
        self.looked.1 += looked.into_iter().filter(|at| !halted(at)).count() as u64;
    }

    fn p99(&self) -> f64 {
        let mut calls = self.calls.clone();
        calls.sort_by(f64::total_cmp);
        calls[calls.len() * 99 / 100]
    }
}

fn signal(owner: &Running, signal: &str) {
    let sent = Command::new("kill").args([signal, &owner.id().to_string()]).status();
    assert!(sent.is_ok_and(|status| status.success()));
}

// Seen red: with a thread of JACK that has no name, and with an audio thread that asks the supervisor every half second and
// waits 12 ms for an answer (4 xruns against none, beside 23 and 13 of the machine's). A window that asks it in each frame is
// not noticed here: tried.
#[test]
fn a_supervisor_that_hangs_is_not_heard_and_misses_no_use() {
    let server = JackServer::start(RATE, PERIOD);
    let display = Display::start(960, 640);
    let program = Program::new().with_env(server.env()).with_env(display.env());
    let preferences = r#"{"toured":true,"device":{"host":"jack"}}"#;
    std::fs::write(program.data().join("preferences.json"), preferences).unwrap();
    std::fs::create_dir_all(program.data().join("jarvis")).unwrap();
    // A test may ask often.
    let limits = "[control_plane]\nrequests = 100000\nburst = 10000\n";
    std::fs::write(program.data().join("jarvis/sidecars.toml"), limits).unwrap();
    save_hundred(&program, "Hundred.dawg");
    let mut owner = program.spawn(&["jarvis", "run"]);
    owner.wait_for_line("listens", LIMIT);
    let mut window = Window::open(&display, &program, &["Hundred.dawg"]);
    window.wait_state("device", "running");
    dawg_tests::until(LIMIT, "the song told to the supervisor", || times(&program, "song_opened") == 1);
    window.key("space");
    window.wait_state("rolling", true);
    dawg_tests::until(LIMIT, "the load of the sound", || gauge(&program, "audio_load") > Some(0.0));
    // JACK tells it each xrun when it happens. What it hears does not matter here.
    let listener = Listener::start(&server, Duration::from_secs(1));
    listener.wait_connected(LIMIT);
    let witness = Witness::start();
    let thread = Thread::of_sound(window.program().id());
    println!(
        "{:.0} % of JACK's calls are seen from outside",
        thread.calls(LOOK, &witness).len() as f64 / CALLS * 100.0
    );

    let cost = cost(window.program().id(), owner.id());
    println!("bridge and supervisor use {:.2} % of a core", cost * 100.0);
    // The aim is 1 %; a machine that compiles at the same time makes everything dearer.
    assert!(cost < 0.03, "{cost}");

    let (mut answering, mut stopped) = (Seen::default(), Seen::default());
    let mut comps = 0;
    let look = |seen: &mut Seen, window: &Window<'_>| {
        // A use in each state: a comp is made.
        window.key("alt+n");
        std::thread::sleep(Duration::from_millis(500));
        let since = monotonic();
        seen.calls.extend(thread.calls(LOOK, &witness));
        seen.add_xruns(&listener, &witness, since);
    };
    let mut ratios = Vec::new();
    for pair in 0..pairs() {
        let (mut with, mut without) = (Seen::default(), Seen::default());
        // Each is the first as often as the second: what grows with time meets both.
        for stops in [pair % 2 == 1, pair % 2 == 0] {
            if stops {
                signal(&owner, "-STOP");
            }
            look(if stops { &mut without } else { &mut with }, &window);
            signal(&owner, "-CONT");
        }
        comps += 2;
        ratios.push(without.p99() / with.p99());
        answering.add(with);
        stopped.add(without);
    }
    let ratio = stopped.p99() / answering.p99();
    println!(
        "calls of the audio thread at {TRACKS} tracks: {answering} answering, {stopped} stopped: ratio of p99 {ratio:.3}, \
         of each pair {ratios:.2?}"
    );
    assert!(stopped.calls.len() > pairs() * 200, "{}", stopped.calls.len());
    // On a machine that always stands still no xrun could count.
    for seen in [&answering, &stopped] {
        assert!(seen.looked.1 * 20 > seen.looked.0, "the machine stood still: {seen}");
    }
    // A few looks say little of the hundredth call on a busy machine; the soak has more, and is run alone.
    assert!(ratio <= if pairs() > 3 { 1.1 } else { 1.5 }, "{ratios:?}");
    assert!(stopped.xruns.abs_diff(answering.xruns) <= 1, "{answering}, {stopped}");
    dawg_tests::until(LIMIT, "every comp told, and none twice", || times(&program, "comp_made") >= comps);
    assert_eq!(times(&program, "comp_made"), comps);
    window.key("space");
    window.wait_state("rolling", false);
    window.quit();
    let spool = std::fs::read_dir(program.data().join("jarvis/spool")).unwrap().count();
    assert_eq!(spool, 0, "what was told is kept no longer");
}
