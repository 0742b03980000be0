//! Marks of a sheet and results of former schools as kinds of imports.

use super::*;
use crate::records::file_imports::{apply, rows, undo};
use dto::Code;
use dto::file_imports::FileImport;
use dto::former::FormerTerms;
use dto::former_years::FormerYears;
use dto::imports::RowOutcome;

fn section(room: &Room) -> String {
    format!(
        "/file-imports?kind=marks&school_id={}&class_id={}&subject_code=TOAN&term=1&file_name=diem.csv",
        room.school.id, room.class.id
    )
}

const MARKS: &str = "STT,Họ tên,ĐĐGtx 1,GK,Ghi chú\n1,Nguyễn Thị Ánh,\"8,5\",7,\n2,Lê Văn Bình,11,6,vắng\n3,Người Lạ,5,5,\n";

both_engines! {
    async fn marks_come_from_a_file_and_go_again(app: TestApp) {
        let room = room(&app).await;
        let [anh, binh, _] = room.learners[..] else { panic!() };
        room.save(vec![cell(anh, Slot::Midterm, score(600), 0)]).await;
        let dry: FileImport = room.teacher.upload(&section(&room), MARKS.into()).await.ok();
        let list = rows(&room.teacher, &dry).await;
        assert_eq!(list.iter().map(|row| row.outcome).collect::<Vec<_>>(), [RowOutcome::Changed, RowOutcome::Faulty, RowOutcome::Conflict]);
        let shown: Vec<_> = list[0].changes.iter().map(|c| (c.field.as_str(), c.before.as_deref(), c.after.as_deref())).collect();
        assert_eq!(shown, [("r1", None, Some("8,5")), ("mid", Some("6"), Some("7"))]);
        assert_eq!(list[1].faults[0].column.as_deref(), Some("C"));
        assert_eq!(list[2].faults[0].code, "learner-unknown");
        let skip = serde_json::json!({"skip_faulty": true});
        let done: FileImport = room.teacher.post(&format!("/file-imports/{}/apply", dry.id), &skip).await.ok();
        assert_eq!(room.cell(anh, Slot::Midterm).await, (score(700), 2));
        assert_eq!(room.cell(anh, Slot::Regular(1)).await.0, score(850));
        assert_eq!(room.cell(binh, Slot::Midterm).await.0, None);
        undo(&room.teacher, &done).await;
        assert_eq!(room.cell(anh, Slot::Midterm).await, (score(600), 3));
        assert_eq!(room.cell(anh, Slot::Regular(1)).await.0, None);
        // What was changed since stays.
        let one = "Họ tên,GK\nLê Văn Bình,6\n";
        let dry: FileImport = room.teacher.upload(&section(&room), one.into()).await.ok();
        let done = apply(&room.teacher, &dry).await;
        let (_, version) = room.cell(binh, Slot::Midterm).await;
        room.save(vec![cell(binh, Slot::Midterm, score(900), version)]).await;
        room.teacher.post_empty(&format!("/file-imports/{}/undo", done.id)).await.problem(Code::ImportChangedSince);
        assert_eq!(room.cell(binh, Slot::Midterm).await.0, score(900));
    }

    async fn the_template_of_a_sheet_holds_what_stands_and_comes_back_the_same(app: TestApp) {
        let room = room(&app).await;
        room.save(vec![cell(room.learners[0], Slot::Midterm, score(650), 0)]).await;
        let at = format!("/file-import-kinds/marks/template?school_id={}&class_id={}&subject_code=TOAN&term=1", room.school.id, room.class.id);
        let template = room.teacher.get(&at).await.status(200).body;
        let dry: FileImport = room.teacher.upload(&section(&room), template).await.ok();
        assert_eq!((dry.summary.rows, dry.summary.same, dry.summary.faulty), (3, 3, 0));
        // Neither another teacher nor the office enters marks.
        room.homeroom.get(&format!("/file-imports/{}", dry.id)).await.problem(Code::NotFound);
        room.principal.get(&format!("/file-imports/{}", dry.id)).await.problem(Code::NotFound);
    }

    async fn results_of_former_schools_come_from_a_file(app: TestApp) {
        let room = room(&app).await;
        let at = format!("/file-imports?kind=former_results&school_id={}&class_id={}", room.school.id, room.class.id);
        let file = "Họ và tên,Học kì,Trường cũ,Giấy tờ,Rèn luyện,Toán,Giáo dục thể chất\n\
            Nguyễn Thị Ánh,1,THCS Phú Lợi,\"Học bạ, trang 5\",Tốt,\"8,2\",Đ\nLê Văn Bình,3,,,,,\n";
        let dry: FileImport = room.homeroom.upload(&at, file.into()).await.ok();
        let list = rows(&room.homeroom, &dry).await;
        assert_eq!(list.iter().map(|row| row.outcome).collect::<Vec<_>>(), [RowOutcome::New, RowOutcome::Faulty], "{list:?}");
        let skip = serde_json::json!({"skip_faulty": true});
        let done: FileImport = room.homeroom.post(&format!("/file-imports/{}/apply", dry.id), &skip).await.ok();
        let terms = async || room.homeroom.get(&format!("/classes/{}/former-terms", room.class.id)).await.ok::<FormerTerms>().items;
        let items = terms().await;
        assert_eq!((items.len(), items[0].learner_id, items[0].from_school.as_str()), (1, room.learners[0], "THCS Phú Lợi"));
        assert_eq!(items[0].subjects.iter().find(|s| s.subject_code == "TOAN").map(|s| s.value), score(820));
        undo(&room.homeroom, &done).await;
        assert!(terms().await.is_empty());
        room.teacher.upload(&at, file.into()).await.problem(Code::NotFound);
    }

    async fn former_years_come_from_a_file_over_what_stands(app: TestApp) {
        let room = room(&app).await;
        let [anh, binh, _] = room.learners[..] else { panic!() };
        let at = format!("/file-imports?kind=former_years&school_id={}&class_id={}", room.school.id, room.class.id);
        let years = async || room.homeroom.get(&format!("/classes/{}/former-years", room.class.id)).await.ok::<FormerYears>().items;
        // A year that was typed before: its first semester stays.
        let typed = serde_json::json!({"from_school": "TH Phú Hoà", "document": "Học bạ giấy", "grade": 5, "class_name": "5B", "outcomes": [],
            "subjects": [{"name": "Toán", "subject_code": "TOAN", "values": [{"period": "s1", "value": "7,0"}, {"period": "year", "value": "7,2"}]}]});
        let kept = format!("/classes/{}/former-years/{anh}/2025-2026", room.class.id);
        room.homeroom.put(&kept, 0, &typed).await.status(200);
        let file = "Họ và tên,Năm học,Khối,Lớp,Trường cũ,Giấy tờ,Học lực,Lên lớp,Toán,Tiếng Việt,Giáo dục thể chất\n\
            Nguyễn Thị Ánh,2025-2026,5,5B,TH Phú Hoà,Học bạ giấy,,Lên lớp,8.1,T,Đạt\n\
            Lê Văn Bình,2024/2025,4,4A,TH Lê Lợi,Bản in hệ thống cũ,Khá,,\"7,5\",H,\n\
            Trần Thu Cúc,2025-2026,5,,TH Lê Lợi,Học bạ giấy,,,khá,,\n\
            Lê Văn Bình,2026-2027,5,,TH Lê Lợi,Học bạ giấy,,,8,,\n\
            Người Lạ,2025-2026,5,,TH Lê Lợi,Học bạ giấy,,,8,,\n";
        let dry: FileImport = room.homeroom.upload(&at, file.into()).await.ok();
        let list = rows(&room.homeroom, &dry).await;
        use RowOutcome::{Changed, Conflict, Faulty, New};
        assert_eq!(list.iter().map(|row| row.outcome).collect::<Vec<_>>(), [Changed, New, Faulty, Faulty, Conflict], "{list:?}");
        let math = list[0].changes.iter().find(|change| change.field == "TOAN").unwrap();
        assert_eq!((math.before.as_deref(), math.after.as_deref()), (Some("7,2"), Some("8,1")));
        assert_eq!((list[2].faults[0].column.as_deref(), list[3].faults[0].field.as_deref()), (Some("I"), Some("school_year")));
        let skip = serde_json::json!({"skip_faulty": true});
        let done: FileImport = room.homeroom.post(&format!("/file-imports/{}/apply", dry.id), &skip).await.ok();
        let items = years().await;
        assert_eq!(items.iter().map(|year| (year.learner_id, year.school_year.as_str())).collect::<Vec<_>>(), [(anh, "2025-2026"), (binh, "2024-2025")]);
        let math = items[0].content.subjects.iter().find(|s| s.subject_code.as_deref() == Some("TOAN")).unwrap();
        assert_eq!(math.values.iter().map(|v| v.value.as_str()).collect::<Vec<_>>(), ["7,0", "8,1"]);
        assert_eq!(items[1].content.outcomes.iter().map(|o| (o.code.as_str(), o.value.as_str())).collect::<Vec<_>>(), [("learning", "Khá")]);
        undo(&room.homeroom, &done).await;
        let items = years().await;
        assert_eq!((items.len(), items[0].content.subjects.len(), items[0].content.outcomes.len()), (1, 1, 0));
        // Who prepares no transcripts of the class brings none; who came from the template finds the class in it.
        room.teacher.upload(&at, file.into()).await.problem(Code::NotFound);
        let template = format!("/file-import-kinds/former_years/template?school_id={}&class_id={}", room.school.id, room.class.id);
        room.homeroom.get(&template).await.status(200);
    }
}
