//! The routes.

use std::borrow::Cow;
use std::convert::Infallible;
use std::fmt::Display;
use std::sync::Arc;

use hyper::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, LINK, VARY, X_CONTENT_TYPE_OPTIONS,
};
use hyper::http::response::Builder;
use hyper::{body, Body, Method, Request, Response, StatusCode};
use serde::{Deserialize, Serialize};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::database::Database;
use crate::user::{Page, User};

const LIMITS: std::ops::RangeInclusive<usize> = 1..=1000;
const LIMIT_DEFAULT: usize = 50;
const NAME_LENGTH_MAX: usize = 100;
/// Octets of JSON that most users fit in.
const USER_CAPACITY: usize = 512;

type Answer = Result<Response<Body>, StatusCode>;

/// What `PATCH` takes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Patch<'body> {
    #[serde(borrow)]
    display_name: Cow<'body, str>,
}

/// Answers a request; an error has no body.
pub async fn respond(
    database: Arc<Database>,
    request: Request<Body>,
) -> Result<Response<Body>, Infallible> {
    let answer = route(&database, request).await;
    Ok(answer.unwrap_or_else(|status| {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = status;
        response
    }))
}

async fn route(database: &Database, request: Request<Body>) -> Answer {
    let path = request.uri().path();
    if path == "/users" {
        return match *request.method() {
            Method::GET => list(database, request.uri().query().unwrap_or("")).await,
            _ => Err(StatusCode::METHOD_NOT_ALLOWED),
        };
    }
    let id = path.strip_prefix("/users/").ok_or(StatusCode::NOT_FOUND)?;
    let id = Uuid::try_parse(id).map_err(|_| StatusCode::NOT_FOUND)?;
    match *request.method() {
        Method::GET => user(database.user(id).await.map_err(internal)?),
        Method::PATCH => patch(database, id, request.into_body()).await,
        _ => Err(StatusCode::METHOD_NOT_ALLOWED),
    }
}

async fn patch(database: &Database, id: Uuid, body: Body) -> Answer {
    let body = body::to_bytes(body)
        .await
        .map_err(|_| StatusCode::BAD_REQUEST)?;
    let patch: Patch = serde_json::from_slice(&body).map_err(|_| StatusCode::BAD_REQUEST)?;
    let name = patch.display_name.trim();
    if name.is_empty() || name.chars().count() > NAME_LENGTH_MAX {
        return Err(StatusCode::UNPROCESSABLE_ENTITY);
    }
    user(database.rename(id, name).await.map_err(internal)?)
}

async fn list(database: &Database, query: &str) -> Answer {
    let limit = match query.strip_prefix("limit=") {
        Some(text) => text.parse().map_err(|_| StatusCode::BAD_REQUEST)?,
        None if query.is_empty() => LIMIT_DEFAULT,
        None => return Err(StatusCode::BAD_REQUEST),
    };
    if !LIMITS.contains(&limit) {
        return Err(StatusCode::BAD_REQUEST);
    }
    let rows = database
        .newest_users(limit as i64 + 1)
        .await
        .map_err(internal)?;
    let page = Page::from_rows(&rows, limit).map_err(internal)?;
    let mut response = Response::builder();
    if let Some(cursor) = &page.next_cursor {
        let link = format!("</users?limit={limit}&cursor={cursor}>; rel=\"next\"");
        response = response.header(LINK, link);
    }
    json(response, &page, USER_CAPACITY * (page.items.len() + 1))
}

/// The answer that holds the user of `row`.
fn user(row: Option<Row>) -> Answer {
    let row = row.ok_or(StatusCode::NOT_FOUND)?;
    let user = User::from_row(&row).map_err(internal)?;
    json(
        Response::builder().header(ETAG, format!("\"{}\"", user.version)),
        &user,
        USER_CAPACITY,
    )
}

/// The answer that holds `value`, whose text has about `capacity` octets.
fn json<T: Serialize>(response: Builder, value: &T, capacity: usize) -> Answer {
    let mut text = Vec::with_capacity(capacity);
    serde_json::to_writer(&mut text, value).map_err(internal)?;
    response
        .header(CONTENT_TYPE, "application/json")
        .header(CACHE_CONTROL, "private, no-cache")
        .header(VARY, "Authorization, Accept-Encoding")
        .header(X_CONTENT_TYPE_OPTIONS, "nosniff")
        .header(
            CONTENT_SECURITY_POLICY,
            "default-src 'none'; frame-ancestors 'none'",
        )
        .body(Body::from(text))
        .map_err(internal)
}

/// Reports an error that the client is not to know.
fn internal(error: impl Display) -> StatusCode {
    eprintln!("{error}");
    StatusCode::INTERNAL_SERVER_ERROR
}
