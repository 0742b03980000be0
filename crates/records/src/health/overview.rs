//! Figures of a school's health work: counts alone, for whoever may see no child.

use super::sheet::{FINDINGS, findings};
use super::{count, rounds};
use crate::{calendar, contact};
use dto::access::Permission;
use dto::health::{ClassHealthCount, ConditionCount, FirstAidCount, HealthBand, HealthOverview, HealthRound, SpineFinding};
use dto::{Code, HealthRoundId, UnitId};
use kernel::{Ctx, Db, Error, Result, clock};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Func, Query, SelectStatement};
use std::collections::HashMap;
use uuid::Uuid;

/// Bands of acuity in hundredths: how a chart is divided, no diagnosis.
const VISION: [(u16, u16); 4] = [(0, 29), (30, 69), (70, 99), (100, 200)];
/// Bands of decayed teeth.
const CARIES: [(u16, u16); 3] = [(0, 0), (1, 3), (4, 32)];

/// Counts of a school: of one round, of conditions kept, of first aid in this school year.
///
/// Errors: `not_found`.
pub async fn overview(db: &Db, ctx: &Ctx, school: UnitId, round: Option<HealthRoundId>) -> Result<HealthOverview> {
    let conn = db.read();
    contact::school_reached(conn, ctx, Permission::HealthCount, school).await?;
    let round = match round {
        None => rounds::latest(conn, school).await?,
        Some(id) => {
            let found = rounds::find(conn, ctx, Permission::HealthCount, id).await?;
            if found.school_id != school {
                return Err(Error::new(Code::NotFound));
            }
            Some(found)
        }
    };
    let classes = contact::classes_of_school(conn, ctx, Permission::HealthCount, school).await?;
    let sizes = contact::class_sizes(conn, school, &classes).await?;
    let of_round = match &round {
        None => Round::default(),
        Some(round) => of_round(conn, round).await?,
    };
    let classes: Vec<ClassHealthCount> = classes
        .into_iter()
        .map(|class| ClassHealthCount {
            learners: sizes.get(&class.id).copied().unwrap_or(0),
            checked: of_round.checked.get(&class.id).copied().unwrap_or(0),
            class_id: class.id.into(),
            class_name: class.name,
        })
        .collect();
    let year = calendar::current_year_in(conn, clock::today()).await?;
    let year_id = year.as_ref().map_or(Uuid::nil(), |y| y.id.0);
    Ok(HealthOverview {
        school_id: school,
        learners: classes.iter().map(|c| c.learners).sum(),
        classes,
        vision: bands(&VISION, of_round.vision),
        caries: bands(&CARIES, of_round.caries),
        spine: of_round.spine,
        conditions: conditions(conn, school, year_id).await?,
        first_aid: first_aid(conn, school, year.map(|y| y.starts_on)).await?,
        vaccinated: vaccinated(conn, school, year_id).await?,
        round,
    })
}

#[derive(Default)]
struct Round {
    checked: HashMap<Uuid, u32>,
    vision: Vec<u16>,
    caries: Vec<u16>,
    spine: u32,
}

async fn of_round(conn: &impl ConnectionTrait, round: &HealthRound) -> Result<Round> {
    let mut query = Query::select();
    query
        .column("class_id")
        .columns(FINDINGS)
        .from("health_check")
        .and_where(Expr::col("school_id").eq(round.school_id.0))
        .and_where(Expr::col("round_id").eq(round.id.0))
        .cond_where(rounds::holds());
    let mut found = Round::default();
    for row in conn.query_all(&query).await? {
        *found.checked.entry(row.try_get_by_index(0)?).or_default() += 1;
        let f = findings(&row, 1)?;
        found.vision.extend(f.vision_left.into_iter().chain(f.vision_right).min());
        found.caries.extend(f.caries);
        found.spine += u32::from(f.spine.is_some_and(|s| s != SpineFinding::Normal));
    }
    Ok(found)
}

fn bands(bands: &[(u16, u16)], values: Vec<u16>) -> Vec<HealthBand> {
    bands
        .iter()
        .map(|(from, to)| {
            let learners = values.iter().filter(|v| (from..=to).contains(v)).count();
            HealthBand { from: *from, to: *to, learners: u32::try_from(learners).unwrap_or(u32::MAX) }
        })
        .collect()
}

/// Who is in the school's classes of a year today.
fn members(school: UnitId, year: Uuid) -> SelectStatement {
    let mut query = Query::select();
    query
        .column(("e", "learner_id"))
        .from_as("enrolment", "e")
        .inner_join("class", Expr::col(("class", "id")).equals(("e", "class_id")))
        .and_where(Expr::col(("e", "school_id")).eq(school.0))
        .and_where(Expr::col(("class", "school_year_id")).eq(year))
        .cond_where(crate::scope::open("e", "left_on"));
    query
}

async fn conditions(conn: &impl ConnectionTrait, school: UnitId, year: Uuid) -> Result<Vec<ConditionCount>> {
    let mut query = Query::select();
    query
        .column("kind")
        .expr(Func::count_distinct(Expr::col("learner_id")))
        .from("health_condition")
        .and_where(Expr::col("active").eq(true))
        .and_where(Expr::col("learner_id").in_subquery(members(school, year)))
        .group_by_col("kind")
        .order_by("kind", sea_orm::sea_query::Order::Asc);
    let rows = conn.query_all(&query).await?;
    rows.iter()
        .map(|r| {
            Ok(ConditionCount {
                kind: crate::stored(&r.try_get_by_index::<String>(0)?)?,
                learners: count(r.try_get_by_index(1)?),
            })
        })
        .collect()
}

async fn first_aid(conn: &impl ConnectionTrait, school: UnitId, since: Option<chrono::NaiveDate>) -> Result<Vec<FirstAidCount>> {
    let since = since.map(|day| day.and_time(chrono::NaiveTime::MIN).and_utc());
    let mut query = Query::select();
    query
        .column("kind")
        .expr(Func::count(Expr::col("id")))
        .from("first_aid")
        .and_where(Expr::col("school_id").eq(school.0))
        .and_where_option(since.map(|since| Expr::col("at").gte(since)))
        .group_by_col("kind")
        .order_by("kind", sea_orm::sea_query::Order::Asc);
    let rows = conn.query_all(&query).await?;
    rows.iter()
        .map(|r| {
            Ok(FirstAidCount { kind: crate::stored(&r.try_get_by_index::<String>(0)?)?, cases: count(r.try_get_by_index(1)?) })
        })
        .collect()
}

async fn vaccinated(conn: &impl ConnectionTrait, school: UnitId, year: Uuid) -> Result<u32> {
    let mut query = Query::select();
    query
        .expr(Func::count_distinct(Expr::col("learner_id")))
        .from("vaccination")
        .and_where(Expr::col("learner_id").in_subquery(members(school, year)));
    let row = conn.query_one(&query).await?.ok_or_else(|| Error::internal("a count without a row"))?;
    Ok(count(row.try_get_by_index(0)?))
}
