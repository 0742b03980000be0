//! The network of schools by decisions and by days, and administrative codes.

use crate::answer::{Answer, Created, Found};
use crate::extract::{App, Can, Id, Path, Valid, ValidQuery, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::{get, post};
use dto::network::{
    AdminCode, AdminCodeHistory, AdminCodeQuery, AdminKind, ConsequencesQuery, NetworkQuery, PostUnitChange, PostUnitUndo,
    UnitChanged, UnitConsequences, UnitDecision, UnitEvent, UnitHistoryQuery, UnitNetwork,
};
use dto::page::PageQuery;
use dto::{Page, UnitDecisionId, UnitId};

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(get_unit_network)
        .service(list_unit_history)
        .service(get_unit_consequences)
        .service(change_units)
        .service(get_unit_decision)
        .service(undo_unit_decision)
        .service(list_admin_codes)
        .service(get_admin_code);
}

/// The network under a unit as it stood on a day.
///
/// Names, places and levels of that day, with the classes and learners of all that lay under each. A unit that was not open that day
/// answers 404.
#[utoipa::path(
    tag = "units",
    params(("unit_id" = UnitId, Path), NetworkQuery),
    responses((status = 200, body = UnitNetwork), Problems),
    security(("bearer" = ["unit:read"]))
)]
#[get("/units/{unit_id}/network")]
async fn get_unit_network(
    ctx: Can<can::UnitRead>,
    app: App,
    id: Id<UnitId>,
    query: ValidQuery<NetworkQuery>,
) -> Answer<Found<UnitNetwork>> {
    Ok(Found(records::units::network(&app.db, &ctx, *id, query.on).await?))
}

/// What decisions did to a unit, the latest first.
#[utoipa::path(
    tag = "units",
    params(("unit_id" = UnitId, Path), UnitHistoryQuery, PageQuery),
    responses((status = 200, body = Page<UnitEvent>), Problems),
    security(("bearer" = ["unit:read"]))
)]
#[get("/units/{unit_id}/history")]
async fn list_unit_history(
    ctx: Can<can::UnitRead>,
    app: App,
    id: Id<UnitId>,
    query: ValidQuery<UnitHistoryQuery>,
    page: ValidQuery<PageQuery>,
) -> Answer<Found<Page<UnitEvent>>> {
    Ok(Found(records::units::history(&app.db, &ctx, *id, &query, &page).await?))
}

/// What hangs on a unit, before it is merged, split or closed on a day.
#[utoipa::path(
    tag = "units",
    params(("unit_id" = UnitId, Path), ConsequencesQuery),
    responses((status = 200, body = UnitConsequences), Problems),
    security(("bearer" = ["unit:reorganise"]))
)]
#[get("/units/{unit_id}/consequences")]
async fn get_unit_consequences(
    ctx: Can<can::UnitReorganise>,
    app: App,
    id: Id<UnitId>,
    query: ValidQuery<ConsequencesQuery>,
) -> Answer<Found<UnitConsequences>> {
    Ok(Found(records::units::consequences(&app.db, &ctx, *id, &query).await?))
}

/// Carry out a decision on the network of schools.
///
/// Opens, renames, merges, splits, closes or moves schools from a day on, and keeps the decision in the history of each unit that took
/// part. A school that is merged lies from that day under the one that goes on: its running classes and all its past stay as they are and
/// are reached from there; its learners and the classes of years that have not begun go over.
#[utoipa::path(
    tag = "units",
    request_body = PostUnitChange,
    responses((status = 201, body = UnitChanged), Problems),
    security(("bearer" = ["unit:reorganise"]))
)]
#[post("/unit-changes")]
async fn change_units(ctx: Can<can::UnitReorganise>, app: App, body: Valid<PostUnitChange>) -> Answer<Created<UnitChanged>> {
    Ok(Created(records::units::change(&app.db, &ctx, &body).await?))
}

/// Read a decision, and what stands against taking it back.
#[utoipa::path(
    tag = "units",
    params(("decision_id" = UnitDecisionId, Path)),
    responses((status = 200, body = UnitDecision), Problems),
    security(("bearer" = ["unit:reorganise"]))
)]
#[get("/unit-decisions/{decision_id}")]
async fn get_unit_decision(ctx: Can<can::UnitReorganise>, app: App, id: Id<UnitDecisionId>) -> Answer<Found<UnitDecision>> {
    Ok(Found(records::units::decision(&app.db, &ctx, *id).await?))
}

/// Take a decision on the network back.
///
/// Until something else rests on it: everything that it changed is put as it was, and the network of any day reads as if it had not been
/// made. What a decision opened goes. The reason and everything that was there stay in the log.
#[utoipa::path(
    tag = "units",
    params(("decision_id" = UnitDecisionId, Path)),
    request_body = PostUnitUndo,
    responses((status = 200, body = UnitDecision), Problems),
    security(("bearer" = ["unit:reorganise"]))
)]
#[post("/unit-decisions/{decision_id}/undo")]
async fn undo_unit_decision(
    ctx: Can<can::UnitReorganise>,
    app: App,
    id: Id<UnitDecisionId>,
    body: Valid<PostUnitUndo>,
) -> Answer<Found<UnitDecision>> {
    Ok(Found(records::units::undo(&app.db, &ctx, *id, &body).await?))
}

/// Search codes of provinces, communes and former districts.
///
/// By tier and name. The list in force since 1 July 2025, or with `version` the one before.
#[utoipa::path(
    tag = "units",
    params(AdminCodeQuery, PageQuery),
    responses((status = 200, body = Page<AdminCode>), Problems),
    security(("bearer" = ["unit:read"]))
)]
#[get("/admin-codes")]
async fn list_admin_codes(
    _ctx: Can<can::UnitRead>,
    query: ValidQuery<AdminCodeQuery>,
    page: ValidQuery<PageQuery>,
) -> Answer<Found<Page<AdminCode>>> {
    Ok(Found(records::units::codes::list(&query, &page)?))
}

/// A code of a list, with what it became or came of.
#[utoipa::path(
    tag = "units",
    params(
        ("version" = String, Path, description = "`2025-07-01`, or `2025-01-04` for the list before."),
        ("admin_kind" = AdminKind, Path),
        ("code" = String, Path),
    ),
    responses((status = 200, body = AdminCodeHistory), Problems),
    security(("bearer" = ["unit:read"]))
)]
#[get("/admin-codes/{version}/{admin_kind}/{code}")]
async fn get_admin_code(_ctx: Can<can::UnitRead>, path: Path<(String, AdminKind, String)>) -> Answer<Found<AdminCodeHistory>> {
    let (version, kind, code) = &*path;
    Ok(Found(records::units::codes::get(*kind, version, code)?))
}
