//! Whom the contact book reaches: which guardians have never opened it.

use chrono::{DateTime, Utc};
use dto::access::Permission;
use dto::contact::{ClassAdoption, GuardianAdoption, NoticeTarget};
use dto::{ClassId, GuardianId, LearnerId, Page, UnitId};
use kernel::{Ctx, Db, Result};
use records::contact as people;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use std::collections::{BTreeSet, HashMap, HashSet};
use uuid::Uuid;

/// No class and no school is larger.
const ALL: u64 = 20_000;

async fn opened(conn: &impl ConnectionTrait, guardians: &[Uuid]) -> Result<HashMap<Uuid, DateTime<Utc>>> {
    let mut found = HashMap::new();
    for some in guardians.chunks(500) {
        let mut query = Query::select();
        query
            .columns(["guardian_id", "last_at"])
            .from("contact_opened")
            .and_where(Expr::col("guardian_id").is_in(some.iter().copied()));
        for row in conn.query_all(&query).await? {
            found.insert(row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        }
    }
    Ok(found)
}

fn guardians(rows: &[people::Recipient]) -> Vec<Uuid> {
    rows.iter().map(|r| r.guardian_id).collect::<BTreeSet<_>>().into_iter().collect()
}

/// The guardians of a class, those who have never come among them.
pub async fn of_class(db: &Db, ctx: &Ctx, class: ClassId) -> Result<Page<GuardianAdoption>> {
    let conn = db.read();
    let found = people::class_reached(conn, ctx, Permission::NoticeWrite, class).await?;
    let target = NoticeTarget::Class { class_id: class };
    let rows = people::recipients(conn, UnitId(found.school_id), &target, None, None, ALL).await?;
    let all = guardians(&rows);
    let (opened, accounts) = (opened(conn, &all).await?, identity::accounts::of_people(conn, &all).await?);
    let items = rows
        .into_iter()
        .map(|r| GuardianAdoption {
            guardian_id: GuardianId(r.guardian_id),
            has_account: accounts.contains_key(&r.guardian_id),
            last_at: opened.get(&r.guardian_id).copied(),
            guardian_name: r.guardian_name,
            learner_id: LearnerId(r.learner_id),
            learner_name: r.learner_name,
            phone: r.phone,
        })
        .collect();
    Ok(Page { items, next: None })
}

/// Counts of the classes of a school that the caller looks after: of all for who leads it, of the own for a homeroom teacher.
pub async fn of_school(db: &Db, ctx: &Ctx, school: UnitId) -> Result<Page<ClassAdoption>> {
    let conn = db.read();
    let classes = people::classes_of_school(conn, ctx, Permission::NoticeWrite, school).await?;
    if classes.is_empty() {
        people::school_reached(conn, ctx, Permission::NoticeWrite, school).await?;
    }
    let mut items = Vec::with_capacity(classes.len());
    let rows = match classes.as_slice() {
        [] => Vec::new(),
        [one] => people::recipients(conn, school, &NoticeTarget::Class { class_id: ClassId(one.id) }, None, None, ALL).await?,
        _ => people::recipients(conn, school, &NoticeTarget::School, None, None, ALL).await?,
    };
    let all = guardians(&rows);
    let (opened, accounts) = (opened(conn, &all).await?, identity::accounts::of_people(conn, &all).await?);
    let sizes = people::class_sizes(conn, school, &classes).await?;
    for class in classes {
        let here: Vec<_> = rows.iter().filter(|r| r.class_id == class.id).collect();
        let people: HashSet<Uuid> = here.iter().map(|r| r.guardian_id).collect();
        let reached: HashSet<Uuid> = here.iter().filter(|r| opened.contains_key(&r.guardian_id)).map(|r| r.learner_id).collect();
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        items.push(ClassAdoption {
            class_id: ClassId(class.id),
            learners: sizes.get(&class.id).copied().unwrap_or(0),
            reached: count(reached.len()),
            guardians: count(people.len()),
            with_account: count(people.iter().filter(|g| accounts.contains_key(g)).count()),
            opened: count(people.iter().filter(|g| opened.contains_key(g)).count()),
            class_name: class.name,
        });
    }
    Ok(Page { items, next: None })
}
