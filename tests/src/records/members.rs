//! `/classes/{class_id}/members`, `/classes/{class_id}/ordinals`.

use crate::harness::Actor;
use dto::classes::{Class, ClassMember};
use dto::{Code, LearnerId, Page};
use serde_json::json;

/// domain.md 15: given name first, syllable by syllable, letters before tones.
const IN_ORDER: [&str; 13] = [
    "Đặng Văn An",
    "Nguyễn Thị An",
    "Nguyễn Văn An",
    "Trần Thị An",
    "Nguyễn Thị Ánh",
    "Phạm Ân",
    "Vũ Ẩn",
    "Lê Ấn",
    "Đỗ Dung",
    "Bùi Đan",
    "Hoàng Đức",
    "Nguyễn Hoa",
    "Nguyễn Hoà",
];

async fn roll(actor: &Actor, class: &Class) -> Vec<ClassMember> {
    actor.get(&format!("/classes/{}/members", class.id)).await.ok::<Page<ClassMember>>().items
}

fn lines(roll: &[ClassMember]) -> Vec<(u32, &str)> {
    roll.iter().map(|m| (m.ordinal, m.full_name.as_str())).collect()
}

async fn read(actor: &Actor, class: &Class) -> Class {
    actor.get(&format!("/classes/{}", class.id)).await.ok()
}

both_engines! {
    async fn a_class_list_stands_in_vietnamese_order(app: TestApp) {
        let class = app.class(&app.world.school_a, "6A1", "6").await;
        let principal = app.principal(&app.world.school_a).await;
        // In an order of arrival that is not the order of the list.
        for at in [7, 3, 12, 0, 9, 4, 11, 1, 6, 10, 2, 8, 5] {
            app.learner(&class, IN_ORDER[at]).await;
        }
        let expected: Vec<(u32, &str)> = (1..).zip(IN_ORDER).collect();
        assert_eq!(lines(&roll(&principal, &class).await), expected);
        assert_eq!(read(&principal, &class).await.learners, 13);
    }

    async fn frozen_ordinals_stay_and_newcomers_are_appended(app: TestApp) {
        let class = app.class(&app.world.school_a, "6A1", "6").await;
        let principal = app.principal(&app.world.school_a).await;
        let hoa = app.learner(&class, "Nguyễn Hoa").await;
        let an = app.learner(&class, "Trần Thị An").await;
        let frozen: Class = principal.post_empty(&format!("/classes/{}/ordinals", class.id)).await.ok();
        assert!(frozen.ordinals_frozen_at.is_some());
        assert_eq!(frozen.version, 2);
        principal.post_empty(&format!("/classes/{}/ordinals", class.id)).await.problem(Code::OrdinalsFrozen);
        app.learner(&class, "Bùi Ái").await;
        let expected = [(1, "Trần Thị An"), (2, "Nguyễn Hoa"), (3, "Bùi Ái")];
        assert_eq!(lines(&roll(&principal, &class).await), expected);
        // A new name does not move a frozen line, and leaving keeps the number.
        rename(&principal, hoa, "Nguyễn", "Ân").await;
        principal.delete(&format!("/classes/{}/members/{an}?left_on=2026-10-01", class.id)).await.done();
        let after = roll(&principal, &class).await;
        assert_eq!(lines(&after), [(1, "Trần Thị An"), (2, "Nguyễn Ân"), (3, "Bùi Ái")]);
        assert_eq!(after[0].left_on.unwrap().to_string(), "2026-10-01");
        assert_eq!(read(&principal, &class).await.learners, 2);
        // Back in the class: the same line.
        let body = json!({"learner_id": an, "enrolled_on": "2026-11-01"});
        principal.post(&format!("/classes/{}/members", class.id), &body).await.status(201);
        let back = roll(&principal, &class).await;
        assert_eq!((lines(&back), back[0].left_on), (lines(&after), None));
    }

    async fn a_new_name_moves_the_line_before_the_freeze(app: TestApp) {
        let class = app.class(&app.world.school_a, "6A1", "6").await;
        let principal = app.principal(&app.world.school_a).await;
        let an = app.learner(&class, "Lê An").await;
        app.learner(&class, "Lê Bình").await;
        rename(&principal, an, "Lê", "Cúc").await;
        assert_eq!(lines(&roll(&principal, &class).await), [(1, "Lê Bình"), (2, "Lê Cúc")]);
    }

    async fn a_change_of_class_ends_the_other_enrolment(app: TestApp) {
        let (one, two) = (app.class(&app.world.school_a, "6A1", "6").await, app.class(&app.world.school_a, "6A2", "6").await);
        let principal = app.principal(&app.world.school_a).await;
        let learner = app.learner(&one, "Lê An").await;
        let body = json!({"learner_id": learner, "enrolled_on": "2026-10-12"});
        principal.post(&format!("/classes/{}/members", one.id), &body).await.problem(Code::AlreadyEnrolled);
        let member: ClassMember = principal.post(&format!("/classes/{}/members", two.id), &body).await.ok();
        assert_eq!((member.ordinal, member.left_on), (1, None));
        let left = roll(&principal, &one).await;
        assert_eq!(left[0].left_on.unwrap().to_string(), "2026-10-12");
        let verbs: Vec<_> = app.audit(Some(app.world.school_a.id)).await.into_iter().rev().take(2).map(|e| e.verb).collect();
        assert_eq!(verbs, ["enrolment.ended", "enrolment.created"]);
    }

    async fn two_who_enrol_at_once_get_two_ordinals(app: TestApp) {
        let school = &app.world.school_a;
        let (waiting, class) = (app.class(school, "6A0", "6").await, app.class(school, "6A1", "6").await);
        let principal = app.principal(school).await;
        let mut learners = Vec::new();
        for name in ["Lê An", "Lê Bình", "Lê Cúc", "Lê Dung"] {
            learners.push(app.learner(&waiting, name).await);
        }
        principal.post_empty(&format!("/classes/{}/ordinals", class.id)).await.status(200);
        let path = format!("/classes/{}/members", class.id);
        let enrol = async |learner: LearnerId| principal.post(&path, &json!({"learner_id": learner, "enrolled_on": "2026-10-01"})).await.status(201);
        futures::future::join_all(learners.into_iter().map(enrol)).await;
        let ordinals: Vec<_> = roll(&principal, &class).await.iter().map(|m| m.ordinal).collect();
        assert_eq!(ordinals, [1, 2, 3, 4]);
    }

    async fn faults_of_an_enrolment(app: TestApp) {
        let class = app.class(&app.world.school_a, "6A1", "6").await;
        let other = app.class(&app.world.school_b, "6A1", "6").await;
        let principal = app.principal(&app.world.school_a).await;
        let admin = app.province_admin().await;
        let mine = app.learner(&class, "Lê An").await;
        let theirs = app.learner(&other, "Lê Bình").await;
        let path = format!("/classes/{}/members", class.id);
        principal.post(&path, &json!({"learner_id": theirs, "enrolled_on": "2026-09-05"})).await.problem(Code::NotFound);
        admin.post(&path, &json!({"learner_id": theirs, "enrolled_on": "2026-09-05"})).await.field("/learner_id", Code::FieldChoice);
        principal.post(&path, &json!({"learner_id": mine, "enrolled_on": "0001-01-01"})).await.field("/enrolled_on", Code::FieldRange);
        principal.delete(&format!("{path}/{theirs}")).await.problem(Code::NotFound);
        principal.delete(&format!("{path}/{mine}?left_on=2026-09-01")).await.field("left_on", Code::DatesReversed);
        principal.delete(&format!("{path}/{mine}?left_on=yesterday")).await.status(422);
        principal.delete(&format!("{path}/not-an-id")).await.problem(Code::BadPath);
        principal.delete(&format!("{path}/{mine}?left_on=2026-09-05")).await.done();
        principal.delete(&format!("{path}/{mine}")).await.problem(Code::NotFound);
    }

    async fn identity_numbers_are_not_for_who_teaches_one_subject(app: TestApp) {
        let class = app.class(&app.world.school_a, "6A1", "6").await;
        let learner = app.learner(&class, "Lê An").await;
        let principal = app.principal(&app.world.school_a).await;
        let body = json!({"name": {"family": "Lê", "given": "An"}, "birth_date": "2015-03-12", "sex": "female", "personal_id": "094315000001"});
        principal.put(&format!("/learners/{learner}"), 1, &body).await.status(200);
        let shown = |roll: Vec<ClassMember>| roll[0].personal_id.clone();
        assert_eq!(shown(roll(&principal, &class).await).as_deref(), Some("094315000001"));
        assert!(shown(roll(&app.homeroom(&class).await, &class).await).is_some());
        assert_eq!(shown(roll(&app.teacher(&class, "TOAN").await, &class).await), None);
    }
}

async fn rename(actor: &Actor, learner: LearnerId, family: &str, given: &str) {
    let body = json!({"name": {"family": family, "given": given}, "birth_date": "2015-03-12", "sex": "female"});
    actor.put(&format!("/learners/{learner}"), 1, &body).await.status(200);
}
