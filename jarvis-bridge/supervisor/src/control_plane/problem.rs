//! Errors as `application/problem+json` (RFC 9457).

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use crate::client::ClientError;
use crate::control_loop::Refusal;

/// Why it was not done.
#[derive(Debug, Clone, Serialize, Deserialize)]
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
}

impl Problem {
    pub(super) fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        let title = status.canonical_reason().unwrap_or("Error").to_owned();
        Self { title, status: status.as_u16(), detail: detail.into(), because: None }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let text = serde_json::to_string(&self).unwrap_or_default();
        let mut answer = (status, [(header::CONTENT_TYPE, "application/problem+json")], text).into_response();
        if status == StatusCode::UNAUTHORIZED {
            let bearer = header::HeaderValue::from_static("Bearer");
            answer.headers_mut().insert(header::WWW_AUTHENTICATE, bearer);
        }
        answer
    }
}

impl From<ClientError> for Problem {
    fn from(error: ClientError) -> Self {
        let status = match &error {
            ClientError::Refused(Refusal::Unknown { .. }) => StatusCode::NOT_FOUND,
            ClientError::Refused(Refusal::Runs { .. }) => StatusCode::CONFLICT,
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
