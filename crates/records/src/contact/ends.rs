//! The two ends of a thread: which threads somebody stands in, and whom they may write to.

use super::guardians_of;
use crate::{calendar, scope};
use dto::access::Permission;
use dto::contact::Contact;
use dto::{ClassId, LearnerId, UnitId};
use kernel::{Ctx, Result, clock};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, JoinType, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, FromQueryResult};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Where the contact book may find threads in this way: those of the guardian's children, of the homeroom, of the subjects taught.
/// A table with columns `class_id`, `learner_id`, `subject_code` (empty: the homeroom teacher's).
pub fn threads(ctx: &Ctx, table: &'static str) -> Condition {
    let reach = ctx.reach(Permission::ContactThread);
    if reach.all {
        return Condition::all();
    }
    let mut any = Condition::any().add(Expr::val(1).eq(0));
    if let Some(guardian) = reach.guardian {
        let mut children = Query::select();
        children.column("learner_id").from("guardian_link").and_where(Expr::col("guardian_id").eq(guardian));
        any = any.add(Expr::col((table, "learner_id")).in_subquery(children));
    }
    if let Some(staff) = reach.homeroom {
        let mut own = Query::select();
        own.column("id").from("class").and_where(Expr::col("homeroom_staff_id").eq(staff));
        any = any.add(Expr::col((table, "subject_code")).eq("").and(Expr::col((table, "class_id")).in_subquery(own)));
    }
    if let Some(staff) = reach.taught {
        let mut taught = Query::select();
        taught
            .expr(Expr::val(1))
            .from_as("teaching", "tg")
            .and_where(Expr::col(("tg", "class_id")).equals((table, "class_id")))
            .and_where(Expr::col(("tg", "subject_code")).equals((table, "subject_code")))
            .and_where(Expr::col(("tg", "staff_id")).eq(staff))
            .cond_where(scope::in_force("tg"));
        any = any.add(Expr::exists(taught));
    }
    any
}

#[derive(FromQueryResult)]
struct ContactRow {
    learner_id: Uuid,
    learner_name: String,
    given: String,
    class_id: Uuid,
    class_name: String,
    school_id: Uuid,
    school_name: String,
    subject_code: Option<String>,
    name_vi: Option<String>,
    name_en: Option<String>,
    staff_name: String,
}

/// Every learner with a teacher of theirs, of the current year: with the homeroom teacher, or with a teacher of a subject.
async fn pairs(conn: &impl ConnectionTrait, homeroom: bool) -> Result<SelectStatement> {
    let year = calendar::current_year_in(conn, clock::today()).await?.map_or(Uuid::nil(), |y| y.id.0);
    let mut select = Query::select();
    select
        .columns([("e", "learner_id"), ("l", "given"), ("e", "class_id"), ("e", "school_id")])
        .expr_as(Expr::col(("l", "full_name")), "learner_name")
        .expr_as(Expr::col(("c", "name")), "class_name")
        .expr_as(Expr::col(("u", "name")), "school_name")
        .expr_as(Expr::col(("s", "full_name")), "staff_name")
        .from_as("enrolment", "e")
        // With the school, by which enrolments lie: a class is found in them without looking through all.
        .join_as(
            JoinType::InnerJoin,
            "class",
            "c",
            Expr::col(("c", "id")).equals(("e", "class_id")).and(Expr::col(("c", "school_id")).equals(("e", "school_id"))),
        )
        .join_as(JoinType::InnerJoin, "learner", "l", Expr::col(("l", "id")).equals(("e", "learner_id")))
        .join_as(JoinType::InnerJoin, "unit", "u", Expr::col(("u", "id")).equals(("e", "school_id")))
        .and_where(Expr::col(("c", "school_year_id")).eq(year))
        .cond_where(scope::open("e", "left_on"))
        .order_by(("c", "grade_order"), Order::Asc)
        .order_by(("c", "sort_key"), Order::Asc)
        .order_by(("e", "ordinal"), Order::Asc)
        .order_by(("e", "learner_id"), Order::Asc)
        .limit(1000);
    if homeroom {
        select
            .expr_as(Expr::val(None::<String>), "subject_code")
            .expr_as(Expr::val(None::<String>), "name_vi")
            .expr_as(Expr::val(None::<String>), "name_en")
            .join_as(JoinType::InnerJoin, "staff", "s", Expr::col(("s", "id")).equals(("c", "homeroom_staff_id")));
    } else {
        // A subject that not the whole class takes: only with who takes it.
        let mut takes = Query::select();
        takes
            .expr(Expr::val(1))
            .from_as("subject_enrolment", "se")
            .and_where(Expr::col(("se", "school_id")).equals(("e", "school_id")))
            .and_where(Expr::col(("se", "class_id")).equals(("e", "class_id")))
            .and_where(Expr::col(("se", "subject_code")).equals(("tg", "subject_code")))
            .and_where(Expr::col(("se", "learner_id")).equals(("e", "learner_id")));
        select
            .columns([("tg", "subject_code"), ("sj", "name_vi"), ("sj", "name_en")])
            .join_as(JoinType::InnerJoin, "teaching", "tg", Expr::col(("tg", "class_id")).equals(("c", "id")))
            .join_as(
                JoinType::InnerJoin,
                "class_subject",
                "cs",
                Expr::col(("cs", "class_id"))
                    .equals(("tg", "class_id"))
                    .and(Expr::col(("cs", "subject_code")).equals(("tg", "subject_code"))),
            )
            .join_as(JoinType::InnerJoin, "subject", "sj", Expr::col(("sj", "code")).equals(("tg", "subject_code")))
            .join_as(JoinType::InnerJoin, "staff", "s", Expr::col(("s", "id")).equals(("tg", "staff_id")))
            .cond_where(scope::in_force("tg"))
            .cond_where(Condition::any().add(Expr::col(("cs", "whole_class")).eq(true)).add(Expr::exists(takes)))
            .order_by(("cs", "position"), Order::Asc)
            .order_by(("tg", "subject_code"), Order::Asc);
    }
    Ok(select)
}

/// School, class and learner.
type Seat = (Uuid, Uuid, Uuid);

/// The classes in which a guardian's children are today.
async fn seats(conn: &impl ConnectionTrait, guardian: Uuid) -> Result<Vec<Seat>> {
    let mut select = Query::select();
    select
        .columns([("e", "school_id"), ("e", "class_id"), ("e", "learner_id")])
        .from_as("guardian_link", "gl")
        .join_as(JoinType::InnerJoin, "enrolment", "e", Expr::col(("e", "learner_id")).equals(("gl", "learner_id")))
        .and_where(Expr::col(("gl", "guardian_id")).eq(guardian))
        .cond_where(scope::open("e", "left_on"))
        .limit(200);
    let rows = conn.query_all(&select).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?))).collect()
}

/// One of these enrolments, by the key of the table, and its class, by that of classes.
fn sitting(seats: &[Seat]) -> Expr {
    let of = |at: fn(&Seat) -> Uuid| seats.iter().map(at).collect::<BTreeSet<Uuid>>();
    Expr::col(("e", "school_id"))
        .is_in(of(|seat| seat.0))
        .and(Expr::col(("e", "class_id")).is_in(of(|seat| seat.1)))
        .and(Expr::col(("e", "learner_id")).is_in(of(|seat| seat.2)))
        .and(Expr::col(("c", "id")).is_in(of(|seat| seat.1)))
}

/// Whom the caller may write to: a guardian to the teachers of their children, a teacher to the families of their learners. With the
/// school of each.
pub async fn contacts(conn: &impl ConnectionTrait, ctx: &Ctx, class: Option<ClassId>) -> Result<Vec<(UnitId, Contact)>> {
    let reach = ctx.reach(Permission::ContactThread);
    let mut rows: Vec<(bool, ContactRow)> = Vec::new();
    let mut add = async |homeroom: bool, only: Expr| -> Result<()> {
        let mut select = pairs(conn, homeroom).await?;
        select.and_where(only).and_where_option(class.map(|id| Expr::col(("e", "class_id")).eq(id.0)));
        let family = reach.guardian.is_some();
        rows.extend(crate::all::<ContactRow>(conn, &select).await?.into_iter().map(|row| (family, row)));
        Ok(())
    };
    if let Some(guardian) = reach.guardian {
        // The places of the children first, and then by their ids: with the children as a subquery an engine may begin at the teachers
        // of all classes.
        let seats = seats(conn, guardian).await?;
        if !seats.is_empty() {
            for homeroom in [true, false] {
                add(homeroom, sitting(&seats)).await?;
            }
        }
    } else {
        if let Some(staff) = reach.homeroom {
            add(true, Expr::col(("c", "homeroom_staff_id")).eq(staff)).await?;
        }
        if let Some(staff) = reach.taught {
            add(false, Expr::col(("tg", "staff_id")).eq(staff)).await?;
        }
    }
    let learners: Vec<Uuid> = rows.iter().filter(|(family, _)| !family).map(|(_, r)| r.learner_id).collect();
    let guardians = guardians_of(conn, &learners).await?;
    let mut found: Vec<(UnitId, Contact)> = Vec::new();
    for (family, row) in rows {
        // Two teachers of one subject are one contact.
        if let Some((_, last)) = found.last_mut()
            && (last.learner_id.0, last.class_id.0, &last.subject_code) == (row.learner_id, row.class_id, &row.subject_code)
        {
            if family && !last.people.contains(&row.staff_name) {
                last.people.push(row.staff_name);
            }
            continue;
        }
        let people = match family {
            true => vec![row.staff_name],
            false => guardians.get(&row.learner_id).into_iter().flatten().map(|g| g.full_name.clone()).collect(),
        };
        let contact = Contact {
            learner_id: LearnerId(row.learner_id),
            learner_name: row.learner_name,
            given_name: row.given,
            class_id: ClassId(row.class_id),
            class_name: row.class_name,
            school_name: row.school_name,
            subject_code: row.subject_code,
            subject_name_vi: row.name_vi,
            subject_name_en: row.name_en,
            people,
        };
        found.push((UnitId(row.school_id), contact));
    }
    Ok(found)
}
