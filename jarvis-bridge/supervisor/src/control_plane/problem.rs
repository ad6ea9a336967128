//! Errors as `application/problem+json` (RFC 9457).

use std::time::Duration;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use crate::client::ClientError;
use crate::control_loop::Refusal;

/// Why it was not done.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Problem {
    /// The status in words.
    pub title: String,
    /// The status.
    pub status: u16,
    /// What happened and what to do.
    pub detail: String,
    /// The owner's refusal, for its own clients.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<Refusal>,
    /// Seconds after which it may be asked again; stands in the header `Retry-After`.
    #[serde(skip)]
    pub retry_after: Option<u64>,
}

impl Problem {
    pub(super) fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        let title = status.canonical_reason().unwrap_or("Error").to_owned();
        Self { title, status: status.as_u16(), detail: detail.into(), because: None, retry_after: None }
    }

    /// What it means for the client that is told it.
    pub(crate) fn told(self) -> ClientError {
        match self.because {
            Some(refusal) => ClientError::Refused(refusal),
            None if self.status < 500 => ClientError::Declined(self.detail),
            None => ClientError::NoAnswer(self.detail),
        }
    }

    /// Asked too often: to be asked again after `wait`.
    pub(super) fn too_many(wait: Duration) -> Self {
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        let detail = format!("asked too often: ask again in {seconds} s, or listen at /api/v1/stream");
        Self { retry_after: Some(seconds.max(1)), ..Self::new(StatusCode::TOO_MANY_REQUESTS, detail) }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let retry = self.retry_after.map(header::HeaderValue::from);
        let text = serde_json::to_string(&self).unwrap_or_default();
        let mut answer = (status, [(header::CONTENT_TYPE, "application/problem+json")], text).into_response();
        if status == StatusCode::UNAUTHORIZED {
            let bearer = header::HeaderValue::from_static("Bearer");
            answer.headers_mut().insert(header::WWW_AUTHENTICATE, bearer);
        }
        if status == StatusCode::UPGRADE_REQUIRED {
            // RFC 9110, 15.5.22: it must say what to.
            let headers = answer.headers_mut();
            headers.insert(header::UPGRADE, header::HeaderValue::from_static("websocket"));
            headers.insert(header::CONNECTION, header::HeaderValue::from_static("upgrade"));
        }
        if let Some(retry) = retry {
            answer.headers_mut().insert(header::RETRY_AFTER, retry);
        }
        answer
    }
}

impl From<ClientError> for Problem {
    fn from(error: ClientError) -> Self {
        let status = match &error {
            ClientError::Refused(Refusal::Unknown { .. }) => StatusCode::NOT_FOUND,
            ClientError::Refused(Refusal::Runs { .. }) => StatusCode::CONFLICT,
            ClientError::Declined(_) => StatusCode::FORBIDDEN,
            ClientError::Refused(Refusal::Ending) | ClientError::NoOwner | ClientError::NoAnswer(_) => {
                StatusCode::SERVICE_UNAVAILABLE
            }
        };
        let mut problem = Self::new(status, error.to_string());
        if let ClientError::Refused(refusal) = error {
            problem.because = Some(refusal);
        }
        problem
    }
}
