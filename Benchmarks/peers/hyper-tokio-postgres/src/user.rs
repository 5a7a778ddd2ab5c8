//! A user as a row and as JSON.

use serde::Serialize;
use serde_json::value::RawValue;
use time::OffsetDateTime;
use tokio_postgres::types::Json;
use tokio_postgres::{Error, Row};
use uuid::Uuid;

/// The columns of a user, in the order in which `User::from_row` reads them.
pub const COLUMNS: &str = "id, external_id, email, email_key, email_verified, display_name, \
    locale, time_zone, status, roles, metadata, admin_metadata, created_at, updated_at, \
    password_changed_at, deleted_at, version";

/// Letters by which the service's cursors are longer than a time and an id in hexadecimal digits.
const SEAL_LENGTH: usize = 38;

/// A user as clients see it, borrowed from a row.
#[derive(Serialize)]
pub struct User<'row> {
    pub id: Uuid,
    external_id: Option<&'row str>,
    email: &'row str,
    email_verified: bool,
    display_name: &'row str,
    locale: Option<&'row str>,
    time_zone: Option<&'row str>,
    status: &'row str,
    roles: Vec<&'row str>,
    metadata: &'row RawValue,
    admin_metadata: &'row RawValue,
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    updated_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option")]
    password_changed_at: Option<OffsetDateTime>,
    #[serde(with = "time::serde::rfc3339::option")]
    deleted_at: Option<OffsetDateTime>,
    pub version: i64,
}

impl<'row> User<'row> {
    /// Reads a row of `COLUMNS`. The key of the e-mail is not for clients.
    pub fn from_row(row: &'row Row) -> Result<Self, Error> {
        Ok(User {
            id: row.try_get(0)?,
            external_id: row.try_get(1)?,
            email: row.try_get(2)?,
            email_verified: row.try_get(4)?,
            display_name: row.try_get(5)?,
            locale: row.try_get(6)?,
            time_zone: row.try_get(7)?,
            status: row.try_get(8)?,
            roles: row.try_get(9)?,
            metadata: row.try_get::<_, Json<&RawValue>>(10)?.0,
            admin_metadata: row.try_get::<_, Json<&RawValue>>(11)?.0,
            created_at: row.try_get(12)?,
            updated_at: row.try_get(13)?,
            password_changed_at: row.try_get(14)?,
            deleted_at: row.try_get(15)?,
            version: row.try_get(16)?,
        })
    }
}

/// A page of users as clients see it.
#[derive(Serialize)]
pub struct Page<'row> {
    pub items: Vec<User<'row>>,
    pub next_cursor: Option<String>,
    pub has_more: bool,
    pub total: Option<i64>,
}

impl<'row> Page<'row> {
    /// Makes a page of at most `limit` users; one row more tells that there is another page.
    pub fn from_rows(rows: &'row [Row], limit: usize) -> Result<Self, Error> {
        let shown = &rows[..rows.len().min(limit)];
        let items = shown
            .iter()
            .map(User::from_row)
            .collect::<Result<Vec<_>, _>>()?;
        let has_more = rows.len() > limit;
        // The service's are as long, but authenticated: the last digits stand for that.
        let next_cursor = items.last().filter(|_| has_more).map(|user| {
            let microseconds = user.created_at.unix_timestamp_nanos() / 1000;
            let seal = "0".repeat(SEAL_LENGTH);
            format!("{:016x}{}{seal}", microseconds as i64, user.id.simple())
        });
        Ok(Page {
            items,
            next_cursor,
            has_more,
            total: None,
        })
    }
}
