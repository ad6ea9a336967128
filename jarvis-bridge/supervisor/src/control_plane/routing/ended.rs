//! How a request ended: what the client is told, and what is written down of it.

use std::time::Duration;

use axum::http::{HeaderValue, StatusCode};
use serde_json::Value;

use super::action::Action;
use super::call::{Failure, Said};
use super::module::Unreached;
use super::reply::{Accepted, Answered, Reply};
use crate::client::ClientError;
use crate::config::Routing;
use crate::control_plane::{Execute, Problem};

/// How a request ended.
#[derive(Debug)]
pub(super) struct Ended {
    pub(super) reply: Reply,
    /// Outcome and reason for the audit trail; none: the control loop has written it down.
    pub(super) audit: Option<(&'static str, String)>,
    /// The module was asked, and gave an answer that is no error of its own.
    pub(super) sample: Option<bool>,
    /// The same is answered to the same idempotency key.
    pub(super) keep: bool,
}

impl Ended {
    /// The control loop has begun what was asked of it.
    pub(super) fn accepted(asked: &Execute, audit: Option<(&'static str, String)>) -> Self {
        let reply = Reply::accepted(&Accepted { module: asked.module.clone(), accepted: true });
        Self { reply, audit, sample: None, keep: true }
    }

    /// It was done before.
    pub(super) fn before(reply: Reply) -> Self {
        let why = "answered before, under the same idempotency key: nothing was done again";
        Self { reply: reply.repeated(), audit: Some(("done", why.to_owned())), sample: None, keep: false }
    }

    /// What became of the tries.
    pub(super) fn tried(
        asked: &Execute,
        config: &Routing,
        tried: Result<Said, Unreached>,
        tries: u32,
    ) -> Self {
        let name = &asked.module;
        match tried {
            Ok(Said::Done(said)) => Self::done(asked, tries, said),
            Ok(Said::No(status, detail, after)) => {
                let code = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
                let reply = Reply::problem(&Problem::new(code, format!("“{name}” says: {detail}")));
                let reason = format!("the module answered with status {status}");
                let audit = Some(("refused", reason));
                // Asked again later it may well be done.
                let keep = !matches!(status, 408 | 409 | 425 | 429);
                Self { reply: reply.after(after), audit, sample: Some(true), keep }
            }
            Err(Unreached::Rests(rest)) => {
                let failures = config.failures;
                let why = format!(
                    "“{name}” failed {failures} times in a row and is left alone for a moment: ask again later"
                );
                Self::unavailable(why, rest)
            }
            Err(Unreached::NoTime) => {
                let why = format!("there was no time left to ask “{name}”: ask again");
                Self::failed(StatusCode::GATEWAY_TIMEOUT, why, "no time left".to_owned())
            }
            Err(Unreached::Failed(failure)) => {
                let status = match failure {
                    Failure::TooLate(_) => StatusCode::GATEWAY_TIMEOUT,
                    Failure::NotReached(_) | Failure::Wrong(..) | Failure::TooLarge(_) => {
                        StatusCode::BAD_GATEWAY
                    }
                };
                let works = !failure.is_its_own();
                let times = if tries == 1 { "once".to_owned() } else { format!("{tries} times") };
                let reason = failure.reason();
                let failed = Self::failed(status, format!("“{name}” was asked {times}: {reason}"), reason);
                Self { sample: Some(works), ..failed }
            }
        }
    }

    fn done(asked: &Execute, tries: u32, said: Value) -> Self {
        let (module, action) = (asked.module.clone(), asked.action.clone());
        let reply = Reply::answer(&Answered { module, action, tries, answer: said });
        Self {
            reply,
            audit: Some(("done", format!("answered at try {tries}"))),
            sample: Some(true),
            keep: true,
        }
    }

    fn failed(status: StatusCode, why: String, reason: String) -> Self {
        let reply = Reply::problem(&Problem::new(status, why));
        Self { reply, audit: Some(("failed", reason)), sample: Some(false), keep: false }
    }

    /// Nothing was done, for this reason.
    pub(super) fn problem(problem: &Problem) -> Self {
        let reason = problem.detail.chars().take(300).collect();
        Self { reply: Reply::problem(problem), audit: Some(("refused", reason)), sample: None, keep: false }
    }

    /// Nothing was done, for this reason.
    pub(super) fn refused(status: StatusCode, why: impl Into<String>) -> Self {
        Self::problem(&Problem::new(status, why))
    }

    /// The owner did not want to, or is gone.
    pub(super) fn by_owner(error: ClientError) -> Self {
        Self::problem(&Problem::from(error))
    }

    /// Nothing was done; it may go better after this.
    pub(super) fn unavailable(why: String, after: Duration) -> Self {
        let seconds = u64::from(after.subsec_nanos() > 0).saturating_add(after.as_secs()).max(1);
        let mut ended = Self::refused(StatusCode::SERVICE_UNAVAILABLE, why);
        ended.reply = ended.reply.after(Some(HeaderValue::from(seconds)));
        ended
    }

    /// `known` is what there is besides the supervisor's own.
    pub(super) fn unknown_action(action: &str, own: &[&str], known: &[Action]) -> Self {
        let known: Vec<_> = own.iter().copied().chain(known.iter().map(|one| one.name.as_str())).collect();
        let why = format!("there is no action “{action}”: there are {}", known.join(", "));
        Self::refused(StatusCode::UNPROCESSABLE_ENTITY, why)
    }
}
