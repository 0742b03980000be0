//! How the data under a unit stands: by rule, by what lies right under it, and over the days.

use super::rules::terms;
use chrono::{DateTime, Days, NaiveDate, Utc};
use dto::UnitId;
use dto::access::Permission;
use dto::quality::{QualityDay, QualityOverview, QualityRule, QualityRuleCount, QualityUnit, QualityUnitQuery};
use dto::units::UnitKind;
use kernel::{Ctx, Db, Result, clock};
use sea_orm::FromQueryResult;
use sea_orm::sea_query::{Expr, ExprTrait, Func, JoinType, Order, Query};
use std::collections::HashMap;
use uuid::Uuid;

/// Days of the trend.
const DAYS: u64 = 30;

#[derive(FromQueryResult)]
struct RuleRow {
    rule: String,
    open: i64,
    overdue: i64,
    accepted: i64,
}

#[derive(FromQueryResult)]
struct UnitRow {
    id: Uuid,
    name: String,
    kind: String,
    open: Option<i64>,
    overdue: Option<i64>,
}

#[derive(FromQueryResult)]
struct DayRow {
    day: NaiveDate,
    open: i64,
    schools: i64,
    checked_at: Option<DateTime<Utc>>,
}

fn number(n: i64) -> u32 {
    u32::try_from(n).unwrap_or(0)
}

/// The sum of a column of small numbers: both engines give it as one of 64 bits.
fn sum(column: (&'static str, &'static str)) -> Expr {
    Func::sum(Expr::col(column)).into()
}

/// Errors: `not_found`.
pub async fn overview(db: &Db, ctx: &Ctx, query: &QualityUnitQuery) -> Result<QualityOverview> {
    let conn = db.read();
    let unit = crate::units::reachable_in(conn, ctx, Permission::QualityRead, query.unit_id).await?;
    let under = crate::scope::under(&[unit.id.0]);
    let mut select = Query::select();
    select
        .column(("q", "rule"))
        .expr_as(sum(("q", "open")), "open")
        .expr_as(sum(("q", "overdue")), "overdue")
        .expr_as(sum(("q", "accepted")), "accepted")
        .from_as("quality_count", "q")
        .and_where(Expr::col(("q", "school_id")).in_subquery(under.clone()))
        .group_by_col(("q", "rule"));
    let counted: HashMap<String, RuleRow> =
        crate::all::<RuleRow>(conn, &select).await?.into_iter().map(|row| (row.rule.clone(), row)).collect();
    let rules: Vec<QualityRuleCount> = QualityRule::ALL
        .iter()
        .filter_map(|rule| {
            let row = counted.get(rule.as_str())?;
            let terms = terms(*rule);
            Some(QualityRuleCount {
                rule: *rule,
                owner: terms.owner,
                open: number(row.open),
                overdue: number(row.overdue),
                accepted: number(row.accepted),
                fixable: terms.at_once,
            })
        })
        .collect();

    let mut select = Query::select();
    select
        .columns([("u", "id"), ("u", "name"), ("u", "kind")])
        .expr_as(sum(("q", "open")), "open")
        .expr_as(sum(("q", "overdue")), "overdue")
        .from_as("unit_ancestor", "one")
        .join_as(JoinType::InnerJoin, "unit", "u", Expr::col(("u", "id")).equals(("one", "unit_id")))
        .join_as(JoinType::InnerJoin, "unit_ancestor", "all", Expr::col(("all", "ancestor_id")).equals(("u", "id")))
        .join_as(JoinType::LeftJoin, "quality_count", "q", Expr::col(("q", "school_id")).equals(("all", "unit_id")))
        .and_where(Expr::col(("one", "ancestor_id")).eq(unit.id.0))
        .and_where(Expr::col(("one", "depth")).eq(1))
        .group_by_columns([("u", "id"), ("u", "name"), ("u", "kind"), ("u", "sort_key")])
        .order_by(("u", "sort_key"), Order::Asc);
    let mut units: Vec<QualityUnit> = crate::all::<UnitRow>(conn, &select)
        .await?
        .into_iter()
        .map(|row| {
            let kind: UnitKind = crate::stored(&row.kind)?;
            Ok(QualityUnit {
                unit_id: UnitId(row.id),
                name: row.name,
                school: is_school(kind),
                open: number(row.open.unwrap_or(0)),
                overdue: number(row.overdue.unwrap_or(0)),
            })
        })
        .collect::<Result<_>>()?;
    units.sort_by_key(|unit| std::cmp::Reverse((unit.open, unit.overdue)));

    let since = clock::today() - Days::new(DAYS);
    let mut select = Query::select();
    select
        .column(("d", "day"))
        .expr_as(sum(("d", "open")), "open")
        .expr_as(Expr::col(("d", "school_id")).count(), "schools")
        .expr_as(Expr::col(("d", "checked_at")).max(), "checked_at")
        .from_as("quality_day", "d")
        .and_where(Expr::col(("d", "day")).gt(since))
        .and_where(Expr::col(("d", "school_id")).in_subquery(under))
        .group_by_col(("d", "day"))
        .order_by(("d", "day"), Order::Asc);
    let days = crate::all::<DayRow>(conn, &select).await?;
    Ok(QualityOverview {
        unit_id: unit.id,
        school: is_school(unit.kind),
        name: unit.name,
        open: rules.iter().map(|r| r.open).sum(),
        overdue: rules.iter().map(|r| r.overdue).sum(),
        checked: days.iter().map(|d| number(d.schools)).max().unwrap_or(0),
        checked_at: days.iter().filter_map(|d| d.checked_at).max(),
        rules,
        units,
        trend: days.iter().map(|d| QualityDay { day: d.day, open: number(d.open) }).collect(),
    })
}

fn is_school(kind: UnitKind) -> bool {
    matches!(kind, UnitKind::School | UnitKind::Campus)
}
