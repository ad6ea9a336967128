//! What a client sends: read with limits of size and time, and understood whole or refused.

use std::pin::Pin;
use std::sync::Arc;

use axum::body::{Body, HttpBody};
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;

use super::{Plane, Problem};

/// The largest body that is read.
pub(super) const LARGEST: usize = 64 * 1024;
/// The most that is thrown away of a larger one, so that its sender reads why.
pub(super) const DRAINED: usize = 16 * 1024 * 1024;

/// The query of a URL.
pub(super) struct Words<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequestParts<Arc<Plane>> for Words<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Plane>) -> Result<Self, Problem> {
        let Query(words) =
            Query::try_from_uri(&parts.uri).map_err(|rejected| not_understood(rejected.body_text()))?;
        Ok(Self(words))
    }
}

/// A number in a path.
pub(super) struct Number(pub(super) u64);

impl FromRequestParts<Arc<Plane>> for Number {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, plane: &Arc<Plane>) -> Result<Self, Problem> {
        let Path(number) = Path::from_request_parts(parts, plane)
            .await
            .map_err(|rejected| not_understood(rejected.body_text()))?;
        Ok(Self(number))
    }
}

/// A body of JSON.
pub(super) struct Sent<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequest<Arc<Plane>> for Sent<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, plane: &Arc<Plane>) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(not_json());
        }
        let bytes = read(request, plane).await?;
        let sent = serde_json::from_slice(&bytes).map_err(|error| not_understood(error.to_string()))?;
        Ok(Self(sent))
    }
}

/// No body, or an empty object.
pub(super) struct Nothing;

impl FromRequest<Arc<Plane>> for Nothing {
    type Rejection = Problem;

    async fn from_request(request: Request, plane: &Arc<Plane>) -> Result<Self, Problem> {
        if !request.body().is_end_stream() && !is_json(request.headers()) {
            return Err(not_json());
        }
        let bytes = read(request, plane).await?;
        let empty = bytes.is_empty()
            || serde_json::from_slice::<serde_json::Map<_, _>>(&bytes).is_ok_and(|object| object.is_empty());
        if empty {
            Ok(Self)
        } else {
            Err(not_understood("nothing is asked for but an empty object".to_owned()))
        }
    }
}

/// The whole body; one that is too large is thrown away as it comes.
async fn read(request: Request, plane: &Plane) -> Result<Vec<u8>, Problem> {
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    let too_large = || {
        let detail = format!("the body is larger than {LARGEST} bytes: send less at a time");
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, detail)
    };
    if length.and_then(|length| length.parse::<usize>().ok()).is_some_and(|length| length > DRAINED) {
        return Err(too_large());
    }
    let limit = plane.config.body;
    let read = tokio::time::timeout(limit, collect(request.into_body())).await.map_err(|_| {
        let detail = format!("the body did not come within {} s", limit.as_secs_f64());
        Problem::new(StatusCode::REQUEST_TIMEOUT, detail)
    })?;
    match read {
        Ok(Some(bytes)) => Ok(bytes),
        Ok(None) => Err(too_large()),
        Err(error) => Err(Problem::new(StatusCode::BAD_REQUEST, format!("the body broke off: {error}"))),
    }
}

/// None: it was too large.
async fn collect(mut body: Body) -> Result<Option<Vec<u8>>, axum::Error> {
    let mut bytes = Vec::new();
    let mut seen = 0;
    while let Some(frame) = std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        let Ok(data) = frame?.into_data() else { continue };
        seen += data.len();
        if seen > DRAINED {
            break;
        }
        if seen <= LARGEST {
            bytes.extend_from_slice(&data);
        }
    }
    Ok((seen <= LARGEST).then_some(bytes))
}

pub(super) fn not_understood(what: impl std::fmt::Display) -> Problem {
    let detail = format!("this is not what is asked for: {what}; /openapi.json says what is");
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, detail)
}

fn not_json() -> Problem {
    Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "send `Content-Type: application/json`")
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json")
}
