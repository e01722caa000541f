//! Addresses → what their sites answer: many at once, few of one host, and not too fast.

use std::sync::Arc;
use std::time::Duration;

use lychee_lib::ratelimit::RateLimitConfig;
use lychee_lib::{Client, ClientBuilder, Status};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::cli::external::Answers;
use crate::cli::failure::Failure;

/// How many addresses are asked for at once, and how many of them of one host.
const AT_ONCE: usize = 64;
const AT_ONCE_OF_A_HOST: usize = 4;

/// How long a host is left alone between two questions.
const BETWEEN: Duration = Duration::from_millis(100);

const PATIENCE: Duration = Duration::from_secs(20);

/// Answers of hosts that are there, and do not show the page to everybody or this often.
const GUARDED: &[u16] = &[401, 403, 407, 429, 999];

/// Asks for every address.
pub(super) fn ask(addresses: &[String]) -> Result<Answers, Failure> {
    let cannot =
        |error: &dyn std::fmt::Display| Failure::new(format!("cannot ask other sites: {error}"));
    let client = ClientBuilder::builder()
        .user_agent(concat!("handover/", env!("CARGO_PKG_VERSION"), " (checks links)"))
        .timeout(PATIENCE)
        .max_retries(1_u64)
        .rate_limit_config(RateLimitConfig::from_options(Some(AT_ONCE_OF_A_HOST), Some(BETWEEN)))
        .build()
        .client()
        .map_err(|error| cannot(&error))?;
    let runtime = tokio::runtime::Runtime::new().map_err(|error| cannot(&error))?;
    Ok(runtime.block_on(ask_all(Arc::new(client), addresses)))
}

async fn ask_all(client: Arc<Client>, addresses: &[String]) -> Answers {
    let turns = Arc::new(Semaphore::new(AT_ONCE));
    let mut asking = JoinSet::new();
    for address in addresses {
        let (client, turns, address) = (Arc::clone(&client), Arc::clone(&turns), address.clone());
        asking.spawn(async move {
            let _turn = turns.acquire_owned().await;
            let answer = answer(&client, &address).await;
            (address, answer)
        });
    }
    let mut answers = Answers::new();
    while let Some(asked) = asking.join_next().await {
        if let Ok((address, Some(answer))) = asked {
            answers.insert(address, answer);
        }
    }
    answers
}

/// Returns what a site answers; `None` where it cannot be asked.
async fn answer(client: &Client, address: &str) -> Option<Result<(), String>> {
    let status = match client.check(address).await {
        Ok(response) => response.into_body().status,
        Err(error) => return Some(Err(error.to_string())),
    };
    let is_guarded = status.code().is_some_and(|code| GUARDED.contains(&code.as_u16()));
    match status {
        _ if is_guarded => Some(Ok(())),
        Status::Ok(_) | Status::Cached(_) => Some(Ok(())),
        Status::Excluded | Status::Unsupported(_) | Status::UnknownMailStatus(_) => None,
        status => Some(Err(status.details())),
    }
}
