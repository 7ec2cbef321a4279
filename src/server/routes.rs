//! The route table: every REST address, who may use it, what answers. The router is built from it, so an address
//! without a row does not exist.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{RawPathParams, Request, State};
use axum::http::Method;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::Response;
use axum::routing::{MethodFilter, on};
use tokio::time::timeout;

use super::app::App;
use super::auth::Who;
use super::call::{Answer, Call, Refused, read_query};
use super::rest::{
    admin, archive, conversations, deletion, files, groups, history, marks, people, pins, reactions, registry, send,
    token,
};
use super::{faults, origin, socket};

/// A request's body is here by then.
const BODY: Duration = Duration::from_mins(1);

/// What answers a call. Handlers are short and do not wait: the database is in this process.
pub type Handler = fn(&Call) -> Answer;

/// One address.
pub struct Route {
    /// Method.
    pub method: Method,
    /// Path template below `/{org}/{app}`. `{user}` is the user whose data it is.
    pub path: &'static str,
    /// Who may use it.
    pub who: Who,
    handler: Handler,
}

const fn get(path: &'static str, who: Who, handler: Handler) -> Route {
    Route { method: Method::GET, path, who, handler }
}

const fn post(path: &'static str, who: Who, handler: Handler) -> Route {
    Route { method: Method::POST, path, who, handler }
}

const fn delete(path: &'static str, who: Who, handler: Handler) -> Route {
    Route { method: Method::DELETE, path, who, handler }
}

const HISTORY: &str = "/users/{user}/messageroaming";

/// Every REST address there is.
#[rustfmt::skip]
pub static ROUTES: &[Route] = &[
    post("/token", Who::Anyone, token::grant),
    get("/sdk/users/{user}/token/expires", Who::Own, token::expires),

    get("/users/{user}/user_channels", Who::OwnOrApp, conversations::list_v1),
    get("/users/{user}/user_channels/page", Who::OwnOrApp, conversations::list_page),
    get("/sdk/user/{user}/user_channels/list", Who::OwnOrApp, conversations::list_cursor),
    get("/sdk/user/{user}/user_channels/mark/search", Who::OwnOrApp, conversations::list_marked),
    delete("/users/{user}/user_channel", Who::OwnOrApp, conversations::delete),
    delete("/user/{user}/user_channel", Who::OwnOrApp, conversations::delete),

    post("/sdk/user/{user}/user_channel/top", Who::OwnOrApp, marks::pin),
    delete("/sdk/user/{user}/user_channel/top", Who::OwnOrApp, marks::unpin),
    post("/user/{user}/user_channel/top", Who::OwnOrApp, marks::pin),
    delete("/user/{user}/user_channel/top", Who::OwnOrApp, marks::unpin),
    post("/sdk/user/{user}/user_channels/mark", Who::OwnOrApp, marks::add),
    delete("/sdk/user/{user}/user_channels/mark", Who::OwnOrApp, marks::remove),

    post("/sdk/user/{user}/user_channel/pin", Who::Own, pins::pin),
    delete("/sdk/user/{user}/user_channel/pin", Who::Own, pins::unpin),
    get("/sdk/user/{user}/user_channel/pin", Who::Own, pins::list),

    post(HISTORY, Who::OwnOrApp, history::page),

    delete("/sdk/message/roaming/{kind}/user/{user}", Who::Own, deletion::by_ids),
    delete("/sdk/message/roaming/{kind}/user/{user}/time", Who::Own, deletion::by_time),
    post("/sdk/message/roaming/user/{user}/delete/all", Who::Own, deletion::everything),
    delete("/rest/message/roaming/{kind}/user/{user}", Who::App, deletion::by_ids),
    delete("/rest/message/roaming/{kind}/user/{user}/time", Who::App, deletion::by_time),
    post("/rest/message/roaming/user/{user}/delete/all", Who::App, deletion::everything),

    post("/reaction/user/{user}", Who::Own, reactions::add),
    delete("/reaction/user/{user}", Who::Own, reactions::remove),
    get("/reaction/user/{user}", Who::Own, reactions::list),
    get("/reaction/user/{user}/detail", Who::Own, reactions::detail),

    post("/metadata/user/get", Who::AnyToken, people::profiles),
    get("/users/{user}/contacts/users", Who::OwnOrApp, people::contacts),
    get("/users/{user}/contacts", Who::OwnOrApp, people::contacts_page),
    get("/users/{user}/resources", Who::OwnOrApp, people::devices),
    get("/users/{user}/joined_chatgroups", Who::OwnOrApp, groups::joined),
    get("/chatgroups/user/{user}", Who::OwnOrApp, groups::joined_with_roles),
    get("/chatgroups/{id}", Who::AnyToken, groups::batch),

    post(files::UPLOAD, Who::AnyToken, files::upload),
    get("/chatfiles/{uuid}", Who::Anyone, files::download),

    post("/messages/msg_recall", Who::App, admin::recall),
    get("/chatmessages/{hour}", Who::App, archive::address),
    get("/chatmessages/{hour}/{file}", Who::Anyone, archive::file),

    post("/users", Who::App, registry::register),
    get("/users", Who::App, registry::list),
    get("/users/{user}", Who::OwnOrApp, registry::get),
    post("/chatgroups", Who::App, groups::create),
    post("/chatgroups/{id}/users", Who::App, groups::add_many),
    post("/chatgroups/{id}/users/{member}", Who::App, groups::add_one),
    post("/messages/users", Who::App, send::to_users),
    post("/messages/chatgroups", Who::App, send::to_groups),
    post("/messages/users/import", Who::App, send::import_to_user),
    post("/messages/chatgroups/import", Who::App, send::import_to_group),
];

/// The whole server: REST, long connection, faults, origins.
pub fn router(app: &Arc<App>) -> Router {
    let mut rest = Router::new();
    for route in ROUTES {
        let handler = move |State(app): State<Arc<App>>, params: RawPathParams, request: Request| {
            let params = params.iter().map(|(k, v)| (k.to_owned(), v.to_owned())).collect();
            answer(route, app, params, request)
        };
        let method = MethodFilter::try_from(route.method.clone()).unwrap_or(MethodFilter::GET);
        rest = rest.route(&format!("/{{org}}/{{app}}{}", route.path), on(method, handler));
    }
    let rest = rest
        .fallback(missing)
        .method_not_allowed_fallback(missing)
        .layer(from_fn_with_state(app.clone(), faults::inject));
    socket::routes()
        .merge(rest)
        .layer(from_fn_with_state(app.clone(), origin::guard))
        .layer(from_fn(log))
        .with_state(app.clone())
}

/// Logs every request by method and path; queries may hold secrets.
async fn log(request: Request, next: axum::middleware::Next) -> Response {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let response = next.run(request).await;
    tracing::debug!(%method, ?path, status = response.status().as_u16(), "request");
    response
}

async fn answer(route: &Route, app: Arc<App>, params: Vec<(String, String)>, request: Request) -> Response {
    let now = app.now();
    match prepare(route, app, params, request).await {
        Ok(call) => {
            if !is_there_at_once(route, &call) {
                call.app.filled.cancelled().await;
            }
            match (route.handler)(&call) {
                Ok(reply) => reply.render(&call),
                Err(refused) => refused.render(now),
            }
        }
        Err(refused) => refused.render(now),
    }
}

/// Whether a call can be answered while older demo data is still being made: sign-in, lists, names, and the newest page of a
/// history. An older page would end where the data ends so far; a deletion would be undone by what comes after it.
fn is_there_at_once(route: &Route, call: &Call) -> bool {
    match (&route.method, route.path) {
        (_, HISTORY) => call.json().is_ok_and(|body| history::is_newest(&body)),
        (&Method::GET, _) | (_, "/token" | "/metadata/user/get") => true,
        _ => false,
    }
}

/// Checks app key and token, then reads the body.
async fn prepare(
    route: &Route,
    app: Arc<App>,
    params: Vec<(String, String)>,
    request: Request,
) -> Result<Call, Refused> {
    let (parts, body) = request.into_parts();
    let of = |name: &str| params.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str());
    check_app(&app, of("org"), of("app"))?;
    let identity = route.who.check(&app, &parts.headers, of("user"))?;
    let limit = if route.path == files::UPLOAD { app.limits.file_bytes } else { app.limits.body_bytes };
    let body = timeout(BODY, axum::body::to_bytes(body, limit)).await.map_err(|_| Refused::too_slow())?;
    let body = body.map_err(|_| Refused::too_large())?;
    // The history takes any content type [evidence]; a call without a body needs none.
    let takes_json = matches!(route.method, Method::POST | Method::PUT) && route.path != HISTORY;
    if takes_json && !body.is_empty() && !parts.headers.contains_key("content-type") {
        return Err(Refused::no_type());
    }
    let path = parts.uri.path().splitn(4, '/').nth(3).map(|rest| format!("/{rest}")).unwrap_or_default();
    let query = read_query(parts.uri.query().unwrap_or_default());
    Ok(Call { app, identity, path, params, query, headers: parts.headers, body })
}

/// 404 unless it is our app, whatever its case.
fn check_app(app: &App, org: &str, name: &str) -> Result<(), Refused> {
    let key = &app.app_key;
    if org.eq_ignore_ascii_case(key.org()) && name.eq_ignore_ascii_case(key.app()) {
        return Ok(());
    }
    let text = format!("Could not find application for {org}/{name} from URI");
    let exception = "com.easemob.common.exception.OrganizationApplicationNotFoundException";
    let refused = Refused::missing_with(exception, &text);
    Err(Refused { error: "organization_application_not_found".to_owned(), ..refused })
}

/// Everything without a row.
async fn missing(State(app): State<Arc<App>>, request: Request<Body>) -> Response {
    let path = request.uri().path();
    tracing::warn!(method = %request.method(), ?path, "unknown address");
    let mut parts = path.split('/').skip(1);
    let refused = match (parts.next(), parts.next(), parts.next()) {
        (Some(org), Some(name), Some(_)) => check_app(&app, &decoded(org), &decoded(name)).err(),
        _ => None,
    };
    refused.unwrap_or_else(Refused::missing).render(app.now())
}

fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}
