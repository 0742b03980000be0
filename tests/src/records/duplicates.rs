//! `/learners/duplicates`, `/learners/merges`, `/learners/distinctions`.

use crate::gradebook::{cell, room, room_in, score};
use crate::harness::Actor;
use dto::access::Role;
use dto::learners::{Learner, LearnerDetail};
use dto::one_record::{
    DuplicateComparison, DuplicatePair, DuplicateReason, LearnerCodes, LearnerMerge, LearnerOffers, OfferKind,
};
use dto::{Code, LearnerId, Page};
use regulations::Slot;
use serde_json::json;
use std::collections::BTreeSet;

async fn pairs(actor: &Actor, query: &str) -> Vec<DuplicatePair> {
    actor.get(&format!("/learners/duplicates{query}")).await.ok::<Page<DuplicatePair>>().items
}

async fn merge(actor: &Actor, kept: LearnerId, merged: LearnerId) -> LearnerMerge {
    let body = json!({"kept_id": kept, "merged_id": merged, "reason": "Cùng một em"});
    actor.post("/learners/merges", &body).await.status(201).ok()
}

async fn detail(actor: &Actor, learner: LearnerId) -> LearnerDetail {
    actor.get(&format!("/learners/{learner}")).await.ok()
}

both_engines! {
    async fn likely_duplicates_are_found_by_name_birth_and_guardians(app: TestApp) {
        let (a, b) = (app.class(&app.world.school_a, "6A1", "6").await, app.class(&app.world.school_b, "6A1", "6").await);
        let one = app.learner(&a, "Nguyễn Thị Ánh").await;
        let two = app.learner(&b, "Nguyen Thi Anh").await;
        app.learner(&a, "Lê Văn Bình").await;
        let principal = app.principal(&app.world.school_a).await;
        let found = pairs(&principal, "").await;
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].left.learner_id, found[0].right.learner_id, found[0].likely), (one, two, false));
        assert_eq!(found[0].reasons, [DuplicateReason::SameNameAndBirth, DuplicateReason::PersonalIdMissing]);
        assert_eq!((found[0].left.reachable, found[0].right.reachable), (true, false));
        assert_eq!(found[0].right.school_name.as_deref(), Some("THCS Lê Lợi"));
        // The record says that there is another, and nothing of it.
        let warnings = detail(&principal, one).await.warnings;
        assert_eq!((warnings.len(), warnings[0].code.as_str()), (1, "learner_similar"));
        // A guardian in common makes it likely.
        app.guardian_of(&[one, two]).await;
        let admin = app.province_admin().await;
        let found = pairs(&admin, &format!("?unit_id={}", app.world.commune_b)).await;
        assert!(found[0].likely && found[0].left.reachable && found[0].right.reachable);
        assert!(found[0].reasons.contains(&DuplicateReason::SameMotherPhone));
        // Two with numbers of their own and no guardian in common are two.
        assert!(pairs(&app.officer(app.world.commune_b).await, "").await.len() == 1);
        principal.get(&format!("/learners/duplicates?unit_id={}", app.world.school_b.id)).await.problem(Code::NotFound);
        app.at(Role::Clerk, &app.world.school_a).await.get("/learners/duplicates").await.problem(Code::Forbidden);
        let comparison: DuplicateComparison = admin.get(&format!("/learners/duplicates/comparison?left={one}&right={two}")).await.ok();
        assert_eq!(comparison.left.detail.learner.full_name, "Nguyễn Thị Ánh");
        assert!(comparison.right.holdings.iter().any(|h| h.name_en == "Classes" && h.rows == 1));
        principal.get(&format!("/learners/duplicates/comparison?left={one}&right={two}")).await.problem(Code::NotFound);
        admin.get(&format!("/learners/duplicates/comparison?left={one}&right={one}")).await.field("right", Code::FieldChoice);
        // Two children after all: remembered.
        let body = json!({"left_id": two, "right_id": one, "reason": "Hai em khác nhau"});
        app.principal(&app.world.school_b).await.post("/learners/distinctions", &body).await.done();
        assert!(pairs(&admin, "").await.is_empty());
        assert!(detail(&principal, one).await.warnings.is_empty());
        admin.post("/learners/distinctions", &json!({"left_id": one, "right_id": one})).await.field("/right_id", Code::FieldChoice);
        let third = app.learner(&b, "Hồ Văn Xa").await;
        let fourth = app.learner(&b, "Hồ Văn Gần").await;
        principal.post("/learners/distinctions", &json!({"left_id": third, "right_id": fourth})).await.problem(Code::NotFound);
    }

    async fn every_column_that_leads_to_a_learner_is_in_the_registry(app: TestApp) {
        // Beside foreign keys and what is called so: columns that may hold the id of anything.
        let any = ["subject_id", "person_id", "target", "open_of"];
        let tables = kernel::db::schema::tables(app.db.read()).await.unwrap();
        let mut lead = BTreeSet::new();
        for table in &tables {
            let keys = table.references.iter().filter(|key| key.table == "learner").map(|key| key.column.as_str());
            let named = table.columns.iter().map(|column| column.name.as_str()).filter(|name| name.ends_with("learner_id") || any.contains(name));
            lead.extend(keys.chain(named).map(|column| (table.name.clone(), column.to_owned())));
        }
        let places = records::places::all().iter().map(|place| (place.table, place.learner));
        let elsewhere = records::places::ELSEWHERE.iter().map(|(table, column, _)| (*table, *column));
        let known: BTreeSet<(String, String)> = places.chain(elsewhere).map(|(table, column)| (table.to_owned(), column.to_owned())).collect();
        let missing: Vec<_> = lead.difference(&known).collect();
        assert!(missing.is_empty(), "tell crates/records/src/places about {missing:?}");
        for (name, column) in &known {
            assert!(tables.iter().any(|table| table.name == *name && table.has(column)), "{name}.{column} is no more");
        }
        for place in records::places::all() {
            let table = tables.iter().find(|table| table.name == place.table).unwrap();
            let columns = place.key.iter().chain(&place.columns).map(|(name, _)| *name).chain(place.once.iter().copied());
            for column in columns {
                assert!(table.has(column), "{}.{column} is no more", place.table);
            }
        }
    }

    async fn what_was_typed_wrongly_is_found_and_told_why(app: TestApp) {
        let admin = app.province_admin().await;
        let new = |school: dto::UnitId, family: &str, middle: &str, given: &str, born: &str| json!({
            "school_id": school, "name": {"family": family, "middle": middle, "given": given}, "birth_date": born, "sex": "female",
            "status": "studying", "since": "2026-09-05",
        });
        let (a, b) = (app.world.school_a.id, app.world.school_b.id);
        let principals = (app.principal(&app.world.school_a).await, app.principal(&app.world.school_b).await);
        let one: Learner = principals.0.post("/learners", &new(a, "Nguyễn", "Thị Kim", "Ngân", "2015-03-12")).await.ok();
        let two: Learner = principals.1.post("/learners", &new(b, "Nguyễn", "Thị Kim", "Ngâng", "2015-03-12")).await.ok();
        let three: Learner = principals.1.post("/learners", &new(b, "Nguyễn", "Thị Kim", "Ngân", "2015-12-03")).await.ok();
        principals.1.post("/learners", &new(b, "Trần", "Gia", "Bảo", "2015-03-12")).await.status(201);
        let found = pairs(&admin, "").await;
        let told: Vec<_> = found.iter().map(|p| ((p.left.learner_id, p.right.learner_id), p.score, p.reasons.clone())).collect();
        assert_eq!(told, [
            ((one.id, three.id), 82, vec![DuplicateReason::SameName, DuplicateReason::BirthSwapped, DuplicateReason::PersonalIdMissing]),
            ((one.id, two.id), 80, vec![DuplicateReason::NameOneLetter, DuplicateReason::SameBirth, DuplicateReason::PersonalIdMissing]),
        ]);
        // What is put right is no duplicate any more, or a nearer one.
        let put = |learner: &Learner, given: &str| json!({
            "name": {"family": "Nguyễn", "middle": "Thị Kim", "given": given}, "birth_date": learner.birth_date, "sex": "female",
        });
        principals.1.put(&format!("/learners/{}", two.id), two.version, &put(&two, "Thuỷ Tiên")).await.ok::<Learner>();
        assert_eq!(pairs(&admin, "").await.len(), 1);
        principals.1.put(&format!("/learners/{}", two.id), two.version + 1, &put(&two, "Ngân")).await.ok::<Learner>();
        let found = pairs(&admin, "").await;
        assert_eq!((found[0].score, found[0].right.learner_id, found.len()), (90, two.id, 3), "{found:?}");
        // One school's list has what is of that school.
        assert_eq!(pairs(&admin, &format!("?unit_id={a}")).await.len(), 2);
    }

    async fn at_night_all_records_are_searched_and_what_is_gone_is_swept(app: TestApp) {
        let (a, b) = (app.class(&app.world.school_a, "6A1", "6").await, app.class(&app.world.school_b, "6A1", "6").await);
        let one = app.learner(&a, "Nguyễn Thị Kim Ngân").await;
        let two = app.learner(&b, "Nguyễn Kim Ngân").await;
        let conn = app.db.migrator();
        // As records are that were there before anything was searched; and a pair of which one is gone.
        for sql in ["UPDATE learner SET name_key = NULL", "DELETE FROM learner_pair"] {
            sea_orm::ConnectionTrait::execute_unprepared(conn, sql).await.unwrap();
        }
        let gone: uuid::Uuid = kernel::id::new();
        crate::harness::insert(conn, "learner_pair", vec![("low_id", one.0.into()), ("high_id", gone.into()), ("score", 90i16.into())]).await;
        let admin = app.province_admin().await;
        assert!(pairs(&admin, "").await.is_empty());
        let day = crate::harness::day("2026-11-22");
        assert_eq!(records::duplicates::look_at_all(&app.db, day).await.unwrap(), Some(1));
        assert_eq!(records::duplicates::look_at_all(&app.db, day).await.unwrap(), None, "once a day");
        let found = pairs(&admin, "").await;
        assert_eq!((found[0].left.learner_id, found[0].right.learner_id), (one, two));
        assert_eq!(found[0].reasons[0], DuplicateReason::MiddleMissing);
        let left = records::duplicates::look_at_all(&app.db, day.succ_opt().unwrap()).await.unwrap();
        assert_eq!(left, Some(1));
        assert_eq!(records::duplicates::fill(&app.db).await.unwrap(), 0);
    }

    async fn a_wide_reach_walks_the_index_page_by_page(app: TestApp) {
        let admin = app.province_admin().await;
        for at in 0..45 {
            let body = json!({
                "kind": "commune", "parent_id": app.world.department, "name": format!("Xã {at}"), "short_name": "x", "code": format!("x{at}"),
                "code_set": "test", "code_set_version": "1", "opened_on": "2025-07-01",
            });
            admin.post("/units", &body).await.status(201);
        }
        let (a, b) = (app.class(&app.world.school_a, "6A1", "6").await, app.class(&app.world.school_b, "6A1", "6").await);
        for name in ["Lê An", "Lê Bình", "Lê Chi"] {
            app.learner(&a, name).await;
            app.learner(&b, name).await;
        }
        let first: Page<DuplicatePair> = admin.get("/learners/duplicates?limit=2").await.ok();
        assert_eq!(first.items.iter().map(|p| p.left.full_name.as_str()).collect::<Vec<_>>(), ["Lê An", "Lê Bình"]);
        let rest: Page<DuplicatePair> = admin.get(&format!("/learners/duplicates?limit=2&after={}", first.next.unwrap())).await.ok();
        assert_eq!((rest.items.len(), rest.items[0].left.full_name.as_str(), rest.next), (1, "Lê Chi", None));
        assert_eq!(pairs(&admin, &format!("?unit_id={}", app.world.school_a.id)).await.len(), 3);
    }

    async fn two_records_become_one_with_everything_and_two_again(app: TestApp) {
        let (a, b) = (room(&app).await, room_in(&app, &app.world.school_b, "6B").await);
        let (kept, merged) = (a.learners[0], b.learners[0]);
        b.save(vec![cell(merged, Slot::Regular(1), score(900), 0), cell(merged, Slot::Midterm, score(750), 0)]).await;
        let guardian = app.guardian(&[merged]).await;
        let account = app.learner_account(merged).await;
        let admin = app.province_admin().await;
        let before = (detail(&admin, kept).await, detail(&admin, merged).await);
        a.principal.post("/learners/merges", &json!({"kept_id": kept, "merged_id": merged, "reason": "x"})).await.problem(Code::NotFound);
        admin.post("/learners/merges", &json!({"kept_id": kept, "merged_id": kept, "reason": "x"})).await.field("/merged_id", Code::FieldChoice);
        let told = merge(&admin, kept, merged).await;
        assert_eq!((told.kept_name.as_str(), told.stayed), ("Nguyễn Thị Ánh", 0));
        assert!(told.moved.iter().any(|h| h.name_en == "Marks" && h.rows == 2), "{:?}", told.moved);
        // One record, with the classes, the guardian and the marks of both.
        b.principal.get(&format!("/learners/{merged}")).await.problem(Code::NotFound);
        let one = detail(&admin, kept).await;
        assert_eq!((one.enrolments.len(), one.statuses.len(), one.guardians.len()), (2, 2, 1));
        assert_eq!(one.learner.school_id, Some(app.world.school_a.id));
        assert_eq!(one.enrolments.iter().filter(|e| e.left_on.is_none()).count(), 1, "at one school");
        assert_eq!(b.cell(kept, Slot::Regular(1)).await.0, score(900));
        assert_eq!(guardian.get("/me/children").await.ok::<Page<serde_json::Value>>().items[0]["learner_id"], json!(kept));
        assert!(pairs(&admin, "").await.iter().all(|p| p.left.learner_id != kept && p.right.learner_id != merged));
        admin.post("/learners/merges", &json!({"kept_id": kept, "merged_id": merged, "reason": "x"})).await.problem(Code::LearnerMerged);
        let list: Page<LearnerMerge> = admin.get("/learners/merges").await.ok();
        assert_eq!((list.items.len(), list.items[0].id), (1, told.id));
        assert!(a.principal.get("/learners/merges").await.ok::<Page<LearnerMerge>>().items.len() == 1);
        assert!(b.principal.get("/learners/merges").await.ok::<Page<LearnerMerge>>().items.is_empty());
        // What is written afterwards is the kept record's.
        let path = format!("/learners/merges/{}/split", told.id);
        b.principal.post(&path, &json!({"reason": "Hai em"})).await.problem(Code::NotFound);
        let ended: LearnerMerge = admin.post(&path, &json!({"reason": "Hai em khác nhau"})).await.status(200).ok();
        assert_eq!((ended.split_by.as_deref(), ended.split_reason.as_deref()), (Some("Người Thử"), Some("Hai em khác nhau")));
        admin.post(&path, &json!({"reason": "x"})).await.problem(Code::MergeEnded);
        let after = (detail(&admin, kept).await, detail(&admin, merged).await);
        let same = |was: &LearnerDetail, is: &LearnerDetail| {
            assert_eq!(Learner { version: 0, ..was.learner.clone() }, Learner { version: 0, ..is.learner.clone() });
            assert_eq!((&was.statuses, &was.enrolments, &was.guardians), (&is.statuses, &is.enrolments, &is.guardians));
        };
        same(&before.0, &after.0);
        same(&before.1, &after.1);
        assert_eq!(b.cell(merged, Slot::Midterm).await, (score(750), 1));
        assert_eq!(account.get("/me/children").await.ok::<Page<serde_json::Value>>().items[0]["learner_id"], json!(merged));
    }

    async fn in_one_class_the_kept_record_s_marks_stand(app: TestApp) {
        let room = room(&app).await;
        let (kept, merged) = (room.learners[0], room.learners[1]);
        room.save(vec![cell(kept, Slot::Regular(1), score(600), 0), cell(merged, Slot::Regular(1), score(900), 0), cell(merged, Slot::Regular(2), score(800), 0)]).await;
        let told = merge(&room.principal, kept, merged).await;
        assert_eq!(room.cell(kept, Slot::Regular(1)).await, (score(600), 1));
        assert_eq!(room.cell(kept, Slot::Regular(2)).await, (score(800), 1));
        assert_eq!(room.sheet("TOAN", dto::calendar::Term::S1).await.rows.len(), 2, "one line in the class list");
        assert!(told.stayed >= 2, "the mark and the line: {}", told.stayed);
        room.principal.post(&format!("/learners/merges/{}/split", told.id), &json!({"reason": "Nhầm"})).await.status(200);
        assert_eq!(room.cell(merged, Slot::Regular(1)).await, (score(900), 1));
        assert_eq!(room.cell(merged, Slot::Regular(2)).await, (score(800), 1));
        assert_eq!(room.cell(kept, Slot::Regular(2)).await, (None, 0));
        assert_eq!(room.sheet("TOAN", dto::calendar::Term::S1).await.rows.len(), 3);
    }

    async fn findings_and_lines_of_imports_follow_and_go_back(app: TestApp) {
        use dto::quality::{QualityFinding, QualityState};
        let (a, b) = (app.class(&app.world.school_a, "6A1", "6").await, app.class(&app.world.school_b, "6B1", "6").await);
        let (kept, merged) = (app.learner(&a, "Nguyễn Thị Ánh").await, app.learner(&b, "Nguyễn Thị Ánh").await);
        let admin = app.province_admin().await;
        let school = app.world.school_b.id;
        let findings = async |state: QualityState| {
            let found: Page<QualityFinding> = admin.get(&format!("/quality/findings?school_id={school}&state={state}")).await.ok();
            found.items.into_iter().map(|f| (f.rule, f.subject_id)).collect::<BTreeSet<_>>()
        };
        let before = findings(QualityState::Open).await;
        assert!(before.iter().any(|(_, of)| *of == merged.0), "{before:?}");
        // A line of an import by itself, and one of a pair.
        let import: uuid::Uuid = kernel::id::new();
        let conn = app.db.migrator();
        for (seq, subject, id) in [(1i32, "learner", merged.to_string()), (2, "enrolment", format!("{}/{merged}", b.id))] {
            crate::harness::insert(conn, "import_change", vec![
                ("school_id", school.0.into()),
                ("import_id", import.into()),
                ("seq", seq.into()),
                ("subject", subject.into()),
                ("subject_id", id.into()),
            ]).await;
        }
        let subjects = async || {
            let sql = "SELECT subject_id FROM import_change ORDER BY seq";
            let rows = sea_orm::ConnectionTrait::query_all_raw(app.db.read(), sea_orm::Statement::from_string(app.db.backend(), sql)).await.unwrap();
            rows.iter().map(|row| row.try_get_by_index::<String>(0).unwrap()).collect::<Vec<_>>()
        };
        let told = merge(&admin, kept, merged).await;
        assert_eq!(subjects().await, [kept.to_string(), format!("{}/{kept}", b.id)]);
        assert!(findings(QualityState::Open).await.iter().all(|(_, of)| *of != merged.0 && *of != kept.0), "the child is there no more");
        assert!(findings(QualityState::Fixed).await.iter().any(|(_, of)| *of == kept.0));
        admin.post(&format!("/learners/merges/{}/split", told.id), &json!({"reason": "Hai em"})).await.status(200);
        assert_eq!(subjects().await, [merged.to_string(), format!("{}/{merged}", b.id)]);
        assert_eq!(findings(QualityState::Open).await, before);
    }

    async fn numbers_go_to_the_kept_record_and_lead_to_it(app: TestApp) {
        let (principal, admin) = (app.principal(&app.world.school_a).await, app.province_admin().await);
        let new = |given: &str, number: Option<&str>| {
            json!({
                "school_id": app.world.school_a.id, "name": {"family": "Lê", "given": given}, "birth_date": "2015-03-12", "sex": "male",
                "status": "studying", "since": "2026-09-05", "personal_id": number,
            })
        };
        let without: Learner = principal.post("/learners", &new("An", None)).await.ok();
        let with: Learner = principal.post("/learners", &new("An", Some("094215000031"))).await.ok();
        let told = merge(&principal, without.id, with.id).await;
        assert_eq!(detail(&principal, without.id).await.learner.personal_id.as_deref(), Some("094215000031"));
        let offers: LearnerOffers =
            admin.post("/learners/offers", &json!({"school_id": app.world.school_b.id, "personal_id": "094215000031"})).await.ok();
        assert_eq!((offers.items.len(), offers.items[0].kind, offers.items[0].learner_id), (1, OfferKind::Transfer, Some(without.id)));
        principal.post("/learners", &new("An", Some("094215000031"))).await.problem(Code::PersonalIdTaken);
        principal.post(&format!("/learners/merges/{}/split", told.id), &json!({"reason": "Nhầm"})).await.status(200);
        assert_eq!(detail(&principal, without.id).await.learner.personal_id, None);
        assert_eq!(detail(&principal, with.id).await.learner.personal_id.as_deref(), Some("094215000031"));
        let codes: LearnerCodes = principal.get(&format!("/learners/{}/codes", without.id)).await.ok();
        assert!(codes.items.iter().any(|c| c.value.starts_with("TAM-") && c.valid_to.is_none()));
        // The other way round the temporary code ends.
        merge(&principal, with.id, without.id).await;
        let codes: LearnerCodes = principal.get(&format!("/learners/{}/codes", with.id)).await.ok();
        assert!(codes.items.iter().any(|c| c.value.starts_with("TAM-") && c.valid_to.is_some()));
    }
}
