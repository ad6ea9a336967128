//! The correlation id: by it one request is found in every log that it went through. What came in goes out.

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

const HEADER: HeaderName = HeaderName::from_static("x-correlation-id");
/// Longer ones are no ids.
const LONGEST: usize = 128;

/// Echoes the id of a request in its answer, and says both in the log.
pub(crate) async fn echo(request: Request, next: Next) -> Response {
    let id = request.headers().get(HEADER).filter(|id| is_id(id)).cloned();
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let mut answer = next.run(request).await;
    let said = id.as_ref().and_then(|id| id.to_str().ok()).unwrap_or("-");
    tracing::debug!(%method, path, status = answer.status().as_u16(), correlation_id = said);
    if let Some(id) = id {
        answer.headers_mut().insert(HEADER, id);
    }
    answer
}

/// Visible ASCII characters without quotes, as the control plane has it: it can stand in every log as it is.
fn is_id(id: &HeaderValue) -> bool {
    let bytes = id.as_bytes();
    let fits = |byte: &u8| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\'' | b'`');
    !bytes.is_empty() && bytes.len() <= LONGEST && bytes.iter().all(fits)
}
