//! `/learners/offers`, `/learners/claims`, `/learners/{learner_id}/codes`.

use crate::harness::{Actor, School};
use dto::access::Role;
use dto::learners::{Learner, LearnerDetail, LearnerStatus};
use dto::one_record::{CodeKind, LearnerCodes, LearnerOffers, OfferKind};
use dto::{Code, LearnerId};
use serde_json::{Value, json};

fn body(school: &School, given: &str) -> Value {
    json!({
        "school_id": school.id, "name": {"family": "Nguyễn", "middle": "Thị", "given": given}, "birth_date": "2015-03-12", "sex": "female",
        "status": "studying", "since": "2026-09-05",
    })
}

async fn with_number(actor: &Actor, school: &School, given: &str, number: &str) -> Learner {
    let mut body = body(school, given);
    body["personal_id"] = json!(number);
    actor.post("/learners", &body).await.status(201).ok()
}

async fn offers(actor: &Actor, body: &Value) -> LearnerOffers {
    actor.post("/learners/offers", body).await.status(200).ok()
}

async fn leaves(actor: &Actor, learner: LearnerId) {
    let body = json!({"status": "left", "since": "2026-10-01", "reason": "Chuyển nhà"});
    actor.post(&format!("/learners/{learner}/statuses"), &body).await.status(201);
}

both_engines! {
    async fn a_known_child_is_offered_and_not_entered_twice(app: TestApp) {
        let (a, b) = (app.principal(&app.world.school_a).await, app.principal(&app.world.school_b).await);
        let child = with_number(&b, &app.world.school_b, "Kín", "094315000009").await;
        let ask = json!({"school_id": app.world.school_a.id, "personal_id": "094315000009"});
        let found = offers(&a, &ask).await.items;
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].kind, found[0].found_by), (OfferKind::Transfer, Some(CodeKind::PersonalId)));
        assert_eq!((found[0].full_name.as_str(), found[0].birth_date.to_string().as_str()), ("Nguyễn Thị Kín", "2015-03-12"));
        assert_eq!((found[0].school_name.as_deref(), found[0].learner_id, found[0].transferring), (Some("THCS Lê Lợi"), None, false));
        // Both schools' logs have the look.
        let log = app.audit(Some(app.world.school_b.id)).await;
        assert_eq!(log.last().unwrap().verb, "learner.offered");
        assert_eq!(app.audit(Some(app.world.school_a.id)).await.last().unwrap().verb, "learner.looked_up");
        // The own school sees its own child, with the way to the record.
        let own = offers(&b, &json!({"school_id": app.world.school_b.id, "personal_id": "094315000009"})).await.items;
        assert_eq!((own[0].kind, own[0].learner_id), (OfferKind::Here, Some(child.id)));
        // By name and birth date, without marks, and by nothing else.
        let by_name = json!({"school_id": app.world.school_a.id, "full_name": "nguyen thi kin", "birth_date": "2015-03-12"});
        let found = offers(&a, &by_name).await.items;
        assert_eq!((found.len(), found[0].found_by), (1, None));
        let other_day = json!({"school_id": app.world.school_a.id, "full_name": "nguyen thi kin", "birth_date": "2015-03-13"});
        assert!(offers(&a, &other_day).await.items.is_empty());
        let only_name = json!({"school_id": app.world.school_a.id, "full_name": "Nguyễn Thị Kín"});
        a.post("/learners/offers", &only_name).await.field("/personal_id", Code::FieldRequired);
        // Who may not write learners, and another's school.
        let nurse = app.at(Role::Nurse, &app.world.school_a).await;
        nurse.post("/learners/offers", &ask).await.problem(Code::Forbidden);
        a.post("/learners/offers", &json!({"school_id": app.world.school_b.id, "personal_id": "094315000009"})).await.problem(Code::NotFound);
    }

    async fn who_is_at_no_school_is_claimed_with_all_that_hangs_on_them(app: TestApp) {
        let class = app.class(&app.world.school_b, "6A1", "6").await;
        let (a, b) = (app.principal(&app.world.school_a).await, app.principal(&app.world.school_b).await);
        let child = with_number(&b, &app.world.school_b, "Kín", "094315000009").await;
        b.post(&format!("/classes/{}/members", class.id), &json!({"learner_id": child.id, "enrolled_on": "2026-09-05"})).await.status(201);
        let claim = json!({"school_id": app.world.school_a.id, "personal_id": "094315000009", "status": "transferred_in", "since": "2026-10-05", "reason": "Về quê"});
        a.post("/learners/claims", &claim).await.problem(Code::LearnerHeld);
        leaves(&b, child.id).await;
        let offered = offers(&a, &json!({"school_id": app.world.school_a.id, "personal_id": "094315000009"})).await.items;
        assert_eq!(offered[0].kind, OfferKind::Claim);
        let refused = async |field: &str, value: Value, pointer: &str, code: Code| {
            let mut claim = claim.clone();
            claim[field] = value;
            a.post("/learners/claims", &claim).await.field(pointer, code);
        };
        refused("status", json!("left"), "/status", Code::FieldChoice).await;
        refused("since", json!("2026-09-30"), "/since", Code::DatesReversed).await;
        refused("personal_id", Value::Null, "/personal_id", Code::FieldRequired).await;
        let mut nobody = claim.clone();
        nobody["personal_id"] = json!("094315999999");
        a.post("/learners/claims", &nobody).await.problem(Code::NotFound);
        let mine: Learner = a.post("/learners/claims", &claim).await.status(201).ok();
        assert_eq!((mine.id, mine.school_id, mine.status), (child.id, Some(app.world.school_a.id), LearnerStatus::TransferredIn));
        let detail: LearnerDetail = a.get(&format!("/learners/{}", child.id)).await.ok();
        assert_eq!(detail.statuses.len(), 3);
        assert_eq!((detail.enrolments.len(), detail.enrolments[0].school_name.as_str()), (1, "THCS Lê Lợi"));
        b.get(&format!("/learners/{}", child.id)).await.problem(Code::NotFound);
        a.post("/learners/claims", &claim).await.field("/personal_id", Code::FieldChoice);
        let clerk = app.at(Role::Accountant, &app.world.school_a).await;
        clerk.post("/learners/claims", &claim).await.problem(Code::Forbidden);
        assert!(app.audit(Some(app.world.school_b.id)).await.iter().any(|e| e.verb == "learner.left_for"));
    }

    async fn who_has_no_number_gets_a_temporary_code_until_there_is_one(app: TestApp) {
        let principal = app.principal(&app.world.school_a).await;
        let child: Learner = principal.post("/learners", &body(&app.world.school_a, "An")).await.ok();
        let path = format!("/learners/{}/codes", child.id);
        let codes: LearnerCodes = principal.get(&path).await.ok();
        assert_eq!((codes.items.len(), codes.items[0].kind, codes.writable), (1, CodeKind::Temporary, true));
        let temporary = codes.items[0].value.clone();
        assert!(temporary.starts_with("TAM-"), "{temporary}");
        // It is found by it, also after the name was changed.
        assert_eq!(app.find_learners(&principal, &temporary).await.len(), 1);
        let put = json!({"name": {"family": "Nguyễn", "given": "Ân"}, "birth_date": "2015-03-12", "sex": "female"});
        principal.put(&format!("/learners/{}", child.id), 1, &put).await.status(200);
        assert_eq!(app.find_learners(&principal, &temporary).await.len(), 1);
        let give = json!({"kind": "personal_id", "value": "094315000011", "valid_from": "2026-10-01", "reason": "Có giấy khai sinh"});
        let codes: LearnerCodes = principal.post(&path, &give).await.status(201).ok();
        let told: Vec<_> = codes.items.iter().map(|c| (c.kind, c.valid_to.is_some())).collect();
        assert_eq!(told, [(CodeKind::PersonalId, false), (CodeKind::Temporary, true)]);
        let number = &codes.items[0];
        assert_eq!((number.value.as_str(), number.valid_from.unwrap().to_string().as_str()), ("094315000011", "2026-10-01"));
        assert_eq!((number.set_by.as_deref(), number.reason.as_deref()), (Some("Người Thử"), Some("Có giấy khai sinh")));
        let learner: LearnerDetail = principal.get(&format!("/learners/{}", child.id)).await.ok();
        assert_eq!(learner.learner.personal_id.as_deref(), Some("094315000011"));
        assert!(app.find_learners(&principal, &temporary).await.is_empty());
    }

    async fn every_code_has_its_history(app: TestApp) {
        let (a, b) = (app.principal(&app.world.school_a).await, app.principal(&app.world.school_b).await);
        let child = with_number(&a, &app.world.school_a, "An", "094315000021").await;
        let path = format!("/learners/{}/codes", child.id);
        let codes: LearnerCodes = a.get(&path).await.ok();
        assert_eq!((codes.items.len(), codes.items[0].valid_from, codes.items[0].set_by.clone()), (1, None, None), "what it began with");
        let give = async |kind: &str, value: &str, from: &str| {
            a.post(&path, &json!({"kind": kind, "value": value, "valid_from": from, "reason": "Theo quyết định"})).await
        };
        for (kind, value) in [("ministry", "9407137235"), ("lifelong", "HT-0001"), ("local", "HS 12"), ("register", "123/2026")] {
            give(kind, value, "2026-09-10").await.status(201);
        }
        // A correction by the form of the record leaves its line too.
        let put = json!({"name": {"family": "Nguyễn", "given": "An"}, "birth_date": "2015-03-12", "sex": "female", "personal_id": "094315000022", "ministry_code": "9407137235"});
        let version = a.get(&path).await.ok::<LearnerCodes>().version;
        a.put(&format!("/learners/{}", child.id), version, &put).await.status(200);
        let codes: LearnerCodes = give("local", "HS 13", "2026-10-01").await.status(201).ok();
        let of = |kind| codes.items.iter().filter(move |c| c.kind == kind).map(|c| (c.value.as_str(), c.valid_to.is_some())).collect::<Vec<_>>();
        assert_eq!(of(CodeKind::PersonalId), [("094315000022", false), ("094315000021", true)]);
        assert_eq!(of(CodeKind::Local), [("HS 13", false), ("HS 12", true)]);
        assert_eq!(of(CodeKind::Lifelong), [("HT-0001", false)]);
        let local = codes.items.iter().find(|c| c.value == "HS 12").unwrap();
        assert_eq!((local.school_name.as_deref(), local.valid_to.unwrap().to_string().as_str()), (Some("THCS Trần Phú"), "2026-10-01"));
        assert_eq!(app.find_learners(&a, "HS 13").await.len(), 1);
        // A school's own code may be another school's too; the lifelong code is there once.
        let other = with_number(&b, &app.world.school_b, "Bình", "094315000023").await;
        let theirs = format!("/learners/{}/codes", other.id);
        let code = |kind: &str, value: &str| json!({"kind": kind, "value": value, "reason": "x"});
        b.post(&theirs, &code("local", "HS 13")).await.status(201);
        b.post(&theirs, &code("lifelong", "HT-0001")).await.problem(Code::CodeTaken);
        b.post(&theirs, &code("personal_id", "094315000022")).await.problem(Code::PersonalIdTaken);
        b.post(&theirs, &code("temporary", "TAM-1")).await.field("/kind", Code::FieldChoice);
        b.post(&theirs, &code("personal_id", "12")).await.field("/value", Code::PersonalIdFormat);
        b.post(&theirs, &json!({"kind": "local", "value": "1", "valid_from": "2199-01-01", "reason": "x"})).await.field("/valid_from", Code::DatesReversed);
        b.post(&theirs, &json!({"kind": "local", "value": "1", "valid_from": "2020-01-01", "reason": "x"})).await.field("/valid_from", Code::DatesReversed);
        b.post(&theirs, &json!({"kind": "local", "value": " ", "reason": "x"})).await.field("/value", Code::FieldRequired);
        // Out of reach, and who teaches one subject.
        b.get(&path).await.problem(Code::NotFound);
        b.post(&path, &code("local", "1")).await.problem(Code::NotFound);
        let class = app.class(&app.world.school_a, "6A1", "6").await;
        a.post(&format!("/classes/{}/members", class.id), &json!({"learner_id": child.id, "enrolled_on": "2026-09-05"})).await.status(201);
        app.teacher(&class, "TOAN").await.get(&path).await.problem(Code::NotFound);
        let homeroom: LearnerCodes = app.homeroom(&class).await.get(&path).await.ok();
        assert!(!homeroom.writable);
    }
}
