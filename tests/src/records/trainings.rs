//! Training: course, attendance, certificates.

use dto::access::Role;
use dto::identity::Person;
use dto::staff_records::{OwnStaffRecord, StaffFacts, StaffRecord};
use dto::trainings::{Training, TrainingItem};
use dto::{Code, Page, UnitId};
use serde_json::{Value, json};

fn course(unit: UnitId) -> Value {
    json!({
        "unit_id": unit, "name": "Ứng dụng AI trong dạy học", "provider": "Sở GD&ĐT", "hours": 40,
        "first_on": "2026-07-06", "last_on": "2026-07-10", "programme": "Bồi dưỡng thường xuyên",
    })
}

both_engines! {
    async fn from_a_course_to_certificates_in_one_act(app: TestApp) {
        let officer = app.officer(app.world.commune_a).await;
        let (a, b, c) = (
            app.staff(app.world.school_a.id, "Trần Ánh").await,
            app.staff(app.world.school_a.id, "Trần Bình").await,
            app.staff(app.world.school_a.id, "Trần Cúc").await,
        );
        let made: Training = officer.post("/trainings", &course(app.world.commune_a)).await.status(201).ok();
        let path = format!("/trainings/{}", made.id);
        assert_eq!((officer.get(&path).await.ok::<Training>(), made.version, made.writable), (made.clone(), 1, true));
        let mut more = course(app.world.commune_a);
        more["hours"] = json!(45);
        let more: Training = officer.put(&path, 1, &more).await.ok();
        assert_eq!((more.hours, more.version), (45, 2));
        let rows = json!({"rows": [{"staff_id": a, "hours": 45, "result": "Tốt"}, {"staff_id": b, "hours": 10}, {"staff_id": c, "hours": 40}]});
        officer.post(&format!("{path}/certificates"), &json!({"certified_on": "2026-07-15", "least_hours": 36, "prefix": "", "first_number": 1})).await.problem(Code::PreconditionRequired);
        let there: Training = officer.put(&format!("{path}/attendance"), 2, &rows).await.ok();
        assert_eq!(there.participants.iter().map(|p| p.full_name.as_str()).collect::<Vec<_>>(), ["Trần Ánh", "Trần Bình", "Trần Cúc"]);
        assert_eq!(there.participants[0].unit_name, "THCS Trần Phú");
        let certify = json!({"certified_on": "2026-07-15", "least_hours": 36, "prefix": "CN-2026-", "first_number": 7});
        let post = async |path: &str, version: i64, body: &Value| {
            officer.send(officer.request(reqwest::Method::POST, path).header("if-match", format!("\"{version}\"")).json(body)).await
        };
        let done: Training = post(&format!("{path}/certificates"), 3, &certify).await.ok();
        let numbers: Vec<_> = done.participants.iter().map(|p| p.certificate_no.as_deref()).collect();
        assert_eq!(numbers, [Some("CN-2026-007"), None, Some("CN-2026-008")]);
        post(&format!("{path}/certificates"), 4, &certify).await.problem(Code::NobodyToCertify);

        // In the record of each, where nobody changes it by hand.
        let principal = app.principal(&app.world.school_a).await;
        let records: Page<StaffRecord> = principal.get(&format!("/staff/{a}/records")).await.ok();
        let record = &records.items[0];
        assert!(matches!(&record.facts, StaffFacts::Training { hours: 45, certificate_no: Some(no), .. } if no == "CN-2026-007"));
        let one = format!("/staff/{a}/records/{}", record.id);
        principal.put(&format!("{one}/withdrawn"), 1, &json!({"withdrawn": true})).await.field("/facts/training_id", Code::FieldChoice);
        let paper = principal.get(&format!("{one}/certificate")).await.status(200);
        assert_eq!(paper.header("content-type"), Some("application/pdf"));
        assert!(paper.body.starts_with(b"%PDF-"));
        let own = app.actor(Some(Person::Staff(a)), &[(Role::SubjectTeacher, Some(app.world.school_a.id))]).await;
        let mine: OwnStaffRecord = own.get("/me/staff-record").await.ok();
        own.get(&format!("/me/staff-record/records/{}/certificate", mine.records[0].id)).await.status(200);
        let other = app.actor(Some(Person::Staff(b)), &[(Role::SubjectTeacher, Some(app.world.school_a.id))]).await;
        other.get(&format!("/me/staff-record/records/{}/certificate", mine.records[0].id)).await.problem(Code::NotFound);

        // Who is certified stays, and a number is given once.
        let only = json!({"rows": [{"staff_id": b, "hours": 45}]});
        let there: Training = officer.put(&format!("{path}/attendance"), 4, &only).await.ok();
        assert_eq!(there.participants.len(), 3);
        let again = json!({"certified_on": "2026-07-16", "least_hours": 1, "prefix": "CN-2026-", "first_number": 8});
        let taken = post(&format!("{path}/certificates"), 5, &again).await.problem(Code::CertificateTaken);
        assert_eq!(taken.params["number"], "CN-2026-008");

        // Taken back, they are gone from the record, and can be given again.
        post(&format!("{path}/certificates/revocation"), 5, &json!({"staff_ids": [b]})).await.field("/staff_ids/0", Code::FieldChoice);
        let back: Training = post(&format!("{path}/certificates/revocation"), 5, &json!({"staff_ids": [a]})).await.ok();
        assert_eq!(back.participants[0].certificate_no, None);
        assert!(principal.get(&format!("/staff/{a}/records")).await.ok::<Page<StaffRecord>>().items[0].withdrawn);
        principal.get(&format!("{one}/certificate")).await.problem(Code::NotFound);
        let list: Page<TrainingItem> = officer.get(&format!("/trainings?unit_id={}", app.world.commune_a)).await.ok();
        assert_eq!((list.items[0].participants, list.items[0].certified), (3, 1));
    }

    async fn who_reaches_what_of_a_course(app: TestApp) {
        let admin = app.province_admin().await;
        let (a, b) = (app.principal(&app.world.school_a).await, app.principal(&app.world.school_b).await);
        let (one, two) = (app.staff(app.world.school_a.id, "Trần Ánh").await, app.staff(app.world.school_b.id, "Lê Bình").await);
        let made: Training = admin.post("/trainings", &course(app.world.department)).await.ok();
        let path = format!("/trainings/{}", made.id);
        a.get(&path).await.problem(Code::NotFound);
        let rows = json!({"rows": [{"staff_id": one, "hours": 40}]});
        admin.put(&format!("{path}/attendance"), 1, &rows).await.status(200);
        // The school of who takes part reads it, with its own people; the other does not know of it.
        let seen: Training = a.get(&path).await.ok();
        assert_eq!((seen.participants.len(), seen.writable), (1, false));
        b.get(&path).await.problem(Code::NotFound);
        assert!(b.get("/trainings").await.ok::<Page<TrainingItem>>().items.is_empty());
        assert_eq!(a.get(&format!("/trainings?unit_id={}", app.world.school_a.id)).await.ok::<Page<TrainingItem>>().items.len(), 1);
        a.put(&format!("{path}/attendance"), 2, &rows).await.problem(Code::NotFound);
        a.put(&path, 2, &course(app.world.department)).await.problem(Code::NotFound);
        b.post("/trainings", &course(app.world.school_a.id)).await.problem(Code::NotFound);
        // A school's own course is for its own people.
        let own: Training = a.post("/trainings", &course(app.world.school_a.id)).await.ok();
        let path = format!("/trainings/{}", own.id);
        a.put(&format!("{path}/attendance"), 1, &json!({"rows": [{"staff_id": two, "hours": 1}]})).await.field("/rows/0/staff_id", Code::FieldChoice);
        a.put(&format!("{path}/attendance"), 1, &json!({"rows": [{"staff_id": one, "hours": 41}]})).await.field("/rows/0/hours", Code::FieldRange);
        let twice = json!({"rows": [{"staff_id": one, "hours": 1}, {"staff_id": one, "hours": 2}]});
        a.put(&format!("{path}/attendance"), 1, &twice).await.field("/rows/1/staff_id", Code::FieldChoice);
        a.put(&path, 1, &course(app.world.school_b.id)).await.field("/unit_id", Code::FieldChoice);
        let mut reversed = course(app.world.school_a.id);
        reversed["last_on"] = json!("2026-07-01");
        a.post("/trainings", &reversed).await.field("/last_on", Code::DatesReversed);
        let page: Page<TrainingItem> = a.get("/trainings?limit=1").await.ok();
        let rest: Page<TrainingItem> = a.get(&format!("/trainings?limit=1&after={}", page.next.clone().unwrap())).await.ok();
        assert_eq!((page.items.len(), rest.items.len(), rest.next), (1, 1, None));
    }
}
