//! The built `ai-dawg`, run as a person would, in a home of its own.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use crate::Running;

/// How long [`Program::run`] lets a command take. A command that should sound for longer has its own limit.
const RUN_LIMIT: Duration = Duration::from_secs(60);

/// What of our own environment would lead the program to the desktop, the sound or the log level of
/// whoever runs the tests. JACK's variables are here too: what should be found is given by
/// [`Program::with_env`].
const REMOVED: &[&str] = &[
    "ALSA_CONFIG_PATH",
    "DBUS_SESSION_BUS_ADDRESS",
    "DISPLAY",
    "JACK_DEFAULT_SERVER",
    "JARVIS_AUTONOMOUS",
    "PIPEWIRE_RUNTIME_DIR",
    "PULSE_RUNTIME_PATH",
    "PULSE_SERVER",
    "RUST_LOG",
    "WAYLAND_DISPLAY",
];

/// One installation of the program for one imaginary person: the binary, and a temporary home with all XDG
/// folders and `AI_DAWG_DATA` in it.
#[derive(Debug)]
pub struct Program {
    binary: PathBuf,
    home: TempDir,
    env: Vec<(String, String)>,
}

/// What a finished command has said.
#[derive(Debug, Clone)]
pub struct Output {
    /// How it ended.
    pub status: ExitStatus,
    /// All of its standard output.
    pub stdout: String,
    /// All of its standard error.
    pub stderr: String,
}

impl Program {
    /// The binary that `AI_DAWG_BIN` names, else `ai-dawg` in the folder of the build that this test
    /// belongs to (`<target dir>/debug`).
    ///
    /// Cargo does not build another package's binary for a test: `cargo build -p ai-dawg` comes first.
    #[track_caller]
    pub fn new() -> Self {
        let binary = std::env::var_os("AI_DAWG_BIN").map_or_else(
            || {
                // <target dir>/debug/deps/<this test>
                let test = std::env::current_exe().unwrap();
                test.ancestors().nth(2).unwrap().join("ai-dawg")
            },
            PathBuf::from,
        );
        assert!(
            binary.is_file(),
            "{} is not there: `cargo build -p ai-dawg` first, or name the binary in AI_DAWG_BIN",
            binary.display()
        );
        Self::at(binary)
    }

    /// Another binary in the same kind of home.
    #[track_caller]
    pub fn at(binary: impl Into<PathBuf>) -> Self {
        let home = TempDir::with_prefix("ai-dawg-home-").unwrap();
        for folder in ["config", "data", "state", "cache", "run", "dawg", "work"] {
            std::fs::create_dir(home.path().join(folder)).unwrap();
        }
        // The XDG specification demands this of the run-time folder; PulseAudio insists.
        let private = std::os::unix::fs::PermissionsExt::from_mode(0o700);
        std::fs::set_permissions(home.path().join("run"), private).unwrap();
        Self { binary: binary.into(), home, env: Vec::new() }
    }

    /// Adds to the environment of every command, such as [`crate::JackServer::env`].
    pub fn with_env(mut self, pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        self.env.extend(pairs);
        self
    }

    /// What is run.
    pub fn binary(&self) -> &Path {
        &self.binary
    }

    /// Where commands run; relative song names are in here.
    pub fn folder(&self) -> PathBuf {
        self.home.path().join("work")
    }

    /// A path in [`Program::folder`].
    pub fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.folder().join(name)
    }

    /// What `AI_DAWG_DATA` is set to.
    pub fn data(&self) -> PathBuf {
        self.home.path().join("dawg")
    }

    /// The temporary `HOME`.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// Runs a command to its end, at most a minute.
    ///
    /// # Panics
    ///
    /// If it takes longer: it is killed, and the panic shows what it had said.
    #[track_caller]
    pub fn run<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Output {
        self.run_within(RUN_LIMIT, arguments)
    }

    /// [`Program::run`] with a limit of its own.
    #[track_caller]
    pub fn run_within<S: AsRef<OsStr>>(&self, limit: Duration, arguments: &[S]) -> Output {
        self.spawn(arguments).wait(limit)
    }

    /// [`Program::run`] with `input` on the standard input.
    #[track_caller]
    pub fn run_with_input<S: AsRef<OsStr>>(&self, arguments: &[S], input: &str) -> Output {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped());
        Running::start(&mut command, Some(input)).wait(RUN_LIMIT)
    }

    /// Starts a command and returns while it runs. It is killed when the [`Running`] is dropped.
    #[track_caller]
    pub fn spawn<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Running {
        Running::start(&mut self.command(arguments), None)
    }

    /// The command with its environment, for what needs more than [`Program::spawn`] offers.
    pub fn command<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Command {
        let mut command = Command::new(&self.binary);
        for name in REMOVED {
            command.env_remove(name);
        }
        let home = self.home.path();
        command
            .args(arguments)
            .current_dir(self.folder())
            .stdin(Stdio::null())
            .env("HOME", home)
            .env("XDG_CONFIG_HOME", home.join("config"))
            .env("XDG_DATA_HOME", home.join("data"))
            .env("XDG_STATE_HOME", home.join("state"))
            .env("XDG_CACHE_HOME", home.join("cache"))
            .env("XDG_RUNTIME_DIR", home.join("run"))
            .env("AI_DAWG_DATA", self.data())
            .env("JARVIS_PORT", "0") // many at once; empty in `with_env` is the usual one
            .env("JACK_NO_START_SERVER", "1") // where no server is given, none is to appear
            .env("RUST_BACKTRACE", "1")
            .envs(self.env.iter().map(|(name, value)| (name, value)));
        command
    }
}

impl Default for Program {
    fn default() -> Self {
        Self::new()
    }
}

impl Output {
    /// The exit code; `None` if a signal ended it.
    pub fn code(&self) -> Option<i32> {
        self.status.code()
    }

    /// Fails the test unless the command succeeded; gives its standard output.
    #[track_caller]
    pub fn success(&self) -> &str {
        assert!(self.status.success(), "the command failed\n{self}");
        &self.stdout
    }

    /// Fails the test unless the command refused as it should: this exit code (1 error, 2 misuse), a
    /// message on standard error, and no panic. Gives the message.
    #[track_caller]
    pub fn refusal(&self, code: i32) -> &str {
        assert_eq!(self.code(), Some(code), "exit code\n{self}");
        assert!(!self.stderr.trim().is_empty(), "no message on standard error\n{self}");
        assert!(!self.stderr.contains("panicked at"), "it panicked\n{self}");
        &self.stderr
    }

    /// The standard output of a successful command as JSON.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        let text = self.success();
        serde_json::from_str(text).unwrap_or_else(|error| panic!("no JSON ({error})\n{self}"))
    }
}

impl std::fmt::Display for Output {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { status, stdout, stderr } = self;
        write!(f, "--- {status}\n--- stdout:\n{stdout}\n--- stderr:\n{stderr}")
    }
}
