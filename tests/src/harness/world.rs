//! The small world of a test: a department, two communes with a lower secondary school each, a school year. Rows are written
//! by the names of their tables, so that a test depends on no verb that it does not test.

use super::TestApp;
use chrono::NaiveDate;
use dto::access::Role;
use dto::classes::Class;
use dto::identity::Person;
use dto::learners::LearnerItem;
use dto::{AccountId, ClassId, GuardianId, LearnerId, SchoolYearId, SessionId, StaffId, UnitId};
use kernel::{Db, Event, clock, id, text};
use sea_orm::sea_query::{Expr, Order, Query};
use sea_orm::{ConnectionTrait, ExprTrait, Value};
use uuid::Uuid;

pub struct World {
    pub department: UnitId,
    pub commune_a: UnitId,
    pub commune_b: UnitId,
    pub school_a: School,
    pub school_b: School,
    pub year: SchoolYearId,
}

#[derive(Clone, Debug)]
pub struct School {
    pub id: UnitId,
    pub name: String,
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

/// Whether a text holds a value as a word of its own: a number is part of many an id by chance.
pub fn tells(text: &str, value: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric()).any(|word| word == value)
}

/// Inserts one row by the names of its columns.
pub async fn insert(conn: &impl ConnectionTrait, table: &'static str, row: Vec<(&'static str, Value)>) {
    let mut query = Query::insert();
    let (columns, values): (Vec<_>, Vec<_>) = row.into_iter().unzip();
    query.into_table(table).columns(columns).values_panic(values.into_iter().map(Expr::val));
    conn.execute(&query).await.unwrap_or_else(|e| panic!("{table}: {e}"));
}

impl World {
    pub async fn make(db: &Db) -> World {
        let conn = db.migrator();
        let ministry = unit(conn, "ministry", "Bộ Giáo dục và Đào tạo", "BO", "", &[]).await;
        let department = unit(conn, "department", "Sở Giáo dục và Đào tạo", "92", "", &[ministry]).await;
        let commune_a = unit(conn, "commune", "Phường Sóc Trăng", "31507", "", &[department, ministry]).await;
        let commune_b = unit(conn, "commune", "Xã Kế Sách", "31528", "", &[department, ministry]).await;
        let a = unit(conn, "school", "THCS Trần Phú", "94001", "lower_secondary", &[commune_a, department, ministry]).await;
        let b = unit(conn, "school", "THCS Lê Lợi", "94002", "lower_secondary", &[commune_b, department, ministry]).await;
        let year: SchoolYearId = id::new();
        insert(
            conn,
            "school_year",
            vec![
                ("id", year.0.into()),
                ("code", "2026-2027".into()),
                ("starts_on", day("2026-09-05").into()),
                ("ends_on", day("2027-05-31").into()),
                ("version", 1i64.into()),
            ],
        )
        .await;
        for (term, weeks, from, to) in [(1i16, 18i16, "2026-09-07", "2027-01-15"), (2, 17, "2027-01-18", "2027-05-28")] {
            insert(
                conn,
                "school_term",
                vec![
                    ("school_year_id", year.0.into()),
                    ("term", term.into()),
                    ("weeks", weeks.into()),
                    ("starts_on", day(from).into()),
                    ("ends_on", day(to).into()),
                    ("marks_due_on", Some(day(to)).into()),
                ],
            )
            .await;
        }
        World {
            department: UnitId(department),
            commune_a: UnitId(commune_a),
            commune_b: UnitId(commune_b),
            school_a: School { id: UnitId(a), name: "THCS Trần Phú".into() },
            school_b: School { id: UnitId(b), name: "THCS Lê Lợi".into() },
            year,
        }
    }
}

async fn unit(conn: &impl ConnectionTrait, kind: &str, name: &str, code: &str, levels: &str, above: &[Uuid]) -> Uuid {
    let unit_id: Uuid = id::new();
    insert(
        conn,
        "unit",
        vec![
            ("id", unit_id.into()),
            ("kind", kind.into()),
            ("name", name.into()),
            ("short_name", name.into()),
            ("code", code.into()),
            ("code_set", "test".into()),
            ("code_set_version", "2025-07-01".into()),
            ("levels", levels.into()),
            ("sort_key", text::sort_key(name, "", "").into()),
            ("search_text", text::fold(name).into()),
            ("opened_on", day("2000-09-05").into()),
            ("closed_on", None::<NaiveDate>.into()),
            ("version", 1i64.into()),
        ],
    )
    .await;
    if let Some(parent) = above.first() {
        insert(
            conn,
            "unit_placement",
            vec![
                ("unit_id", unit_id.into()),
                ("valid_from", day("2000-09-05").into()),
                ("parent_id", (*parent).into()),
                ("valid_to", None::<NaiveDate>.into()),
            ],
        )
        .await;
    }
    for (depth, ancestor) in std::iter::once(&unit_id).chain(above).enumerate() {
        insert(
            conn,
            "unit_ancestor",
            vec![("ancestor_id", (*ancestor).into()), ("unit_id", unit_id.into()), ("depth", (depth as i16).into())],
        )
        .await;
    }
    unit_id
}

impl TestApp {
    /// A further school of the first commune.
    pub async fn school(&self, name: &str, code: &str) -> School {
        let conn = self.db.migrator();
        let mut above = Query::select();
        let of_commune = Expr::col("unit_id").eq(self.world.commune_a.0);
        above.column("ancestor_id").from("unit_ancestor").and_where(of_commune).order_by("depth", Order::Asc);
        let above: Vec<Uuid> = conn.query_all(&above).await.unwrap().iter().map(|row| row.try_get_by_index(0).unwrap()).collect();
        let id = unit(conn, "school", name, code, "lower_secondary", &above).await;
        School { id: UnitId(id), name: name.into() }
    }

    pub async fn staff(&self, unit: UnitId, name: &str) -> StaffId {
        let staff: StaffId = id::new();
        let n = text::split_name(name);
        let conn = self.db.migrator();
        insert(
            conn,
            "staff",
            vec![
                ("id", staff.0.into()),
                ("family", n.family.clone().into()),
                ("middle", n.middle.clone().into()),
                ("given", n.given.clone().into()),
                ("full_name", name.into()),
                ("sort_key", text::sort_key(&n.given, &n.family, &n.middle).into()),
                ("search_text", text::fold(name).into()),
                ("birth_date", None::<NaiveDate>.into()),
                ("sex", "female".into()),
                ("ministry_code", None::<String>.into()),
                ("phone", None::<String>.into()),
                ("version", 1i64.into()),
            ],
        )
        .await;
        insert(
            conn,
            "staff_post",
            vec![
                ("staff_id", staff.0.into()),
                ("unit_id", unit.0.into()),
                ("position", "teacher".into()),
                ("valid_from", day("2020-09-01").into()),
                ("valid_to", None::<NaiveDate>.into()),
            ],
        )
        .await;
        staff
    }

    /// An account with a session, ready to write.
    pub async fn account(&self, person: Option<Person>, roles: &[(Role, Option<UnitId>)]) -> (AccountId, SessionId) {
        let (account, session): (AccountId, SessionId) = (id::new(), id::new());
        let (kind, person_id) = match person {
            None => (None, None),
            Some(Person::Staff(p)) => (Some("staff"), Some(p.0)),
            Some(Person::Guardian(p)) => (Some("guardian"), Some(p.0)),
            Some(Person::Learner(p)) => (Some("learner"), Some(p.0)),
        };
        let conn = self.db.migrator();
        let now = clock::now();
        insert(
            conn,
            "account",
            vec![
                ("id", account.0.into()),
                ("username", format!("u{}", account.0.simple()).into()),
                ("full_name", "Người Thử".into()),
                ("search_text", "nguoi thu".into()),
                ("person_kind", kind.map(str::to_owned).into()),
                ("person_id", person_id.into()),
                ("password_hash", None::<String>.into()),
                ("must_change_password", false.into()),
                ("disabled", false.into()),
                ("lang", "vi".into()),
                ("last_sign_in_at", None::<chrono::DateTime<chrono::Utc>>.into()),
                ("created_at", now.into()),
                ("version", 1i64.into()),
            ],
        )
        .await;
        for (role, unit) in roles {
            insert(
                conn,
                "role_grant",
                vec![
                    ("id", id::new::<Uuid>().into()),
                    ("account_id", account.0.into()),
                    ("role", role.as_str().into()),
                    ("unit_id", unit.map(|u| u.0).into()),
                    ("valid_from", day("2020-09-01").into()),
                    ("valid_to", None::<NaiveDate>.into()),
                ],
            )
            .await;
        }
        insert(
            conn,
            "session",
            vec![
                ("id", session.0.into()),
                ("account_id", account.0.into()),
                ("device", "test".into()),
                ("created_at", now.into()),
                ("last_used_at", now.into()),
                ("expires_at", (now + chrono::TimeDelta::days(1)).into()),
                ("ended_at", None::<chrono::DateTime<chrono::Utc>>.into()),
                ("ended_why", None::<String>.into()),
            ],
        )
        .await;
        (account, session)
    }

    /// A class, made through the API by its principal.
    pub async fn class(&self, school: &School, name: &str, grade: &str) -> Class {
        let body = serde_json::json!({"school_id": school.id, "school_year_id": self.world.year, "grade": grade, "name": name});
        self.principal(school).await.post("/classes", &body).await.ok()
    }

    /// A learner of a class, made through the API by its principal.
    pub async fn learner(&self, class: &Class, name: &str) -> LearnerId {
        let n = text::split_name(name);
        let school = School { id: class.school_id, name: class.school_name.clone() };
        let principal = self.principal(&school).await;
        let body = serde_json::json!({
            "school_id": school.id, "name": {"family": n.family, "middle": n.middle, "given": n.given},
            "birth_date": "2015-03-12", "sex": "female", "status": "studying", "since": "2026-09-05",
        });
        let learner: dto::learners::Learner = principal.post("/learners", &body).await.ok();
        let body = serde_json::json!({"learner_id": learner.id, "enrolled_on": "2026-09-05"});
        principal.post(&format!("/classes/{}/members", class.id), &body).await.ok::<dto::classes::ClassMember>();
        learner.id
    }

    pub async fn find_learners(&self, actor: &super::Actor, q: &str) -> Vec<LearnerItem> {
        let reply = actor.send(actor.request(reqwest::Method::GET, "/learners").query(&[("q", q)])).await;
        reply.ok::<dto::Page<LearnerItem>>().items
    }

    pub async fn teaches(&self, class: ClassId, subject: &str, staff: StaffId) {
        insert(
            self.db.migrator(),
            "teaching",
            vec![
                ("class_id", class.0.into()),
                ("subject_code", subject.into()),
                ("staff_id", staff.0.into()),
                ("valid_from", day("2026-09-05").into()),
                ("valid_to", None::<NaiveDate>.into()),
            ],
        )
        .await;
    }

    pub async fn set_homeroom(&self, class: ClassId, staff: StaffId) {
        let mut query = Query::update();
        query.table("class").value("homeroom_staff_id", staff.0).and_where(Expr::col("id").eq(class.0));
        self.db.migrator().execute(&query).await.expect("the homeroom teacher");
    }

    pub async fn guardian_of(&self, learners: &[LearnerId]) -> GuardianId {
        let guardian: GuardianId = id::new();
        insert(
            self.db.migrator(),
            "guardian",
            vec![
                ("id", guardian.0.into()),
                ("family", "Lý".into()),
                ("middle", "Thị".into()),
                ("given", "Hoa".into()),
                ("full_name", "Lý Thị Hoa".into()),
                ("search_text", "ly thi hoa".into()),
                ("phone", Some("0912345678").into()),
                ("version", 1i64.into()),
            ],
        )
        .await;
        for learner in learners {
            insert(
                self.db.migrator(),
                "guardian_link",
                vec![("learner_id", learner.0.into()), ("guardian_id", guardian.0.into()), ("relation", "mother".into())],
            )
            .await;
        }
        guardian
    }

    /// The audit entries of a school's chain.
    pub async fn audit(&self, school: Option<UnitId>) -> Vec<kernel::db::AuditEntry> {
        kernel::db::entries(self.db.read(), school, 0, 10_000).await.expect("the log")
    }

    /// A write that the test itself makes.
    pub async fn touch(&self, ctx: &kernel::Ctx) -> kernel::Result<()> {
        self.db.write(ctx, async |_| Ok(((), vec![Event::new(None, "test.touched", "test", "x")]))).await
    }
}
