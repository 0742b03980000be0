//! Who asks: each client is a teacher with a class of their own, so that writers do not meet in the same cells.
//!
//! A sheet of TT 22/2021 has at most six columns, so 45 pupils have 270 cells. For 450 cells, which is 45 pupils by ten columns,
//! a class of the bench has 75 pupils by six: pupils of the same school are enrolled in it besides their own.

use crate::site::Site;
use anyhow::{Context, ensure};
use dto::gradebook::MarkSheet;
use dto::identity::Tokens;
use regulations::Slot;
use sea_orm::{ConnectionTrait, Statement, Value};
use std::sync::atomic::AtomicI64;
use uuid::Uuid;

/// Mathematics: four regular columns, midterm and final in every grade.
pub const SUBJECT: &str = "TOAN";

/// Pupils of the sheet with 450 cells.
const WIDE: i64 = 75;

/// A sheet that one client reads and writes.
pub struct Sheet {
    pub school: Uuid,
    pub class: Uuid,
    pub token: String,
    /// Learner, slot, version as last seen; written in this order.
    pub cells: Vec<(Uuid, Slot, AtomicI64)>,
    /// Changes with each save, so that each cell changes.
    pub round: AtomicI64,
}

pub struct People {
    /// Classes of about 45, one a client.
    pub usual: Vec<Sheet>,
    /// Classes of 75, one a client.
    pub wide: Vec<Sheet>,
    /// The principal of a school.
    pub principal: String,
    /// Administrator of the province.
    pub province: String,
    pub school: Uuid,
}

impl People {
    pub async fn find(site: &Site, clients: usize) -> anyhow::Result<People> {
        let sql = "SELECT c.id, c.school_id, a.username, count(*) AS n FROM class c \
            JOIN teaching t ON t.class_id = c.id AND t.subject_code = $1 \
            JOIN account a ON a.person_id = t.staff_id \
            JOIN enrolment e ON e.class_id = c.id AND e.school_id = c.school_id \
            WHERE NOT EXISTS (SELECT 1 FROM class_term k WHERE k.school_id = c.school_id AND k.class_id = c.id AND k.state = 'closed') \
            AND c.grade_order >= (SELECT min(grade_order) FROM class WHERE grade = '6') \
            GROUP BY c.id, c.school_id, a.username";
        let rows = site.db.read().query_all_raw(Statement::from_sql_and_values(site.db.backend(), sql, [SUBJECT.into()])).await?;
        let mut found: Vec<(i64, Uuid, Uuid, String)> = Vec::new();
        for row in &rows {
            found.push((row.try_get_by_index(3)?, row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?));
        }
        // Those that an earlier run has widened, then the nearest to 45.
        found.sort_by_key(|(n, class, ..)| ((n - 45).abs(), *class));
        let mut wide: Vec<_> = found.iter().filter(|f| f.0 > 50).cloned().collect();
        let mut usual: Vec<_> = found.into_iter().filter(|f| f.0 <= 50).collect();
        let more = usual.split_off(clients.min(usual.len()));
        wide.extend(more);
        wide.truncate(clients);
        ensure!(usual.len() == clients && wide.len() == clients, "the database has too few classes for {clients} clients");
        for (_, class, school, _) in &wide {
            widen(site, *school, *class).await?;
        }
        let school = usual[0].2;
        let mut people = People {
            usual: Vec::new(),
            wide: Vec::new(),
            principal: sign_in(site, "hieutruong").await?,
            province: sign_in(site, "quantri").await?,
            school,
        };
        for (_, class, school, username) in usual {
            people.usual.push(Sheet::open(site, school, class, &username).await?);
        }
        for (_, class, school, username) in wide {
            people.wide.push(Sheet::open(site, school, class, &username).await?);
        }
        Ok(people)
    }
}

/// Enrols pupils of the school until the class has 75.
async fn widen(site: &Site, school: Uuid, class: Uuid) -> anyhow::Result<()> {
    let sql = "INSERT INTO enrolment (school_id, class_id, learner_id, ordinal, enrolled_on) \
        SELECT $1, $2, l.id, 100 + row_number() OVER (ORDER BY l.id), (SELECT min(enrolled_on) FROM enrolment WHERE school_id = $1 AND class_id = $2) \
        FROM learner l WHERE l.school_id = $1 AND l.id NOT IN (SELECT learner_id FROM enrolment WHERE school_id = $1 AND class_id = $2) \
        ORDER BY l.id LIMIT (SELECT CASE WHEN count(*) < $3 THEN $3 - count(*) ELSE 0 END FROM enrolment WHERE school_id = $1 AND class_id = $2)";
    let values: [Value; 3] = [school.into(), class.into(), WIDE.into()];
    site.db.migrator().execute_raw(Statement::from_sql_and_values(site.db.backend(), sql, values)).await?;
    Ok(())
}

pub async fn sign_in(site: &Site, username: &str) -> anyhow::Result<String> {
    let body = serde_json::json!({ "username": username, "password": api::demo::PASSWORD });
    let answer = site.client.post(format!("{}/sessions", site.base)).json(&body).send().await?;
    ensure!(answer.status().is_success(), "{username} cannot sign in: {}", answer.status());
    Ok(answer.json::<Tokens>().await?.access_token)
}

impl Sheet {
    async fn open(site: &Site, school: Uuid, class: Uuid, username: &str) -> anyhow::Result<Sheet> {
        let mut sheet =
            Sheet { school, class, token: sign_in(site, username).await?, cells: Vec::new(), round: AtomicI64::new(0) };
        let answer = site.client.get(sheet.url(site)).bearer_auth(&sheet.token).send().await?;
        let read: MarkSheet = answer.error_for_status()?.json().await.context("the sheet")?;
        // Column by column, as a teacher types.
        for slot in &read.slots {
            for row in read.rows.iter().filter(|row| !row.left) {
                let version = row.cells.iter().find(|cell| cell.slot == *slot).map_or(0, |cell| cell.version);
                sheet.cells.push((row.learner_id.0, *slot, AtomicI64::new(version)));
            }
        }
        Ok(sheet)
    }

    pub fn url(&self, site: &Site) -> String {
        format!("{}/classes/{}/subjects/{SUBJECT}/terms/1/marks", site.base, self.class)
    }
}
