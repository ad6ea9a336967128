//! The program's window, used as a person would: keys, mouse, and looking.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::{Control, Display, Picture, Program, Running, Shown};

/// How long the window may take to come, or to show what it was asked for. Generous: debug builds draw in software.
const LIMIT: Duration = Duration::from_secs(30);
/// Between the steps of a gesture, so that the window sees each of them.
const STEP: Duration = Duration::from_millis(40);
/// A frame takes no longer, however busy the machine.
const DRAWN: Duration = Duration::from_secs(1);
/// After so long the window has heard what it was told, or never will.
const HEARD: Duration = Duration::from_secs(2);
/// From the layout of a frame to its pixels, which software draws, and what fades in.
const PAINTED: Duration = Duration::from_millis(400);
/// After so long without a frame nothing moves any more. Longer than software takes to draw one.
const STILL: Duration = Duration::from_millis(350);
/// So often a click is begun at what then moves away.
const TRIES: usize = 10;
/// What has stayed in its place for so many frames stays there.
const SETTLED: u64 = 4;

/// A running `ai-dawg` with its window, which fills the display.
///
/// What is in it is found by accessible name, as a screen reader would say it, through the file that the program
/// writes when `AI_DAWG_PROBE` is set. Keys and clicks are those of the X server. The program is killed on drop.
#[derive(Debug)]
pub struct Window<'a> {
    display: &'a Display,
    running: Running,
    id: String,
    probe: PathBuf,
}

impl<'a> Window<'a> {
    /// Starts the program without a command and waits for its window, which is made to fill the display.
    ///
    /// `program` must have been given the environment of `display`. No AI services run beside it, unless the test has
    /// declared some in `jarvis/sidecars.toml` of [`Program::data`].
    #[track_caller]
    pub fn open(display: &'a Display, program: &Program, arguments: &[&str]) -> Self {
        let probe = program.home().join("probe.json");
        let _ = std::fs::remove_file(&probe);
        declare_none(program);
        let mut command = program.command(arguments);
        command.env("AI_DAWG_PROBE", &probe);
        let mut running = Running::start(&mut command, None);
        let found = crate::patiently(LIMIT, || {
            if !running.is_running() {
                panic!("the program ended before its window came\n{}", running.wait(LIMIT));
            }
            let id = display.ask("xdotool", &["search", "--onlyvisible", "--name", "^AI DAWG"])?;
            (probe.is_file() && !id.is_empty()).then(|| id.lines().next().unwrap().to_owned())
        });
        let Some(id) = found else { panic!("no window within {LIMIT:?}\n{}", running.kill_9()) };
        let window = Self { display, running, id, probe };
        let [width, height] = display.size().map(|side| side.to_string());
        window.ask(&["windowmove", &window.id, "0", "0"]);
        window.ask(&["windowsize", "--sync", &window.id, &width, &height]);
        window.focus();
        window.rest();
        window
    }

    /// Gives it the keyboard, as a click on it would with a window manager.
    #[track_caller]
    pub fn focus(&self) {
        self.ask(&["windowfocus", "--sync", &self.id]);
    }

    /// The newest frame.
    #[track_caller]
    pub fn shown(&self) -> Shown {
        let text = std::fs::read(&self.probe).unwrap();
        Shown(serde_json::from_slice(&text).unwrap())
    }

    /// Waits until a frame is as it should be, and gives what was found in it.
    ///
    /// # Panics
    ///
    /// If none is within half a minute: shows what the window showed last, and saves a picture.
    #[track_caller]
    pub fn wait<T>(&mut self, what: &str, found: impl FnMut(&Shown) -> Option<T>) -> T {
        self.wait_within(LIMIT, what, found)
    }

    /// [`Window::wait`] with a limit of its own.
    #[track_caller]
    pub fn wait_within<T>(
        &mut self,
        limit: Duration,
        what: &str,
        mut found: impl FnMut(&Shown) -> Option<T>,
    ) -> T {
        let answer = crate::patiently(limit, || {
            if !self.running.is_running() {
                let output = self.running.wait(LIMIT);
                panic!("the window ended before this came: {what}\n{output}");
            }
            std::thread::sleep(Duration::from_millis(9));
            found(&self.shown())
        });
        let Some(answer) = answer else { self.fail(&format!("waited {limit:?} in vain: {what}")) };
        answer
    }

    /// Waits until nothing is painted any more, and gives the last frame. Not for a song that rolls.
    #[track_caller]
    pub fn settled(&mut self) -> Shown {
        let mut since = (Instant::now(), 0);
        self.wait("the window being still", |shown| {
            if shown.frames() != since.1 {
                since = (Instant::now(), shown.frames());
            }
            (since.0.elapsed() >= STILL).then(|| shown.clone())
        })
    }

    /// Waits until something of that name is shown.
    #[track_caller]
    pub fn wait_for(&mut self, name: &str) -> Control {
        self.wait(&format!("“{name}” in the window"), |shown| shown.find(name))
    }

    /// Waits until nothing of that name is shown any more.
    #[track_caller]
    pub fn wait_gone(&mut self, name: &str) {
        self.wait(&format!("“{name}” gone from the window"), |shown| {
            shown.find(name).is_none().then_some(())
        });
    }

    /// Waits until the state has this value, such as `("stage", "open")`.
    #[track_caller]
    pub fn wait_state(&mut self, key: &str, value: impl Into<Value>) {
        let value = value.into();
        self.wait(&format!("{key} {value}"), |shown| (shown.state()[key] == value).then_some(()));
    }

    /// Clicks what has that name, once it is there and can be clicked.
    #[track_caller]
    pub fn click(&mut self, name: &str) {
        let found = |shown: &Shown| shown.find(name).filter(|control| !control.disabled);
        self.click_found(&format!("“{name}” in the window, not greyed out"), found);
    }

    /// Clicks a place, in pixels from the upper left.
    #[track_caller]
    pub fn click_at(&self, x: f64, y: f64) {
        self.move_to(x, y);
        self.tell("clicks", 1, &["click", "1"]);
    }

    /// Moves the pointer, from nearby, so that what it comes upon sees it come.
    #[track_caller]
    pub fn move_to(&self, x: f64, y: f64) {
        for (x, y) in [(x - 2.0, y - 1.0), (x, y)] {
            self.step(&["mousemove", &pixel(x), &pixel(y)]);
        }
    }

    /// Presses at one place, moves to the other in steps, and lets go.
    #[track_caller]
    pub fn drag(&self, from: [f64; 2], to: [f64; 2]) {
        self.hold(from, to);
        self.release();
    }

    /// [`Window::drag`] without letting go.
    #[track_caller]
    pub fn hold(&self, from: [f64; 2], to: [f64; 2]) {
        self.move_to(from[0], from[1]);
        self.step(&["mousedown", "1"]);
        for step in 1..=8 {
            let part = f64::from(step) / 8.0;
            let [x, y] = [0, 1].map(|axis: usize| from[axis] + (to[axis] - from[axis]) * part);
            self.step(&["mousemove", &pixel(x), &pixel(y)]);
        }
    }

    /// Lets go of the mouse.
    #[track_caller]
    pub fn release(&self) {
        self.step(&["mouseup", "1"]);
    }

    /// Presses keys together: `ctrl+z`, `space`, `Return` (names of X).
    #[track_caller]
    pub fn key(&self, keys: &str) {
        self.tell("keys", 1, &["key", "--clearmodifiers", keys]);
    }

    /// Types a text into what has the keyboard.
    #[track_caller]
    pub fn type_text(&self, text: &str) {
        self.tell("typed", text.chars().count() as u64, &["type", "--clearmodifiers", "--delay", "8", text]);
    }

    /// Replaces what stands in a text field.
    #[track_caller]
    pub fn fill(&mut self, name: &str, text: &str) {
        let field = |shown: &Shown| {
            let mut controls = shown.controls().into_iter();
            controls.find(|control| control.name == name && control.role.ends_with("TextInput"))
        };
        self.click_found(&format!("the field “{name}”"), field);
        let focused = |shown: &Shown| field(shown).filter(|control| control.focused);
        self.wait(&format!("the keyboard in “{name}”"), focused);
        self.key("ctrl+a");
        self.type_text(text);
        let filled = |shown: &Shown| field(shown).filter(|control| control.value == text);
        self.wait(&format!("“{text}” in “{name}”"), filled);
    }

    /// What is on the screen, saved as `target/pictures/<name>.png`; fails the test if it is blank.
    #[track_caller]
    pub fn picture(&self, name: &str) -> Picture {
        std::thread::sleep(PAINTED);
        let picture = self.display.picture(name);
        picture.not_blank();
        picture
    }

    /// Processor time of all its threads so far.
    #[track_caller]
    pub fn processor_time(&self) -> Duration {
        self.running.processor_time()
    }

    /// The program.
    pub fn program(&mut self) -> &mut Running {
        &mut self.running
    }

    /// Quits by the keyboard and waits until the program has ended, which must be without complaint.
    #[track_caller]
    pub fn quit(self) {
        // Who has quit does not say that it heard.
        self.ask(&["key", "--clearmodifiers", "ctrl+q"]);
        self.ended();
    }

    /// Waits until the program has ended, which must be without complaint.
    #[track_caller]
    pub fn ended(mut self) {
        let output = self.running.wait(LIMIT);
        output.success();
        assert!(!output.stderr.contains("panicked"), "{output}");
    }

    /// Clicks what is found, once it stands still, also after the frames that show the pointer coming: on a busy machine a card
    /// may not have found its place before.
    #[track_caller]
    fn click_found(&mut self, what: &str, found: impl Fn(&Shown) -> Option<Control>) {
        for _ in 0..TRIES {
            let control = self.still(what, &found);
            let [x, y] = control.centre();
            self.move_to(x, y);
            if found(&self.shown()).is_some_and(|now| now.rect == control.rect) {
                self.tell("clicks", 1, &["click", "1"]);
                return;
            }
        }
        self.fail(&format!("moves whenever it is to be clicked: {what}"));
    }

    /// What is found, once it stands still.
    #[track_caller]
    fn still(&mut self, what: &str, found: impl Fn(&Shown) -> Option<Control>) -> Control {
        let mut before = None;
        let mut since = (Instant::now(), 0);
        self.wait(what, |shown| {
            let now = found(shown);
            if now.is_none() || now != before {
                (before, since) = (now.clone(), (Instant::now(), shown.frames()));
            }
            now.filter(|_| since.0.elapsed() >= STILL || shown.frames() - since.1 >= SETTLED)
        })
    }

    #[track_caller]
    fn ask(&self, arguments: &[&str]) -> String {
        self.display
            .ask("xdotool", arguments)
            .unwrap_or_else(|| panic!("xdotool {arguments:?} failed: is the window still there?"))
    }

    fn rest(&self) {
        std::thread::sleep(STEP);
    }

    /// Does what tells the window something so many times, and waits until a frame has been laid out that knows of all: of
    /// what comes to it within one frame it hears keys before clicks. For keys that it does not take for any it is not waited
    /// longer than [`HEARD`].
    fn tell(&self, what: &str, times: u64, arguments: &[&str]) {
        let before = self.shown().told(what);
        self.ask(arguments);
        self.rest();
        _ = crate::poll(HEARD, || (self.shown().told(what) >= before + times).then_some(()));
    }

    /// One step of a gesture, which the window has drawn before the next: on a busy machine several would come to it as
    /// one. A step that changes nothing is not drawn, and not waited for.
    fn step(&self, arguments: &[&str]) {
        let before = self.shown().frames();
        self.ask(arguments);
        self.rest();
        _ = crate::poll(DRAWN, || (self.shown().frames() > before).then_some(()));
    }

    /// Fails the test, showing what the window showed.
    #[track_caller]
    pub fn fail(&mut self, what: &str) -> ! {
        let test = std::thread::current().name().unwrap_or("test").replace("::", "-");
        let picture = self.display.picture(&format!("failed-{test}"));
        let shown = self.shown();
        let names: Vec<String> = shown
            .controls()
            .iter()
            .map(|control| format!("  {} “{}” {}", control.role, control.name, control.value))
            .collect();
        let said = self.running.said();
        panic!(
            "{what}\n--- picture: {}\n--- state: {}\n--- in the window:\n{}\n--- it said:\n{}{}",
            picture.path().display(),
            shown.state(),
            names.join("\n"),
            said.0,
            said.1
        );
    }
}

fn pixel(at: f64) -> String {
    (at.round().max(0.0) as u64).to_string()
}

/// Keeps the bundled services away, which would disturb what is measured, unless the test has declared its own.
fn declare_none(program: &Program) {
    let folder = program.data().join("jarvis");
    std::fs::create_dir_all(&folder).unwrap();
    let declared = folder.join("sidecars.toml");
    if !declared.exists() {
        std::fs::write(declared, "").unwrap();
    }
}
