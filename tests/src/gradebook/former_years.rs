//! Whole years at schools outside of these records: taken from a signed transcript of another installation, or typed from a paper.

use super::*;
use chrono::{Days, NaiveDate};
use documents::signing::{Holder, KeyKind, TestAuthority, sign_xml};
use dto::Code;
use dto::former::FormerTerm;
use dto::former_years::{FormerPeriod, FormerYear, FormerYears, PutFormerYear};
use dto::learners::Learner;
use dto::units::Unit;
use serde_json::{Value, json};
use transcript::{
    Absences, Assessment, Class, Content, Document, Entry, Homeroom, Outcome, Period, Role as Signs, School, Subject,
};
use uuid::Uuid;

fn path(room: &Room) -> String {
    format!("/classes/{}/former-years", room.class.id)
}

fn of(room: &Room, learner: LearnerId, year: &str) -> String {
    format!("{}/{learner}/{year}", path(room))
}

async fn list(room: &Room) -> Vec<FormerYear> {
    room.homeroom.get(&path(room)).await.ok::<FormerYears>().items
}

/// A year as another installation has it.
fn content(learner: &Learner, year: &str) -> Content {
    let subject = |code: &str, name: &str, values: [&str; 3]| Subject {
        code: code.to_owned(),
        name: name.to_owned(),
        teachers: vec!["Phạm Quốc Bảo".to_owned()],
        entries: [Period::S1, Period::S2, Period::Year]
            .into_iter()
            .zip(values)
            .map(|(period, value)| Entry { period, value: value.to_owned(), test: None })
            .collect(),
        comment: None,
    };
    let conduct = |period, value: &str| Assessment {
        code: "conduct".to_owned(),
        name: "Kết quả rèn luyện".to_owned(),
        period,
        value: value.to_owned(),
    };
    Content {
        id: Uuid::now_v7(),
        replaces: None,
        regulation: "TT22".to_owned(),
        school_year: year.to_owned(),
        school: School {
            code: "LELOI-CT".to_owned(),
            name: "Trường THCS Lê Lợi".to_owned(),
            place: "Thành phố Cần Thơ".to_owned(),
            principal: "Trần Thị Minh Nguyệt".to_owned(),
        },
        learner: transcript::Learner {
            personal_id: learner.personal_id.clone(),
            ministry_code: None,
            full_name: learner.full_name.clone(),
            birth_date: learner.birth_date,
            sex: "Nam".to_owned(),
            ethnicity: None,
        },
        class: Class { name: "7A2".to_owned(), grade: 7, homeroom_teacher: "Lê Văn Hoà".to_owned() },
        subjects: vec![
            subject("TOAN", "Toán", ["7,9", "8,2", "8,1"]),
            // Another catalogue: known by its name.
            subject("VAN", "Ngữ văn", ["6,5", "7", "6,8"]),
            subject("GDTC", "Giáo dục thể chất", ["Đ", "Đ", "Đ"]),
            subject("CA_HUE", "Ca Huế", ["Đ", "Đ", "Đ"]),
        ],
        homeroom: Homeroom {
            assessments: vec![conduct(Period::S1, "Khá"), conduct(Period::Year, "Tốt")],
            absences: Some(Absences { with_permission: 2, without_permission: 0 }),
            comments: vec![],
        },
        year: vec![Outcome {
            code: "learning".to_owned(),
            name: "Kết quả học tập".to_owned(),
            period: Period::Year,
            value: "Khá".to_owned(),
        }],
        former: vec![],
    }
}

/// Signed by everybody who has to, with certificates of an authority.
async fn signed(authority: &TestAuthority, content: Content) -> Vec<u8> {
    let now = kernel::clock::now();
    let school = content.school.name.clone();
    let mut document = Document::new(content).unwrap();
    for role in document.required() {
        let name = match &role {
            Signs::Subject(_) => "Phạm Quốc Bảo",
            Signs::Homeroom => "Lê Văn Hoà",
            Signs::Principal => "Trần Thị Minh Nguyệt",
            Signs::Seal => school.as_str(),
        };
        let holder = match role {
            Signs::Seal => Holder::School { name },
            _ => Holder::Person { name, school: &school },
        };
        let key = authority.issue(holder, KeyKind::P256, now - Days::new(1), now + Days::new(30)).unwrap();
        sign_xml(&mut document, &role, &key, now, None).await.unwrap();
    }
    document.to_xml()
}

async fn learner(room: &Room, id: LearnerId) -> Learner {
    room.homeroom.get(&format!("/learners/{id}")).await.ok()
}

fn typed() -> Value {
    json!({
        "from_school": " THCS Kim Đồng ", "document": "Học bạ giấy, trang 7", "grade": 6, "class_name": "6/3",
        "subjects": [
            {"name": "Toán", "subject_code": "TOAN", "values": [{"period": "s1", "value": "7,5"}, {"period": "year", "value": "7,7"}]},
            {"name": "Thể dục", "subject_code": "GDTC", "values": [{"period": "year", "value": "Đ"}]},
        ],
        "outcomes": [{"code": "conduct", "name": "Kết quả rèn luyện", "period": "year", "value": "Tốt"}],
    })
}

both_engines! {
    async fn a_signed_transcript_becomes_a_year_with_its_subjects_found(app: TestApp) {
        let room = room(&app).await;
        let id = room.learners[0];
        let file = signed(&app.trial, content(&learner(&room, id).await, "2024-2025")).await;
        let upload = format!("{}/{id}", path(&room));
        let taken: FormerYear = room.homeroom.upload(&upload, file.clone()).await.ok();
        assert_eq!((taken.school_year.as_str(), taken.version, taken.content.grade), ("2024-2025", 1, 7));
        assert_eq!(taken.content.from_school, "Trường THCS Lê Lợi, Thành phố Cần Thơ");
        let found: Vec<_> = taken.content.subjects.iter().map(|s| (s.name.as_str(), s.subject_code.as_deref())).collect();
        assert_eq!(found, [("Toán", Some("TOAN")), ("Ngữ văn", Some("NGU_VAN")), ("Giáo dục thể chất", Some("GDTC")), ("Ca Huế", None)]);
        let maths = &taken.content.subjects[0].values;
        assert_eq!(maths.iter().map(|v| (v.period, v.value.as_str())).collect::<Vec<_>>(), [
            (FormerPeriod::S1, "7,9"), (FormerPeriod::S2, "8,2"), (FormerPeriod::Year, "8,1"),
        ]);
        assert!(taken.content.outcomes.iter().any(|one| one.code == "learning" && one.value == "Khá"));
        let proof = taken.signed.clone().unwrap();
        assert_eq!((proof.form.as_str(), proof.signatures.len()), ("xml", 7));
        assert_eq!(proof.signatures.last().map(|s| s.signer.as_str()), Some("Trường THCS Lê Lợi"));
        // Of another year than the class's: there are no terms to save.
        assert!(taken.terms.is_empty());
        assert_eq!(list(&room).await.len(), 1);
        // The file comes back as it came.
        let kept = room.homeroom.get(&format!("{}/file", of(&room, id, "2024-2025"))).await.status(200);
        assert_eq!(kept.body, file);
        // What was signed stays; which subject is which can be said.
        let mut body: PutFormerYear = taken.content.clone();
        body.subjects[3].subject_code = Some("AM_NHAC".to_owned());
        let mapped: FormerYear = room.homeroom.put(&of(&room, id, "2024-2025"), 1, &body).await.ok();
        assert_eq!(mapped.content.subjects[3].subject_code.as_deref(), Some("AM_NHAC"));
        assert!(mapped.signed.is_some());
        body.subjects[0].values[0].value = "9,9".to_owned();
        room.homeroom.put(&of(&room, id, "2024-2025"), 2, &body).await.problem(Code::FormerYearSigned);
        room.homeroom.put(&of(&room, id, "2024-2025"), 1, &mapped.content).await.problem(Code::VersionConflict);
        // Once more the same file: the same year, subjects as found.
        let again: FormerYear = room.homeroom.upload(&upload, file).await.ok();
        assert_eq!((again.version, again.content == taken.content), (3, true));
        room.homeroom.delete(&of(&room, id, "2024-2025")).await.done();
        assert!(list(&room).await.is_empty());
        room.homeroom.get(&format!("{}/file", of(&room, id, "2024-2025"))).await.problem(Code::NotFound);
        room.homeroom.delete(&of(&room, id, "2024-2025")).await.problem(Code::NotFound);
    }

    /// A learner who comes in the middle of the year with a transcript of it: its terms are offered, and saved as former terms.
    async fn the_classs_own_year_becomes_terms_at_the_former_school(app: TestApp) {
        let room = room(&app).await;
        let id = room.learners[1];
        let file = signed(&app.trial, content(&learner(&room, id).await, &room.class.school_year)).await;
        let taken: FormerYear = room.homeroom.upload(&format!("{}/{id}", path(&room)), file).await.ok();
        let first = &taken.terms[0];
        assert_eq!((first.term, first.record.conduct), (Term::S1, Some(Level::Fair)));
        let given: Vec<_> = first.record.subjects.iter().map(|s| (s.subject_code.as_str(), s.value)).collect();
        assert!(given.contains(&("TOAN", score(790).unwrap())) && given.contains(&("GDTC", CellValue::Pass)), "{given:?}");
        assert!(given.iter().all(|(code, _)| *code != "CA_HUE"));
        let to = format!("/classes/{}/former-terms/1/{id}", room.class.id);
        let saved: FormerTerm = room.homeroom.put(&to, 0, &first.record).await.ok();
        assert_eq!((saved.from_school.as_str(), saved.conduct), ("Trường THCS Lê Lợi, Thành phố Cần Thơ", Some(Level::Fair)));
        // Its subjects are mapped like those of any signed year; on paper the class's own year is typed by terms, not as a year.
        let own = of(&room, id, &room.class.school_year);
        let mut body: PutFormerYear = taken.content.clone();
        body.subjects[3].subject_code = Some("AM_NHAC".to_owned());
        assert_eq!(room.homeroom.put(&own, taken.version, &body).await.ok::<FormerYear>().version, taken.version + 1);
        let other = of(&room, room.learners[0], &room.class.school_year);
        room.homeroom.put(&other, 0, &typed()).await.problem(Code::TranscriptOfOurs);
        room.homeroom.put(&other, 1, &typed()).await.problem(Code::VersionConflict);
        assert_eq!(list(&room).await.len(), 1);
        let before = of(&room, room.learners[0], "2025-2026");
        assert_eq!(room.homeroom.put(&before, 0, &typed()).await.ok::<FormerYear>().version, 1);
    }

    async fn a_file_that_proves_nothing_is_refused_and_told_why(app: TestApp) {
        let room = room(&app).await;
        let id = room.learners[0];
        let card = learner(&room, id).await;
        let upload = format!("{}/{id}", path(&room));
        let good = signed(&app.trial, content(&card, "2024-2025")).await;
        // Changed by a mark; cut off; not ours; signed by strangers.
        let text = String::from_utf8(good.clone()).unwrap();
        let changed = text.replacen("7,9", "9,9", 1).into_bytes();
        let strangers = signed(&TestAuthority::new(kernel::clock::now()).unwrap(), content(&card, "2024-2025")).await;
        for bad in [changed, good[..good.len() / 2].to_vec(), b"PK\x03\x04".to_vec(), b"%PDF-1.7 nothing".to_vec(), strangers] {
            let said = room.homeroom.upload(&upload, bad).await.problem(Code::TranscriptNotValid);
            assert!(said.params["what"].chars().count() > 20, "{:?}", said.params);
        }
        let said = app.principal(&room.school).await.in_english().upload(&upload, b"<a/>".to_vec()).await.problem(Code::TranscriptNotValid);
        assert!(said.params["what"].contains("not a digital transcript"), "{:?}", said.params);
        // Another child's; this school's own.
        let mut other = content(&card, "2024-2025");
        (other.learner.full_name, other.learner.personal_id) = ("Trần Văn Khác".to_owned(), None);
        let file = signed(&app.trial, other).await;
        room.homeroom.upload(&upload, file).await.problem(Code::TranscriptOfAnother);
        let mut twin = content(&card, "2024-2025");
        (twin.learner.birth_date, twin.learner.personal_id) = (NaiveDate::from_ymd_opt(2001, 2, 3).unwrap(), None);
        let file = signed(&app.trial, twin).await;
        room.homeroom.upload(&upload, file).await.problem(Code::TranscriptOfAnother);
        let mut ours = content(&card, "2024-2025");
        ours.school.code = room.principal.get(&format!("/units/{}", room.school.id)).await.ok::<Unit>().code;
        let file = signed(&app.trial, ours).await;
        room.homeroom.upload(&upload, file).await.problem(Code::TranscriptOfOurs);
        assert!(list(&room).await.is_empty());
    }

    async fn a_paper_is_typed_corrected_and_gives_way_to_a_signed_one(app: TestApp) {
        let room = room(&app).await;
        let id = room.learners[0];
        let to = of(&room, id, "2023-2024");
        let saved: FormerYear = room.homeroom.put(&to, 0, &typed()).await.ok();
        assert_eq!((saved.content.from_school.as_str(), saved.signed.is_none(), saved.updated_by.as_str()), ("THCS Kim Đồng", true, "Người Thử"));
        for (pointer, value, at, code) in [
            ("/subjects/0/subject_code", json!("XYZ"), "/subjects/0/subject_code", Code::FieldChoice),
            ("/subjects/1/subject_code", json!("TOAN"), "/subjects/1/subject_code", Code::FieldChoice),
            ("/subjects/0/values/0/value", json!("11"), "/subjects/0/values/0/value", Code::MarkInvalid),
            ("/subjects/0/values/1/period", json!("s1"), "/subjects/0/values/1/period", Code::FieldChoice),
            ("/subjects/0/values/1/test", json!("x"), "/subjects/0/values/1/test", Code::MarkInvalid),
        ] {
            let mut body = typed();
            let (parent, key) = pointer.rsplit_once('/').unwrap();
            body.pointer_mut(parent).unwrap()[key] = value;
            room.homeroom.put(&to, 1, &body).await.field(at, code);
        }
        for year in ["2023-2025", "x", "2023"] {
            room.homeroom.put(&of(&room, id, year), 0, &typed()).await.problem(Code::NotFound);
        }
        let file = signed(&app.trial, content(&learner(&room, id).await, "2023-2024")).await;
        let taken: FormerYear = room.homeroom.upload(&format!("{}/{id}", path(&room)), file).await.ok();
        assert_eq!((taken.version, taken.content.grade, taken.signed.is_some()), (2, 7, true));
    }

    async fn only_who_prepares_transcripts_of_the_class(app: TestApp) {
        let room = room(&app).await;
        let id = room.learners[0];
        let to = of(&room, id, "2023-2024");
        let principal = &room.principal;
        principal.put(&to, 0, &typed()).await.ok::<FormerYear>();
        // Of a class the learner is not in.
        let elsewhere = app.class(&room.school, "6A9", "6").await;
        principal.put(&format!("/classes/{}/former-years/{id}/2023-2024", elsewhere.id), 0, &typed()).await.problem(Code::NotFound);
        // Other schools, other classes.
        let other = app.principal(&app.world.school_b).await;
        let stranger = app.homeroom(&elsewhere).await;
        for actor in [&other, &stranger] {
            actor.get(&path(&room)).await.problem(Code::NotFound);
            actor.put(&to, 1, &typed()).await.problem(Code::NotFound);
            actor.delete(&to).await.problem(Code::NotFound);
            actor.get(&format!("{to}/file")).await.problem(Code::NotFound);
            actor.upload(&format!("{}/{id}", path(&room)), b"<a/>".to_vec()).await.problem(Code::NotFound);
        }
        // A typed year has no file.
        principal.get(&format!("{to}/file")).await.problem(Code::NotFound);
        app.guardian(&[id]).await.get(&path(&room)).await.problem(Code::Forbidden);
    }
}
