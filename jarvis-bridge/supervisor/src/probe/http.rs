//! Asks over HTTP on loopback: a thread for each question, which lives no longer than its time-out.

use std::io;
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, unbounded};
use ureq::Agent;

use super::{Answer, Outcome, Probe, Question, answer};
use crate::clock::{Bell, Clock, SystemClock};
use crate::health::Finding;
use crate::process::RunId;

/// The largest answer that is read: it is a state, not a document.
const LARGEST: u64 = 64 * 1024;

/// Asks over HTTP. No proxy, no redirect, no connection that outlives its question.
#[derive(Debug)]
pub struct HttpProbe {
    told: Sender<(RunId, Answer)>,
    answers: Receiver<(RunId, Answer)>,
    bell: Bell,
}

impl HttpProbe {
    /// `bell` is rung for each answer.
    #[must_use]
    pub fn new(bell: Bell) -> Self {
        let (told, answers) = unbounded();
        Self { told, answers, bell }
    }
}

impl Probe for HttpProbe {
    fn ask(&mut self, question: Question) {
        let (told, bell, run) = (self.told.clone(), self.bell.clone(), question.run);
        let asking = move || {
            let clock = SystemClock::new();
            let got = get(&question);
            // Whose socket it is takes us longer to find out than the answer took.
            let took = clock.now().since(crate::clock::Moment::ORIGIN);
            let (outcome, version) = judge(&question, got);
            // Nobody listens any more when the supervisor is going.
            let _ = told.send((run, Answer { outcome, version, took }));
            bell.ring();
        };
        if let Err(error) = std::thread::Builder::new().name("jarvis-probe".to_owned()).spawn(asking) {
            let outcome = Outcome::NotAsked(format!("there can be no more threads ({error})"));
            let _ = self.told.send((run, Answer { outcome, version: None, took: Duration::ZERO }));
            self.bell.ring();
        }
    }

    fn answers(&mut self) -> Vec<(RunId, Answer)> {
        self.answers.try_iter().collect()
    }
}

fn judge(question: &Question, got: Result<(u16, String), ureq::Error>) -> (Outcome, Option<String>) {
    match got {
        Ok((status, body)) => answer::read(question, status, &body, is_ours(question)),
        Err(error) => {
            let seconds = question.timeout.as_secs_f64();
            let why = match &error {
                ureq::Error::Timeout(_) => format!("no answer within {seconds} s"),
                ureq::Error::Io(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
                    format!("nobody listens at port {}", question.port)
                }
                other => format!("no answer that can be read ({other})"),
            };
            (Outcome::Found(Finding::Silent(why)), None)
        }
    }
}

fn get(question: &Question) -> Result<(u16, String), ureq::Error> {
    let agent: Agent = Agent::config_builder()
        .proxy(None)
        .max_redirects(0)
        .http_status_as_error(false)
        .timeout_global(Some(question.timeout))
        .max_idle_connections(0)
        .build()
        .into();
    let address = format!("http://127.0.0.1:{}{}", question.port, question.path);
    let bearer = format!("Bearer {}", question.token);
    let mut answer = agent.get(&address).header("Authorization", &bearer).call()?;
    let body = answer.body_mut().with_config().limit(LARGEST).lossy_utf8(true).read_to_string()?;
    Ok((answer.status().as_u16(), body))
}

/// Whether the socket belongs to the processes that were started.
#[cfg(target_os = "linux")]
fn is_ours(question: &Question) -> Option<bool> {
    use crate::process::proc::{Listener, listener};
    match listener(question.port, Some(question.pid?)) {
        Listener::Family => Some(true),
        Listener::Another(_) => Some(false),
        // It has closed its socket since.
        Listener::Nobody => None,
    }
}

/// Elsewhere identity cannot be proven.
#[cfg(not(target_os = "linux"))]
fn is_ours(_: &Question) -> Option<bool> {
    None
}
