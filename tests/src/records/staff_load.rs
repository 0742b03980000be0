//! Loads by TT 05/2025.

use dto::Code;
use dto::access::Role;
use dto::identity::Person;
use dto::staff_load::{LoadPolicy, SchoolLoads, StaffLoad};
use regulations::tt05_2025::{LoadFinding, LoadRule, LoadState, Periods};
use serde_json::json;

const ON: &str = "on=2026-10-05";

both_engines! {
    async fn why_it_is_twelve_periods(app: TestApp) {
        let principal = app.principal(&app.world.school_a).await;
        let staff = app.staff(app.world.school_a.id, "Trần Ánh").await;
        let (a, b) = (app.class(&app.world.school_a, "6A1", "6").await, app.class(&app.world.school_a, "6A2", "6").await);
        app.set_homeroom(a.id, staff).await;
        app.teaches(a.id, "TOAN", staff).await;
        app.teaches(b.id, "TOAN", staff).await;
        app.teaches(a.id, "HDTN_HN", staff).await;
        let duty = json!({"facts": {"kind": "duty", "duty": "computing"}, "unit_id": app.world.school_a.id, "first_on": "2026-09-01"});
        principal.post(&format!("/staff/{staff}/records"), &duty).await.status(201);
        let path = format!("/staff/{staff}/load?{ON}");
        let load: StaffLoad = principal.get(&path).await.ok();
        // THCS 19, less 4 for the homeroom class and 3 for IT; two classes of 140 and one of 105 a year are 11.
        assert_eq!((load.load.required_weekly, load.load.taught_weekly), (Some(Periods::whole(12)), Periods::whole(11)));
        assert_eq!(load.load.state, Some(LoadState::Under));
        let told: Vec<String> = load.load.lines.iter().map(|l| format!("{} {}", l.text(regulations::Lang::Vi), l.weekly.0)).collect();
        assert_eq!(told, [
            "Định mức tiết dạy 1900",
            "Giảm: Chủ nhiệm lớp: 6A1 -400",
            "Giảm: Phụ trách công nghệ thông tin -300",
            "Số tiết phải dạy 1200",
            "Toán 6A1 400",
            "Hoạt động trải nghiệm, hướng nghiệp 6A1 300",
            "Toán 6A2 400",
            "Được phân công 1100",
            "Còn thiếu so với định mức -100",
            "Thêm giờ tối đa (50 % định mức tuần) 600",
        ]);
        // Before the duty began there was none.
        let before: StaffLoad = principal.get(&format!("/staff/{staff}/load?on=2026-08-31")).await.ok();
        assert!(before.load.lines.iter().all(|line| line.duty != Some(regulations::tt05_2025::TeachingDuty::Computing)));
        // The teacher sees the same.
        let own = app.actor(Some(Person::Staff(staff)), &[(Role::SubjectTeacher, Some(app.world.school_a.id))]).await;
        assert_eq!(own.get(&format!("/me/staff-record/load?{ON}")).await.ok::<StaffLoad>(), load);
        own.get(&path).await.status(403);
        app.principal(&app.world.school_b).await.get(&path).await.problem(Code::NotFound);
    }

    async fn a_school_sets_what_the_circular_leaves_open(app: TestApp) {
        let principal = app.principal(&app.world.school_a).await;
        let staff = app.staff(app.world.school_a.id, "Trần Ánh").await;
        let a = app.class(&app.world.school_a, "6A1", "6").await;
        app.set_homeroom(a.id, staff).await;
        app.teaches(a.id, "HDTN_HN", staff).await;
        let table = format!("/units/{}/staff-load?{ON}", app.world.school_a.id);
        let row = |loads: &SchoolLoads| loads.rows.iter().find(|row| row.staff_id == staff).cloned().unwrap();
        let loads: SchoolLoads = principal.get(&table).await.ok();
        assert_eq!((loads.policy.version, loads.writable, loads.school_year.as_str()), (0, true, "2026-2027"));
        let before = row(&loads).load;
        assert_eq!((before.cap_weekly, before.taught_yearly), (Some(Periods(750)), Periods::whole(105)));
        let policy = format!("/units/{}/load-policy", app.world.school_a.id);
        let body = json!({"norm_school": "boarding", "choices": {"overtime_base": "norm", "homeroom_periods_count": false}});
        let set: LoadPolicy = principal.put(&policy, 0, &body).await.ok();
        assert_eq!(set.version, 1);
        principal.put(&policy, 0, &body).await.problem(Code::VersionConflict);
        assert_eq!(principal.put(&policy, 1, &body).await.ok::<LoadPolicy>().version, 2);
        let after = row(&principal.get(&table).await.ok()).load;
        // DTNT THCS 17; half of the whole norm; the two fixed periods a week are not counted.
        assert_eq!((after.norm_weekly, after.cap_weekly, after.taught_yearly), (Some(Periods::whole(17)), Some(Periods(850)), Periods::whole(35)));
        let officer = app.officer(app.world.commune_a).await;
        assert!(!officer.get(&table).await.ok::<SchoolLoads>().writable);
        officer.put(&policy, 2, &body).await.status(403);
        let other = app.principal(&app.world.school_b).await;
        other.get(&table).await.problem(Code::NotFound);
        other.put(&policy, 2, &body).await.problem(Code::NotFound);
        principal.get(&format!("/units/{}/staff-load", app.world.commune_a)).await.problem(Code::NotFound);
    }

    async fn one_load_over_several_schools_shared_subjects_and_heads(app: TestApp) {
        let admin = app.province_admin().await;
        let staff = app.staff(app.world.school_a.id, "Trần Ánh").await;
        let post = json!({"unit_id": app.world.school_b.id, "position": "teacher", "valid_from": "2026-09-01"});
        admin.post(&format!("/staff/{staff}/posts"), &post).await.status(201);
        let (a, b) = (app.class(&app.world.school_a, "6A1", "6").await, app.class(&app.world.school_b, "6B1", "6").await);
        let second = app.staff(app.world.school_a.id, "Lê Bình").await;
        app.teaches(a.id, "KHTN", staff).await;
        app.teaches(a.id, "KHTN", second).await;
        app.teaches(b.id, "TOAN", staff).await;
        let load: StaffLoad = admin.get(&format!("/staff/{staff}/load?{ON}")).await.ok();
        // 70 of 140 shared by two at the one school, 140 at the other: that one is the main school.
        assert_eq!((load.load.taught_yearly, load.school_id, load.elsewhere), (Periods::whole(210), app.world.school_b.id, true));
        let shared = load.load.lines.iter().find(|line| line.teachers == Some(2)).unwrap();
        assert_eq!((shared.rule, shared.yearly), (LoadRule::Taught, Periods::whole(70)));
        assert!(shared.what.ends_with(", THCS Trần Phú"), "{}", shared.what);
        // The same row stands in the tables of both schools.
        for school in [&app.world.school_a, &app.world.school_b] {
            let loads: SchoolLoads = admin.get(&format!("/units/{}/staff-load?{ON}", school.id)).await.ok();
            assert!(loads.rows.contains(&load));
        }
        // A head teaches two, and has no room for three duties.
        let head = app.staff(app.world.school_a.id, "Phạm Trưởng").await;
        let post = json!({"unit_id": app.world.school_a.id, "position": "principal", "valid_from": "2026-08-01"});
        admin.post(&format!("/staff/{head}/posts"), &post).await.status(201);
        for duty in ["library", "records", "computing"] {
            let duty = json!({"facts": {"kind": "duty", "duty": duty}, "unit_id": app.world.school_a.id, "first_on": "2026-09-01"});
            admin.post(&format!("/staff/{head}/records"), &duty).await.status(201);
        }
        let load: StaffLoad = admin.get(&format!("/staff/{head}/load?{ON}")).await.ok();
        assert_eq!((load.load.norm_weekly, load.load.findings), (Some(Periods::whole(2)), vec![LoadFinding::TooManyDuties]));
        // Who has no post with a norm has no load.
        let clerk = app.staff(app.world.department, "Trần Sở").await;
        admin.post("/staff", &json!({
            "name": {"family": "Lê", "given": "Thư"}, "sex": "female", "unit_id": app.world.school_a.id, "position": "clerk", "valid_from": "2020-09-01",
        })).await.status(201);
        let loads: SchoolLoads = admin.get(&format!("/units/{}/staff-load?{ON}", app.world.school_a.id)).await.ok();
        assert!(loads.rows.iter().all(|row| row.full_name != "Lê Thư" && row.staff_id != clerk));
    }

    async fn who_is_on_leave_is_marked(app: TestApp) {
        let principal = app.principal(&app.world.school_a).await;
        let staff = app.staff(app.world.school_a.id, "Trần Ánh").await;
        let leave = json!({"facts": {"kind": "leave", "leave": "maternity"}, "first_on": "2026-10-01", "last_on": "2027-03-31"});
        principal.post(&format!("/staff/{staff}/records"), &leave).await.status(201);
        let on = async |day: &str| principal.get(&format!("/staff/{staff}/load?on={day}")).await.ok::<StaffLoad>().on_leave;
        assert_eq!([on("2026-09-30").await, on("2026-10-01").await, on("2027-03-31").await, on("2027-04-01").await], [false, true, true, false]);
    }
}
