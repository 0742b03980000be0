//! What a school shows to the public: refused without consent, gone when it is withdrawn.

use super::files::small;
use crate::harness::{Actor, School, TestApp};
use dto::access::Role;
use dto::files::StoredFile;
use dto::publications::{PublicItem, PublicSchool, Publication};
use dto::transfers::Transfer;
use dto::units::UnitDetail;
use dto::{Code, LearnerId, Page, UnitId};
use serde_json::{Value, json};

/// The first bytes of a PNG picture, and something behind them.
fn picture() -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bytes.extend([7; 64]);
    bytes
}

async fn photo(clerk: &Actor, school: UnitId) -> StoredFile {
    small(clerk, school, "hoi-khoe.png", &picture()).await.ok()
}

/// Guardian and child of eleven say the same about a purpose.
async fn say(family: &[Actor], child: LearnerId, purpose: &str, act: &str) {
    for actor in family {
        let word = json!({ "purpose": purpose, "version": 1, "act": act });
        actor.post(&format!("/me/children/{child}/consents"), &word).await.status(200);
    }
}

async fn seen(app: &TestApp, school: &School) -> Vec<PublicItem> {
    app.anonymous().get(&format!("/public/schools/{}/publications", school.id)).await.ok::<Page<PublicItem>>().items
}

both_engines! {
    async fn a_photo_of_a_child_needs_the_consent_of_guardian_and_child(app: TestApp) {
        let school = app.world.school_a.clone();
        let class = app.class(&school, "6A1", "6").await;
        let child = app.learner(&class, "Nguyễn Thị Ánh").await;
        let family = [app.guardian(&[child]).await, app.learner_account(child).await];
        let clerk = app.at(Role::Clerk, &school).await;
        let path = format!("/schools/{}/publications", school.id);
        let file = photo(&clerk, school.id).await;
        let mut body = json!({ "title": "Hội khoẻ Phù Đổng", "photo": file.id });
        // Who is in it has to be said.
        clerk.post(&path, &body).await.field("/shows", Code::FieldRequired);
        body["shows"] = json!([child]);
        clerk.post(&path, &body).await.problem(Code::ConsentMissing);
        say(&family[..1], child, "public_photo", "give").await;
        clerk.post(&path, &body).await.problem(Code::ConsentMissing);
        assert!(seen(&app, &school).await.is_empty());
        say(&family[1..], child, "public_photo", "give").await;
        let made: Publication = clerk.post(&path, &body).await.status(201).ok();
        assert!(made.visible && made.people[0].shown && !made.people[0].named && made.people[0].holds);
        let public = seen(&app, &school).await;
        assert_eq!(public.iter().map(|item| (item.id, item.photo)).collect::<Vec<_>>(), [(made.id, true)]);
        let picture_path = format!("/public/schools/{}/publications/{}/photo", school.id, made.id);
        assert_eq!(app.anonymous().get(&picture_path).await.status(200).body, picture());
        // Withdrawn by the child alone, it is gone for the public at once; the school sees why.
        say(&family[1..], child, "public_photo", "withdraw").await;
        assert!(seen(&app, &school).await.is_empty());
        app.anonymous().get(&picture_path).await.problem(Code::NotFound);
        let listed: Page<Publication> = clerk.get(&path).await.ok();
        assert_eq!((listed.items[0].visible, listed.items[0].people[0].holds, listed.items[0].withdrawn_at), (false, false, None));
        say(&family[1..], child, "public_photo", "give").await;
        assert_eq!(seen(&app, &school).await.len(), 1);
        let gone: Publication = clerk.post_empty(&format!("{path}/{}/withdraw", made.id)).await.ok();
        assert!(gone.withdrawn_at.is_some() && seen(&app, &school).await.is_empty());
        app.anonymous().get(&picture_path).await.problem(Code::NotFound);
        clerk.post_empty(&format!("{path}/{}/withdraw", made.id)).await.problem(Code::NotFound);
    }

    async fn a_name_needs_consent_also_where_it_only_stands_in_the_text(app: TestApp) {
        let school = app.world.school_a.clone();
        let class = app.class(&school, "6A1", "6").await;
        let child = app.learner(&class, "Nguyễn Thị Ánh").await;
        let family = [app.guardian(&[child]).await, app.learner_account(child).await];
        // A photo may be shown; that says nothing of the name.
        say(&family, child, "public_photo", "give").await;
        let principal = app.principal(&school).await;
        let path = format!("/schools/{}/publications", school.id);
        let praise = json!({ "title": "Giải nhất Toán", "body": "Chúc mừng em NGUYỄN THỊ ÁNH, lớp 6A1!" });
        principal.post(&path, &praise).await.problem(Code::ConsentMissing);
        principal.post(&path, &json!({ "title": "Giải nhất Toán", "names": [child] })).await.problem(Code::ConsentMissing);
        say(&family, child, "public_name", "give").await;
        let made: Publication = principal.post(&path, &praise).await.status(201).ok();
        assert_eq!(made.people.iter().map(|one| (one.learner_id, one.named, one.shown)).collect::<Vec<_>>(), [(child, true, false)]);
        assert_eq!(seen(&app, &school).await[0].body.as_deref(), praise["body"].as_str());
        say(&family[..1], child, "public_name", "withdraw").await;
        assert!(seen(&app, &school).await.is_empty());
        // Of nobody it needs none.
        let plain = json!({ "title": "Lịch nghỉ Tết", "body": "Từ 08/02 đến 22/02." });
        principal.post(&path, &plain).await.status(201);
        let file = photo(&principal, school.id).await;
        // Paragraphs stay paragraphs.
        let long: Publication = principal.post(&path, &json!({ "title": "Lịch", "body": "Sáng: \r\nhọc.\n\n\nChiều: nghỉ." })).await.status(201).ok();
        assert_eq!(long.body.as_deref(), Some("Sáng:\nhọc.\n\nChiều: nghỉ."));
        principal.post_empty(&format!("{path}/{}/withdraw", long.id)).await.status(200);
        let gate = json!({ "title": "Cổng trường mới", "photo": file.id, "shows_nobody": true });
        principal.post(&path, &gate).await.status(201);
        assert_eq!(seen(&app, &school).await.len(), 2);
    }

    async fn nobody_publishes_for_another_school(app: TestApp) {
        let (here, there) = (app.world.school_a.clone(), app.world.school_b.clone());
        let class = app.class(&here, "6A1", "6").await;
        let child = app.learner(&class, "Nguyễn Thị Ánh").await;
        let path = format!("/schools/{}/publications", here.id);
        let body = json!({ "title": "Tin" });
        let clerk = app.at(Role::Clerk, &here).await;
        let made: Publication = clerk.post(&path, &body).await.status(201).ok();
        let text: StoredFile = small(&clerk, here.id, "ghi-chu.txt", b"khong phai anh").await.ok();
        clerk.post(&path, &json!({ "title": "Tin", "photo": text.id, "shows_nobody": true })).await.field("/photo", Code::FieldFormat);
        let other = app.principal(&there).await;
        other.post(&path, &body).await.problem(Code::NotFound);
        other.get(&path).await.problem(Code::NotFound);
        other.post_empty(&format!("{path}/{}/withdraw", made.id)).await.problem(Code::NotFound);
        let theirs = format!("/schools/{}/publications", there.id);
        let stranger: Value = json!({ "title": "Tin", "names": [child] });
        other.post(&theirs, &stranger).await.field("/names/0", Code::FieldChoice);
        app.homeroom(&class).await.post(&path, &body).await.problem(Code::Forbidden);
        app.guardian(&[child]).await.get(&path).await.problem(Code::Forbidden);
        app.anonymous().get(&path).await.status(401);
        app.anonymous().get(&format!("/public/schools/{}/publications/{}/photo", there.id, made.id)).await.problem(Code::NotFound);
    }

    async fn the_public_page_says_whose_it_is(app: TestApp) {
        let school = app.world.school_a.clone();
        let head: PublicSchool = app.anonymous().get(&format!("/public/schools/{}", school.id)).await.ok();
        let known: UnitDetail = app.principal(&school).await.get(&format!("/units/{}", school.id)).await.ok();
        assert_eq!((head.id, head.name), (school.id, known.unit.name));
        let above: Vec<String> = known.ancestors.into_iter().rev().map(|unit| unit.name).collect();
        assert!(!above.is_empty());
        assert_eq!(head.within, above);
        // What is above a school has no such page, nor has what is not there.
        let province = known.unit.parent_id.unwrap();
        app.anonymous().get(&format!("/public/schools/{province}")).await.problem(Code::NotFound);
        app.anonymous().get(&format!("/public/schools/{}", UnitId(uuid::Uuid::now_v7()))).await.problem(Code::NotFound);
    }

    async fn what_was_taken_down_is_put_back_with_consents_asked_anew(app: TestApp) {
        let school = app.world.school_a.clone();
        let class = app.class(&school, "6A1", "6").await;
        let child = app.learner(&class, "Nguyễn Thị Ánh").await;
        let family = [app.guardian(&[child]).await, app.learner_account(child).await];
        say(&family, child, "public_photo", "give").await;
        let clerk = app.at(Role::Clerk, &school).await;
        let path = format!("/schools/{}/publications", school.id);
        let file = photo(&clerk, school.id).await;
        let body = json!({ "title": "Hội khoẻ Phù Đổng", "body": "Cùng bạn Lê Văn Bình.", "photo": file.id, "shows": [child] });
        let made: Publication = clerk.post(&path, &body).await.status(201).ok();
        let restore = format!("{path}/{}/restore", made.id);
        // What is on the page is not put back.
        clerk.post_empty(&restore).await.problem(Code::NotFound);
        let withdraw = format!("{path}/{}/withdraw", made.id);
        clerk.post_empty(&withdraw).await.status(200);
        let back: Publication = clerk.post_empty(&restore).await.ok();
        assert_eq!((back.withdrawn_at, back.visible, back.published_at), (None, true, made.published_at));
        assert_eq!(seen(&app, &school).await.len(), 1);
        // A consent that was withdrawn meanwhile holds it back, until it is given again.
        clerk.post_empty(&withdraw).await.status(200);
        say(&family[..1], child, "public_photo", "withdraw").await;
        clerk.post_empty(&restore).await.problem(Code::ConsentMissing);
        assert!(seen(&app, &school).await.is_empty());
        say(&family[..1], child, "public_photo", "give").await;
        // So does a child who came since and whose name stands in it.
        let named = app.learner(&class, "Lê Văn Bình").await;
        clerk.post_empty(&restore).await.problem(Code::ConsentMissing);
        let home = [app.guardian(&[named]).await, app.learner_account(named).await];
        say(&home, named, "public_name", "give").await;
        let back: Publication = clerk.post_empty(&restore).await.ok();
        assert!(back.visible && back.people.iter().any(|one| one.learner_id == named && one.named && !one.shown), "{:?}", back.people);
        // Who has left the school consented to nothing of this one.
        clerk.post_empty(&withdraw).await.status(200);
        let (here, there) = (app.principal(&school).await, app.principal(&app.world.school_b).await);
        let ask = json!({ "learner_id": named, "to_school_id": app.world.school_b.id, "wished_on": "2026-12-01" });
        let transfer: Transfer = here.post("/transfers", &ask).await.status(201).ok();
        there.post(&format!("/transfers/{}/answer", transfer.id), &json!({ "accept": true })).await.status(200);
        here.post(&format!("/transfers/{}/release", transfer.id), &json!({ "moved_on": kernel::clock::today() })).await.status(200);
        clerk.post_empty(&restore).await.problem(Code::ConsentMissing);
        let log = app.audit(Some(school.id)).await;
        assert_eq!(log.iter().filter(|e| e.verb == "publication.restored").count(), 2);
        // Nobody else's to put back.
        there.post_empty(&restore).await.problem(Code::NotFound);
        app.homeroom(&class).await.post_empty(&restore).await.problem(Code::Forbidden);
        app.anonymous().post_empty(&restore).await.status(401);
    }
}
