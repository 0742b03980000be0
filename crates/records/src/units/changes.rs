//! Decisions on the network of schools: opening, renaming, merging, splitting, closing, moving.
//!
//! A school that is merged ends, and from that day lies under the one that goes on: who leads that one reaches the classes of the running
//! year, their marks and papers, which stay under the key of the school that made them, so that no figure of a past day changes. Learners
//! who are present go over at once, classes of school years that have not begun go over with their lists, and so do the posts of the staff,
//! which end and begin by the number of the decision, and rooms with the inventory. What a decision changed is kept with it, so that it can be taken back.

use super::entity::{placement, unit};
use super::goods::{self, Goods, Which};
use super::history::{self, Line};
use super::undo::{self, Snapshot, Trace};
use super::{close_last, levels_text, new_row, query, tree};
use crate::staff::{self, MovedPost};
use crate::{classes, input, learners};
use chrono::NaiveDate;
use dto::access::Permission;
use dto::network::{NewSchool, PostUnitChange, SplitOff, UnitChange, UnitChanged, UnitEventDetail, UnitEventKind};
use dto::units::{PostUnit, SchoolLevel, Unit, UnitKind, UnitRef};
use dto::{Code, UnitDecisionId, UnitId};
use kernel::{Ctx, Db, Error, Event, Result, Tx, clock, id};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter};

/// Most units of one decision.
const MOST: usize = 200;

/// What a change makes: lines of the history, and entries of the log for what goes along.
#[derive(Default)]
struct Made {
    lines: Vec<Line>,
    events: Vec<Event>,
    posts: Vec<MovedPost>,
    goods: Vec<Goods>,
}

/// Carries out a decision.
///
/// Errors: `not_found` (a unit out of reach), `unit_closed`, `unit_kind_mismatch`, `unit_cycle`, `unit_in_use`, `class_used`, `code_taken`,
/// `class_name_taken`, `invalid` with the field: `/effective_on` for a day ahead (but of a move) or before what the unit went through already.
pub async fn change(db: &Db, ctx: &Ctx, body: &PostUnitChange) -> Result<UnitChanged> {
    db.write(ctx, async |tx| {
        tree::lock_in(tx).await?;
        let before = Snapshot::read(tx.conn()).await?;
        let day = input::day("/effective_on", body.effective_on)?;
        if day > clock::day_of(tx.now()) && !matches!(body.change, UnitChange::Move { .. }) {
            return Err(Error::field("/effective_on", Code::FieldChoice));
        }
        let why = format!("Quyết định số {}", body.decision_number.trim());
        let Made { lines, mut events, posts, goods } = match &body.change {
            UnitChange::Open { school } => {
                let unit = open(tx, "/change/school", school, day).await?;
                Made { lines: vec![line(unit, UnitEventKind::Opened, UnitEventDetail::default())], ..Made::default() }
            }
            UnitChange::Rename { unit_id, name, short_name } => rename(tx, *unit_id, name, short_name, day).await?,
            UnitChange::Merge { unit_ids, into_id, new } => {
                merge(tx, body, unit_ids, into_id.as_ref(), new.as_ref(), &why).await?
            }
            UnitChange::Split { unit_id, new, closes } => split(tx, *unit_id, new, *closes, day, &why).await?,
            UnitChange::Close { unit_id, staff_to_id } => close(tx, body, *unit_id, *staff_to_id).await?,
            UnitChange::Move { unit_ids, all_of, parent_id } => relocate(tx, unit_ids, all_of.as_ref(), *parent_id, day).await?,
        };
        let decision = id::new::<UnitDecisionId>();
        let trace = Trace::of(tx, before, (posts, goods), &events, day, &why).await?;
        undo::keep_in(tx, decision, &trace).await?;
        let (shown, entries) = history::record_in(tx, body, decision, lines).await?;
        events.extend(entries);
        Ok((UnitChanged { events: shown }, events))
    })
    .await
}

fn line(unit: Unit, kind: UnitEventKind, detail: UnitEventDetail) -> Line {
    Line { unit, kind, detail }
}

fn named(unit: &Unit) -> UnitRef {
    UnitRef { id: unit.id, kind: unit.kind, name: unit.name.clone() }
}

async fn found(tx: &Tx<'_>, id: UnitId) -> Result<Unit> {
    query::find(tx.conn(), tx.ctx(), Permission::UnitReorganise, id).await
}

/// A unit that is open, and was before the day.
async fn standing(tx: &Tx<'_>, id: UnitId, day: NaiveDate) -> Result<Unit> {
    let unit = found(tx, id).await?;
    if unit.closed_on.is_some() {
        return Err(Error::new(Code::UnitClosed).with("name", &unit.name));
    }
    if day <= unit.opened_on {
        return Err(Error::field("/effective_on", Code::DatesReversed));
    }
    Ok(unit)
}

/// The same of a school.
async fn school(tx: &Tx<'_>, id: UnitId, day: NaiveDate) -> Result<Unit> {
    let unit = standing(tx, id, day).await?;
    if unit.kind != UnitKind::School {
        return Err(Error::new(Code::UnitKindMismatch));
    }
    Ok(unit)
}

async fn open(tx: &Tx<'_>, pointer: &str, new: &NewSchool, day: NaiveDate) -> Result<Unit> {
    let parent = standing(tx, new.parent_id, day).await?;
    if !UnitKind::School.parents().contains(&parent.kind) {
        return Err(Error::new(Code::UnitKindMismatch));
    }
    input::text(&format!("{pointer}/name"), &new.name, 1, 200)?;
    input::text(&format!("{pointer}/short_name"), &new.short_name, 1, 60)?;
    input::text(&format!("{pointer}/code"), &new.code, 1, 20)?;
    if new.levels.is_empty() {
        return Err(Error::field(format!("{pointer}/levels"), Code::FieldRequired));
    }
    let row = new_row(&PostUnit {
        kind: UnitKind::School,
        parent_id: new.parent_id,
        name: new.name.clone(),
        short_name: new.short_name.clone(),
        code: new.code.clone(),
        code_set: new.code_set.clone(),
        code_set_version: new.code_set_version.clone(),
        levels: new.levels.clone(),
        opened_on: day,
    })?;
    let id = UnitId(row.id);
    unit::Entity::insert(row.into_active_model()).exec_without_returning(tx.conn()).await?;
    put_under(tx, id, new.parent_id, day).await?;
    tree::attach_in(tx, id.0, Some(new.parent_id.0)).await?;
    found(tx, id).await
}

async fn put_under(tx: &Tx<'_>, unit: UnitId, parent: UnitId, day: NaiveDate) -> Result<()> {
    let place = placement::Model { unit_id: unit.0, valid_from: day, parent_id: parent.0, valid_to: None };
    placement::Entity::insert(place.into_active_model()).exec_without_returning(tx.conn()).await?;
    Ok(())
}

/// Keeps what a unit was until a day.
///
/// Errors: `invalid` with `/effective_on` where it changed on that day or later already.
async fn keep_former(tx: &Tx<'_>, unit: &Unit, day: NaiveDate) -> Result<()> {
    let mut later = Query::select();
    later
        .column("valid_to")
        .from("unit_former")
        .and_where(Expr::col("unit_id").eq(unit.id.0))
        .and_where(Expr::col("valid_to").gte(day));
    if tx.conn().query_one(&later).await?.is_some() {
        return Err(Error::field("/effective_on", Code::DatesReversed));
    }
    let mut insert = Query::insert();
    insert.into_table("unit_former").columns(["unit_id", "valid_to", "name", "short_name", "levels"]).values_panic([
        unit.id.0.into(),
        day.into(),
        unit.name.clone().into(),
        unit.short_name.clone().into(),
        levels_text(&unit.levels).into(),
    ]);
    tx.conn().execute(&insert).await?;
    Ok(())
}

async fn rename(tx: &Tx<'_>, id: UnitId, name: &str, short_name: &str, day: NaiveDate) -> Result<Made> {
    let before = standing(tx, id, day).await?;
    let name = input::text("/change/name", name, 1, 200)?;
    let short_name = input::text("/change/short_name", short_name, 1, 60)?;
    keep_former(tx, &before, day).await?;
    unit::Entity::update_many()
        .col_expr(unit::Column::SortKey, Expr::val(super::unit_sort_key(&name)))
        .col_expr(unit::Column::SearchText, Expr::val(super::unit_search_text(&name, &short_name, &before.code)))
        .col_expr(unit::Column::Name, Expr::val(name))
        .col_expr(unit::Column::ShortName, Expr::val(short_name))
        .col_expr(unit::Column::Version, Expr::col(unit::Column::Version).add(1))
        .filter(unit::Column::Id.eq(id.0))
        .exec(tx.conn())
        .await?;
    let detail = UnitEventDetail { name_before: Some(before.name), ..UnitEventDetail::default() };
    Ok(Made { lines: vec![line(found(tx, id).await?, UnitEventKind::Renamed, detail)], ..Made::default() })
}

/// Ends a unit: it is open until the day before.
async fn end(tx: &Tx<'_>, id: UnitId, day: NaiveDate) -> Result<()> {
    unit::Entity::update_many()
        .col_expr(unit::Column::ClosedOn, Expr::val(Some(day)))
        .col_expr(unit::Column::Version, Expr::col(unit::Column::Version).add(1))
        .filter(unit::Column::Id.eq(id.0))
        .exec(tx.conn())
        .await?;
    Ok(())
}

async fn merge(
    tx: &Tx<'_>,
    body: &PostUnitChange,
    ids: &[UnitId],
    into: Option<&UnitId>,
    new: Option<&NewSchool>,
    why: &str,
) -> Result<Made> {
    let day = body.effective_on;
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() || ids.len() > MOST || into.is_some_and(|into| ids.contains(into)) {
        return Err(Error::field("/change/unit_ids", Code::FieldChoice));
    }
    let mut goes_on = match (into, new) {
        (Some(id), None) => school(tx, *id, day).await?,
        (None, Some(new)) => open(tx, "/change/new", new, day).await?,
        _ => return Err(Error::field("/change/into_id", Code::FieldChoice)),
    };
    let mut made = Made::default();
    let mut received = UnitEventDetail::default();
    let mut levels = goes_on.levels.clone();
    for id in ids {
        let gone = school(tx, id, day).await?;
        let parent_before = parent_of(tx, &gone).await?;
        levels.extend(gone.levels.iter().copied());
        let (rooms, equipment) = goods_over(tx, &mut made, (gone.id, goes_on.id), Which::All, ("", day)).await?;
        let coming = classes::coming_in(tx.conn(), gone.id, day).await?;
        made.events.extend(classes::hand_over_in(tx, gone.id, goes_on.id, &coming).await?);
        let over = learners::go_over_in(tx, gone.id, goes_on.id, None, day, why).await?;
        let (learners, classes) = (count(over.len()), count(coming.len()));
        made.events.extend(over);
        let staff = staff_over(tx, body, &mut made, gone.id, goes_on.id).await?;
        end(tx, gone.id, day).await?;
        close_last(tx, gone.id, day).await.map_err(at_day)?;
        put_under(tx, gone.id, goes_on.id, day).await?;
        tree::move_in(tx, gone.id.0).await?;
        succeed(tx, gone.id, goes_on.id, day).await?;
        for campus in query::open_right_under(tx.conn(), gone.id, UnitKind::Campus).await? {
            close_last(tx, campus, day).await.map_err(at_day)?;
            put_under(tx, campus, goes_on.id, day).await?;
            tree::move_in(tx, campus.0).await?;
        }
        received.others.push(named(&gone));
        received.learners += learners;
        received.classes += classes;
        received.staff += staff;
        received.rooms += rooms;
        received.equipment += equipment;
        let others = vec![named(&goes_on)];
        let detail =
            UnitEventDetail { others, parent_before, learners, classes, staff, rooms, equipment, ..UnitEventDetail::default() };
        made.lines.push(line(found(tx, gone.id).await?, UnitEventKind::MergedInto, detail));
    }
    if into.is_some() && levels_text(&levels) != levels_text(&goes_on.levels) {
        keep_former(tx, &goes_on, day).await?;
    }
    set_levels(tx, goes_on.id, &levels).await?;
    goes_on = found(tx, goes_on.id).await?;
    if new.is_some() {
        made.lines.insert(0, line(goes_on.clone(), UnitEventKind::Opened, UnitEventDetail::default()));
    }
    made.lines.push(line(goes_on, UnitEventKind::Received, received));
    Ok(made)
}

/// Posts that go over to another school. How many they are comes back.
async fn staff_over(tx: &Tx<'_>, body: &PostUnitChange, made: &mut Made, from: UnitId, to: UnitId) -> Result<u32> {
    let order = (body.decision_number.trim(), body.decided_on);
    let (posts, events) = staff::go_over_in(tx, from, to, body.effective_on, order).await?;
    let number = count(posts.len());
    made.posts.extend(posts);
    made.events.extend(events);
    Ok(number)
}

/// Rooms and inventory that go over to another school. How many rooms and items they are comes back.
async fn goods_over(
    tx: &Tx<'_>,
    made: &mut Made,
    schools: (UnitId, UnitId),
    which: Which<'_>,
    (pointer, day): (&str, NaiveDate),
) -> Result<(u32, u32)> {
    let (goods, events) = goods::go_over_in(tx, schools, which, pointer, day).await?;
    let counts = goods.counts();
    made.goods.push(goods);
    made.events.extend(events);
    Ok(counts)
}

/// What a school teaches after others were merged into it.
async fn set_levels(tx: &Tx<'_>, id: UnitId, levels: &[SchoolLevel]) -> Result<()> {
    unit::Entity::update_many()
        .col_expr(unit::Column::Levels, Expr::val(levels_text(levels)))
        .col_expr(unit::Column::Version, Expr::col(unit::Column::Version).add(1))
        .filter(unit::Column::Id.eq(id.0))
        .exec(tx.conn())
        .await?;
    Ok(())
}

async fn succeed(tx: &Tx<'_>, gone: UnitId, goes_on: UnitId, day: NaiveDate) -> Result<()> {
    let mut insert = Query::insert();
    insert.into_table("unit_successor").columns(["unit_id", "successor_id", "since"]).values_panic([
        gone.0.into(),
        goes_on.0.into(),
        day.into(),
    ]);
    tx.conn().execute(&insert).await?;
    Ok(())
}

async fn split(tx: &Tx<'_>, id: UnitId, new: &[SplitOff], closes: bool, day: NaiveDate, why: &str) -> Result<Made> {
    let old = school(tx, id, day).await?;
    if new.is_empty() || new.len() > MOST {
        return Err(Error::field("/change/new", Code::FieldChoice));
    }
    let coming = classes::coming_in(tx.conn(), id, day).await?;
    let mut made = Made::default();
    let mut detail = UnitEventDetail::default();
    let mut taken = Vec::new();
    for (at, part) in new.iter().enumerate() {
        for (n, class) in part.class_ids.iter().enumerate() {
            if !coming.contains(class) || taken.contains(class) {
                return Err(Error::field(format!("/change/new/{at}/class_ids/{n}"), Code::FieldChoice));
            }
            taken.push(*class);
        }
        let opened = open(tx, &format!("/change/new/{at}/school"), &part.school, day).await?;
        let pointer = format!("/change/new/{at}/room_ids");
        let which = Which::Of(&part.room_ids, &part.class_ids);
        let (rooms, equipment) = goods_over(tx, &mut made, (id, opened.id), which, (&pointer, day)).await?;
        // Learners before classes: they are found by the lists of the classes.
        let over = learners::go_over_in(tx, id, opened.id, Some(&part.class_ids), day, why).await?;
        let (learners, classes) = (count(over.len()), count(part.class_ids.len()));
        made.events.extend(over);
        made.events.extend(classes::hand_over_in(tx, id, opened.id, &part.class_ids).await?);
        detail.others.push(named(&opened));
        detail.learners += learners;
        detail.classes += classes;
        detail.rooms += rooms;
        detail.equipment += equipment;
        let own =
            UnitEventDetail { others: vec![named(&old)], learners, classes, rooms, equipment, ..UnitEventDetail::default() };
        made.lines.push(line(opened, UnitEventKind::Opened, own));
    }
    if closes {
        refuse_used(tx, &old, day).await?;
        end(tx, id, day).await?;
    }
    made.lines.push(line(found(tx, id).await?, UnitEventKind::Split, detail));
    Ok(made)
}

async fn close(tx: &Tx<'_>, body: &PostUnitChange, id: UnitId, staff_to: Option<UnitId>) -> Result<Made> {
    let day = body.effective_on;
    let unit = standing(tx, id, day).await?;
    if !unit.kind.teaches() {
        return Err(Error::new(Code::UnitKindMismatch));
    }
    refuse_used(tx, &unit, day).await?;
    let (mut made, mut detail) = (Made::default(), UnitEventDetail::default());
    if let Some(to) = staff_to {
        if to == id {
            return Err(Error::field("/change/staff_to_id", Code::FieldChoice));
        }
        let to = standing(tx, to, day).await?;
        detail.staff = staff_over(tx, body, &mut made, id, to.id).await?;
        detail.others.push(named(&to));
    }
    end(tx, id, day).await?;
    made.lines.push(line(found(tx, id).await?, UnitEventKind::Closed, detail));
    Ok(made)
}

/// A school with learners in a class that goes on past the day cannot just end.
async fn refuse_used(tx: &Tx<'_>, unit: &Unit, day: NaiveDate) -> Result<()> {
    match classes::learners_past_in(tx.conn(), unit.id, day).await? {
        0 => Ok(()),
        count => Err(Error::new(Code::UnitInUse).with("name", &unit.name).with("count", count)),
    }
}

async fn relocate(tx: &Tx<'_>, ids: &[UnitId], all_of: Option<&UnitId>, to: UnitId, day: NaiveDate) -> Result<Made> {
    let parent = found(tx, to).await?;
    let mut ids = ids.to_vec();
    if let Some(from) = all_of {
        let from = found(tx, *from).await?;
        ids.extend(query::open_right_under(tx.conn(), from.id, UnitKind::School).await?);
    }
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() || ids.len() > MOST {
        return Err(Error::field("/change/unit_ids", Code::FieldChoice));
    }
    let mut made = Made::default();
    for id in ids {
        let unit = standing(tx, id, day).await?;
        if tree::lies_under(tx.conn(), parent.id.0, id.0).await? {
            return Err(Error::new(Code::UnitCycle));
        }
        if !unit.kind.parents().contains(&parent.kind) {
            return Err(Error::new(Code::UnitKindMismatch));
        }
        let parent_before = parent_of(tx, &unit).await?;
        close_last(tx, id, day).await.map_err(at_day)?;
        put_under(tx, id, parent.id, day).await?;
        tree::move_in(tx, id.0).await?;
        let detail = UnitEventDetail { parent_before, parent_after: Some(named(&parent)), ..UnitEventDetail::default() };
        made.lines.push(line(found(tx, id).await?, UnitEventKind::Moved, detail));
    }
    Ok(made)
}

async fn parent_of(tx: &Tx<'_>, unit: &Unit) -> Result<Option<UnitRef>> {
    Ok(query::ancestors(tx.conn(), unit.id).await?.pop())
}

/// A placement that begins on the day or later is told at the field of the decision.
fn at_day(error: Error) -> Error {
    match error.code() {
        Code::Invalid => Error::field("/effective_on", Code::DatesReversed),
        _ => error,
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
