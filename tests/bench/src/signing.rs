//! A principal signs 1,500 transcripts with a software key (P-256), then the school's seal goes onto them, each with its PDF.
//!
//! No school of the demo has 1,500 learners: one principal leads all schools of a commune here but its preschools, one person teaches and one
//! has all classes, so that three keys and a seal for each school sign what a large school would.

use crate::people::sign_in;
use crate::site::Site;
use crate::{Engine, Options};
use anyhow::{Context, ensure};
use dto::LearnerId;
use dto::page::Page;
use dto::transcripts::{ClassTranscripts, SigningKey, SigningRole, SigningRun, SigningRunState, SigningTask, TranscriptRow};
use sea_orm::{ConnectionTrait, Statement};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// What the calls are named on the command line.
pub const NAME: &str = "signing of transcripts";

/// As many are signed.
const WANTED: usize = 1_500;
const PASSWORD: &str = "mật khẩu để ký";

/// Somebody with a key.
struct Person {
    token: String,
    key: Uuid,
}

/// Makes transcripts of whole classes until there are enough, has them signed, and prints what the last two acts took.
pub async fn measure(options: &Options, engine: Engine) -> anyhow::Result<()> {
    let site = Site::of(options, engine, "commune", &["--marks", "year", "--complete", "--closed"]).await?;
    let site = site.onto_copy(options).await?;
    let [teacher, homeroom, principal] = cast(&site).await?;
    let (mut made, mut schools) = (0, BTreeMap::new());
    for (school, class) in classes(&site).await? {
        if made >= WANTED {
            break;
        }
        let path = format!("/classes/{class}/transcripts");
        let there: ClassTranscripts = get(&site, &principal.token, &path).await?;
        if !there.ready {
            continue;
        }
        let rows: Vec<Value> = there
            .rows
            .iter()
            .map(|row| json!({ "learner_id": row.learner_id, "text": "Chăm học, lễ phép.", "version": row.comment_version }))
            .collect();
        send::<Value>(&site, &homeroom.token, reqwest::Method::PUT, &format!("{path}/comments"), &json!({ "rows": rows }))
            .await?;
        let drafts: ClassTranscripts = post(&site, &principal.token, &path, &json!({})).await?;
        // But for who lacks something: a personal ID.
        let whole = |row: &&TranscriptRow| row.faults.iter().all(|fault| fault.warning);
        let learners: Vec<LearnerId> = drafts.rows.iter().filter(whole).map(|row| row.learner_id).collect();
        post::<Value>(&site, &principal.token, &format!("{path}/reconcile"), &json!({ "learner_ids": learners })).await?;
        schools.entry(school).or_insert_with(Vec::new).push(class);
        made += learners.len();
    }
    ensure!(made >= WANTED, "only {made} transcripts can be made of this database");
    println!("\n{}, {NAME}: {made} of {} schools, P-256 keys, {}", engine.name(), schools.len(), site.durability().await?);
    let signed = run(&site, &teacher, SigningRole::Subject, None).await?;
    println!("  subject teachers: {signed}");
    println!("  homeroom teacher: {}", run(&site, &homeroom, SigningRole::Homeroom, None).await?);
    println!("  principal: {}", run(&site, &principal, SigningRole::Principal, None).await?);
    for school in schools.keys() {
        let key = trial_key(&site, &principal.token, Some(*school)).await?;
        let seal = Person { token: principal.token.clone(), key };
        println!("  seal of a school, with PDFs: {}", run(&site, &seal, SigningRole::Seal, Some(*school)).await?);
    }
    site.close().await
}

/// Three people for all classes; everybody else's part is given to them in the database.
async fn cast(site: &Site) -> anyhow::Result<[Person; 3]> {
    let mut people = Vec::new();
    let mut ids = Vec::new();
    for role in ["subject_teacher", "homeroom_teacher", "principal"] {
        let sql = format!(
            "SELECT a.username, a.person_id, g.unit_id, a.id FROM account a JOIN role_grant g ON g.account_id = a.id AND g.role = '{role}' \
             JOIN unit u ON u.id = g.unit_id WHERE u.levels LIKE '%lower_secondary%' ORDER BY a.username"
        );
        let row = site.db.read().query_one_raw(Statement::from_string(site.db.backend(), sql)).await?.context(role)?;
        let (user, staff): (String, Uuid) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        ids.push((staff, row.try_get_by_index::<Uuid>(2)?, row.try_get_by_index::<Uuid>(3)?));
        people.push(user);
    }
    let backend = site.db.backend();
    let run = async |sql: &str, values: Vec<sea_orm::Value>| {
        site.db.migrator().execute_raw(Statement::from_sql_and_values(backend, sql, values)).await
    };
    // One row a class and subject stays.
    let keep = "DELETE FROM teaching WHERE EXISTS (SELECT 1 FROM teaching o WHERE o.class_id = teaching.class_id \
        AND o.subject_code = teaching.subject_code AND (o.staff_id < teaching.staff_id OR (o.staff_id = teaching.staff_id \
        AND o.valid_from < teaching.valid_from)))";
    run(keep, vec![]).await?;
    run("UPDATE teaching SET staff_id = $1", vec![ids[0].0.into()]).await?;
    run("UPDATE class SET homeroom_staff_id = $1", vec![ids[1].0.into()]).await?;
    run("UPDATE staff_post SET staff_id = $1 WHERE position = 'principal'", vec![ids[2].0.into()]).await?;
    let above = "UPDATE role_grant SET unit_id = (SELECT ancestor_id FROM unit_ancestor WHERE unit_id = $1 AND depth = 1) WHERE account_id = $2";
    for (_, school, account) in &ids {
        run(above, vec![(*school).into(), (*account).into()]).await?;
    }
    let mut cast = Vec::new();
    for user in &people {
        let token = sign_in(site, user).await?;
        let key = trial_key(site, &token, None).await?;
        cast.push(Person { token, key });
    }
    cast.try_into().map_err(|_| anyhow::anyhow!("three people"))
}

async fn classes(site: &Site) -> anyhow::Result<Vec<(Uuid, Uuid)>> {
    // Of the schools of the commune alone: the province leads its own.
    let sql = "SELECT c.school_id, c.id FROM class c WHERE c.grade IN ('1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11', '12') \
        AND c.school_id IN (SELECT a.unit_id FROM unit_ancestor a JOIN role_grant g ON g.unit_id = a.ancestor_id \
        WHERE g.role = 'principal' AND a.depth >= 1) ORDER BY c.school_id, c.id";
    let rows = site.db.read().query_all_raw(Statement::from_string(site.db.backend(), sql)).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
}

async fn trial_key(site: &Site, token: &str, unit: Option<Uuid>) -> anyhow::Result<Uuid> {
    let body = json!({ "label": "Dùng thử", "source": { "kind": "trial", "password": PASSWORD } });
    let whose = unit.map_or_else(|| "/me".to_owned(), |unit| format!("/units/{unit}"));
    let key: SigningKey = post(site, token, &format!("{whose}/signing-keys"), &body).await?;
    Ok(key.id.0)
}

/// Signs all that is due in a role, and says what it took.
async fn run(site: &Site, who: &Person, role: SigningRole, school: Option<Uuid>) -> anyhow::Result<String> {
    let tasks: Page<SigningTask> = get(site, &who.token, "/me/signing-tasks").await?;
    let items: Vec<Value> = tasks
        .items
        .iter()
        .filter(|task| task.role == role && task.ready > 0 && school.is_none_or(|school| task.school_id.0 == school))
        .map(|task| json!({ "role": role, "class_id": task.class_id, "subject_code": task.subject_code }))
        .collect();
    ensure!(!items.is_empty(), "nothing is due for {role}");
    let (mut all, mut took, mut cpu) = (0, Duration::ZERO, Duration::ZERO);
    for items in items.chunks(400) {
        let (began, used) = (Instant::now(), site.cpu());
        let body = json!({ "key_id": who.key, "password": PASSWORD, "items": items });
        let mut run: SigningRun = post(site, &who.token, "/signing-runs", &body).await?;
        while run.state == SigningRunState::Running {
            tokio::time::sleep(Duration::from_millis(100)).await;
            run = get(site, &who.token, &format!("/signing-runs/{}", run.id)).await?;
        }
        ensure!(run.failed.is_empty() && run.done == run.total, "{} of {} signed: {:?}", run.done, run.total, run.failed.first());
        all += run.done;
        took += began.elapsed();
        cpu += site.cpu() - used;
    }
    Ok(format!("{all} signatures in {:.1} s, {:.1} CPU s", took.as_secs_f64(), cpu.as_secs_f64()))
}

async fn get<T: DeserializeOwned>(site: &Site, token: &str, path: &str) -> anyhow::Result<T> {
    Ok(site.client.get(format!("{}{path}", site.base)).bearer_auth(token).send().await?.error_for_status()?.json().await?)
}

async fn post<T: DeserializeOwned>(site: &Site, token: &str, path: &str, body: &Value) -> anyhow::Result<T> {
    send(site, token, reqwest::Method::POST, path, body).await
}

async fn send<T: DeserializeOwned>(
    site: &Site,
    token: &str,
    method: reqwest::Method,
    path: &str,
    body: &Value,
) -> anyhow::Result<T> {
    let answer = site.client.request(method, format!("{}{path}", site.base)).bearer_auth(token).json(body).send().await?;
    ensure!(answer.status().is_success(), "{path}: {}", answer.text().await?);
    Ok(answer.json().await?)
}
