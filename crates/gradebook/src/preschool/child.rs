//! What a family sees: their own child, stage by stage.

use super::{age_group, items, lists, stages};
use crate::{current_year, facts};
use dto::preschool::{ChildItem, ChildPreschool, ChildStage, PreschoolItem};
use dto::{Code, LearnerId, SchoolYearId};
use kernel::{Ctx, Db, Error, Result};
use regulations::preschool::Outcome;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use std::collections::HashMap;

/// What one's child reaches, or oneself, in a school year; the current one where none is given.
///
/// Errors: `not_found`; `regulation_unavailable` for a child that is not in preschool.
pub async fn of_child(db: &Db, ctx: &Ctx, learner: LearnerId, year: Option<SchoolYearId>) -> Result<ChildPreschool> {
    let conn = db.read();
    let none = || Error::new(Code::NotFound);
    if !facts::is_family(conn, ctx, learner).await? {
        return Err(none());
    }
    let year = match year {
        Some(year) => year,
        None => current_year(conn).await?.ok_or_else(none)?,
    };
    let (_, class) = facts::classes_of(conn, learner, year).await?.into_iter().next().ok_or_else(none)?;
    let class = facts::class_unscoped(conn, class).await?;
    let group = age_group(class.grade)?;
    let line = facts::roster_line(conn, class.school_id, class.id, learner).await?.ok_or_else(none)?;
    let themes = stages::themes(conn, &class).await?;

    let mut query = Query::select();
    query
        .columns(["list", "stage", "code", "outcome"])
        .from("preschool_mark")
        .and_where(Expr::col("school_id").eq(class.school_id.0))
        .and_where(Expr::col("class_id").eq(class.id.0))
        .and_where(Expr::col("learner_id").eq(learner.0))
        .and_where(Expr::col("outcome").is_not_null());
    let mut found: HashMap<(String, u8), HashMap<String, Outcome>> = HashMap::new();
    for row in conn.query_all(&query).await? {
        let stage = u8::try_from(row.try_get_by_index::<i16>(1)?).unwrap_or(0);
        if let Some(outcome) = Outcome::from_code(&row.try_get_by_index::<String>(3)?) {
            found.entry((row.try_get_by_index(0)?, stage)).or_default().insert(row.try_get_by_index(2)?, outcome);
        }
    }
    let mut all = Vec::new();
    for list in lists(group) {
        let (_, items, _) = items::of_school(conn, class.school_id, list, class.grade).await?;
        // The end of the age stage is the latest, then the themes from the last to the first.
        let numbers = std::iter::once(0).chain(themes.iter().rev().map(|theme| theme.number));
        for number in numbers {
            let Some(cells) = found.remove(&(list.as_str().to_owned(), number)) else { continue };
            let theme = themes.iter().find(|theme| theme.number == number);
            let items: Vec<ChildItem> = items.iter().filter_map(|item| child_item(item, &cells)).collect();
            if !items.is_empty() {
                all.push(ChildStage {
                    list,
                    number,
                    name: theme.map_or_else(|| stages::end_name(ctx.lang).to_owned(), |theme| theme.name.clone()),
                    ends_on: theme.and_then(|theme| theme.ends_on),
                    items,
                });
            }
        }
    }
    Ok(ChildPreschool {
        learner_id: learner,
        full_name: line.full_name,
        given_name: line.given_name,
        class_name: class.name,
        school_name: class.school_name,
        school_year: class.school_year,
        homeroom: class.homeroom.map(|staff| staff.full_name),
        stages: all,
    })
}

fn child_item(item: &PreschoolItem, cells: &HashMap<String, Outcome>) -> Option<ChildItem> {
    let outcome = *cells.get(&item.code)?;
    Some(ChildItem { code: item.code.clone(), domain: item.domain, text: item.text.clone(), outcome })
}
