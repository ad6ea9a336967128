//! A display of our own: an X server that draws into memory.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::Picture;
use crate::daemon::{mortal, stop};

/// A start takes 0.2 s; on a machine that compiles at the same time, seconds.
const START_LIMIT: Duration = Duration::from_secs(20);

/// What the tests of the window run, and the package that brings it.
const PROGRAMS: &[(&str, &str)] =
    &[("Xvfb", "xvfb"), ("xdotool", "xdotool"), ("import", "imagemagick"), ("convert", "imagemagick")];

/// A running `Xvfb` with a screen of a fixed size, no window manager and no other windows.
///
/// Windows draw on it with OpenGL in software. Ended on drop.
#[derive(Debug)]
pub struct Display {
    xvfb: Child,
    number: String,
    size: [u32; 2],
}

impl Display {
    /// Starts a display of `width` × `height` pixels under a number that is free, and waits until it is ready.
    ///
    /// # Panics
    ///
    /// If a program is missing that the tests of the window need, or Xvfb does not come up.
    #[track_caller]
    pub fn start(width: u32, height: u32) -> Self {
        for (program, package) in PROGRAMS {
            let there = std::env::var_os("PATH").is_some_and(|path| {
                std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
            });
            assert!(there, "{program} is missing: apt-get install {package}, or run script/test");
        }
        let mut xvfb = mortal("Xvfb")
            .args(["-displayfd", "1", "-nolisten", "tcp", "-noreset", "-dpi", "96", "+extension", "GLX"])
            .args(["-screen", "0", &format!("{width}x{height}x24")])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("setpriv is missing ({error}): apt-get install util-linux"));
        // It says its number once it takes clients.
        let (sender, receiver) = std::sync::mpsc::channel();
        let mut said = BufReader::new(xvfb.stdout.take().unwrap());
        std::thread::spawn(move || {
            let mut number = String::new();
            let _ = said.read_line(&mut number);
            let _ = sender.send(number);
        });
        let number = receiver.recv_timeout(START_LIMIT).unwrap_or_default().trim().to_owned();
        if number.is_empty() {
            stop(&mut xvfb);
            panic!("Xvfb did not come up within {START_LIMIT:?}");
        }
        Self { xvfb, number: format!(":{number}"), size: [width, height] }
    }

    /// What the program under test needs in its environment to draw here.
    pub fn env(&self) -> Vec<(String, String)> {
        // One thread draws: the tests measure what ours cost, and two cores have more to do.
        [("DISPLAY", self.number.as_str()), ("LIBGL_ALWAYS_SOFTWARE", "1"), ("LP_NUM_THREADS", "1")]
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .to_vec()
    }

    /// Width and height in pixels.
    pub fn size(&self) -> [u32; 2] {
        self.size
    }

    /// Runs a program of the display to its end and gives what it printed; `None` if it failed.
    pub(crate) fn ask(&self, program: &str, arguments: &[&str]) -> Option<String> {
        let output = Command::new(program).args(arguments).env("DISPLAY", &self.number).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// What is on the screen, saved as `target/pictures/<name>.png`.
    #[track_caller]
    pub fn picture(&self, name: &str) -> Picture {
        let path = pictures().join(format!("{name}.png"));
        let place = path.to_str().unwrap();
        assert!(
            self.ask("import", &["-window", "root", "-depth", "8", place]).is_some(),
            "the screen {} cannot be saved as {place}",
            self.number
        );
        Picture::load(&path)
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        stop(&mut self.xvfb);
    }
}

/// `pictures` in the target folder of the build that this test belongs to.
pub(crate) fn pictures() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let folder = test.ancestors().nth(3).unwrap().join("pictures");
    std::fs::create_dir_all(&folder).unwrap();
    folder
}
