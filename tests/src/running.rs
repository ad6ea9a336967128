//! A command of the program while it runs.

use std::io::{Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use crate::Output;

/// How long to wait, after the process has ended, for the rest of its output. Only a grandchild that kept
/// the pipe open can use it up.
const DRAIN_LIMIT: Duration = Duration::from_secs(2);

/// A process, with all it has said so far. Killed on drop.
#[derive(Debug)]
pub struct Running {
    child: Child,
    said: Arc<Said>,
    command: String,
}

/// What the two reading threads share with the test.
#[derive(Debug, Default)]
struct Said {
    text: Mutex<Text>,
    grew: Condvar,
}

#[derive(Debug, Default)]
struct Text {
    stdout: Vec<u8>,
    stderr: Vec<u8>,
    ended: u8,
}

/// Which of the two streams a thread reads.
type Stream = fn(&mut Text) -> &mut Vec<u8>;

impl Running {
    /// Starts `command`, both output streams being read from the start, so that it never waits for us.
    #[track_caller]
    pub(crate) fn start(command: &mut Command, input: Option<&str>) -> Self {
        let shown = format!("{command:?}");
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start {shown}: {error}"));
        let said = Arc::new(Said::default());
        read(child.stdout.take().unwrap(), |text| &mut text.stdout, &said);
        read(child.stderr.take().unwrap(), |text| &mut text.stderr, &said);
        if let (Some(mut stdin), Some(input)) = (child.stdin.take(), input.map(str::to_owned)) {
            // A program that ends without reading everything is no error of the test's.
            std::thread::spawn(move || drop(stdin.write_all(input.as_bytes())));
        }
        Self { child, said, command: shown }
    }

    /// The process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits for a whole line that contains `pattern`, in either stream, and gives it. Lines that came
    /// before the call count.
    ///
    /// # Panics
    ///
    /// If the program ends without it, or `limit` passes (then it is killed); shows what it has said.
    #[track_caller]
    pub fn wait_for_line(&mut self, pattern: &str, limit: Duration) -> String {
        let deadline = Instant::now() + limit;
        let mut text = self.said.text.lock().unwrap();
        loop {
            let ended = text.ended == 2;
            if let Some(line) = [&text.stdout, &text.stderr].iter().find_map(|it| line(it, pattern, ended)) {
                return line;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if ended || left.is_zero() {
                drop(text);
                let why = if ended { "it ended".to_owned() } else { format!("{limit:?} passed") };
                self.fail(&format!("no line with `{pattern}` before {why}"));
            }
            text = self.said.grew.wait_timeout(text, left).unwrap().0;
        }
    }

    /// Whether it still runs.
    pub fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// SIGKILL: the program is cut off in the middle of whatever it does.
    pub fn kill_9(&mut self) -> Output {
        let _ = self.child.kill();
        let status = self.child.wait().unwrap();
        self.output(status)
    }

    /// SIGINT, as Ctrl-C sends it.
    #[track_caller]
    pub fn interrupt(&self) {
        let sent = Command::new("kill").args(["-INT", &self.id().to_string()]).status();
        assert!(sent.is_ok_and(|status| status.success()), "cannot send SIGINT to {}", self.command);
    }

    /// Waits until it ends by itself.
    ///
    /// # Panics
    ///
    /// If it does not within `limit`: it is killed, and the panic shows what it has said.
    #[track_caller]
    pub fn wait(&mut self, limit: Duration) -> Output {
        match crate::patiently(limit, || self.child.try_wait().unwrap()) {
            Some(status) => self.output(status),
            None => self.fail(&format!("it did not end within {limit:?}")),
        }
    }

    /// Processor time that all its threads have used so far, to a hundredth of a second.
    #[track_caller]
    pub fn processor_time(&self) -> Duration {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.id())).unwrap();
        // The name in parentheses may hold spaces; user and system time are the 14th and 15th field.
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
        let ticks: u64 = fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
        Duration::from_millis(ticks * 10) // USER_HZ is 100 on every Linux that Rust runs on
    }

    /// What it has said until now on (standard output, standard error).
    pub fn said(&self) -> (String, String) {
        let text = self.said.text.lock().unwrap();
        (lossy(&text.stdout), lossy(&text.stderr))
    }

    #[track_caller]
    fn fail(&mut self, what: &str) -> ! {
        let output = self.kill_9();
        panic!("{}: {what}\n{output}", self.command);
    }

    fn output(&self, status: ExitStatus) -> Output {
        let text = self.said.text.lock().unwrap();
        let all = self.said.grew.wait_timeout_while(text, DRAIN_LIMIT, |text| text.ended < 2);
        let text = all.unwrap().0;
        Output { status, stdout: lossy(&text.stdout), stderr: lossy(&text.stderr) }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read(mut pipe: impl Read + Send + 'static, stream: Stream, said: &Arc<Said>) {
    let said = said.clone();
    std::thread::spawn(move || {
        let mut chunk = [0; 4096];
        loop {
            let count = pipe.read(&mut chunk).unwrap_or(0);
            let mut text = said.text.lock().unwrap();
            stream(&mut text).extend_from_slice(&chunk[..count]);
            text.ended += u8::from(count == 0);
            said.grew.notify_all();
            if count == 0 {
                return;
            }
        }
    });
}

/// The first line with `pattern`; the last one counts once it is whole, by its line end or the stream's.
fn line(text: &[u8], pattern: &str, ended: bool) -> Option<String> {
    let whole = if ended { text.len() } else { text.iter().rposition(|byte| *byte == b'\n')? };
    lossy(&text[..whole]).lines().find(|line| line.contains(pattern)).map(str::to_owned)
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
