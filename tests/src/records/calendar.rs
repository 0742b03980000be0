//! `/school-years`, `/subjects`.

use dto::calendar::{Grade, SchoolYear, Subject};
use dto::{Code, Page};
use serde_json::{Value, json};

pub fn body(code: &str, first: i32) -> Value {
    let second = first + 1;
    json!({
        "code": code, "starts_on": format!("{first}-09-05"), "ends_on": format!("{second}-05-31"),
        "terms": [
            {"term": "1", "weeks": 18, "starts_on": format!("{first}-09-05"), "ends_on": format!("{second}-01-15")},
            {"term": "2", "weeks": 17, "starts_on": format!("{second}-01-18"), "ends_on": format!("{second}-05-28"), "marks_due_on": format!("{second}-05-20")},
        ],
    })
}

both_engines! {
    async fn a_school_year_is_made_read_and_changed(app: TestApp) {
        let admin = app.province_admin().await;
        let made: SchoolYear = admin.post("/school-years", &body("2031-2032", 2031)).await.status(201).ok();
        assert_eq!((made.terms.len(), made.version), (2, 1));
        let years: Page<SchoolYear> = admin.get("/school-years").await.ok();
        let codes: Vec<_> = years.items.iter().map(|y| y.code.as_str()).collect();
        assert_eq!(codes, ["2031-2032", "2026-2027"], "the newest first");
        assert_eq!(years.items.iter().filter(|y| y.current).count(), 1);
        assert_eq!(years.items[0].terms, made.terms);

        let path = format!("/school-years/{}", made.id);
        let mut change = body("2031-2032", 2031);
        change["terms"][0]["weeks"] = json!(17);
        let changed: SchoolYear = admin.put(&path, 1, &change).await.ok();
        assert_eq!((changed.terms[0].weeks, changed.version), (17, 2));
        admin.put(&path, 1, &change).await.problem(Code::VersionConflict);
        admin.post("/school-years", &body("2031-2032", 2031)).await.problem(Code::CodeTaken);
        admin.put(&format!("/school-years/{}", uuid::Uuid::now_v7()), 1, &change).await.problem(Code::NotFound);
        // Everyone of a school reads it, nobody of a school writes it.
        let principal = app.principal(&app.world.school_a).await;
        principal.get("/school-years").await.status(200);
        principal.post("/school-years", &body("2032-2033", 2032)).await.problem(Code::Forbidden);
    }

    async fn faults_of_a_school_year_name_their_field(app: TestApp) {
        let admin = app.province_admin().await;
        let refused = async |change: &dyn Fn(&mut Value), pointer: &str, code: Code| {
            let mut body = body("2031-2032", 2031);
            change(&mut body);
            admin.post("/school-years", &body).await.field(pointer, code);
        };
        refused(&|b| b["code"] = json!("2031-2033"), "/code", Code::FieldFormat).await;
        refused(&|b| b["code"] = json!("2031"), "/code", Code::FieldLength).await;
        refused(&|b| b["ends_on"] = json!("2031-09-04"), "/ends_on", Code::DatesReversed).await;
        refused(&|b| b["terms"][1]["term"] = json!("1"), "/terms/1/term", Code::FieldChoice).await;
        refused(&|b| b["terms"][1]["starts_on"] = json!("2032-01-10"), "/terms/1/starts_on", Code::DatesReversed).await;
        refused(&|b| b["terms"][1]["ends_on"] = json!("2032-06-30"), "/terms/1/ends_on", Code::DatesReversed).await;
        refused(&|b| b["terms"][0]["weeks"] = json!(0), "/terms/0/weeks", Code::FieldRange).await;
        refused(&|b| b["terms"] = json!([]), "/terms", Code::FieldLength).await;
        refused(&|b| b["starts_on"] = json!("1000-09-05"), "/starts_on", Code::FieldRange).await;
    }

    async fn the_catalogue_is_the_programme(app: TestApp) {
        let principal = app.principal(&app.world.school_a).await;
        let subjects: Page<Subject> = principal.get("/subjects").await.ok();
        let codes: Vec<_> = subjects.items.iter().map(|s| s.code.as_str()).collect();
        let programme: Vec<_> = regulations::curriculum::subjects().iter().map(|s| s.code).collect();
        assert_eq!(codes, programme, "in the order of the programme");
        let maths = subjects.items.iter().find(|s| s.code == "TOAN").unwrap();
        assert_eq!(maths.kind, regulations::SubjectKind::Score);
        let eighth = maths.offerings.iter().find(|o| o.grade == Grade::G8).unwrap();
        assert_eq!((eighth.annual_periods, eighth.compulsory), (140, true));
        // Written once: a second start changes nothing and leaves no entry.
        let before = app.audit(None).await.len();
        records::catalogue::ensure(&app.db).await.unwrap();
        assert_eq!(app.audit(None).await.len(), before);
    }
}
