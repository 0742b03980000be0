//! Reports of a year: nobody is asked for a figure that is held.

use crate::gradebook::{Room, room, room_in};
use crate::harness::Actor;
use dto::Code;
use dto::access::Role;
use dto::calendar::Term;
use dto::exchange::*;
use serde_json::json;

fn path(room: &Room, kind: ExportKind) -> String {
    format!("/units/{}/reports/{kind}", room.school.id)
}

async fn report(actor: &Actor, room: &Room, kind: ExportKind) -> MinistryReport {
    actor.get(&path(room, kind)).await.ok()
}

fn figure<'r>(report: &'r MinistryReport, name: &str) -> &'r ReportFigure {
    report.figures.iter().find(|f| f.figure == name).unwrap_or_else(|| panic!("no {name}"))
}

both_engines! {
    async fn figures_that_are_held_are_computed_with_source_and_day(app: TestApp) {
        let room = room(&app).await;
        app.learner(&app.class(&room.school, "7A1", "7").await, "Thạch Sơn").await;
        let found = report(&room.principal, &room, ExportKind::YearStart).await;
        let value = |name: &str| figure(&found, name).value;
        assert_eq!((value("classes"), value("classes.6"), value("learners.total"), value("learners.total.6")), (Some(2), Some(1), Some(4), Some(3)));
        assert_eq!((value("learners.female"), value("learners.minority"), value("learners.new")), (Some(4), Some(0), Some(4)));
        // Born in 2015: grade 6 at 11 by calendar year.
        assert_eq!((value("learners.of_age.6"), value("learners.of_age.7")), (Some(3), Some(0)));
        assert_eq!((value("staff.teachers"), value("staff.managers")), (value("staff.total"), Some(0)));
        let total = figure(&found, "learners.total");
        assert!(total.held && total.version.is_none() && total.source_vi == "Danh sách lớp", "{total:?}");
        assert_eq!(total.as_of, kernel::clock::today());
        let typed = figure(&found, "learners.day_boarding");
        assert_eq!((typed.held, typed.value, typed.version), (false, None, Some(0)));
    }

    async fn what_is_held_is_asked_of_nobody_and_the_rest_is_typed_once(app: TestApp) {
        let room = room(&app).await;
        let put = async |body: serde_json::Value| room.principal.put_bare(&format!("{}/figures", path(&room, ExportKind::YearStart)), &body).await;
        put(json!({"figures": [{"figure": "learners.total", "value": 9, "version": 0}]})).await.field("/figures/0/figure", Code::FigureHeld);
        put(json!({"figures": [{"figure": "learners.tall", "value": 9, "version": 0}]})).await.field("/figures/0/figure", Code::FieldChoice);
        put(json!({"figures": [{"figure": "learners.boarding", "value": -1, "version": 0}]})).await.field("/figures/0/value", Code::FieldRange);
        let saved: MinistryReport = put(json!({"figures": [{"figure": "learners.day_boarding", "value": 2, "version": 0}]})).await.ok();
        assert_eq!((figure(&saved, "learners.day_boarding").value, figure(&saved, "learners.day_boarding").version), (Some(2), Some(1)));
        put(json!({"figures": [{"figure": "learners.day_boarding", "value": 3, "version": 0}]})).await.problem(Code::VersionConflict);
        put(json!({"figures": [{"figure": "learners.day_boarding", "version": 1}]})).await.ok::<MinistryReport>();
        // Of another report it is another figure.
        assert_eq!(figure(&report(&room.principal, &room, ExportKind::YearEnd).await, "learners.day_boarding").version, Some(0));
        // The file of a report is made of the same figures.
        let check: ExportCheck = room.principal.get(&format!("/units/{}/exports/year-start/check", room.school.id)).await.ok();
        assert_eq!((check.errors, check.rows as usize), (0, saved.figures.len()));
        room.principal.post_empty(&format!("/units/{}/exports/year-start/file", room.school.id)).await.status(200);
    }

    async fn results_are_counted_once_they_are_closed(app: TestApp) {
        let room = room(&app).await;
        let open = report(&room.principal, &room, ExportKind::MidYear).await;
        assert_eq!((open.open_classes.as_slice(), figure(&open, "conduct.good").value), (["6A1".to_owned()].as_slice(), None));
        let check: ExportCheck = room.principal.get(&format!("/units/{}/exports/mid-year/check", room.school.id)).await.ok();
        assert!(check.errors > 0 && check.faults[0].vi == "Chưa chốt: 6A1.", "{:?}", check.faults);
        room.complete(&app, Term::S1).await;
        room.close(Term::S1).await;
        let closed = report(&room.principal, &room, ExportKind::MidYear).await;
        assert_eq!((closed.open_classes.len(), figure(&closed, "conduct.good").value, figure(&closed, "conduct.fair").value), (0, Some(3), Some(0)));
    }

    async fn reports_are_the_schools_own(app: TestApp) {
        let room = room(&app).await;
        let other = room_in(&app, &app.world.school_b, "6B").await;
        let body = json!({"figures": [{"figure": "learners.boarding", "value": 1, "version": 0}]});
        other.principal.get(&path(&room, ExportKind::YearEnd)).await.problem(Code::NotFound);
        other.principal.put_bare(&format!("{}/figures", path(&room, ExportKind::YearEnd)), &body).await.problem(Code::NotFound);
        room.teacher.get(&path(&room, ExportKind::YearEnd)).await.problem(Code::Forbidden);
        room.principal.get(&path(&room, ExportKind::Learners)).await.problem(Code::NotFound);
        assert_eq!(report(&app.at(Role::Deputy, &room.school).await, &room, ExportKind::YearEnd).await.kind, ExportKind::YearEnd);
    }
}
