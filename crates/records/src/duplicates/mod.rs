//! Two records of one child: found by what they have in common ([`pairs`], scored by [`score`]), looked at side by side, merged with
//! everything that hangs on them, split again; or said to be two children, which is remembered.

mod merge;
mod moving;
mod pairs;
pub mod score;
pub mod search;

pub use merge::{distinguish, list as merges, merge, split};
pub(crate) use pairs::{entered_in, forget_in, written_in};
pub use pairs::{fill, look_at_all, nightly};
pub use score::name_key;

use crate::learners::entity::learner;
use crate::{claims, learners, places, scope, units};
use dto::access::Permission;
use dto::learners::Learner;
use dto::one_record::{
    CompareQuery, DuplicateComparison, DuplicatePair, DuplicateQuery, DuplicateReason, DuplicateRecord, DuplicateSide, Holding,
};
use dto::page::{Page, PageQuery};
use dto::{Code, FieldError, LearnerId};
use kernel::{Ctx, Db, Error, Result, page};
pub(crate) use moving::Whereabouts;
use score::{Known, PROPOSED, Relative, Score};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, JoinType, Order, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap, HashSet};
use uuid::Uuid;

/// The last pair of a page.
#[derive(Clone, Copy, Serialize, Deserialize)]
struct Cursor {
    score: i16,
    low: Uuid,
    high: Uuid,
}

/// Records that may be of one child, those most alike first: of a unit and what lies under it. A pair is there where one of its records
/// is; of the other is told what an offer would tell.
///
/// Errors: `not_found` (the unit), `bad_cursor`.
pub async fn list(db: &Db, ctx: &Ctx, query: &DuplicateQuery, page: &PageQuery) -> Result<Page<DuplicatePair>> {
    let conn = db.read();
    let reach = ctx.reach(Permission::LearnerMerge);
    let units: Vec<Uuid> = match query.unit_id {
        Some(unit) => vec![units::reachable_in(conn, ctx, Permission::LearnerMerge, unit).await?.id.0],
        None => reach.units.clone(),
    };
    let mut told_apart = Query::select();
    told_apart
        .expr(Expr::val(1))
        .from_as("learner_distinct", "x")
        .and_where(Expr::col(("x", "low_id")).equals(("p", "low_id")))
        .and_where(Expr::col(("x", "high_id")).equals(("p", "high_id")));
    let here = |side: &'static str| Expr::col((side, "school_id")).in_subquery(scope::under(&units));
    let mut select = Query::select();
    select
        .columns([("p", "score"), ("p", "low_id"), ("p", "high_id")])
        .from_as("learner_pair", "p")
        .join_as(JoinType::InnerJoin, "learner", "a", Expr::col(("a", "id")).equals(("p", "low_id")))
        .join_as(JoinType::InnerJoin, "learner", "b", Expr::col(("b", "id")).equals(("p", "high_id")))
        .and_where(Expr::col(("a", "match_key")).is_not_null())
        .and_where(Expr::col(("b", "match_key")).is_not_null())
        .cond_where(Condition::any().add(here("a")).add(here("b")))
        .and_where(Expr::exists(told_apart).not())
        .order_by(("p", "score"), Order::Desc)
        .order_by(("p", "low_id"), Order::Asc)
        .order_by(("p", "high_id"), Order::Asc)
        .limit(page.limit() + 1);
    if let Some(last) = page::decode::<Cursor>(page.after.as_deref())? {
        let behind = crate::after([("p", "low_id"), ("p", "high_id")], [last.low.into(), last.high.into()]);
        let equal = Condition::all().add(Expr::col(("p", "score")).eq(last.score)).add(behind);
        select.cond_where(Condition::any().add(Expr::col(("p", "score")).lt(last.score)).add(equal));
    }
    let cursor = |row: &sea_orm::QueryResult| {
        Ok(Cursor { score: row.try_get_by_index(0)?, low: row.try_get_by_index(1)?, high: row.try_get_by_index(2)? })
    };
    let rows: Vec<Cursor> = conn.query_all(&select).await?.iter().map(cursor).collect::<Result<_>>()?;
    let found = page::of(rows, page.limit(), |row| *row, |row| row);
    let ids: HashSet<Uuid> = found.items.iter().flat_map(|pair| [pair.low, pair.high]).collect();
    let rows = learner::Entity::find().filter(learner::Column::Id.is_in(ids)).all(conn).await?;
    let seen = Seen::of(conn, ctx, &rows).await?;
    let of: HashMap<Uuid, &learner::Model> = rows.iter().map(|row| (row.id, row)).collect();
    let pair = |pair: &Cursor| seen.pair(of.get(&pair.low)?, of.get(&pair.high)?).transpose();
    Ok(Page { items: found.items.iter().filter_map(pair).collect::<Result<_>>()?, next: found.next })
}

/// What is known of a page of records beside their own rows.
struct Seen {
    schools: HashMap<Uuid, String>,
    reachable: HashSet<Uuid>,
    guardians: HashMap<Uuid, Vec<Relative>>,
}

impl Seen {
    async fn of(conn: &impl ConnectionTrait, ctx: &Ctx, rows: &[learner::Model]) -> Result<Seen> {
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        let schools = claims::school_names(conn, rows.iter().filter_map(|row| row.school_id)).await?;
        let mut select = Query::select();
        select
            .column(("l", "id"))
            .from_as("learner", "l")
            .and_where(Expr::col(("l", "id")).is_in(ids.iter().copied()))
            .cond_where(scope::learners(&ctx.reach(Permission::LearnerMerge), "l"));
        let found = conn.query_all(&select).await?;
        let reachable = found.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect::<Result<HashSet<Uuid>>>()?;
        let mut guardians: HashMap<Uuid, Vec<_>> = HashMap::new();
        let links = Condition::all().add(Expr::col(("gl", "learner_id")).is_in(ids.iter().copied()));
        for (learner, relative) in pairs::relatives(conn, links).await? {
            guardians.entry(learner).or_default().push(relative);
        }
        Ok(Seen { schools, reachable, guardians })
    }

    fn known(&self, row: &learner::Model) -> Result<Known> {
        let name = row.match_key.as_deref().map_or_else(String::new, |key| pairs::name_of(key).to_owned());
        let mut known = Known::new(&name, row.birth_date, crate::stored(&row.sex)?, row.personal_id.as_deref());
        for relative in self.guardians.get(&row.id).into_iter().flatten() {
            known.add(relative.clone());
        }
        Ok(known)
    }

    fn score(&self, left: &learner::Model, right: &learner::Model) -> Result<Option<Score>> {
        Ok(score::score(&self.known(left)?, &self.known(right)?))
    }

    /// A pair as its records are now; nothing where they are no longer alike.
    fn pair(&self, left: &learner::Model, right: &learner::Model) -> Result<Option<DuplicatePair>> {
        let Some(score) = self.score(left, right)?.filter(|score| score.points >= PROPOSED) else { return Ok(None) };
        // Of two in one school whose names differ, twins are as likely.
        let one_name = score.reasons.contains(&DuplicateReason::SameNameAndBirth);
        let likely = score.likely && (one_name || left.school_id != right.school_id);
        let sides = (self.side(left)?, self.side(right)?);
        Ok(Some(DuplicatePair { left: sides.0, right: sides.1, reasons: score.reasons, score: score.points, likely }))
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
    let seen = Seen::of(conn, ctx, &rows).await?;
    let score = match rows.as_slice() {
        [one, other] => seen.score(one, other)?,
        _ => None,
    };
    let reasons = score.map(|score| score.reasons).unwrap_or_default();
    Ok(DuplicateComparison { left, right, reasons })
}

async fn record(conn: &impl ConnectionTrait, ctx: &Ctx, id: LearnerId) -> Result<DuplicateRecord> {
    let detail = learners::detail_in(conn, ctx, Permission::LearnerMerge, id).await?;
    let at = Whereabouts::of(conn, &[id]).await?;
    let mut holdings = Vec::new();
    for place in places::all() {
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
