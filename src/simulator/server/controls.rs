//! The simulator's own routes under `/_simulator`, which need no signature: faults, connections and orders.
//!
//! | request | what it does |
//! |---|---|
//! | `GET /_simulator/faults` | lists the faults in force: `{"ListRooms":"deny"}` |
//! | `PUT /_simulator/faults/OPERATION` with a fault as body | puts it in force: `deny`, `status:503,times=2` |
//! | `DELETE /_simulator/faults/OPERATION` | takes it away; 404 if there was none |
//! | `DELETE /_simulator/faults` | takes all away |
//! | `GET /_simulator/connections` | counts the WebSocket connections: `{"connections":3}` |
//! | `POST /_simulator/connections/drop` | resets all WebSocket connections: `{"connections":3}` |
//! | `POST /_simulator/connections/freeze` | all WebSocket connections go silent but stay open |
//! | `POST /_simulator/raid` and the other orders, with JSON as body | see [`Order`] |

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{get, post, put};
use serde_json::{Map, Value, json};

use super::Shared;
use super::account::Stopped;
use super::answer::{refusal, respond};
use super::fault::{self, BadFault, Plan, Target};
use super::order::Order;
use crate::simulator::world::{Answer, Refusal};

/// The routes.
pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route("/_simulator/faults", get(list).delete(clear_all))
        .route("/_simulator/faults/{target}", put(set).delete(clear))
        .route("/_simulator/connections", get(count_connections))
        .route("/_simulator/connections/drop", post(drop_connections))
        .route("/_simulator/connections/freeze", post(freeze_connections))
        .route("/_simulator/{*order}", post(order).fallback(nothing))
}

fn yes(body: Value) -> Answer {
    Answer { status: 200, body: Some(body) }
}

fn done() -> Answer {
    Answer { status: 204, body: None }
}

impl From<BadFault> for Refusal {
    fn from(bad: BadFault) -> Self {
        refusal(400, "BadFault", &bad.to_string())
    }
}

async fn list(State(shared): State<Shared>) -> Response {
    let faults = shared.account.faults().await.map_err(Refusal::from);
    let pairs = |(target, plan): (Target, Plan)| (target.to_string(), Value::String(plan.to_string()));
    respond(faults.map(|faults| yes(Value::Object(faults.into_iter().map(pairs).collect::<Map<_, _>>()))))
}

async fn set(State(shared): State<Shared>, Path(target): Path<String>, plan: String) -> Response {
    respond(set_fault(&shared, &target, &plan).await)
}

async fn set_fault(shared: &Shared, target: &str, plan: &str) -> Result<Answer, Refusal> {
    let (target, plan) = fault::read(target, plan)?;
    shared.account.set_fault(target, plan).await?;
    Ok(done())
}

async fn clear(State(shared): State<Shared>, Path(target): Path<String>) -> Response {
    respond(clear_fault(&shared, &target).await)
}

async fn clear_fault(shared: &Shared, target: &str) -> Result<Answer, Refusal> {
    if shared.account.clear_fault(target.parse()?).await? {
        return Ok(done());
    }
    Err(refusal(404, "NoSuchFault", &format!("{target} has no fault")))
}

async fn clear_all(State(shared): State<Shared>) -> Response {
    respond(shared.account.clear_faults().await.map(|()| done()).map_err(Refusal::from))
}

async fn count_connections(State(shared): State<Shared>) -> Response {
    counted(shared.account.count_connections().await)
}

async fn drop_connections(State(shared): State<Shared>) -> Response {
    counted(shared.account.drop_connections().await)
}

async fn freeze_connections(State(shared): State<Shared>) -> Response {
    counted(shared.account.freeze_connections().await)
}

fn counted(count: Result<usize, Stopped>) -> Response {
    respond(count.map(|count| yes(json!({ "connections": count }))).map_err(Refusal::from))
}

async fn order(State(shared): State<Shared>, Path(path): Path<String>, body: Bytes) -> Response {
    respond(carry_out(&shared, &path, &body).await)
}

async fn carry_out(shared: &Shared, path: &str, body: &[u8]) -> Result<Answer, Refusal> {
    let order = Order::read(path, body).map_err(|refusal| if refusal.status == 404 { unknown() } else { refusal })?;
    Ok(yes(shared.account.order(order).await??))
}

async fn nothing() -> Response {
    respond(Err(unknown()))
}

fn unknown() -> Refusal {
    refusal(
        404,
        "NoSuchControl",
        "there are /_simulator/faults, /_simulator/faults/OPERATION, /_simulator/connections, and to POST to: \
        /_simulator/connections/drop, /_simulator/connections/freeze, /_simulator/sessions/end, \
        /_simulator/sessions/limit, /_simulator/raid, /_simulator/flood, /_simulator/say, \
        /_simulator/moderator/delete and /_simulator/moderator/disconnect",
    )
}
