//! The peer of `Benchmarks/requests`: three routes of the service with hyper and tokio-postgres.
//!
//! It takes `DATABASE_URL`, `PORT`, and the numbers of connections for reads, which share them in
//! pipelines, and for writes: `READ_CONNECTIONS` and `WRITE_CONNECTIONS`.

mod database;
mod http;
mod user;

use std::error::Error;
use std::net::{Ipv4Addr, SocketAddr};
use std::str::FromStr;
use std::sync::Arc;

use database::Database;
use hyper::server::conn::Http;
use hyper::service::service_fn;
use tokio::net::TcpListener;

/// The variable `name`, or `default` if it is not set.
fn setting<T: FromStr>(name: &str, default: T) -> Result<T, String> {
    match std::env::var(name) {
        Ok(text) => text.parse().map_err(|_| format!("{name} is `{text}`.")),
        Err(_) => Ok(default),
    }
}

// One worker for each CPU, as is tokio's default.
#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let url = std::env::var("DATABASE_URL")?;
    let reads = setting("READ_CONNECTIONS", 4)?;
    let writes = setting("WRITE_CONNECTIONS", 32)?;
    let database = Arc::new(Database::connect(&url, reads, writes).await?);
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, setting("PORT", 8000)?));
    let listener = TcpListener::bind(address).await?;
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let database = database.clone();
        tokio::spawn(async move {
            let service = service_fn(|request| http::respond(database.clone(), request));
            // A client that goes away is no error of ours.
            let _ = Http::new()
                .http1_only(true)
                .serve_connection(stream, service)
                .await;
        });
    }
}
