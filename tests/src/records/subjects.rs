//! `/classes/{class_id}/subjects`.

use crate::harness::{School, TestApp};
use dto::classes::{Class, ClassSubject};
use dto::staff::TeachingItem;
use dto::units::Unit;
use dto::{ClassId, Code, LearnerId, Page, StaffId};
use serde_json::{Value, json};

fn entry(code: &str, teachers: &[StaffId]) -> Value {
    json!({"subject_code": code, "whole_class": true, "teacher_ids": teachers})
}

fn path(class: &Class) -> String {
    format!("/classes/{}/subjects", class.id)
}

fn codes(page: &Page<ClassSubject>) -> Vec<&str> {
    page.items.iter().map(|s| s.subject_code.as_str()).collect()
}

async fn rows_of_teaching(app: &TestApp, class: ClassId) -> usize {
    use sea_orm::ConnectionTrait;
    use sea_orm::sea_query::{Expr, ExprTrait, Query};
    let mut select = Query::select();
    select.column("staff_id").from("teaching").and_where(Expr::col("class_id").eq(class.0));
    app.db.read().query_all(&select).await.unwrap().len()
}

both_engines! {
    async fn a_class_begins_with_the_programme_of_its_grade(app: TestApp) {
        let class = app.class(&app.world.school_a, "6A1", "6").await;
        let principal = app.principal(&app.world.school_a).await;
        let subjects: Page<ClassSubject> = principal.get(&path(&class)).await.ok();
        assert_eq!(codes(&subjects), [
            "NGU_VAN", "TOAN", "NN1", "GDCD", "LSDL", "KHTN", "CONG_NGHE", "TIN_HOC", "GDTC", "NGHE_THUAT", "HDTN_HN", "GDDP",
        ]);
        let maths = &subjects.items[1];
        assert_eq!((maths.name_vi.as_str(), maths.annual_periods, maths.whole_class), ("Toán", 140, true));
    }

    async fn subjects_and_teachers_are_replaced_as_a_whole(app: TestApp) {
        let school = &app.world.school_a;
        let class = app.class(school, "6A1", "6").await;
        let principal = app.principal(school).await;
        let (ha, lan) = (app.staff(school.id, "Lê Hà").await, app.staff(school.id, "Lê Lan").await);
        let body = json!({"subjects": [entry("TOAN", &[ha]), entry("NGU_VAN", &[lan, ha]), entry("NN2", &[])]});
        let put: Page<ClassSubject> = principal.put_bare(&path(&class), &body).await.ok();
        assert_eq!(codes(&put), ["NGU_VAN", "TOAN", "NN2"], "in the order of the programme");
        let teachers = |page: &Page<ClassSubject>, code: &str| -> Vec<String> {
            let subject = page.items.iter().find(|s| s.subject_code == code).unwrap();
            let mut names: Vec<_> = subject.teachers.iter().map(|t| t.full_name.clone()).collect();
            names.sort();
            names
        };
        assert_eq!(teachers(&put, "NGU_VAN"), ["Lê Hà", "Lê Lan"]);
        // Assigned by mistake and taken off on the same day: no trace but the log.
        let body = json!({"subjects": [entry("TOAN", &[lan]), entry("NGU_VAN", &[lan])]});
        let again: Page<ClassSubject> = principal.put_bare(&path(&class), &body).await.ok();
        assert_eq!((codes(&again), teachers(&again, "TOAN")), (vec!["NGU_VAN", "TOAN"], vec!["Lê Lan".to_owned()]));
        assert_eq!(rows_of_teaching(&app, class.id).await, 2);
        // The same once more changes nothing.
        let same: Page<ClassSubject> = principal.put_bare(&path(&class), &body).await.ok();
        assert_eq!(same, again);
        // Who has taught since September stays in the history.
        app.teaches(class.id, "TOAN", ha).await;
        principal.put_bare(&path(&class), &body).await.status(200);
        assert_eq!(rows_of_teaching(&app, class.id).await, 3);
        let now: Page<ClassSubject> = principal.get(&path(&class)).await.ok();
        assert_eq!(teachers(&now, "TOAN"), ["Lê Lan"]);
    }

    async fn faults_of_subjects_name_their_field(app: TestApp) {
        let school = &app.world.school_a;
        let class = app.class(school, "6A1", "6").await;
        let principal = app.principal(school).await;
        let stranger = app.staff(app.world.school_b.id, "Người Lạ").await;
        let put = async |subjects: Vec<Value>| principal.put_bare(&path(&class), &json!({"subjects": subjects})).await;
        put(vec![entry("TOAN", &[]), entry("VAT_LI", &[])]).await.field("/subjects/1/subject_code", Code::SubjectNotOffered);
        put(vec![entry("toán", &[])]).await.field("/subjects/0/subject_code", Code::SubjectNotOffered);
        put(vec![entry("TOAN", &[]), entry("TOAN", &[])]).await.field("/subjects/1/subject_code", Code::FieldChoice);
        put(vec![entry("TOAN", &[stranger])]).await.field("/subjects/0/teacher_ids/0", Code::FieldChoice);
        let kept: Page<ClassSubject> = principal.get(&path(&class)).await.ok();
        assert_eq!(kept.items.len(), 12, "a refused change changes nothing");
        // Assigning is the head's, not the office's.
        let clerk = app.at(dto::access::Role::Clerk, school).await;
        clerk.put_bare(&path(&class), &json!({"subjects": []})).await.problem(Code::Forbidden);
    }

    async fn chosen_subjects_are_for_those_who_choose_them(app: TestApp) {
        let admin = app.province_admin().await;
        let body = json!({
            "kind": "school", "parent_id": app.world.department, "name": "THPT Hoàng Diệu", "short_name": "Hoàng Diệu", "code": "94050",
            "code_set": "test", "code_set_version": "2025-07-01", "levels": ["upper_secondary"], "opened_on": "2000-09-05",
        });
        let unit: Unit = admin.post("/units", &body).await.ok();
        let school = School { id: unit.id, name: unit.name };
        let class = app.class(&school, "10A1", "10").await;
        let principal = app.principal(&school).await;
        let (an, binh) = (app.learner(&class, "Lê An").await, app.learner(&class, "Lê Bình").await);
        let subjects: Page<ClassSubject> = principal.get(&path(&class)).await.ok();
        let mut body: Vec<Value> = codes(&subjects).into_iter().map(|code| entry(code, &[])).collect();
        body.push(json!({"subject_code": "VAT_LI", "whole_class": false, "teacher_ids": []}));
        principal.put_bare(&path(&class), &json!({"subjects": body})).await.status(200);

        let physics = format!("{}/VAT_LI/learners", path(&class));
        let maths = format!("{}/TOAN/learners", path(&class));
        assert_eq!(principal.get(&maths).await.ok::<Page<LearnerId>>().items, [an, binh]);
        assert!(principal.get(&physics).await.ok::<Page<LearnerId>>().items.is_empty());
        let put: Page<LearnerId> = principal.put_bare(&physics, &json!({"learner_ids": [binh]})).await.ok();
        assert_eq!(put.items, [binh]);
        assert_eq!(principal.get(&physics).await.ok::<Page<LearnerId>>().items, [binh]);
        let put: Page<LearnerId> = principal.put_bare(&physics, &json!({"learner_ids": [an, an]})).await.ok();
        assert_eq!(put.items, [an]);
        principal.put_bare(&maths, &json!({"learner_ids": [an]})).await.problem(Code::SubjectWholeClass);
        principal.put_bare(&physics, &json!({"learner_ids": [uuid::Uuid::now_v7()]})).await.field("/learner_ids/0", Code::FieldChoice);
        principal.get(&format!("{}/HOA_HOC/learners", path(&class))).await.problem(Code::NotFound);
        principal.get(&format!("{}/%27/learners", path(&class))).await.problem(Code::NotFound);
    }

    async fn a_teacher_sees_what_they_teach(app: TestApp) {
        let a = app.class(&app.world.school_a, "6A1", "6").await;
        let b = app.class(&app.world.school_b, "7B", "7").await;
        app.learner(&a, "Lê An").await;
        let teacher = app.teacher(&a, "TOAN").await;
        app.teaches(b.id, "TIN_HOC", teacher.staff_id()).await;
        app.set_homeroom(a.id, teacher.staff_id()).await;
        let items = teacher.get("/me/teaching").await.ok::<Page<TeachingItem>>().items;
        let seen: Vec<_> = items.iter().map(|i| (i.class_name.as_str(), i.subject_code.as_deref(), i.homeroom, i.learners)).collect();
        assert_eq!(seen, [("6A1", None, true, 1), ("7B", Some("TIN_HOC"), false, 0), ("6A1", Some("TOAN"), false, 1)]);
        assert_eq!(items[2].subject_name_vi.as_deref(), Some("Toán"));
        assert!(app.principal(&app.world.school_a).await.get("/me/teaching").await.ok::<Page<TeachingItem>>().items.is_empty());
    }
}
