//! Teaching plans: from the teacher to the head of the group to who leads the school, versions, and finding them again.

use super::files::small;
use crate::harness::{Actor, School, TestApp};
use dto::access::Role;
use dto::files::{SchoolStorage, StoredFile};
use dto::identity::Person;
use dto::teaching_plans::{
    LineFate, SubjectGroup, TeachingPlan, TeachingPlanAct, TeachingPlanItem, TeachingPlanState, TeachingPlanVersion,
};
use dto::{Code, Page, StaffId, UnitId};
use reqwest::Method;
use serde_json::{Value, json};

/// Teachers of a school, the group that they are in, and who leads it.
struct Staffroom {
    school: School,
    group: SubjectGroup,
    author: Actor,
    colleague: Actor,
    head: Actor,
    principal: Actor,
}

async fn teacher(app: &TestApp, school: &School, name: &str) -> (StaffId, Actor) {
    let staff = app.staff(school.id, name).await;
    (staff, app.actor(Some(Person::Staff(staff)), &[(Role::SubjectTeacher, Some(school.id))]).await)
}

async fn staffroom(app: &TestApp, school: School) -> Staffroom {
    let (a, author) = teacher(app, &school, "Nguyễn Thị Soạn").await;
    let (c, colleague) = teacher(app, &school, "Trần Văn Bạn").await;
    let (h, head) = teacher(app, &school, "Lê Thị Tổ").await;
    let principal = app.principal(&school).await;
    let body = json!({"name": "Tổ Toán - Tin", "head_id": h, "member_ids": [a, c, h]});
    let group = principal.post(&format!("/units/{}/subject-groups", school.id), &body).await.status(201).ok();
    Staffroom { school, group, author, colleague, head, principal }
}

impl Staffroom {
    fn plan(&self, app: &TestApp, title: &str, body: &str) -> Value {
        json!({
            "kind": "lesson", "school_year_id": app.world.year, "grade": "9", "subject_code": "TOAN",
            "group_id": self.group.id, "week": 3, "title": title, "body": body,
        })
    }

    async fn create(&self, app: &TestApp, title: &str, body: &str) -> TeachingPlan {
        let body = json!({"school_id": self.school.id, "plan": self.plan(app, title, body)});
        self.author.post("/teaching-plans", &body).await.status(201).ok()
    }

    async fn submitted(&self, app: &TestApp, title: &str, body: &str) -> TeachingPlan {
        let plan = self.create(app, title, body).await;
        submit(&self.author, &plan).await.ok()
    }
}

fn path(plan: &TeachingPlan) -> String {
    format!("/teaching-plans/{}", plan.item.id)
}

async fn submit(actor: &Actor, plan: &TeachingPlan) -> crate::harness::Reply {
    let request = actor.request(Method::POST, &format!("{}/submit", path(plan)));
    actor.send(request.header("if-match", format!("\"{}\"", plan.item.version))).await
}

async fn review(actor: &Actor, plan: &TeachingPlan, verdict: &str, note: Option<&str>) -> crate::harness::Reply {
    let body = json!({"verdict": verdict, "note": note, "revision": plan.item.revision});
    actor.post(&format!("{}/reviews", path(plan)), &body).await
}

async fn found(actor: &Actor, school: UnitId, query: &[(&str, &str)]) -> Vec<TeachingPlanItem> {
    let mut all = vec![("school_id", school.to_string())];
    all.extend(query.iter().map(|(name, value)| (*name, (*value).to_owned())));
    let reply = actor.send(actor.request(Method::GET, "/teaching-plans").query(&all)).await;
    reply.ok::<Page<TeachingPlanItem>>().items
}

both_engines! {
    async fn from_the_teacher_to_the_principal(app: TestApp) {
        let room = staffroom(&app, app.world.school_a.clone()).await;
        let plan = room.create(&app, "Phương trình bậc hai", "# I. Mục tiêu\n- Giải được\n# II. Thiết bị").await;
        assert_eq!((plan.item.state, plan.item.revision), (TeachingPlanState::Draft, 0));
        assert!(plan.may_edit && plan.may_submit && !plan.may_review);
        // Nobody else knows of a draft.
        room.head.get(&path(&plan)).await.problem(Code::NotFound);
        let plan: TeachingPlan = submit(&room.author, &plan).await.ok();
        assert_eq!((plan.item.state, plan.item.revision), (TeachingPlanState::Submitted, 1));
        // While it waits it is nobody's to change.
        let body = room.plan(&app, "Khác", "x");
        room.author.put(&path(&plan), plan.item.version, &body).await.problem(Code::TeachingPlanState);
        assert_eq!(found(&room.head, room.school.id, &[("shelf", "review")]).await.len(), 1);
        assert!(found(&room.principal, room.school.id, &[("shelf", "review")]).await.is_empty());
        review(&room.head, &plan, "return", None).await.field("/note", Code::FieldRequired);
        review(&room.head, &plan, "comment", Some("Bổ sung phân hoá.")).await.ok::<TeachingPlan>();
        let plan: TeachingPlan = review(&room.head, &plan, "return", Some("Thiếu phần đánh giá.")).await.ok();
        assert_eq!(plan.item.state, TeachingPlanState::Returned);
        let body = room.plan(&app, "Phương trình bậc hai", "# I. Mục tiêu\n- Giải được\n- Vận dụng\n# II. Thiết bị");
        let plan: TeachingPlan = room.author.put(&path(&plan), plan.item.version, &body).await.ok();
        // Others read what was submitted, its author what stands.
        assert!(!room.colleague.get(&path(&plan)).await.ok::<TeachingPlan>().body.contains("Vận dụng"));
        let plan: TeachingPlan = submit(&room.author, &plan).await.ok();
        let old = json!({"verdict": "accept", "revision": 1});
        room.head.post(&format!("{}/reviews", path(&plan)), &old).await.problem(Code::TeachingPlanNewer);
        let plan: TeachingPlan = review(&room.head, &plan, "accept", None).await.ok();
        assert_eq!(plan.item.state, TeachingPlanState::Endorsed);
        assert!(!plan.may_review && !plan.may_approve);
        assert_eq!(found(&room.principal, room.school.id, &[("shelf", "review")]).await.len(), 1);
        let plan: TeachingPlan = review(&room.principal, &plan, "accept", Some("Đồng ý.")).await.ok();
        assert_eq!(plan.item.state, TeachingPlanState::Approved);
        let acts: Vec<_> = plan.events.iter().map(|e| e.act).collect();
        use TeachingPlanAct::*;
        assert_eq!(acts, [Submitted, Commented, Returned, Submitted, Endorsed, Approved]);
        // The approval is of this content and of no other.
        let last = plan.events.last().unwrap();
        assert_eq!(last.content_hash.as_ref(), Some(&plan.versions[0].content_hash));
        assert!(plan.versions[0].approved && !plan.versions[1].approved);
        assert_ne!(plan.versions[0].content_hash, plan.versions[1].content_hash);
        let second: TeachingPlanVersion = room.colleague.get(&format!("{}/versions/2", path(&plan))).await.ok();
        let added: Vec<_> = second.changes.iter().filter(|c| c.fate != LineFate::Same).collect();
        assert_eq!((added.len(), added[0].fate, added[0].text.as_str()), (1, LineFate::Added, "- Vận dụng"));
        room.colleague.get(&format!("{}/versions/3", path(&plan))).await.problem(Code::NotFound);
    }

    async fn an_approval_is_a_signed_paper_where_somebody_signs(app: TestApp) {
        let room = staffroom(&app, app.world.school_a.clone()).await;
        let staff = app.staff(room.school.id, "Phạm Thị Hiệu").await;
        let principal = app.actor(Some(Person::Staff(staff)), &[(Role::Principal, Some(room.school.id))]).await;
        let key = json!({"label": "Dùng thử", "source": {"kind": "trial", "password": "mat-khau-dai"}});
        let key: dto::transcripts::SigningKey = principal.post("/me/signing-keys", &key).await.status(201).ok();
        let endorsed = async |title: &str| -> TeachingPlan {
            let plan = room.submitted(&app, title, "# I. Mục tiêu\n- Giải được #phương trình\n\n## 1. Khởi động\nNêu vấn đề.").await;
            review(&room.head, &plan, "accept", None).await.ok()
        };
        let body = |plan: &TeachingPlan, password: &str, verdict: &str| {
            json!({"verdict": verdict, "note": "x", "revision": plan.item.revision, "signature": {"key_id": key.id, "password": password}})
        };
        // Without a key one may approve, unless the school says otherwise.
        let plan = endorsed("Không ký").await;
        let plan: TeachingPlan = review(&principal, &plan, "accept", None).await.ok();
        assert!(plan.versions[0].approved && plan.versions[0].paper.is_none());
        room.author.get(&format!("{}/versions/1/paper", path(&plan))).await.problem(Code::NotFound);
        let policy = format!("/units/{}/teaching-plan-policy", room.school.id);
        let asked: dto::teaching_plans::TeachingPlanPolicy = room.author.get(&policy).await.ok();
        assert!(!asked.signature_required && asked.version == 0);
        room.author.put(&policy, 0, &json!({"signature_required": true})).await.problem(Code::Forbidden);
        let other = app.principal(&app.world.school_b).await;
        other.get(&policy).await.problem(Code::NotFound);
        other.put(&policy, 0, &json!({"signature_required": true})).await.problem(Code::NotFound);
        principal.put(&policy, 0, &json!({"signature_required": true})).await.status(200);
        principal.put(&policy, 0, &json!({"signature_required": true})).await.problem(Code::VersionConflict);
        let plan = endorsed("Phương trình bậc hai").await;
        let seen: TeachingPlan = principal.get(&path(&plan)).await.ok();
        assert!(seen.signature_required && seen.may_approve);
        review(&principal, &plan, "accept", None).await.problem(Code::TeachingPlanUnsigned);
        let reviews = format!("{}/reviews", path(&plan));
        principal.post(&reviews, &body(&plan, "sai", "accept")).await.problem(Code::SigningKeyWrong);
        principal.post(&reviews, &body(&plan, "mat-khau-dai", "comment")).await.field("/signature", Code::FieldChoice);
        room.principal.post(&reviews, &body(&plan, "mat-khau-dai", "accept")).await.problem(Code::NotFound);
        let signed: TeachingPlan = principal.post(&reviews, &body(&plan, "mat-khau-dai", "accept")).await.ok();
        let paper = signed.versions[0].paper.as_ref().expect("a paper");
        assert_eq!((signed.item.state, paper.signer.contains("Phạm Thị Hiệu")), (TeachingPlanState::Approved, true));
        let pdf = room.colleague.get(&format!("{}/versions/1/paper", path(&plan))).await.status(200);
        use sha2::Digest;
        assert_eq!(hex::encode(sha2::Sha256::digest(&pdf.body)), paper.sha256);
        other.get(&format!("{}/versions/1/paper", path(&plan))).await.problem(Code::NotFound);
        // What another program says of it: whole and unchanged; a changed byte is no longer what was signed.
        let folder = tempfile::tempdir().unwrap();
        let said = |bytes: &[u8]| {
            let file = folder.path().join("ke-hoach.pdf");
            std::fs::write(&file, bytes).unwrap();
            let out = std::process::Command::new("pdfsig").arg("-nocert").arg(&file).output().unwrap();
            String::from_utf8_lossy(&[out.stdout, out.stderr].concat()).into_owned()
        };
        let good = said(&pdf.body);
        assert!(good.contains("Signature is Valid") && good.contains("Total document signed") && good.contains("ETSI.CAdES.detached"), "{good}");
        let mut changed = pdf.body.to_vec();
        let place = changed.windows(6).position(|w| w == b"stream").unwrap() + 20;
        changed[place] ^= 1;
        assert!(!said(&changed).contains("Signature is Valid"));
        // The head of a group endorses; that is no approval and no signature.
        let plan = room.submitted(&app, "Của tổ", "Nội dung").await;
        let head = json!({"verdict": "accept", "revision": 1, "signature": {"key_id": key.id}});
        room.head.post(&format!("{}/reviews", path(&plan)), &head).await.field("/signature", Code::FieldChoice);
    }

    async fn a_deputy_signs_an_approval_with_an_own_key(app: TestApp) {
        let room = staffroom(&app, app.world.school_a.clone()).await;
        let staff = app.staff(room.school.id, "Phạm Văn Phó").await;
        let deputy = app.actor(Some(Person::Staff(staff)), &[(Role::Deputy, Some(room.school.id))]).await;
        let key = json!({"label": "Dùng thử", "source": {"kind": "trial", "password": "mat-khau-dai"}});
        let key: dto::transcripts::SigningKey = deputy.post("/me/signing-keys", &key).await.status(201).ok();
        let policy = format!("/units/{}/teaching-plan-policy", room.school.id);
        room.principal.put(&policy, 0, &json!({"signature_required": true})).await.status(200);
        let plan = room.submitted(&app, "Phương trình", "Nội dung").await;
        let plan: TeachingPlan = review(&room.head, &plan, "accept", None).await.ok();
        review(&deputy, &plan, "accept", None).await.problem(Code::TeachingPlanUnsigned);
        let body = json!({"verdict": "accept", "revision": 1, "signature": {"key_id": key.id, "password": "mat-khau-dai"}});
        let signed: TeachingPlan = deputy.post(&format!("{}/reviews", path(&plan)), &body).await.ok();
        assert!(signed.versions[0].paper.as_ref().is_some_and(|paper| paper.signer.contains("Phạm Văn Phó")));
        // Transcripts stay with those who sign them.
        deputy.get("/me/signing-tasks").await.problem(Code::Forbidden);
        let own: Page<dto::transcripts::SigningKey> = deputy.get("/me/signing-keys").await.ok();
        assert_eq!(own.items.len(), 1);
        deputy.delete(&format!("/me/signing-keys/{}", key.id)).await.done();
        app.at(Role::Nurse, &room.school).await.get("/me/signing-keys").await.problem(Code::Forbidden);
    }

    async fn only_who_reviews_reviews(app: TestApp) {
        let room = staffroom(&app, app.world.school_a.clone()).await;
        let other = staffroom(&app, app.world.school_b.clone()).await;
        let plan = room.submitted(&app, "Đạo hàm", "Nội dung").await;
        for actor in [&room.author, &room.colleague, &other.head, &other.principal] {
            review(actor, &plan, "accept", None).await.problem(Code::NotFound);
        }
        for actor in [&other.author, &other.principal] {
            actor.get(&path(&plan)).await.problem(Code::NotFound);
            actor.get(&format!("{}/versions/1", path(&plan))).await.problem(Code::NotFound);
            let school = room.school.id.to_string();
            let request = actor.request(Method::GET, "/teaching-plans").query(&[("school_id", school)]);
            actor.send(request).await.problem(Code::NotFound);
            actor.get(&format!("/units/{}/subject-groups", room.school.id)).await.problem(Code::NotFound);
        }
        let body = room.plan(&app, "x", "x");
        room.colleague.put(&path(&plan), plan.item.version, &body).await.problem(Code::NotFound);
        room.colleague.delete(&path(&plan)).await.problem(Code::NotFound);
        submit(&room.colleague, &plan).await.problem(Code::NotFound);
        room.colleague.post_empty(&format!("{}/withdraw", path(&plan))).await.problem(Code::NotFound);
        // The principal may approve without waiting for the head, and the head is past it then.
        review(&room.principal, &plan, "accept", None).await.ok::<TeachingPlan>();
        review(&room.head, &plan, "accept", None).await.problem(Code::NotFound);
    }

    async fn a_plan_of_the_head_goes_to_who_leads_the_school(app: TestApp) {
        let room = staffroom(&app, app.world.school_a.clone()).await;
        let body = json!({"school_id": room.school.id, "plan": room.plan(&app, "Kế hoạch của tổ trưởng", "x")});
        let plan: TeachingPlan = room.head.post("/teaching-plans", &body).await.ok();
        let plan: TeachingPlan = submit(&room.head, &plan).await.ok();
        assert_eq!(plan.item.state, TeachingPlanState::Endorsed);
        review(&room.head, &plan, "accept", None).await.problem(Code::NotFound);
        // Taken back, and gone on with.
        let plan: TeachingPlan = room.head.post_empty(&format!("{}/withdraw", path(&plan))).await.ok();
        assert_eq!(plan.item.state, TeachingPlanState::Draft);
        room.head.post_empty(&format!("{}/withdraw", path(&plan))).await.problem(Code::TeachingPlanState);
        room.head.delete(&path(&plan)).await.problem(Code::TeachingPlanState);
        submit(&room.head, &plan).await.ok::<TeachingPlan>();
        submit(&room.head, &plan).await.problem(Code::TeachingPlanState);
    }

    async fn a_file_is_of_the_plan(app: TestApp) {
        let room = staffroom(&app, app.world.school_a.clone()).await;
        let other = staffroom(&app, app.world.school_b.clone()).await;
        let first: StoredFile = small(&room.author, room.school.id, "Bài 1.pdf", b"%PDF-1.7 one").await.ok();
        let mut plan = room.plan(&app, "Có tệp", "");
        let body = json!({"school_id": room.school.id, "plan": plan});
        let empty: TeachingPlan = room.author.post("/teaching-plans", &body).await.ok();
        submit(&room.author, &empty).await.problem(Code::TeachingPlanEmpty);
        room.author.delete(&path(&empty)).await.done();
        plan["file_id"] = json!(first.id);
        let body = json!({"school_id": room.school.id, "plan": plan});
        // A file of somebody else's is no file.
        room.colleague.post("/teaching-plans", &body).await.field("/plan/file_id", Code::FieldChoice);
        let made: TeachingPlan = room.author.post("/teaching-plans", &body).await.ok();
        let at = |file: &StoredFile| format!("{}/files/{}", path(&made), file.id);
        room.colleague.get(&at(&first)).await.problem(Code::NotFound);
        let made = submit(&room.author, &made).await.ok::<TeachingPlan>();
        assert_eq!(room.colleague.get(&at(&first)).await.status(200).body, b"%PDF-1.7 one");
        other.author.get(&at(&first)).await.problem(Code::NotFound);
        let request = room.head.request(Method::GET, &at(&first)).header("range", "bytes=0-3");
        assert_eq!(room.head.send(request).await.status(206).body, b"%PDF");
        let made: TeachingPlan = review(&room.head, &made, "return", Some("Sửa")).await.ok();
        // Another file: what was submitted keeps its own.
        let second: StoredFile = small(&room.author, room.school.id, "Bài 1.pdf", b"%PDF-1.7 two").await.ok();
        plan["file_id"] = json!(second.id);
        let made: TeachingPlan = room.author.put(&path(&made), made.item.version, &plan).await.ok();
        assert_eq!(made.file.as_ref().map(|f| f.id), Some(second.id));
        room.colleague.get(&at(&second)).await.problem(Code::NotFound);
        room.colleague.get(&at(&first)).await.status(200);
        let storage: SchoolStorage = room.principal.get(&format!("/units/{}/storage", room.school.id)).await.ok();
        assert_eq!(storage.kinds[0].kind.as_deref(), Some("teaching_plan"));
        assert_eq!((storage.files, storage.bytes), (2, 24));
        // One that was never submitted goes.
        plan.as_object_mut().unwrap().remove("file_id");
        room.author.put(&path(&made), made.item.version, &plan).await.ok::<TeachingPlan>();
        room.author.get(&at(&second)).await.problem(Code::NotFound);
    }

    async fn a_plan_is_found_by_anything(app: TestApp) {
        let room = staffroom(&app, app.world.school_a.clone()).await;
        let plan = room.submitted(&app, "Ứng dụng đạo hàm", "# Mục tiêu\nKhảo sát sự biến thiên và vẽ đồ thị.").await;
        room.submitted(&app, "Thống kê", "Số trung bình").await;
        room.create(&app, "Bản nháp đạo hàm", "x").await;
        let ids = |items: Vec<TeachingPlanItem>| items.into_iter().map(|i| i.id).collect::<Vec<_>>();
        for q in ["dao ham", "ĐẠO HÀM", "ve do thi", "soan dao", "toan dao", "khoi 9 bien thien", "bài dạy đạo"] {
            assert_eq!(ids(found(&room.colleague, room.school.id, &[("q", q)]).await), [plan.item.id], "{q}");
        }
        for q in ["dao ham thong ke", "đồ thị hàm số", "hinh hoc"] {
            assert!(found(&room.colleague, room.school.id, &[("q", q)]).await.is_empty(), "{q}");
        }
        let year = app.world.year.to_string();
        for (name, value) in [("grade", "9"), ("subject_code", "TOAN"), ("school_year_id", year.as_str()), ("kind", "lesson")] {
            assert_eq!(found(&room.colleague, room.school.id, &[(name, value)]).await.len(), 2, "{name}");
        }
        let staff = room.author.staff_id().to_string();
        assert_eq!(found(&room.colleague, room.school.id, &[("staff_id", &staff), ("q", "trung binh")]).await.len(), 1);
        assert_eq!(found(&room.colleague, room.school.id, &[("grade", "8")]).await.len(), 0);
        let group = room.group.id.to_string();
        assert_eq!(found(&room.colleague, room.school.id, &[("group_id", &group), ("state", "submitted")]).await.len(), 2);
        // One's own with the drafts; those of nobody else.
        assert_eq!(found(&room.author, room.school.id, &[("shelf", "mine")]).await.len(), 3);
        assert_eq!(found(&room.colleague, room.school.id, &[("shelf", "mine")]).await.len(), 0);
        let request = room.author.request(Method::GET, "/teaching-plans");
        let school = room.school.id.to_string();
        let request = request.query(&[("school_id", school.as_str()), ("shelf", "mine"), ("limit", "2")]);
        let first: Page<TeachingPlanItem> = room.author.send(request).await.ok();
        let rest = found(&room.author, room.school.id, &[("shelf", "mine"), ("after", first.next.as_deref().unwrap())]).await;
        assert_eq!((first.items.len(), rest.len()), (2, 1));
    }

    async fn a_group_is_of_its_school(app: TestApp) {
        let room = staffroom(&app, app.world.school_a.clone()).await;
        let at = format!("/units/{}/subject-groups", room.school.id);
        let stranger = app.staff(app.world.school_b.id, "Người Khác").await;
        let body = json!({"name": "Tổ Văn", "member_ids": [stranger]});
        room.principal.post(&at, &body).await.field("/member_ids/0", Code::FieldChoice);
        let head = room.head.staff_id();
        let body = json!({"name": "Tổ Văn", "head_id": head, "member_ids": []});
        room.principal.post(&at, &body).await.field("/head_id", Code::FieldChoice);
        app.principal(&app.world.school_b.clone()).await.post(&at, &body).await.problem(Code::NotFound);
        let one = format!("{at}/{}", room.group.id);
        let body = json!({"name": "Tổ Toán", "head_id": head, "member_ids": [head]});
        let after: SubjectGroup = room.principal.put(&one, room.group.version, &body).await.ok();
        assert_eq!((after.name.as_str(), after.members.len(), after.version), ("Tổ Toán", 1, 2));
        room.principal.put(&one, room.group.version, &body).await.problem(Code::VersionConflict);
        room.submitted(&app, "Chờ", "x").await;
        room.principal.delete(&one).await.problem(Code::SubjectGroupUsed);
        let listed: Page<SubjectGroup> = room.author.get(&at).await.ok();
        assert_eq!(listed.items[0].head.as_ref().map(|h| h.staff_id), Some(head));
        let waiting = found(&room.head, room.school.id, &[("shelf", "review")]).await;
        let plan: TeachingPlan = room.author.get(&format!("/teaching-plans/{}", waiting[0].id)).await.ok();
        review(&room.head, &plan, "accept", None).await.ok::<TeachingPlan>();
        room.principal.delete(&one).await.done();
        // What had been of the group is still there.
        assert_eq!(found(&room.principal, room.school.id, &[("shelf", "review")]).await.len(), 1);
    }

    async fn what_is_wrong_is_said_where(app: TestApp) {
        let room = staffroom(&app, app.world.school_a.clone()).await;
        let mut plan = room.plan(&app, " ", "x");
        let post = async |plan: &Value| {
            room.author.post("/teaching-plans", &json!({"school_id": room.school.id, "plan": plan})).await
        };
        post(&plan).await.field("/plan/title", Code::FieldLength);
        plan["title"] = json!("x");
        plan["subject_code"] = json!("KHONG");
        post(&plan).await.field("/plan/subject_code", Code::FieldChoice);
        plan["subject_code"] = json!("TOAN");
        plan["week"] = json!(41);
        post(&plan).await.field("/plan/week", Code::FieldRange);
        plan["week"] = json!(1);
        plan["group_id"] = json!(uuid::Uuid::nil());
        post(&plan).await.field("/plan/group_id", Code::FieldChoice);
        // Markup is text like any other.
        let made = room.create(&app, "<b>Đậm</b>", "<script>alert(1)</script>\u{0007}").await;
        assert_eq!((made.item.title.as_str(), made.body.as_str()), ("<b>Đậm</b>", "<script>alert(1)</script>"));
        room.author.put(&path(&made), 9, &room.plan(&app, "x", "x")).await.problem(Code::VersionConflict);
    }
}
