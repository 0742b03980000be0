//! Taking a decision back: everything that it changed is put as it was, so that the network of any day reads as if it had not been made.
//!
//! What it changed is found by comparing the tree before and after, and kept with the decision. It can be taken back until something else
//! rests on it; what that is, is told.

use super::entity::{placement, unit};
use super::goods::{self, Goods};
use super::{history, query, tree};
use crate::classes::entity::{class, enrolment};
use crate::imports::KEPT_IN_CLASS;
use crate::input;
use crate::learners::entity::{learner, status};
use crate::staff::{self, MovedPost};
use chrono::NaiveDate;
use dto::access::Permission;
use dto::network::{PostUnitUndo, UnitDecision};
use dto::units::UnitKind;
use dto::{ClassId, Code, LearnerId, UnitDecisionId, UnitId};
use kernel::{Ctx, Db, Error, Event, Result, Tx};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Func, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap, HashSet};
use uuid::Uuid;

/// A unit as far as a decision changes one; its version only counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Image {
    is_school: bool,
    name: String,
    short_name: String,
    levels: String,
    closed_on: Option<NaiveDate>,
    /// From, until, and under whom.
    places: Vec<(NaiveDate, Option<NaiveDate>, Uuid)>,
}

/// All units and what is kept of their past: a few thousand rows.
pub(super) struct Snapshot {
    units: BTreeMap<Uuid, Image>,
    former: HashSet<(Uuid, NaiveDate)>,
    successors: HashSet<Uuid>,
}

impl Snapshot {
    pub(super) async fn read(conn: &impl ConnectionTrait) -> Result<Snapshot> {
        let mut places: HashMap<Uuid, Vec<_>> = HashMap::new();
        for place in placement::Entity::find().order_by_asc(placement::Column::ValidFrom).all(conn).await? {
            places.entry(place.unit_id).or_default().push((place.valid_from, place.valid_to, place.parent_id));
        }
        let mut units = BTreeMap::new();
        for unit in unit::Entity::find().all(conn).await? {
            let image = Image {
                is_school: unit.kind == UnitKind::School.as_str(),
                name: unit.name,
                short_name: unit.short_name,
                levels: unit.levels,
                closed_on: unit.closed_on,
                places: places.remove(&unit.id).unwrap_or_default(),
            };
            units.insert(unit.id, image);
        }
        let mut select = Query::select();
        select.columns(["unit_id", "valid_to"]).from("unit_former");
        let rows = conn.query_all(&select).await?;
        let former = rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect::<Result<_>>()?;
        let mut select = Query::select();
        select.column("unit_id").from("unit_successor");
        let rows = conn.query_all(&select).await?;
        let successors = rows.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect::<Result<_>>()?;
        Ok(Snapshot { units, former, successors })
    }
}

/// Learners and classes that went from one school to another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Went {
    id: Uuid,
    from: UnitId,
    to: UnitId,
}

/// What a decision changed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Trace {
    /// Units that were there, before and after.
    changed: BTreeMap<Uuid, (Image, Image)>,
    made: Vec<Uuid>,
    former: Vec<(Uuid, NaiveDate)>,
    successors: Vec<Uuid>,
    classes: Vec<Went>,
    learners: Vec<Went>,
    posts: Vec<MovedPost>,
    /// Of decisions from before it was kept, none.
    #[serde(default)]
    goods: Vec<Goods>,
    day: NaiveDate,
    /// What the learners' histories say of it.
    why: String,
}

impl Trace {
    /// From the tree before and now, and the entries of the log about who went over.
    pub(super) async fn of(
        tx: &Tx<'_>,
        before: Snapshot,
        (posts, goods): (Vec<MovedPost>, Vec<Goods>),
        events: &[Event],
        day: NaiveDate,
        why: &str,
    ) -> Result<Trace> {
        let now = Snapshot::read(tx.conn()).await?;
        let went = |verb: &str| {
            let read = |event: &Event| {
                let unit = |value: &Option<serde_json::Value>| serde_json::from_value(value.clone()?).ok();
                Some(Went { id: event.subject_id.parse().ok()?, from: unit(&event.before)?, to: unit(&event.after)? })
            };
            events.iter().filter(|event| event.verb == verb).filter_map(read).collect()
        };
        let mut former: Vec<_> = now.former.difference(&before.former).copied().collect();
        former.sort_unstable();
        let mut successors: Vec<_> = now.successors.difference(&before.successors).copied().collect();
        successors.sort_unstable();
        let made = now.units.keys().filter(|id| !before.units.contains_key(id)).copied().collect();
        let changed = now.units.into_iter().filter_map(|(id, after)| {
            let before = before.units.get(&id).filter(|before| **before != after)?;
            Some((id, (before.clone(), after)))
        });
        Ok(Trace {
            changed: changed.collect(),
            made,
            former,
            successors,
            classes: went("class.handed_over"),
            learners: went("learner.gone_over"),
            posts,
            goods,
            day,
            why: why.to_owned(),
        })
    }

    fn units(&self) -> impl Iterator<Item = Uuid> + '_ {
        self.changed.keys().chain(&self.made).copied()
    }
}

/// Keeps a decision with what it changed.
pub(super) async fn keep_in(tx: &Tx<'_>, id: UnitDecisionId, trace: &Trace) -> Result<()> {
    let mut insert = Query::insert();
    insert
        .into_table("unit_decision")
        .columns(["id", "trace"])
        .values_panic([id.0.into(), serde_json::to_string(trace).map_err(Error::internal)?.into()]);
    tx.conn().execute(&insert).await?;
    Ok(())
}

struct Kept {
    trace: Trace,
    undone: bool,
}

/// A decision whose units are all reached.
async fn find(conn: &impl ConnectionTrait, ctx: &Ctx, id: UnitDecisionId) -> Result<Kept> {
    let mut select = Query::select();
    select.columns(["trace", "undone_at"]).from("unit_decision").and_where(Expr::col("id").eq(id.0));
    let row = conn.query_one(&select).await?.ok_or_else(|| Error::new(Code::NotFound))?;
    let trace: Trace = serde_json::from_str(&row.try_get_by_index::<String>(0)?)
        .map_err(|e| Error::internal(format!("a decision cannot be read: {e}")))?;
    let undone: Option<chrono::DateTime<chrono::Utc>> = row.try_get_by_index(1)?;
    for unit in trace.changed.keys().chain(trace.made.iter().filter(|_| undone.is_none())) {
        query::find(conn, ctx, Permission::UnitReorganise, UnitId(*unit)).await?;
    }
    // Of what only made units and was taken back nothing is left.
    if trace.changed.is_empty() && undone.is_some() {
        return Err(Error::new(Code::NotFound));
    }
    Ok(Kept { trace, undone: undone.is_some() })
}

/// A decision with what stands against taking it back.
///
/// Errors: `not_found`.
pub async fn decision(db: &Db, ctx: &Ctx, id: UnitDecisionId) -> Result<UnitDecision> {
    let conn = db.read();
    let Kept { trace, undone } = find(conn, ctx, id).await?;
    let against = if undone { Vec::new() } else { against(conn, ctx, id, &trace).await? };
    Ok(UnitDecision { id, events: history::of_decision(conn, ctx, id).await?, undone, against })
}

/// Takes a decision back.
///
/// Errors: `not_found`, `decision_undone`; `decision_rests` with what rests on it.
pub async fn undo(db: &Db, ctx: &Ctx, id: UnitDecisionId, body: &PostUnitUndo) -> Result<UnitDecision> {
    db.write(ctx, async |tx| {
        tree::lock_in(tx).await?;
        let reason = input::text("/reason", &body.reason, 1, 500)?;
        let Kept { trace, undone } = find(tx.conn(), ctx, id).await?;
        if undone {
            return Err(Error::new(Code::DecisionUndone));
        }
        let against = against(tx.conn(), ctx, id, &trace).await?;
        if !against.is_empty() {
            return Err(Error::new(Code::DecisionRests).with("why", against.join(" ")));
        }
        let shown = async |undone| {
            Ok::<_, Error>(UnitDecision {
                id,
                events: history::of_decision(tx.conn(), ctx, id).await?,
                undone,
                against: Vec::new(),
            })
        };
        let before = shown(false).await?;
        let mut events = staff::come_back_in(tx, &trace.posts).await?;
        events.extend(learners_in(tx, &trace).await?);
        events.extend(classes_in(tx, &trace).await?);
        events.extend(goods::come_back_in(tx, &trace.goods).await?);
        units_in(tx, &trace).await?;
        let mut update = Query::update();
        update
            .table("unit_decision")
            .value("undone_at", tx.now())
            .value("undone_by", ctx.account.map(Uuid::from))
            .value("undone_reason", reason.clone())
            .and_where(Expr::col("id").eq(id.0));
        tx.conn().execute(&update).await?;
        let told = serde_json::json!({ "decision": id, "reason": reason });
        for unit in trace.units() {
            let is_school = trace.changed.get(&unit).is_none_or(|(before, _)| before.is_school);
            let chain = is_school.then_some(UnitId(unit));
            events.push(Event::new(chain, "unit.change_undone", "unit", UnitId(unit)).before(&before).after(&told));
        }
        Ok((shown(true).await?, events))
    })
    .await
}

async fn learners_in(tx: &Tx<'_>, trace: &Trace) -> Result<Vec<Event>> {
    for went in groups(&trace.learners) {
        for some in went.ids.chunks(500) {
            learner::Entity::update_many()
                .col_expr(learner::Column::SchoolId, Expr::val(Some(went.from.0)))
                .col_expr(learner::Column::Version, Expr::col(learner::Column::Version).add(1))
                .filter(learner::Column::Id.is_in(some.iter().copied()))
                .exec(tx.conn())
                .await?;
            status::Entity::delete_many()
                .filter(status::Column::LearnerId.is_in(some.iter().copied()))
                .filter(status::Column::Since.eq(trace.day))
                .filter(status::Column::SchoolId.eq(went.to.0))
                .filter(status::Column::Reason.eq(trace.why.as_str()))
                .exec(tx.conn())
                .await?;
        }
    }
    let event = |went: &Went| {
        Event::new(Some(went.from), "learner.come_back", "learner", LearnerId(went.id)).before(&went.to).after(&went.from)
    };
    Ok(trace.learners.iter().map(event).collect())
}

async fn classes_in(tx: &Tx<'_>, trace: &Trace) -> Result<Vec<Event>> {
    for went in groups(&trace.classes) {
        class::Entity::update_many()
            .col_expr(class::Column::SchoolId, Expr::val(went.from.0))
            .col_expr(class::Column::Version, Expr::col(class::Column::Version).add(1))
            .filter(class::Column::Id.is_in(went.ids.iter().copied()))
            .exec(tx.conn())
            .await?;
        enrolment::Entity::update_many()
            .col_expr(enrolment::Column::SchoolId, Expr::val(went.from.0))
            .filter(enrolment::Column::SchoolId.eq(went.to.0))
            .filter(enrolment::Column::ClassId.is_in(went.ids))
            .exec(tx.conn())
            .await?;
    }
    let event = |went: &Went| {
        Event::new(Some(went.from), "class.handed_back", "class", ClassId(went.id)).before(&went.to).after(&went.from)
    };
    Ok(trace.classes.iter().map(event).collect())
}

/// Who went between the same two schools.
struct Group {
    from: UnitId,
    to: UnitId,
    ids: Vec<Uuid>,
}

fn groups(went: &[Went]) -> Vec<Group> {
    let mut groups: BTreeMap<(UnitId, UnitId), Vec<Uuid>> = BTreeMap::new();
    for one in went {
        groups.entry((one.from, one.to)).or_default().push(one.id);
    }
    groups.into_iter().map(|((from, to), ids)| Group { from, to, ids }).collect()
}

async fn units_in(tx: &Tx<'_>, trace: &Trace) -> Result<()> {
    let conn = tx.conn();
    for (id, day) in &trace.former {
        let mut delete = Query::delete();
        delete.from_table("unit_former").and_where(Expr::col("unit_id").eq(*id)).and_where(Expr::col("valid_to").eq(*day));
        conn.execute(&delete).await?;
    }
    let mut delete = Query::delete();
    delete.from_table("unit_successor").and_where(Expr::col("unit_id").is_in(trace.successors.iter().copied()));
    conn.execute(&delete).await?;
    for (id, (before, after)) in &trace.changed {
        let code = unit::Entity::find_by_id(*id).one(conn).await?.map(|unit| unit.code).unwrap_or_default();
        unit::Entity::update_many()
            .col_expr(unit::Column::Name, Expr::val(before.name.clone()))
            .col_expr(unit::Column::ShortName, Expr::val(before.short_name.clone()))
            .col_expr(unit::Column::SortKey, Expr::val(super::unit_sort_key(&before.name)))
            .col_expr(unit::Column::SearchText, Expr::val(super::unit_search_text(&before.name, &before.short_name, &code)))
            .col_expr(unit::Column::Levels, Expr::val(before.levels.clone()))
            .col_expr(unit::Column::ClosedOn, Expr::val(before.closed_on))
            .col_expr(unit::Column::Version, Expr::col(unit::Column::Version).add(1))
            .filter(unit::Column::Id.eq(*id))
            .exec(conn)
            .await?;
        if before.places != after.places {
            placement::Entity::delete_many().filter(placement::Column::UnitId.eq(*id)).exec(conn).await?;
            for (valid_from, valid_to, parent_id) in &before.places {
                let place =
                    placement::Model { unit_id: *id, valid_from: *valid_from, valid_to: *valid_to, parent_id: *parent_id };
                placement::Entity::insert(place.into_active_model()).exec_without_returning(conn).await?;
            }
        }
    }
    let made = || trace.made.iter().copied();
    // Their lines go with them: the log keeps what they said.
    for (table, column) in
        [("unit_event", "unit_id"), ("unit_former", "unit_id"), ("unit_placement", "unit_id"), ("unit_ancestor", "unit_id")]
    {
        let mut delete = Query::delete();
        delete.from_table(table).and_where(Expr::col(column).is_in(made()));
        conn.execute(&delete).await?;
    }
    unit::Entity::delete_many().filter(unit::Column::Id.is_in(made())).exec(conn).await?;
    tree::rebuild_closure_in(tx).await
}

/// What rests on a decision, each as a sentence.
async fn against(conn: &impl ConnectionTrait, ctx: &Ctx, id: UnitDecisionId, trace: &Trace) -> Result<Vec<String>> {
    let mut out = Vec::new();
    let mut say = |vi: String, en: String| out.push(ctx.lang.pick(&vi, &en).to_owned());
    for number in history::later(conn, id, trace.units().collect()).await? {
        say(
            format!("Quyết định {number} ghi sau đó cũng về các đơn vị này."),
            format!("Decision {number} about these units came later."),
        );
    }
    let now = Snapshot::read(conn).await?;
    for (unit, (_, after)) in &trace.changed {
        if now.units.get(unit) != Some(after) {
            say(format!("{} đã được sửa sau quyết định.", after.name), format!("{} was changed after the decision.", after.name));
        }
    }
    let moved = moved_on(conn, trace).await?;
    if moved > 0 {
        say(format!("{moved} học sinh đã có thay đổi từ đó."), format!("{moved} learners have changed since."));
    }
    for name in used_classes(conn, trace).await? {
        say(
            format!("Lớp {name} đã có điểm, đánh giá hoặc học sinh khác."),
            format!("Class {name} has marks, assessments or other learners."),
        );
    }
    let posts = staff::posts_changed_in(conn, &trace.posts).await?;
    if posts > 0 {
        say(format!("{posts} vị trí công tác đã thay đổi từ đó."), format!("{posts} posts have changed since."));
    }
    let goods = goods::changed_in(conn, &trace.goods).await?;
    if goods > 0 {
        say(format!("{goods} phòng, thiết bị đã có thay đổi từ đó."), format!("{goods} rooms or items have changed since."));
    }
    for unit in &trace.made {
        if in_use(conn, trace, *unit).await? {
            let name = now.units.get(unit).map(|unit| unit.name.clone()).unwrap_or_default();
            say(
                format!("{name} đã được sử dụng: có người, lớp hoặc dữ liệu riêng."),
                format!("{name} is in use: it has people, classes or data of its own."),
            );
        }
    }
    Ok(out)
}

/// How many learners are no longer where the decision put them, or have gone through something since.
async fn moved_on(conn: &impl ConnectionTrait, trace: &Trace) -> Result<usize> {
    let mut moved = 0;
    for went in groups(&trace.learners) {
        for some in went.ids.chunks(500) {
            let at: HashSet<Uuid> = learner::Entity::find()
                .filter(learner::Column::Id.is_in(some.iter().copied()))
                .filter(learner::Column::SchoolId.eq(went.to.0))
                .all(conn)
                .await?
                .into_iter()
                .map(|learner| learner.id)
                .collect();
            let mut last: HashMap<Uuid, status::Model> = HashMap::new();
            let lines = status::Entity::find()
                .filter(status::Column::LearnerId.is_in(some.iter().copied()))
                .order_by_asc(status::Column::Since)
                .order_by_asc(status::Column::Id)
                .all(conn)
                .await?;
            last.extend(lines.into_iter().map(|line| (line.learner_id, line)));
            let as_put = |id: &&Uuid| {
                let line = last.get(*id);
                at.contains(*id)
                    && line.is_some_and(|line| {
                        line.school_id == went.to.0
                            && line.since == trace.day
                            && line.reason.as_deref() == Some(trace.why.as_str())
                    })
            };
            moved += some.iter().filter(|id| !as_put(id)).count();
        }
    }
    Ok(moved)
}

/// The classes that went over and have been used since: something is kept of a learner, or somebody of the other school came in.
async fn used_classes(conn: &impl ConnectionTrait, trace: &Trace) -> Result<Vec<String>> {
    let mut used: HashSet<Uuid> = HashSet::new();
    let back: HashSet<Uuid> = trace.learners.iter().map(|went| went.id).collect();
    for went in groups(&trace.classes) {
        for table in KEPT_IN_CLASS {
            let mut select = Query::select();
            select
                .distinct()
                .column("class_id")
                .from(*table)
                .and_where(Expr::col("school_id").eq(went.to.0))
                .and_where(Expr::col("class_id").is_in(went.ids.iter().copied()));
            for row in conn.query_all(&select).await? {
                used.insert(row.try_get_by_index(0)?);
            }
        }
        let lines = enrolment::Entity::find()
            .filter(enrolment::Column::SchoolId.eq(went.to.0))
            .filter(enrolment::Column::ClassId.is_in(went.ids.iter().copied()))
            .all(conn)
            .await?;
        let there: HashSet<Uuid> = learner::Entity::find()
            .filter(learner::Column::Id.is_in(lines.iter().map(|line| line.learner_id)))
            .filter(learner::Column::SchoolId.eq(went.to.0))
            .all(conn)
            .await?
            .into_iter()
            .map(|learner| learner.id)
            .collect();
        let strangers = lines.iter().filter(|line| there.contains(&line.learner_id) && !back.contains(&line.learner_id));
        used.extend(strangers.map(|line| line.class_id));
    }
    let classes =
        class::Entity::find().filter(class::Column::Id.is_in(used)).order_by_asc(class::Column::SortKey).all(conn).await?;
    Ok(classes.into_iter().map(|class| class.name).collect())
}

/// Tables that say something of a unit and that nobody wrote by hand: the log, the closure, what rules found, and the decision's own.
const ITS_OWN: &[&str] = &[
    "audit",
    "audit_head",
    "audit_seal",
    "outbox",
    "quality_count",
    "quality_day",
    "quality_finding",
    "quality_step",
    "unit_ancestor",
    "unit_event",
    "unit_former",
    "unit_placement",
    "unit_successor",
];

/// Whether a unit that the decision made holds anything that the decision did not put there.
async fn in_use(conn: &impl ConnectionTrait, trace: &Trace, unit: Uuid) -> Result<bool> {
    let own: BTreeMap<&str, usize> = BTreeMap::from([
        ("learner", trace.learners.iter().filter(|went| went.to.0 == unit).count()),
        ("learner_status", trace.learners.iter().filter(|went| went.to.0 == unit).count()),
        ("class", trace.classes.iter().filter(|went| went.to.0 == unit).count()),
        ("staff_post", trace.posts.iter().filter(|post| post.is_to(unit)).count()),
    ]);
    let classes: Vec<Uuid> = trace.classes.iter().map(|went| went.id).collect();
    for table in kernel::db::schema::tables(conn).await? {
        let named = ["school_id", "unit_id"].into_iter().filter(|column| table.has(column)).map(str::to_owned);
        let keys = table.references.iter().filter(|key| key.table == "unit").map(|key| key.column.clone());
        let columns: HashSet<String> = named.chain(keys).collect();
        if ITS_OWN.contains(&table.name.as_str()) {
            continue;
        }
        for column in columns {
            let mut count = Query::select();
            count
                .expr(Func::count(Expr::val(1)))
                .from(Alias::new(table.name.as_str()))
                .and_where(Expr::col(Alias::new(column)).eq(unit));
            if table.name == "enrolment" {
                count.and_where(Expr::col("class_id").is_not_in(classes.iter().copied()));
            }
            let row = conn.query_one(&count).await?.ok_or_else(|| Error::internal("a count gave no row"))?;
            let rows = usize::try_from(row.try_get_by_index::<i64>(0)?).unwrap_or(usize::MAX);
            let goods: usize = trace.goods.iter().filter(|goods| goods.is_to(unit)).map(|goods| goods.rows(&table.name)).sum();
            if rows > own.get(table.name.as_str()).copied().unwrap_or(0) + goods {
                return Ok(true);
            }
        }
    }
    // What lies under it and was not put there by the decision.
    let under = placement::Entity::find().filter(placement::Column::ParentId.eq(unit)).all(conn).await?;
    Ok(under.iter().any(|place| !trace.changed.contains_key(&place.unit_id)))
}
