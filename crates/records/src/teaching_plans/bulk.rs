//! Plans by the thousand, unchecked: for loading whole provinces. They are approved; their submissions are not made.

use super::search::{self, Bits};
use dto::UnitId;
use dto::calendar::Grade;
use dto::teaching_plans::{TeachingPlanKind, TeachingPlanState};
use kernel::{Error, Result, Tx};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, Query};
use uuid::Uuid;

/// A plan with the names that a search finds it by.
pub struct TeachingPlanRow {
    pub id: Uuid,
    pub staff_id: Uuid,
    pub teacher: String,
    pub school_year_id: Uuid,
    pub school_year: String,
    pub grade: Grade,
    pub subject_code: String,
    pub subject: String,
    pub title: String,
    pub body: String,
}

/// Inserts plans of one school in statements of bounded size.
pub async fn insert_teaching_plans_in(tx: &Tx<'_>, school: UnitId, plans: &[TeachingPlanRow]) -> Result<()> {
    const COLUMNS: [&str; 13] = [
        "school_id",
        "id",
        "staff_id",
        "school_year_id",
        "kind",
        "grade",
        "subject_code",
        "state",
        "revision",
        "version",
        "updated_at",
        "title",
        "week",
    ];
    for some in plans.chunks(120) {
        let (mut rows, mut texts, mut words) = (Query::insert(), Query::insert(), Query::insert());
        rows.into_table("teaching_plan").columns(COLUMNS.into_iter().chain(search::COLUMNS));
        texts.into_table("teaching_plan_text").columns(["school_id", "plan_id", "body"]);
        words.into_table("teaching_plan_words").columns(["school_id", "plan_id", "words"]);
        for plan in some {
            let kind = TeachingPlanKind::Lesson;
            let found = search::words(&[
                &plan.title,
                &plan.body,
                &plan.teacher,
                &plan.subject,
                plan.grade.label(dto::Lang::Vi),
                &plan.school_year,
                kind.label(dto::Lang::Vi),
            ]);
            let own = [
                Expr::val(school.0),
                Expr::val(plan.id),
                Expr::val(plan.staff_id),
                Expr::val(plan.school_year_id),
                Expr::val(kind.as_str()),
                Expr::val(plan.grade.as_str()),
                Expr::val(plan.subject_code.as_str()),
                Expr::val(TeachingPlanState::Approved.as_str()),
                Expr::val(1_i32),
                Expr::val(1_i64),
                Expr::val(tx.now()),
                Expr::val(plan.title.as_str()),
                Expr::val(None::<i16>),
            ];
            let bits = Bits::of(found.iter().map(String::as_str)).numbers();
            rows.values(own.into_iter().chain(bits.into_iter().map(Expr::val))).map_err(Error::internal)?;
            let at = || [Expr::val(school.0), Expr::val(plan.id)];
            let body = Expr::val(plan.body.as_str());
            texts.values(at().into_iter().chain([body])).map_err(Error::internal)?;
            words.values(at().into_iter().chain([Expr::val(search::joined(&found))])).map_err(Error::internal)?;
        }
        for insert in [rows, texts, words] {
            tx.conn().execute(&insert).await?;
        }
    }
    Ok(())
}
