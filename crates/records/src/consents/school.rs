//! How a purpose stands in a school: by class, and child by child in one class.

use super::{purposes, standing};
use crate::{contact, scope};
use chrono::NaiveDate;
use dto::access::Permission;
use dto::consents::{ClassConsents, ConsentLine, SchoolConsentQuery, SchoolConsents};
use dto::{ClassId, Code, LearnerId, UnitId};
use kernel::{Ctx, Db, Error, Result};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, Order, Query};
use uuid::Uuid;

struct Member {
    class: Uuid,
    learner: Uuid,
    full_name: String,
    birth_date: NaiveDate,
}

async fn members(conn: &impl ConnectionTrait, school: UnitId, classes: &[contact::ClassName]) -> Result<Vec<Member>> {
    let mut query = Query::select();
    query
        .columns([("e", "class_id"), ("e", "learner_id"), ("l", "full_name"), ("l", "birth_date")])
        .from_as("enrolment", "e")
        .join_as(JoinType::InnerJoin, "learner", "l", Expr::col(("l", "id")).equals(("e", "learner_id")))
        .and_where(Expr::col(("e", "school_id")).eq(school.0))
        .and_where(Expr::col(("e", "class_id")).is_in(classes.iter().map(|c| c.id)))
        .cond_where(scope::open("e", "left_on"))
        .order_by(("e", "ordinal"), Order::Asc)
        .order_by(("e", "learner_id"), Order::Asc);
    conn.query_all(&query)
        .await?
        .iter()
        .map(|row| {
            Ok(Member {
                class: row.try_get_by_index(0)?,
                learner: row.try_get_by_index(1)?,
                full_name: row.try_get_by_index(2)?,
                birth_date: row.try_get_by_index(3)?,
            })
        })
        .collect()
}

/// A purpose in the classes of a school that the caller reaches; with `class_id`, child by child in that class.
///
/// Errors: `not_found`; `invalid` at `/purpose`.
pub async fn of_school(db: &Db, ctx: &Ctx, school: UnitId, query: &SchoolConsentQuery) -> Result<SchoolConsents> {
    let conn = db.read();
    let classes = contact::classes_of_school(conn, ctx, Permission::ConsentRead, school).await?;
    if classes.is_empty() {
        // A school without classes is told from one out of reach.
        contact::school_reached(conn, ctx, Permission::ConsentRead, school).await?;
    }
    if query.class_id.is_some_and(|class| !classes.iter().any(|c| c.id == class.0)) {
        return Err(Error::new(Code::NotFound));
    }
    let purpose = purposes::find(conn, &query.purpose).await?;
    let members = members(conn, school, &classes).await?;
    let births: Vec<(Uuid, NaiveDate)> = members.iter().map(|m| (m.learner, m.birth_date)).collect();
    let standing = standing::of_many(conn, school, &purpose, &births).await?;
    let mut counts: Vec<ClassConsents> = classes
        .into_iter()
        .map(|class| ClassConsents {
            class_id: ClassId(class.id),
            class_name: class.name,
            learners: 0,
            holds: 0,
            refused: 0,
            waiting: 0,
        })
        .collect();
    let mut learners = Vec::new();
    for member in members {
        let Some(stand) = standing.get(&member.learner).map(|s| s.stand(&purpose)) else { continue };
        if let Some(count) = counts.iter_mut().find(|c| c.class_id.0 == member.class) {
            count.learners += 1;
            count.holds += u32::from(stand.holds);
            count.refused += u32::from(stand.refused);
            count.waiting += u32::from(!stand.holds && !stand.refused);
        }
        if query.class_id == Some(ClassId(member.class)) {
            learners.push(ConsentLine {
                learner_id: LearnerId(member.learner),
                full_name: member.full_name,
                holds: stand.holds,
                refused: stand.refused,
                waits_for: stand.waits_for,
            });
        }
    }
    Ok(SchoolConsents { purpose, classes: counts, learners })
}
