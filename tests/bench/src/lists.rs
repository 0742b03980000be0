//! Every list and search, and every other read of the document, by one client: what it takes at the 50th and the 99th of a hundred.
//!
//! What is asked is read from the OpenAPI document, so that a list of tomorrow is measured as well: each query parameter by itself
//! with a value that makes sense (an id of the database, the first word of an enumeration, `true`, what people type into a search
//! box), as each role that may ask. A list with more than one page is also measured at its tenth.

use crate::people::sign_in;
use crate::site::Site;
use crate::{Options, calls, load};
use anyhow::Context;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Duration;
use uuid::Uuid;

/// What the calls are named on the command line.
pub const NAME: &str = "lists and searches";

/// Who asks: from the whole province down to one family.
const ROLES: [&str; 9] = [
    "province_admin",
    "unit_officer",
    "principal",
    "clerk",
    "homeroom_teacher",
    "subject_teacher",
    "nurse",
    "accountant",
    "guardian",
];

/// Somebody, and the ids that stand in addresses for them.
struct Person {
    role: &'static str,
    token: String,
    ids: BTreeMap<&'static str, String>,
}

/// One way to ask.
struct Question {
    path: String,
    query: String,
    is_list: bool,
}

struct Line {
    name: String,
    role: &'static str,
    items: Option<usize>,
    p50: Duration,
    p99: Duration,
    failures: usize,
}

/// Prints each question with its times, the slowest first.
pub async fn measure(options: &Options, site: &Site) -> anyhow::Result<()> {
    let document: Value = serde_json::from_str(api::docs::JSON)?;
    let people = people(site).await?;
    let mut lines = Vec::new();
    let mut unasked = Vec::new();
    for (path, methods) in document["paths"].as_object().context("paths")? {
        let Some(operation) = methods.get("get").filter(|operation| answers_json(operation)) else { continue };
        let mut answered = false;
        for person in &people {
            for question in questions(&document, path, operation, person) {
                if let Some(line) = ask(options, site, person, &question).await? {
                    answered = true;
                    lines.push(line);
                }
                if let Some(deep) = tenth_page(site, person, &question).await? {
                    lines.extend(ask(options, site, person, &deep).await?);
                }
            }
        }
        if !answered {
            unasked.push(path.trim_start_matches("/api/v1").to_owned());
        }
    }
    lines.sort_by_key(|line| std::cmp::Reverse(line.p99));
    let slow = lines.iter().filter(|line| line.p99 >= Duration::from_millis(100)).count();
    println!(
        "\n{}, {NAME}: {} questions by one client, {slow} of them with a p99 of 100 ms or more",
        site.engine.name(),
        lines.len()
    );
    for Line { name, role, items, p50, p99, failures } in &lines {
        let items = items.map_or_else(|| "-".to_owned(), |n| n.to_string());
        let failed = if *failures > 0 { format!("  {failures} failed") } else { String::new() };
        let ms = |of: &Duration| of.as_secs_f64() * 1000.0;
        println!("  {:>8.2} {:>8.2} ms  {items:>4} items  {role:<16}  {name}{failed}", ms(p50), ms(p99));
    }
    println!("  nothing in this database to ask for: {}", unasked.join(" "));
    Ok(())
}

/// Whether it answers with JSON: no file, no stream.
fn answers_json(operation: &Value) -> bool {
    let answer = &operation["responses"]["200"]["content"];
    answer.as_object().is_some_and(|kinds| kinds.contains_key("application/json"))
}

/// An account of each role, and what they can ask about.
async fn people(site: &Site) -> anyhow::Result<Vec<Person>> {
    let school = one(
        site,
        "SELECT g.unit_id FROM role_grant g JOIN account a ON a.id = g.account_id WHERE a.username = 'hieutruong' AND g.role = 'principal'",
    )
    .await?
    .context("the principal")?;
    let province =
        one(site, "SELECT g.unit_id FROM role_grant g WHERE g.role = 'province_admin'").await?.context("the province")?;
    let year = one(site, "SELECT school_year_id FROM class ORDER BY school_year_id DESC LIMIT 1").await?.context("a year")?;
    let mut people = Vec::new();
    for role in ROLES {
        let sql = format!(
            "SELECT a.username, a.person_id, g.unit_id FROM account a JOIN role_grant g ON g.account_id = a.id AND g.role = '{role}' \
             ORDER BY CASE WHEN g.unit_id = {} THEN 0 ELSE 1 END, a.username LIMIT 1",
            literal(site, school)
        );
        let statement = Statement::from_string(site.db.backend(), sql);
        let Some(row) = site.db.read().query_one_raw(statement).await? else { continue };
        let (username, person): (String, Option<Uuid>) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let mut ids = BTreeMap::new();
        let mut class =
            one(site, &format!("SELECT id FROM class WHERE school_id = {} ORDER BY id", literal(site, school))).await?;
        let mut learner = None;
        if let Some(person) = person {
            let person = literal(site, person);
            let of = match role {
                "homeroom_teacher" => format!("SELECT id FROM class WHERE homeroom_staff_id = {person}"),
                "subject_teacher" => format!("SELECT class_id FROM teaching WHERE staff_id = {person}"),
                _ => "SELECT id FROM class WHERE 1 = 0".to_owned(),
            };
            class = one(site, &of).await?.or(class);
            if role == "guardian" {
                learner = one(site, &format!("SELECT learner_id FROM guardian_link WHERE guardian_id = {person}")).await?;
            }
            if !matches!(role, "guardian" | "learner") {
                ids.insert("staff_id", one(site, &format!("SELECT id FROM staff WHERE id = {person}")).await?);
            }
        }
        if let (None, Some(class)) = (learner, class) {
            learner = one(
                site,
                &format!("SELECT learner_id FROM enrolment WHERE class_id = {} ORDER BY learner_id", literal(site, class)),
            )
            .await?;
        }
        ids.insert("class_id", class);
        ids.insert("learner_id", learner);
        ids.insert("school_id", Some(school));
        ids.insert("unit_id", Some(if matches!(role, "province_admin" | "unit_officer") { province } else { school }));
        ids.insert("parent_id", Some(province));
        ids.insert("school_year_id", Some(year));
        let mut ids: BTreeMap<_, _> = ids.into_iter().filter_map(|(name, id)| Some((name, id?.to_string()))).collect();
        ids.insert("subject_code", crate::people::SUBJECT.to_owned());
        ids.insert("term", "1".to_owned());
        people.push(Person { role, token: sign_in(site, &username).await?, ids });
    }
    Ok(people)
}

/// An id as SQL text of the engine writes it.
fn literal(site: &Site, id: Uuid) -> String {
    match site.engine {
        crate::Engine::Sqlite => format!("X'{}'", id.simple()),
        crate::Engine::Postgres => format!("'{id}'"),
    }
}

async fn one(site: &Site, sql: &str) -> anyhow::Result<Option<Uuid>> {
    let sql = if sql.contains("LIMIT") { sql.to_owned() } else { format!("{sql} LIMIT 1") };
    let row = site.db.read().query_one_raw(Statement::from_string(site.db.backend(), sql)).await?;
    row.map(|row| row.try_get_by_index(0)).transpose().map_err(Into::into)
}

/// What stands behind a reference.
fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    let schema = match &schema["oneOf"] {
        Value::Array(choices) => choices.iter().find(|choice| choice["type"] != "null").unwrap_or(schema),
        _ => schema,
    };
    match schema["$ref"].as_str().and_then(|reference| reference.rsplit('/').next()) {
        Some(name) => &document["components"]["schemas"][name],
        None => schema,
    }
}

/// Values to try for a parameter.
fn values(document: &Value, parameter: &Value, person: &Person) -> Vec<String> {
    let name = parameter["name"].as_str().unwrap_or_default();
    if let Some(id) = person.ids.get(name) {
        return vec![id.clone()];
    }
    if name == "q" {
        return calls::SEARCHES.iter().map(|text| text.replace(' ', "%20")).collect();
    }
    let schema = resolved(document, &parameter["schema"]);
    if let Some(words) = schema["enum"].as_array() {
        return words.iter().filter_map(Value::as_str).take(1).map(str::to_owned).collect();
    }
    let is =
        |kind: &str| schema["type"] == kind || schema["type"].as_array().is_some_and(|kinds| kinds.iter().any(|k| k == kind));
    if is("boolean") { vec!["true".to_owned()] } else { Vec::new() }
}

/// Every way to ask one operation: bare, and with each optional parameter by itself. None where a required value is unknown.
fn questions(document: &Value, path: &str, operation: &Value, person: &Person) -> Vec<Question> {
    let none = Vec::new();
    let parameters = operation["parameters"].as_array().unwrap_or(&none);
    let (mut address, mut required) = (path.to_owned(), String::new());
    let mut is_list = false;
    let mut optional = Vec::new();
    for parameter in parameters {
        let name = parameter["name"].as_str().unwrap_or_default();
        is_list |= name == "limit";
        let tried = values(document, parameter, person);
        match (parameter["in"].as_str(), parameter["required"].as_bool()) {
            (Some("path"), _) => match tried.first() {
                Some(value) => address = address.replace(&format!("{{{name}}}"), value),
                None => return Vec::new(),
            },
            (Some("query"), Some(true)) => match tried.first() {
                Some(value) => required += &format!("&{name}={value}"),
                None => return Vec::new(),
            },
            (Some("query"), _) if !matches!(name, "limit" | "after") => {
                optional.extend(tried.into_iter().map(|value| format!("&{name}={value}")));
            }
            _ => {}
        }
    }
    let question = |query: String| Question { path: address.clone(), query, is_list };
    std::iter::once(question(required.clone()))
        .chain(optional.into_iter().map(|one| question(format!("{required}{one}"))))
        .collect()
}

impl Question {
    fn url(&self, site: &Site) -> String {
        let origin = site.base.trim_end_matches("/api/v1");
        format!("{origin}{}?{}", self.path, self.query.trim_start_matches('&'))
    }

    /// For people: no ids, no host.
    fn name(&self) -> String {
        let short = |text: &str, between: &str| text.split(between).map(without_id).collect::<Vec<_>>().join(between);
        let query = short(self.query.trim_start_matches('&'), "&").replace("%20", " ");
        let mark = if query.is_empty() { "" } else { "?" };
        format!("{}{mark}{query}", short(self.path.trim_start_matches("/api/v1"), "/"))
    }
}

fn without_id(part: &str) -> String {
    let (name, value) = part.split_once('=').map_or(("", part), |(name, value)| (name, value));
    let is_id = Uuid::parse_str(value).is_ok();
    match (name, is_id) {
        ("", true) => "…".to_owned(),
        ("after", _) => "page=10".to_owned(),
        (_, true) => format!("{name}=…"),
        (_, false) => part.to_owned(),
    }
}

async fn answer(site: &Site, person: &Person, question: &Question) -> anyhow::Result<Option<Value>> {
    let answer = site.client.get(question.url(site)).bearer_auth(&person.token).send().await?;
    if answer.status() != 200 {
        anyhow::ensure!(answer.status().as_u16() < 500, "{} for {}: {}", question.name(), person.role, answer.status());
        return Ok(None);
    }
    Ok(Some(answer.json().await?))
}

/// The same list where somebody has gone on nine times; none where it is shorter.
async fn tenth_page(site: &Site, person: &Person, question: &Question) -> anyhow::Result<Option<Question>> {
    if !question.is_list {
        return Ok(None);
    }
    let mut after = String::new();
    for _ in 0..9 {
        let page = Question { path: question.path.clone(), query: format!("{}{after}", question.query), is_list: true };
        let Some(page) = answer(site, person, &page).await? else { return Ok(None) };
        let Some(next) = page["next"].as_str() else { return Ok(None) };
        after = format!("&after={next}");
    }
    Ok(Some(Question { path: question.path.clone(), query: format!("{}{after}", question.query), is_list: true }))
}

/// None where this person may not ask.
async fn ask(options: &Options, site: &Site, person: &Person, question: &Question) -> anyhow::Result<Option<Line>> {
    let Some(first) = answer(site, person, question).await? else { return Ok(None) };
    let url = question.url(site);
    let one = async || match site.client.get(&url).bearer_auth(&person.token).send().await {
        Ok(answer) => answer.status() == 200 && answer.bytes().await.is_ok(),
        Err(_) => false,
    };
    // The 99th of a hundred is the slowest but one.
    let measured = load::times(if options.quick { 20 } else { 100 }, || site.cpu(), one).await;
    let items = first["items"].as_array().or(first.as_array()).map(Vec::len);
    Ok(Some(Line {
        name: question.name(),
        role: person.role,
        items,
        p50: measured.p50,
        p99: measured.p99,
        failures: measured.failures,
    }))
}
