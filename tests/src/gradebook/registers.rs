//! Registers of a class as PDF files: what stands in them, who may have them, and nothing of a neighbour in a family's slip.

use super::council::{by_ordinal, ended};
use super::primary::{fill, primary};
use super::*;
use crate::documents::{pages, words};
use crate::harness::Reply;
use crate::records::growth::teaches_all_ages;
use dto::Code;
use dto::access::Role;
use dto::registers::RegisterForm;
use serde_json::json;

fn path(class: &Class, form: RegisterForm, query: &str) -> String {
    format!("/classes/{}/registers/{form}{query}", class.id)
}

fn is_pdf(reply: &Reply) {
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert_eq!(reply.header("content-type"), Some("application/pdf"));
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    let name = reply.header("content-disposition").unwrap();
    assert!(name.starts_with("inline; filename=\"") && name.is_ascii() && name.ends_with(".pdf\""), "{name}");
    assert!(reply.body.starts_with(b"%PDF-"));
}

async fn pdf(actor: &Actor, path: &str) -> Vec<u8> {
    let reply = actor.get(path).await;
    is_pdf(&reply);
    reply.body
}

async fn text(actor: &Actor, room: &Room, form: RegisterForm, query: &str) -> String {
    words(&pdf(actor, &path(&room.class, form, query)).await)
}

fn has(words: &str, all: &[&str]) {
    for text in all {
        assert!(words.contains(text), "{text}: {words}");
    }
}

fn has_not(words: &str, all: &[&str]) {
    for text in all {
        assert!(!words.contains(text), "{text}: {words}");
    }
}

both_engines! {
    async fn the_registers_of_a_school_are_drawn_in_one_run(app: TestApp) {
        use dto::closing_runs::RunState;
        use dto::registers::RegisterRun;
        use sea_orm::ConnectionTrait;
        use sea_orm::sea_query::{Expr, ExprTrait};
        use std::io::Read;
        let room = ended(&app).await;
        app.class(&room.school, "6A8", "6").await;
        let path = format!("/units/{}/register-runs", room.school.id);
        room.principal.post(&path, &json!({"forms": []})).await.problem(Code::Invalid);
        room.principal.post(&path, &json!({"forms": ["roll"], "school_year_id": room.school.id})).await.field("/school_year_id", Code::FieldChoice);
        let begun: RegisterRun = room.principal.post(&path, &json!({"forms": ["roll", "slips"], "copy": true})).await.status(201).ok();
        assert_eq!((begun.total, begun.school_year.as_str()), (4, "2026-2027"));
        let read = async || room.principal.get(&format!("{path}/{}", begun.id)).await.ok::<RegisterRun>();
        crate::gradebook::contact::outbox::until(async || read().await.state == RunState::Done).await;
        let done = read().await;
        // A class without learners has no slips; that is said and stops nothing.
        assert_eq!((done.done, done.skipped.len()), (4, 1), "{done:?}");
        assert_eq!((done.skipped[0].class_name.as_str(), done.skipped[0].form), ("6A8", RegisterForm::Slips));
        let zip = room.principal.get(&format!("{path}/{}/file", begun.id)).await.status(200);
        assert_eq!(zip.header("content-type"), Some("application/zip"));
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(zip.body.to_vec())).unwrap();
        let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
        assert_eq!(names.len(), 3, "{names:?}");
        let slips = names.iter().find(|name| name.contains("phieu-lien-lac")).unwrap().clone();
        let mut bytes = Vec::new();
        archive.by_name(&slips).unwrap().read_to_end(&mut bytes).unwrap();
        assert!(bytes.starts_with(b"%PDF-"));
        // Killed in the middle: what is drawn stays, and the rest is drawn when it is taken up.
        let mut undone = sea_orm::sea_query::Query::update();
        undone.table("register_run").value("state", "running").value("done", 3);
        let mut part = sea_orm::sea_query::Query::delete();
        part.from_table("register_run_part").and_where(Expr::col("seq").eq(1));
        app.db.migrator().execute(&undone).await.unwrap();
        app.db.migrator().execute(&part).await.unwrap();
        room.principal.get(&format!("{path}/{}/file", begun.id)).await.problem(Code::RegisterRunNotReady);
        room.principal.post(&path, &json!({"forms": ["roll"]})).await.problem(Code::RegisterRunGoing);
        assert_eq!(gradebook::registers::runs::unfinished(&app.db).await.unwrap(), [(room.school.id, begun.id)]);
        gradebook::registers::runs::drive(&app.db, room.school.id, begun.id, || true).await.unwrap();
        assert_eq!(read().await.state, RunState::Running, "one that is told to stop stops");
        gradebook::registers::runs::drive(&app.db, room.school.id, begun.id, || false).await.unwrap();
        let again = read().await;
        assert_eq!((again.state, again.done), (RunState::Done, 4));
        let second = room.principal.get(&format!("{path}/{}/file", begun.id)).await.status(200);
        assert_eq!(zip::ZipArchive::new(std::io::Cursor::new(second.body.to_vec())).unwrap().len(), 3);
        let list: dto::Page<RegisterRun> = room.principal.get(&path).await.ok();
        assert_eq!(list.items.len(), 1);
        // Of the whole school: not for whoever reaches one class, and not for another school's.
        let other = app.principal(&app.world.school_b).await;
        for actor in [&room.homeroom, &other] {
            actor.post(&path, &json!({"forms": ["roll"]})).await.problem(Code::NotFound);
            actor.get(&path).await.problem(Code::NotFound);
            actor.get(&format!("{path}/{}", begun.id)).await.problem(Code::NotFound);
            actor.get(&format!("{path}/{}/file", begun.id)).await.problem(Code::NotFound);
        }
    }

    async fn the_register_of_a_class_has_its_list_its_marks_and_its_results(app: TestApp) {
        let room = ended(&app).await;
        let found = pdf(&room.principal, &path(&room.class, RegisterForm::Assessment, "")).await;
        let words = words(&found);
        has(&words, &[
            "SỔ THEO DÕI VÀ ĐÁNH GIÁ HỌC SINH",
            "THCS Trần Phú",
            "Năm học 2026-2027",
            "Nguyễn Thị Ánh",
            "Lê Văn Bình",
            "Trần Thu Cúc",
            "12/03/2015",
            "Môn: Toán",
            "TX1 TX2 TX3 TX4 GK CK TB",
            // The one who is good: four regular marks, midterm, final and average of both terms, then the year.
            "8,5 8,5 8,5 8,5 8,5 8,5 8,5 8,5 8,5 8,5 8,5 8,5 8,5 8,5 8,5",
            "Môn: Giáo dục thể chất",
            "Tổng hợp kết quả đánh giá – Học kì I",
            "Tổng hợp kết quả đánh giá – Cả năm",
            "Đã chốt",
            "Rèn luyện trong kì nghỉ hè",
        ]);
        has_not(&words, &["BẢN SAO", "Chưa chốt"]);
        // A cover, the list, each subject, each period.
        assert_eq!(pages(&found), 2 + room.subjects().await.len() + 3);
    }

    async fn a_copy_is_marked_on_each_page(app: TestApp) {
        let room = ended(&app).await;
        for form in [RegisterForm::Assessment, RegisterForm::Marks, RegisterForm::Homeroom, RegisterForm::Slips, RegisterForm::Awards] {
            let copy = pdf(&room.homeroom, &path(&room.class, form, "?copy=true")).await;
            assert_eq!(words(&copy).matches("BẢN SAO").count(), pages(&copy), "{form}");
        }
        let subject = format!("/classes/{}/subjects/TOAN/register", room.class.id);
        has(&words(&pdf(&room.teacher, &format!("{subject}?copy=true")).await), &["BẢN SAO"]);
        has_not(&words(&pdf(&room.teacher, &subject).await), &["BẢN SAO"]);
    }

    async fn mark_tables_are_of_a_period_or_of_a_subject(app: TestApp) {
        let room = room(&app).await;
        let [a, b, _] = room.learners[..] else { panic!() };
        room.save(vec![cell(a, Slot::Regular(1), score(970), 0), cell(b, Slot::Final, score(330), 0)]).await;
        let one = pdf(&room.homeroom, &path(&room.class, RegisterForm::Marks, "?period=1")).await;
        assert_eq!(pages(&one), 1);
        has(&words(&one), &["BẢNG ĐIỂM LỚP 6A1", "Học kì I", "Chưa chốt: tính theo điểm hiện có"]);
        has_not(&words(&one), &["Học kì II"]);
        assert_eq!(pages(&pdf(&room.homeroom, &path(&room.class, RegisterForm::Marks, "")).await), 3);
        room.homeroom.get(&path(&room.class, RegisterForm::Marks, "?period=3")).await.problem(Code::Invalid);
        let subject = words(&pdf(&room.teacher, &format!("/classes/{}/subjects/TOAN/register", room.class.id)).await);
        has(&subject, &["Môn: Toán", "9,7", "3,3", "Nguyễn Thị Ánh", "Lê Văn Bình", "GIÁO VIÊN BỘ MÔN"]);
    }

    async fn the_homeroom_register_has_conduct_absences_notes_and_the_council(app: TestApp) {
        let room = room(&app).await;
        let note = json!({
            "learner_id": room.learners[1], "day": "2026-09-08", "kind": "praise", "text": "Nhặt được của rơi, trả lại người mất",
        });
        room.homeroom.post(&term_path(&room.class, Term::S1, "conduct-notes"), &note).await.ok::<dto::council::ConductNote>();
        let missed = json!({"entries": [{
            "learner_id": room.learners[2], "day": "2026-09-09", "session": "morning", "kind": "unexcused", "version": 0,
        }]});
        room.homeroom.put_bare(&term_path(&room.class, Term::S1, "absences"), &missed).await.ok::<dto::council::AbsencesSaved>();
        room.assess(Term::S1, Level::Fail, 2).await;
        let minutes = json!({
            "met_on": "2026-09-10", "members": [{"full_name": "Ngô Thị Chủ Trì", "role": "Chủ tịch hội đồng"}], "text": "Nhất trí 100 %.",
        });
        let council = super::council::council_path(&room.class, "/minutes");
        room.homeroom.put(&council, 0, &minutes).await.ok::<dto::council::Council>();
        let words = text(&room.homeroom, &room, RegisterForm::Homeroom, "").await;
        has(&words, &[
            "SỔ CHỦ NHIỆM",
            "Sĩ số: 3 (nam 0, nữ 3)",
            "Giáo viên dạy lớp",
            "Chuyên cần và rèn luyện",
            "Chưa đạt",
            "08/09/2026 Lê Văn Bình Khen Nhặt được của rơi, trả lại người mất",
            "Trần Thu Cúc 09/09 S (K)",
            "Kết quả rèn luyện",
            "Ngày họp: 10/09/2026. Thành phần: Ngô Thị Chủ Trì (Chủ tịch hội đồng).",
            "Nhất trí 100 %.",
        ]);
    }

    async fn a_slip_is_of_one_child_alone(app: TestApp) {
        let room = ended(&app).await;
        let mine = room.learners[1];
        let guardian = app.guardian(&[mine]).await;
        let slip = pdf(&guardian, &format!("/me/children/{mine}/slip")).await;
        assert_eq!(pages(&slip), 1);
        let said = words(&slip);
        has(&said, &["PHIẾU LIÊN LẠC", "Lê Văn Bình", "Toán 3,0 3,0 3,0", "Kết quả học tập", "Số buổi nghỉ 2 2 4", "Ý kiến của phụ huynh"]);
        // Nothing of another child, no rank, no average of the class (TT 15/2026 Đ.22 k.2).
        has_not(&said, &["Ánh", "Cúc", "xếp hạng", "hạng", "trung bình lớp", "BẢN SAO"]);
        for other in [room.learners[0], room.learners[2]] {
            guardian.get(&format!("/me/children/{other}/slip")).await.problem(Code::NotFound);
        }
        guardian.get(&path(&room.class, RegisterForm::Slips, "")).await.problem(Code::Forbidden);
        room.homeroom.get(&format!("/me/children/{mine}/slip")).await.problem(Code::Forbidden);
        let learner = app.learner_account(mine).await;
        has(&words(&pdf(&learner, &format!("/me/children/{mine}/slip?school_year_id={}", app.world.year)).await), &["Lê Văn Bình"]);
        learner.get(&format!("/me/children/{}/slip", room.learners[0])).await.problem(Code::NotFound);

        // Of the class: a page each; of one: that page.
        let all = pdf(&room.homeroom, &path(&room.class, RegisterForm::Slips, "")).await;
        assert_eq!(pages(&all), 3);
        let one = text(&room.homeroom, &room, RegisterForm::Slips, &format!("?learner_id={mine}")).await;
        has(&one, &["Lê Văn Bình"]);
        has_not(&one, &["Ánh", "Cúc"]);
        let stranger = app.learner(&app.class(&room.school, "6A9", "6").await, "Phạm Người Lạ").await;
        for form in [RegisterForm::Slips, RegisterForm::Awards] {
            let query = format!("?learner_id={stranger}");
            let expected = if form == RegisterForm::Slips { Code::NotFound } else { Code::NoAward };
            room.homeroom.get(&path(&room.class, form, &query)).await.problem(expected);
        }
    }

    async fn an_open_term_shows_its_marks_so_far(app: TestApp) {
        let room = room(&app).await;
        let mine = room.learners[0];
        room.save(vec![cell(mine, Slot::Regular(1), score(850), 0), cell(mine, Slot::Midterm, score(700), 0)]).await;
        let guardian = app.guardian(&[mine]).await;
        let said = words(&pdf(&guardian, &format!("/me/children/{mine}/slip")).await);
        has(&said, &["TX1 8,5; GK 7"]);
    }

    async fn certificates_are_for_who_has_an_award(app: TestApp) {
        let room = room(&app).await;
        room.principal.get(&path(&room.class, RegisterForm::Awards, "")).await.problem(Code::TermNotClosed);
        for term in [Term::S1, Term::S2] {
            room.fill(&app, term, |_, learner, _| if learner == 2 { 550 } else { 930 }).await;
            room.assess(term, Level::Good, 1).await;
            room.close(term).await;
        }
        let found = pdf(&room.principal, &path(&room.class, RegisterForm::Awards, "")).await;
        assert_eq!(pages(&found), 2);
        let said = words(&found);
        has(&said, &["GIẤY KHEN", "Học sinh Xuất sắc", "HIỆU TRƯỞNG THCS TRẦN PHÚ", "năm học 2026-2027"]);
        let last = by_ordinal(&room, 2).await;
        let one = path(&room.class, RegisterForm::Awards, &format!("?learner_id={last}"));
        room.principal.get(&one).await.problem(Code::NoAward);
    }

    async fn a_primary_class_has_levels_and_qualities(app: TestApp) {
        let room = primary(&app, "R4").await;
        for term in [Term::S1, Term::S2] {
            fill(&room, term).await;
        }
        room.close(Term::S1).await;
        room.close(Term::S2).await;
        let register = text(&room.homeroom, &room, RegisterForm::Assessment, "").await;
        has(&register, &["Môn: Tiếng Việt", "Mức GK", "Đánh giá kết quả giáo dục", "Tổng hợp kết quả đánh giá – Cả năm"]);
        let slips = text(&room.homeroom, &room, RegisterForm::Slips, "").await;
        has(&slips, &["Phẩm chất và năng lực", "Yêu nước", "Cuối HK I Cuối năm", "Hoàn thành chương trình lớp học"]);
        let homeroom = text(&room.homeroom, &room, RegisterForm::Homeroom, "").await;
        has(&homeroom, &["SỔ CHỦ NHIỆM", "Đánh giá kết quả giáo dục"]);
        has_not(&homeroom, &["Chuyên cần và rèn luyện"]);
        for form in [RegisterForm::Marks, RegisterForm::Awards] {
            is_pdf(&room.homeroom.get(&path(&room.class, form, "")).await);
        }
    }

    async fn an_empty_class_and_a_class_without_rules_have_an_answer(app: TestApp) {
        let school = app.world.school_a.clone();
        let principal = app.principal(&school).await;
        let empty = app.class(&school, "6A8", "6").await;
        for form in [RegisterForm::Assessment, RegisterForm::Marks, RegisterForm::Homeroom] {
            is_pdf(&principal.get(&path(&empty, form, "")).await);
        }
        principal.get(&path(&empty, RegisterForm::Slips, "")).await.problem(Code::NobodyInClass);
        // A class that no circular of marks is for.
        teaches_all_ages(&app, &school).await;
        let preschool = app.class(&school, "Lá 1", "k5").await;
        for form in RegisterForm::ALL {
            principal.get(&path(&preschool, *form, "")).await.problem(Code::RegulationUnavailable);
        }
        principal.get(&format!("/classes/{}/registers/so-diem", empty.id)).await.problem(Code::BadPath);
    }

    /// A name is data in each form, whatever it looks like to the templates.
    async fn a_name_is_never_code(app: TestApp) {
        let school = app.world.school_a.clone();
        let class = app.class(&school, "6A7", "6").await;
        app.learner(&class, "#panic() *Ngọc* $x$ @y").await;
        let principal = app.principal(&school).await;
        for form in [RegisterForm::Assessment, RegisterForm::Marks, RegisterForm::Homeroom, RegisterForm::Slips] {
            let said = words(&pdf(&principal, &path(&class, form, "")).await);
            has(&said, &["#panic() *Ngọc* $x$ @y"]);
        }
    }

    async fn who_reads_results_draws_them_and_nobody_else(app: TestApp) {
        let room = room(&app).await;
        let other = room_in(&app, &app.world.school_b, "6B").await;
        for form in RegisterForm::ALL {
            let path = path(&room.class, *form, "");
            for outsider in [&other.principal, &other.homeroom] {
                outsider.get(&path).await.problem(Code::NotFound);
            }
            // Who teaches one subject has that subject's table, and not the class's.
            room.teacher.get(&path).await.problem(Code::Forbidden);
            app.at(Role::Clerk, &room.school).await.get(&path).await.problem(Code::Forbidden);
            app.anonymous().get(&path).await.problem(Code::Unauthenticated);
        }
        let subject = |code: &str| format!("/classes/{}/subjects/{code}/register", room.class.id);
        is_pdf(&room.teacher.get(&subject("TOAN")).await);
        is_pdf(&room.homeroom.get(&subject("NGU_VAN")).await);
        room.teacher.get(&subject("NGU_VAN")).await.problem(Code::NotFound);
        room.principal.get(&subject("KHONG_CO")).await.problem(Code::NotFound);
        other.teacher.get(&subject("TOAN")).await.problem(Code::NotFound);
        app.guardian(&room.learners).await.get(&subject("TOAN")).await.problem(Code::Forbidden);
    }
}
