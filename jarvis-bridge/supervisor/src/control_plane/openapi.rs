//! `/openapi.json`: what can be asked and every answer that can come.
//!
//! Made from the handlers themselves. What all of them have in common stands here: the answers at the door, and those of
//! whoever reads a query or a body.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::response::{Response as Answer, ResponseBuilder};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ContentBuilder, Ref, RefOr};
use utoipa::{IntoResponses, Modify, OpenApi};

use super::{Problem, address, health, metrics, reported, routes, socket};

/// The document. Stays the same as long as the program runs.
static DOCUMENT: LazyLock<String> = LazyLock::new(|| Document::openapi().to_json().unwrap_or_default());

#[derive(OpenApi)]
#[openapi(
    info(
        title = "JARVIS",
        description = "The control plane of AI DAWG's supervisor, on loopback only. All but `/health` wants a token of \
            `endpoint.json`. At most 500 requests of one client in 15 minutes and 60 at once, unless `sidecars.toml` says \
            otherwise; what is said over the WebSocket is not counted. Every answer carries `x-correlation-id`."
    ),
    paths(
        routes::health,
        health::report,
        routes::services,
        address::address,
        routes::modules,
        routes::execute,
        routes::autonomy,
        routes::set_autonomy,
        routes::events,
        routes::alerts,
        routes::acknowledge,
        routes::audit,
        routes::verify,
        routes::intelligence,
        routes::gauges,
        reported::post_gauges,
        reported::post_usage,
        socket::stream,
        metrics::metrics,
        openapi,
    ),
    components(schemas(Problem, crate::stream::News)),
    modifiers(&Token, &Everywhere),
)]
struct Document;

/// The token, everywhere.
struct Token;

impl Modify for Token {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("token", SecurityScheme::Http(scheme));
    }
}

/// The headers of every answer.
struct Everywhere;

impl Modify for Everywhere {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let operations = document.paths.paths.values_mut();
        let operations = operations.flat_map(|item| [&mut item.get, &mut item.post, &mut item.put]);
        let answers = operations.flatten().flat_map(|operation| operation.responses.responses.values_mut());
        for answer in answers {
            let RefOr::T(answer) = answer else { continue };
            let mut add = |name: &str, says| answer.headers.insert(name.to_owned(), text(says).into());
            add(
                "X-Correlation-Id",
                "The id that was sent, or a new one: by it the request is found in the logs",
            );
            add("X-Content-Type-Options", "nosniff");
        }
    }
}

fn text(says: &str) -> utoipa::openapi::Header {
    header_of(Type::String, says)
}

fn header_of(kind: Type, says: &str) -> utoipa::openapi::Header {
    let schema = ObjectBuilder::new().schema_type(kind).build();
    HeaderBuilder::new().schema(Some(schema)).description(Some(says)).build()
}

/// What is asked and answered
#[utoipa::path(
    get,
    path = "/openapi.json",
    responses((status = 200, description = "This document", content_type = "application/json", body = Object), Door),
    security(("token" = []))
)]
pub(super) async fn openapi() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], DOCUMENT.as_str()).into_response()
}

/// The answers that can come to everything but `/health`.
pub(super) struct Door;

/// Those to a query, besides.
pub(super) struct Asks;

/// Those to a body, besides.
pub(super) struct Sends;

/// Those to `/health`, which wants no token.
pub(super) struct Hello;

type Answers = BTreeMap<String, RefOr<Answer>>;

impl IntoResponses for Hello {
    fn responses() -> Answers {
        problems(&[
            (StatusCode::FORBIDDEN, "A foreign host or origin"),
            (StatusCode::METHOD_NOT_ALLOWED, "This address knows other methods"),
        ])
    }
}

impl IntoResponses for Door {
    fn responses() -> Answers {
        let mut answers = Hello::responses();
        answers.append(&mut problems(&[
            (StatusCode::UNAUTHORIZED, "No token, or a wrong one"),
            (StatusCode::TOO_MANY_REQUESTS, "Asked too often"),
            (StatusCode::SERVICE_UNAVAILABLE, "The supervisor is ending, or does not answer in time"),
        ]));
        answers
    }
}

impl IntoResponses for Asks {
    fn responses() -> Answers {
        let mut answers = Door::responses();
        answers.append(&mut problems(&[(StatusCode::UNPROCESSABLE_ENTITY, "Not what is asked for")]));
        answers
    }
}

impl IntoResponses for Sends {
    fn responses() -> Answers {
        let mut answers = Asks::responses();
        answers.append(&mut problems(&[
            (StatusCode::BAD_REQUEST, "The body broke off"),
            (StatusCode::REQUEST_TIMEOUT, "The body did not come in time"),
            (StatusCode::PAYLOAD_TOO_LARGE, "The body is too large"),
            (StatusCode::UNSUPPORTED_MEDIA_TYPE, "The body is not JSON"),
        ]));
        answers
    }
}

fn problems(answers: &[(StatusCode, &str)]) -> Answers {
    answers.iter().map(|(status, says)| (status.as_str().to_owned(), problem(*status, says).into())).collect()
}

fn problem(status: StatusCode, says: &str) -> Answer {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    let answer = ResponseBuilder::new().description(says).content("application/problem+json", content);
    let answer = match status {
        StatusCode::TOO_MANY_REQUESTS => {
            answer.header("Retry-After", header_of(Type::Integer, "Seconds after which to ask again"))
        }
        StatusCode::SERVICE_UNAVAILABLE => {
            let says = "Seconds after which it may go better, where that is known";
            answer.header("Retry-After", header_of(Type::Integer, says))
        }
        StatusCode::UNAUTHORIZED => answer.header("WWW-Authenticate", text("How to show a token: Bearer")),
        StatusCode::METHOD_NOT_ALLOWED => answer.header("Allow", text("The methods that this address knows")),
        _ => answer,
    };
    answer.build()
}
