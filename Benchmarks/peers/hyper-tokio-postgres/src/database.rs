//! The statements, and the connections that they run on.

use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::try_join_all;
use time::OffsetDateTime;
use tokio_postgres::{Client, Error, NoTls, Row, Statement};
use uuid::Uuid;

use crate::user::COLUMNS;

/// A connection with its prepared statements. Whatever is asked of it at the same time goes through
/// its pipeline.
struct Connection {
    client: Client,
    by_id: Statement,
    first_page: Statement,
    rename: Statement,
}

impl Connection {
    async fn connect(url: &str) -> Result<Self, Error> {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                eprintln!("A connection was lost: {error}");
            }
        });
        let by_id = format!("SELECT {COLUMNS} FROM users WHERE id = $1 AND deleted_at IS NULL");
        let first_page = format!(
            "SELECT {COLUMNS} FROM users WHERE deleted_at IS NULL \
             ORDER BY created_at DESC, id DESC LIMIT $1"
        );
        let rename = format!(
            "UPDATE users SET display_name = $2, updated_at = $3, version = version + 1, \
             search_text = lower($2) || E'\\n' || split_part(search_text, E'\\n', 2) \
             WHERE id = $1 AND deleted_at IS NULL RETURNING {COLUMNS}"
        );
        Ok(Connection {
            by_id: client.prepare(&by_id).await?,
            first_page: client.prepare(&first_page).await?,
            rename: client.prepare(&rename).await?,
            client,
        })
    }
}

/// Connections that take turns.
struct Ring {
    connections: Vec<Connection>,
    turn: AtomicUsize,
}

impl Ring {
    async fn connect(url: &str, count: usize) -> Result<Self, Error> {
        let connections = try_join_all((0..count).map(|_| Connection::connect(url))).await?;
        Ok(Ring {
            connections,
            turn: AtomicUsize::new(0),
        })
    }

    fn next(&self) -> &Connection {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        &self.connections[turn % self.connections.len()]
    }
}

/// The users in PostgreSQL.
///
/// Reads share a few connections, since a deep pipeline is cheapest for the server. Writes have
/// many: a commit waits for the disk, and commits that wait at once share that.
pub struct Database {
    reads: Ring,
    writes: Ring,
}

impl Database {
    pub async fn connect(url: &str, reads: usize, writes: usize) -> Result<Self, Error> {
        Ok(Database {
            reads: Ring::connect(url, reads).await?,
            writes: Ring::connect(url, writes).await?,
        })
    }

    pub async fn user(&self, id: Uuid) -> Result<Option<Row>, Error> {
        let Connection { client, by_id, .. } = self.reads.next();
        client.query_opt(by_id, &[&id]).await
    }

    /// The newest users, at most `count`.
    pub async fn newest_users(&self, count: i64) -> Result<Vec<Row>, Error> {
        let Connection {
            client, first_page, ..
        } = self.reads.next();
        client.query(first_page, &[&count]).await
    }

    pub async fn rename(&self, id: Uuid, name: &str) -> Result<Option<Row>, Error> {
        let Connection { client, rename, .. } = self.writes.next();
        client
            .query_opt(rename, &[&id, &name, &OffsetDateTime::now_utc()])
            .await
    }
}
