//! The sound of an ordinary desktop: a private PulseAudio that is ALSA's default device.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use crate::daemon::{mortal, stop};

/// A start takes 0.3 s.
const START_LIMIT: Duration = Duration::from_secs(20);

/// The system's ALSA configuration, then PulseAudio as the default device whatever that has said. It comes
/// by `ALSA_CONFIG_PATH` rather than `~/.asoundrc`, since the program under test has another home.
const ALSA_CONFIG: &str = "\
</usr/share/alsa/alsa.conf>
pcm.!default { type pulse hint { show on description \"Default (PulseAudio)\" } }
ctl.!default { type pulse }
";

/// A PulseAudio with one null sink, whose monitor is the default source: what is played is what is recorded.
///
/// Loose, not exact: see RECIPES. Good for "the default device of a desktop works, and errors are survived".
#[derive(Debug)]
pub struct PulseServer {
    folder: TempDir,
    daemon: Child,
}

impl PulseServer {
    /// Starts it at `rate` Hz, and waits until it answers.
    ///
    /// # Panics
    ///
    /// If PulseAudio or ALSA's plug-in for it is not installed, or the daemon does not come up.
    #[track_caller]
    pub fn start(rate: u32) -> Self {
        let plugin = "/usr/lib/x86_64-linux-gnu/alsa-lib/libasound_module_pcm_pulse.so";
        assert!(
            !cfg!(target_arch = "x86_64") || std::path::Path::new(plugin).exists(),
            "{plugin} is not there: apt-get install libasound2-plugins"
        );
        let folder = TempDir::with_prefix("pulse-").unwrap();
        std::fs::write(folder.path().join("asound.conf"), ALSA_CONFIG).unwrap();
        let log = std::fs::File::create(folder.path().join("log")).unwrap();
        let socket = folder.path().join("native");
        let daemon = mortal("pulseaudio")
            .args(["--daemonize=no", "-n", "--exit-idle-time=-1", "--use-pid-file=no", "--disable-shm=yes"])
            .arg("-L")
            .arg(format!("module-null-sink sink_name=desktop rate={rate} channels=2"))
            .arg("-L")
            .arg(format!("module-native-protocol-unix auth-anonymous=1 socket={}", socket.display()))
            .env("HOME", folder.path())
            .env("XDG_RUNTIME_DIR", folder.path())
            .env("XDG_CONFIG_HOME", folder.path())
            .env_remove("DBUS_SESSION_BUS_ADDRESS")
            .env_remove("DISPLAY")
            .env_remove("PULSE_SERVER")
            .stdin(Stdio::null())
            .stderr(log.try_clone().unwrap())
            .stdout(log)
            .spawn()
            .unwrap_or_else(|error| {
                panic!("setpriv, which starts pulseaudio, is missing ({error}): apt-get install util-linux")
            });
        let mut server = Self { folder, daemon };
        server.wait_until_ready();
        server.control(&["set-default-sink", "desktop"]);
        server.control(&["set-default-source", "desktop.monitor"]);
        server
    }

    /// What the program under test needs in its environment, so that ALSA's default device is this.
    pub fn env(&self) -> Vec<(String, String)> {
        [
            ("ALSA_CONFIG_PATH", self.folder.path().join("asound.conf").display().to_string()),
            ("PULSE_SERVER", format!("unix:{}", self.socket().display())),
            // The client library keeps its cookie and finds its settings here.
            ("XDG_RUNTIME_DIR", self.folder.path().display().to_string()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .to_vec()
    }

    /// Asks or tells the daemon something by `pactl`, and gives what that printed.
    #[track_caller]
    pub fn control(&self, arguments: &[&str]) -> String {
        let output = self.pactl(arguments);
        assert!(
            output.status.success(),
            "pactl {arguments:?}: {}\n{}",
            String::from_utf8_lossy(&output.stderr),
            self.log()
        );
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// What the daemon has said so far.
    pub fn log(&self) -> String {
        let said = std::fs::read(self.folder.path().join("log")).unwrap_or_default();
        format!("--- pulseaudio:\n{}", String::from_utf8_lossy(&said))
    }

    /// SIGKILL at once: the desktop's sound vanishes.
    pub fn kill(&mut self) {
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("native")
    }

    #[track_caller]
    fn pactl(&self, arguments: &[&str]) -> std::process::Output {
        Command::new("pactl")
            .args(arguments)
            .envs(self.env())
            .env("LC_ALL", "C")
            .output()
            .unwrap_or_else(|error| panic!("pactl is missing ({error}): apt-get install pulseaudio-utils"))
    }

    #[track_caller]
    fn wait_until_ready(&mut self) {
        let ready = crate::patiently(START_LIMIT, || {
            if let Ok(Some(status)) = self.daemon.try_wait() {
                panic!(
                    "pulseaudio ended at once ({status}). If it is not installed: apt-get install \
                     pulseaudio\n{}",
                    self.log()
                );
            }
            (self.socket().exists() && self.pactl(&["info"]).status.success()).then_some(())
        });
        assert!(ready.is_some(), "pulseaudio does not answer after {START_LIMIT:?}\n{}", self.log());
    }
}

impl Drop for PulseServer {
    fn drop(&mut self) {
        stop(&mut self.daemon);
    }
}
