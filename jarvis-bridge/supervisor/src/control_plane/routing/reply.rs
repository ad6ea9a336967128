//! What the client is told in the end: kept under its idempotency key, so it is plain bytes.

use std::sync::Arc;

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::Value;

use crate::control_plane::Problem;

/// Says that an answer was given before, under the same idempotency key.
const REPEATED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// The supervisor has begun what was asked of it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in super::super) struct Accepted {
    /// Who was asked for.
    pub(super) module: String,
    /// Always true.
    pub(super) accepted: bool,
}

/// A module has answered.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in super::super) struct Answered {
    /// Which.
    pub(super) module: String,
    /// What it did.
    pub(super) action: String,
    /// How often it was asked, from 1.
    pub(super) tries: u32,
    /// What it said; null: nothing.
    pub(super) answer: Value,
}

/// An answer that can be given again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reply {
    status: StatusCode,
    kind: &'static str,
    body: Arc<[u8]>,
    /// Seconds after which it may go better.
    retry_after: Option<HeaderValue>,
    repeated: bool,
}

impl Reply {
    /// It was done.
    pub(super) fn answer(said: &impl Serialize) -> Self {
        // Texts, numbers and JSON can always be written.
        Self::of(serde_json::to_vec(said).unwrap_or_default())
    }

    /// JSON, written already.
    pub(super) fn of(body: Vec<u8>) -> Self {
        let (status, kind, body) = (StatusCode::OK, "application/json", Arc::from(body));
        Self { status, kind, body, retry_after: None, repeated: false }
    }

    /// It was begun.
    pub(super) fn accepted(said: &Accepted) -> Self {
        Self { status: StatusCode::ACCEPTED, ..Self::answer(said) }
    }

    /// It was not.
    pub(super) fn problem(problem: &Problem) -> Self {
        let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = Arc::from(serde_json::to_vec(problem).unwrap_or_default());
        Self { status, kind: "application/problem+json", body, retry_after: None, repeated: false }
    }

    /// It may go better after so long.
    pub(super) fn after(mut self, retry_after: Option<HeaderValue>) -> Self {
        self.retry_after = retry_after;
        self
    }

    /// It is given again.
    pub(super) fn repeated(mut self) -> Self {
        self.repeated = true;
        self
    }

    pub(super) fn bytes(&self) -> usize {
        self.body.len()
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let mut answer =
            (self.status, [(header::CONTENT_TYPE, self.kind)], self.body.to_vec()).into_response();
        if let Some(after) = self.retry_after {
            answer.headers_mut().insert(header::RETRY_AFTER, after);
        }
        if self.repeated {
            answer.headers_mut().insert(REPEATED, HeaderValue::from_static("true"));
        }
        answer
    }
}
