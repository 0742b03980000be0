//! Finding teaching plans: 200,000 of one school over five years, by words that many have, that few have, that none has.

use crate::people::People;
use crate::site::Site;
use crate::{Options, load};
use anyhow::Context;
use dto::UnitId;
use dto::calendar::Grade;
use kernel::{Ctx, Event};
use records::bulk::{TeachingPlanRow, insert_teaching_plans_in};
use sea_orm::{ConnectionTrait, Statement};
use uuid::Uuid;

/// What the calls are named on the command line.
pub const NAME: &str = "teaching plans";

const PLANS: usize = 200_000;

/// Syllables as texts have them: few come often, most seldom.
struct Words {
    all: Vec<String>,
    state: u64,
}

impl Words {
    fn new() -> Words {
        let heads =
            ["", "b", "c", "ch", "d", "g", "h", "kh", "l", "m", "n", "ng", "nh", "ph", "qu", "r", "s", "t", "th", "tr", "v", "x"];
        let hearts = ["a", "e", "i", "o", "u", "ai", "ao", "au", "oa", "ua", "ie", "uo"];
        let ends = ["", "c", "ch", "m", "n", "ng", "nh", "p", "t"];
        let of = |head: &str| {
            hearts.iter().flat_map(|heart| ends.iter().map(move |end| format!("{head}{heart}{end}"))).collect::<Vec<_>>()
        };
        Words { all: heads.iter().flat_map(|head| of(head)).collect(), state: 7 }
    }

    fn random(&mut self) -> u64 {
        self.state = self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.state >> 33
    }

    fn word(&mut self) -> &str {
        // The product of two leans to the front, as Zipf does.
        let n = self.all.len() as u64;
        let at = (self.random() % n) * (self.random() % n) / n * (self.random() % n) / n;
        &self.all[at as usize]
    }

    fn text(&mut self, words: usize) -> String {
        let mut text = String::new();
        for _ in 0..words {
            text.push_str(self.word());
            text.push(' ');
        }
        text
    }
}

/// Prints how long a search takes, one client.
pub async fn measure(options: &Options, site: &Site, people: &People) -> anyhow::Result<()> {
    let school = UnitId(school_of(site).await?);
    fill(site, school).await?;
    let words = Words::new();
    let seldom = words.all.last().context("a word")?.clone();
    println!("\n{}, {PLANS} {NAME} of one school, one client:", site.engine.name());
    let searches = [
        ("the newest", String::new()),
        ("by words that many have", format!("&q={}%20{}", words.all[2], words.all[5])),
        ("by three words", format!("&q={}%20{}%20{}", words.all[40], words.all[90], words.all[300])),
        ("by a word that few have", format!("&q={seldom}")),
        ("by a word that none has", "&q=khongcotunaynhuthe".to_owned()),
        ("by grade and words", format!("&grade=9&q={}%20{}", words.all[20], words.all[60])),
    ];
    for (name, query) in searches {
        let url = format!("{}/teaching-plans?school_id={school}&limit=50{query}", site.base);
        let one = async |_: usize| {
            let answer = site.client.get(&url).bearer_auth(&people.principal).send().await;
            match answer {
                Ok(answer) if answer.status() == 200 => answer.bytes().await.is_ok(),
                _ => false,
            }
        };
        let measured = load::run(1, options.span(), || site.cpu(), one).await;
        let ms = |of: std::time::Duration| of.as_millis();
        println!("  {name}: p50 {} ms, p99 {} ms, {} failed", ms(measured.p50), ms(measured.p99), measured.failures);
    }
    Ok(())
}

/// The school of the principal that signs in.
async fn school_of(site: &Site) -> anyhow::Result<Uuid> {
    let sql = "SELECT g.unit_id FROM role_grant g JOIN account a ON a.id = g.account_id WHERE a.username = 'hieutruong' AND g.role = 'principal'";
    let row = site.db.read().query_one_raw(Statement::from_string(site.db.backend(), sql)).await?.context("the principal")?;
    Ok(row.try_get_by_index(0)?)
}

async fn fill(site: &Site, school: UnitId) -> anyhow::Result<()> {
    let raw = |sql: String| Statement::from_string(site.db.backend(), sql);
    let row = site.db.read().query_one_raw(raw("SELECT count(*) FROM teaching_plan".into())).await?.context("a count")?;
    if row.try_get_by_index::<i64>(0)? >= PLANS as i64 {
        return Ok(());
    }
    eprintln!("{}: writing {PLANS} plans", site.engine.name());
    let sql = "SELECT p.staff_id, s.full_name, p.unit_id FROM staff_post p JOIN staff s ON s.id = p.staff_id";
    let mut teachers: Vec<(Uuid, String)> = Vec::new();
    for row in site.db.read().query_all_raw(raw(sql.into())).await? {
        if row.try_get_by_index::<Uuid>(2)? == school.0 {
            teachers.push((row.try_get_by_index(0)?, row.try_get_by_index(1)?));
        }
    }
    let mut years: Vec<(Uuid, String)> = Vec::new();
    for row in site.db.read().query_all_raw(raw("SELECT id, code FROM school_year ORDER BY code".into())).await? {
        years.push((row.try_get_by_index(0)?, row.try_get_by_index(1)?));
    }
    let mut words = Words::new();
    let (grades, subjects) = ([Grade::G6, Grade::G7, Grade::G8, Grade::G9], [("TOAN", "Toán"), ("TIN_HOC", "Tin học")]);
    for from in (0..PLANS).step_by(2_000) {
        let plan = |i: usize| {
            let (teacher, year) = (&teachers[i % teachers.len()], &years[i * years.len() / PLANS]);
            let (code, subject) = subjects[i % subjects.len()];
            let length = 300 + (words.random() % 300) as usize;
            TeachingPlanRow {
                id: kernel::id::new(),
                staff_id: teacher.0,
                teacher: teacher.1.clone(),
                school_year_id: year.0,
                school_year: year.1.clone(),
                grade: grades[i % grades.len()],
                subject_code: code.to_owned(),
                subject: subject.to_owned(),
                title: words.text(6).trim().to_owned(),
                body: words.text(length),
            }
        };
        let plans: Vec<_> = (from..from + 2_000).map(plan).collect();
        site.db
            .write(&Ctx::system("bench"), async |tx| {
                insert_teaching_plans_in(tx, school, &plans).await?;
                Ok(((), vec![Event::new(Some(school), "teaching_plan.loaded", "teaching_plan", from)]))
            })
            .await?;
    }
    if site.engine == crate::Engine::Postgres {
        site.db.migrator().execute_unprepared("ANALYZE").await?;
    }
    Ok(())
}
