//! Two records of one child: found by folded name and birth date (one indexed column) with guardians as evidence, looked at side by
//! side, merged with everything that hangs on them, split again; or said to be two children, which is remembered.

mod merge;
pub mod places;

pub use merge::{distinguish, list as merges, merge, split};

use crate::learners::entity::learner;
use crate::{claims, learners, scope, units};
use dto::access::Permission;
use dto::learners::Learner;
use dto::one_record::{
    CompareQuery, DuplicateComparison, DuplicatePair, DuplicateQuery, DuplicateReason, DuplicateRecord, DuplicateSide, Holding,
};
use dto::page::{Page, PageQuery};
use dto::{Code, FieldError, LearnerId};
use kernel::{Ctx, Db, Error, Result, page};
use places::{PLACES, Whereabouts};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, JoinType, Order, Query, SelectStatement};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use uuid::Uuid;

/// Above so many schools the order of the key is walked, instead of gathering the keys of each school's learners.
const WIDE: i64 = 40;

/// Records that may be of one child, those of one name and birth date together: of a unit and what lies under it. A pair is there
/// where one of its records is; of the other is told what an offer would tell. `limit` bounds the names, and what stands under one
/// name is never cut.
///
/// Errors: `not_found` (the unit), `bad_cursor`.
pub async fn list(db: &Db, ctx: &Ctx, query: &DuplicateQuery, page: &PageQuery) -> Result<Page<DuplicatePair>> {
    let conn = db.read();
    let reach = ctx.reach(Permission::LearnerMerge);
    let units: Vec<Uuid> = match query.unit_id {
        Some(unit) => vec![units::reachable_in(conn, ctx, Permission::LearnerMerge, unit).await?.id.0],
        None => reach.units.clone(),
    };
    let after = page::decode::<String>(page.after.as_deref())?;
    let mut select = if units_under(conn, &units).await? > WIDE { walked(after) } else { gathered(&units, after) };
    select.and_where(Expr::exists(pair_of("k", &units))).order_by(("k", "match_key"), Order::Asc).limit(page.limit() + 1);
    let keys: Vec<String> =
        conn.query_all(&select).await?.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect::<Result<_>>()?;
    let keys = page::of(keys, page.limit(), Clone::clone, |key| key);
    let rows = learner::Entity::find()
        .filter(learner::Column::MatchKey.is_in(keys.items.iter().map(String::as_str)))
        .order_by_asc(learner::Column::MatchKey)
        .order_by_asc(learner::Column::Id)
        .all(conn)
        .await?;
    let seen = Seen::of(conn, ctx, &units, &rows).await?;
    let mut items = Vec::new();
    for (at, left) in rows.iter().enumerate() {
        for right in rows[at + 1..].iter().take_while(|right| right.match_key == left.match_key) {
            items.extend(seen.pair(left, right)?);
        }
    }
    Ok(Page { items, next: keys.next })
}

async fn units_under(conn: &impl ConnectionTrait, units: &[Uuid]) -> Result<i64> {
    let mut count = Query::select();
    count
        .expr(Expr::col("unit_id").count())
        .from("unit_ancestor")
        .and_where(Expr::col("ancestor_id").is_in(units.iter().copied()));
    let row = conn.query_one(&count).await?.ok_or_else(|| Error::internal("a count gave no row"))?;
    Ok(row.try_get_by_index(0)?)
}

/// All keys that stand more than once, in their order: one walk over the index, which ends with the page.
fn walked(after: Option<String>) -> SelectStatement {
    let mut keys = Query::select();
    keys.column("match_key").from("learner").and_where(Expr::col("match_key").is_not_null());
    if let Some(after) = after {
        keys.and_where(Expr::col("match_key").gt(after));
    }
    keys.group_by_col("match_key").and_having(Expr::col("id").count().gt(1)).order_by("match_key", Order::Asc);
    let mut select = Query::select();
    select.column(("k", "match_key")).from_subquery(keys, "k");
    select
}

/// The keys of the learners of a few schools.
fn gathered(units: &[Uuid], after: Option<String>) -> SelectStatement {
    let mut keys = Query::select();
    keys.distinct()
        .column("match_key")
        .from("learner")
        .and_where(Expr::col("school_id").in_subquery(scope::under(units)))
        .and_where(Expr::col("match_key").is_not_null());
    if let Some(after) = after {
        keys.and_where(Expr::col("match_key").gt(after));
    }
    let mut select = Query::select();
    select.column(("k", "match_key")).from_subquery(keys, "k");
    select
}

/// Two of one key, one of them in the units, that nobody has told apart: one has no personal ID, or they have a guardian in common.
fn pair_of(key: &'static str, units: &[Uuid]) -> SelectStatement {
    let mut here = Query::select();
    here.expr(Expr::val(1))
        .from_as("unit_ancestor", "ua")
        .and_where(Expr::col(("ua", "unit_id")).equals(("a", "school_id")))
        .and_where(Expr::col(("ua", "ancestor_id")).is_in(units.iter().copied()));
    let mut told_apart = Query::select();
    let apart = |low: &'static str, high: &'static str| {
        Expr::col(("x", "low_id")).equals((low, "id")).and(Expr::col(("x", "high_id")).equals((high, "id")))
    };
    told_apart
        .expr(Expr::val(1))
        .from_as("learner_distinct", "x")
        .cond_where(Condition::any().add(apart("a", "b")).add(apart("b", "a")));
    let mut common = Query::select();
    let link = |link: &'static str, learner: &'static str| Expr::col((link, "learner_id")).equals((learner, "id"));
    let guardian = |guardian: &'static str, link: &'static str| Expr::col((guardian, "id")).equals((link, "guardian_id"));
    common
        .expr(Expr::val(1))
        .from_as("guardian_link", "la")
        .join_as(JoinType::InnerJoin, "guardian", "ga", guardian("ga", "la"))
        .join_as(JoinType::InnerJoin, "guardian_link", "lb", link("lb", "b"))
        .join_as(JoinType::InnerJoin, "guardian", "gb", guardian("gb", "lb"))
        .and_where(link("la", "a"))
        .cond_where(
            Condition::any()
                .add(Expr::col(("ga", "phone")).equals(("gb", "phone")))
                .add(Expr::col(("ga", "search_text")).equals(("gb", "search_text"))),
        );
    let mut pair = Query::select();
    pair.expr(Expr::val(1))
        .from_as("learner", "a")
        .join_as(
            JoinType::InnerJoin,
            "learner",
            "b",
            Expr::col(("b", "match_key")).equals(("a", "match_key")).and(Expr::col(("b", "id")).ne(Expr::col(("a", "id")))),
        )
        .and_where(Expr::col(("a", "match_key")).equals((key, "match_key")))
        .and_where(Expr::exists(here))
        .and_where(Expr::exists(told_apart).not())
        .cond_where(
            Condition::any()
                .add(Expr::col(("a", "personal_id")).is_null())
                .add(Expr::col(("b", "personal_id")).is_null())
                .add(Expr::exists(common)),
        );
    pair
}

/// What is known of a page of records beside their own rows.
struct Seen {
    schools: HashMap<Uuid, String>,
    /// Of the units that were asked for.
    here: HashSet<Uuid>,
    reachable: HashSet<Uuid>,
    /// Phone and folded name of each guardian.
    guardians: HashMap<Uuid, Vec<(Option<String>, String)>>,
    apart: HashSet<(Uuid, Uuid)>,
}

impl Seen {
    async fn of(conn: &impl ConnectionTrait, ctx: &Ctx, units: &[Uuid], rows: &[learner::Model]) -> Result<Seen> {
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        let schools = claims::school_names(conn, rows.iter().filter_map(|row| row.school_id)).await?;
        let chosen = |condition: Condition| {
            let mut select = Query::select();
            let among = Expr::col(("l", "id")).is_in(ids.iter().copied());
            select.column(("l", "id")).from_as("learner", "l").and_where(among).cond_where(condition);
            select
        };
        let under = Condition::all().add(Expr::col(("l", "school_id")).in_subquery(scope::under(units)));
        let mut sets = Vec::new();
        for condition in [under, scope::learners(&ctx.reach(Permission::LearnerMerge), "l")] {
            let found = conn.query_all(&chosen(condition)).await?;
            sets.push(found.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect::<Result<HashSet<Uuid>>>()?);
        }
        let reachable = sets.pop().unwrap_or_default();
        let mut guardians: HashMap<Uuid, Vec<_>> = HashMap::new();
        let mut select = Query::select();
        select
            .column(("gl", "learner_id"))
            .columns([("g", "phone"), ("g", "search_text")])
            .from_as("guardian_link", "gl")
            .join_as(JoinType::InnerJoin, "guardian", "g", Expr::col(("g", "id")).equals(("gl", "guardian_id")))
            .and_where(Expr::col(("gl", "learner_id")).is_in(ids.iter().copied()));
        for row in conn.query_all(&select).await? {
            let person = (row.try_get_by_index(1)?, row.try_get_by_index(2)?);
            guardians.entry(row.try_get_by_index(0)?).or_default().push(person);
        }
        let mut select = Query::select();
        select.columns(["low_id", "high_id"]).from("learner_distinct").and_where(Expr::col("low_id").is_in(ids.iter().copied()));
        let apart = conn
            .query_all(&select)
            .await?
            .iter()
            .map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?)))
            .collect::<Result<_>>()?;
        Ok(Seen { schools, here: sets.pop().unwrap_or_default(), reachable, guardians, apart })
    }

    fn reasons(&self, left: &learner::Model, right: &learner::Model) -> Vec<DuplicateReason> {
        let mut reasons = Vec::new();
        if left.match_key.is_some() && left.match_key == right.match_key {
            reasons.push(DuplicateReason::SameNameAndBirth);
        }
        let of = |row: &learner::Model| self.guardians.get(&row.id).map(Vec::as_slice).unwrap_or_default();
        let phones = |row| of(row).iter().filter_map(|(phone, _)| phone.as_deref()).collect::<BTreeSet<_>>();
        let names = |row| of(row).iter().map(|(_, name)| name.as_str()).collect::<BTreeSet<_>>();
        if !phones(left).is_disjoint(&phones(right)) {
            reasons.push(DuplicateReason::SameGuardianPhone);
        }
        if !names(left).is_disjoint(&names(right)) {
            reasons.push(DuplicateReason::SameGuardianName);
        }
        if left.sex != right.sex {
            reasons.push(DuplicateReason::SexDiffers);
        }
        match (&left.personal_id, &right.personal_id) {
            (Some(left), Some(right)) if left != right => reasons.push(DuplicateReason::PersonalIdsDiffer),
            (Some(_), Some(_)) => {}
            _ => reasons.push(DuplicateReason::PersonalIdMissing),
        }
        reasons
    }

    fn pair(&self, left: &learner::Model, right: &learner::Model) -> Result<Option<DuplicatePair>> {
        let told_apart = self.apart.contains(&(left.id, right.id)) || self.apart.contains(&(right.id, left.id));
        if told_apart || !(self.here.contains(&left.id) || self.here.contains(&right.id)) {
            return Ok(None);
        }
        let reasons = self.reasons(left, right);
        let has = |reason| reasons.contains(&reason);
        let common = has(DuplicateReason::SameGuardianPhone) || has(DuplicateReason::SameGuardianName);
        if !common && !has(DuplicateReason::PersonalIdMissing) {
            return Ok(None);
        }
        let likely = common && !has(DuplicateReason::SexDiffers) && !has(DuplicateReason::PersonalIdsDiffer);
        Ok(Some(DuplicatePair { left: self.side(left)?, right: self.side(right)?, reasons, likely }))
    }

    fn side(&self, row: &learner::Model) -> Result<DuplicateSide> {
        Ok(DuplicateSide {
            learner_id: LearnerId(row.id),
            full_name: row.full_name.clone(),
            birth_date: row.birth_date,
            sex: crate::stored(&row.sex)?,
            status: crate::stored(&row.status)?,
            school_name: row.school_id.and_then(|school| self.schools.get(&school).cloned()),
            has_personal_id: row.personal_id.is_some(),
            reachable: self.reachable.contains(&row.id),
        })
    }
}

/// Two records side by side, with how much hangs on each.
///
/// Errors: `not_found` (either), `invalid` with `right` where they are one.
pub async fn compare(db: &Db, ctx: &Ctx, query: &CompareQuery) -> Result<DuplicateComparison> {
    let conn = db.read();
    if query.left == query.right {
        return Err(Error::field("right", Code::FieldChoice));
    }
    let left = record(conn, ctx, query.left).await?;
    let right = record(conn, ctx, query.right).await?;
    let rows = learner::Entity::find().filter(learner::Column::Id.is_in([query.left.0, query.right.0])).all(conn).await?;
    let seen = Seen::of(conn, ctx, &[], &rows).await?;
    let reasons = match rows.as_slice() {
        [one, other] => seen.reasons(one, other),
        _ => Vec::new(),
    };
    Ok(DuplicateComparison { left, right, reasons })
}

async fn record(conn: &impl ConnectionTrait, ctx: &Ctx, id: LearnerId) -> Result<DuplicateRecord> {
    let detail = learners::detail_in(conn, ctx, Permission::LearnerMerge, id).await?;
    let at = Whereabouts::of(conn, &[id]).await?;
    let mut holdings = Vec::new();
    for place in PLACES {
        let Some(name) = place.name else { continue };
        let rows = place.count(conn, id, &at).await?;
        if rows > 0 {
            holdings.push(holding(name, rows));
        }
    }
    Ok(DuplicateRecord { detail, holdings })
}

pub(super) fn holding((vi, en): (&str, &str), rows: u32) -> Holding {
    Holding { name_vi: vi.to_owned(), name_en: en.to_owned(), rows }
}

/// What a record's page says where others have the same name and birth date: how many, and nothing of them.
pub(crate) async fn warning_in(conn: &impl ConnectionTrait, ctx: &Ctx, learner: &Learner) -> Result<Option<FieldError>> {
    let key = learners::match_key(&learner.full_name, learner.birth_date);
    let others: Vec<Uuid> = learner::Entity::find()
        .select_only()
        .column(learner::Column::Id)
        .filter(learner::Column::MatchKey.eq(key))
        .filter(learner::Column::Id.ne(learner.id.0))
        .limit(20)
        .into_tuple()
        .all(conn)
        .await?;
    let mut apart = Query::select();
    apart
        .columns(["low_id", "high_id"])
        .from("learner_distinct")
        .cond_where(Condition::any().add(Expr::col("low_id").eq(learner.id.0)).add(Expr::col("high_id").eq(learner.id.0)));
    let mut known = HashSet::new();
    if !others.is_empty() {
        for row in conn.query_all(&apart).await? {
            known.extend([row.try_get_by_index::<Uuid>(0)?, row.try_get_by_index::<Uuid>(1)?]);
        }
    }
    let count = others.iter().filter(|id| !known.contains(id)).count();
    if count == 0 {
        return Ok(None);
    }
    let params = BTreeMap::from([("value".to_owned(), count.to_string())]);
    let code = Code::LearnerSimilar;
    let detail = dto::problem::fill(code.text(ctx.lang), &params);
    Ok(Some(FieldError { pointer: "/name".to_owned(), code: code.as_str().to_owned(), params, detail }))
}
