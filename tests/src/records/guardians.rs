//! `/learners/{learner_id}/guardians`, `/me/children`.

use dto::gradebook::Child;
use dto::learners::{GuardianOf, LearnerDetail};
use dto::{Code, LearnerId, Page};
use serde_json::json;

fn path(learner: LearnerId) -> String {
    format!("/learners/{learner}/guardians")
}

both_engines! {
    async fn a_guardian_is_linked_shared_and_unlinked(app: TestApp) {
        let class = app.class(&app.world.school_a, "6A1", "6").await;
        let (one, two) = (app.learner(&class, "Lê An").await, app.learner(&class, "Lê Bình").await);
        let principal = app.principal(&app.world.school_a).await;
        let body = json!({"relation": "mother", "name": {"family": "Lý", "middle": "Thị", "given": "Hoa"}, "phone": "+84 912.345.678"});
        let made: GuardianOf = principal.post(&path(one), &body).await.status(201).ok();
        assert_eq!((made.full_name.as_str(), made.phone.as_deref(), made.username.clone()), ("Lý Thị Hoa", Some("0912345678"), None));
        let again: GuardianOf = principal.post(&path(two), &json!({"relation": "other", "guardian_id": made.guardian_id})).await.ok();
        assert_eq!(again.guardian_id, made.guardian_id);
        let relinked: GuardianOf = principal.post(&path(two), &json!({"relation": "mother", "guardian_id": made.guardian_id})).await.ok();
        assert_eq!(relinked.relation.as_str(), "mother");
        let detail: LearnerDetail = principal.get(&format!("/learners/{two}")).await.ok();
        assert_eq!(detail.guardians.len(), 1);
        principal.delete(&format!("{}/{}", path(two), made.guardian_id)).await.done();
        principal.delete(&format!("{}/{}", path(two), made.guardian_id)).await.problem(Code::NotFound);
        assert_eq!(app.audit(Some(app.world.school_a.id)).await.last().unwrap().verb, "guardian.unlinked");
    }

    async fn faults_of_a_guardian(app: TestApp) {
        let class = app.class(&app.world.school_a, "6A1", "6").await;
        let other = app.class(&app.world.school_b, "6A1", "6").await;
        let (mine, theirs) = (app.learner(&class, "Lê An").await, app.learner(&other, "Lê Bình").await);
        let stranger = app.guardian_of(&[theirs]).await;
        let principal = app.principal(&app.world.school_a).await;
        let name = json!({"family": "Lý", "given": "Hoa"});
        principal.post(&path(mine), &json!({"relation": "mother"})).await.field("/name", Code::FieldRequired);
        principal.post(&path(mine), &json!({"relation": "mother", "guardian_id": stranger})).await.problem(Code::NotFound);
        principal.post(&path(mine), &json!({"relation": "mother", "guardian_id": stranger, "name": name})).await.field("/name", Code::FieldChoice);
        principal.post(&path(mine), &json!({"relation": "mother", "name": name, "phone": "0123"})).await.field("/phone", Code::PhoneFormat);
        principal.post(&path(mine), &json!({"relation": "mother", "name": name, "phone": "0000000000"})).await.field("/phone", Code::PhoneFormat);
        principal.post(&path(theirs), &json!({"relation": "mother", "name": name})).await.problem(Code::NotFound);
        principal.delete(&format!("{}/{stranger}", path(theirs))).await.problem(Code::NotFound);
    }

    async fn a_guardian_reaches_their_children_in_any_school(app: TestApp) {
        let (a, b) = (app.class(&app.world.school_a, "6A1", "6").await, app.class(&app.world.school_b, "8B", "8").await);
        let (one, two) = (app.learner(&a, "Lê An").await, app.learner(&b, "Lê Bình").await);
        let stranger = app.learner(&a, "Lê Cúc").await;
        let guardian = app.guardian(&[one, two]).await;
        let children = guardian.get("/me/children").await.ok::<Page<Child>>().items;
        let mut seen: Vec<_> = children.iter().map(|c| (c.full_name.as_str(), c.class_name.as_deref(), c.school_name.as_deref())).collect();
        seen.sort();
        assert_eq!(seen, [("Lê An", Some("6A1"), Some("THCS Trần Phú")), ("Lê Bình", Some("8B"), Some("THCS Lê Lợi"))]);
        // Nothing of the school's own pages is theirs.
        guardian.get(&format!("/learners/{one}")).await.problem(Code::Forbidden);
        guardian.get("/classes").await.problem(Code::Forbidden);
        guardian.get(&format!("/me/children/{stranger}/report")).await.problem(Code::NotFound);
        let learner = app.learner_account(stranger).await;
        let own = learner.get("/me/children").await.ok::<Page<Child>>().items;
        assert_eq!(own.iter().map(|c| c.learner_id).collect::<Vec<_>>(), [stranger]);
        // The user name of the guardian's account is shown to the school.
        let principal = app.principal(&app.world.school_a).await;
        let detail: LearnerDetail = principal.get(&format!("/learners/{one}")).await.ok();
        assert!(detail.guardians[0].username.is_some());
        // The link ends, and with it what it reached.
        principal.delete(&format!("{}/{}", path(one), detail.guardians[0].guardian_id)).await.done();
        let left = guardian.get("/me/children").await.ok::<Page<Child>>().items;
        assert_eq!(left.iter().map(|c| c.learner_id).collect::<Vec<_>>(), [two]);
    }
}
