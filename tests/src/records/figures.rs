//! Yearly figures: the count of facilities, budgets, settlements; signing, reopening, totals up the tree.

use super::super::harness::{Actor, School, TestApp, day};
use dto::access::Role;
use dto::figures::{FigureCampaign, FigureSeries, SheetState, YearlySheet, YearlyTotals};
use dto::finance::{BudgetItem, Project};
use dto::{Code, Page, UnitId};
use serde_json::{Value, json};

fn facilities(school: UnitId, year: i16) -> String {
    format!("/units/{school}/facilities/{year}")
}

/// Every figure that is typed, all of one value but those given.
fn typed(sheet: &YearlySheet, value: i64, but: &[(&str, i64)]) -> Value {
    let figures: Vec<Value> = sheet
        .lines
        .iter()
        .filter(|line| !line.item.derived)
        .map(|line| {
            let value = but.iter().find(|(code, _)| *code == line.item.code).map_or(value, |(_, value)| *value);
            json!({"code": line.item.code, "value": value})
        })
        .collect();
    json!({"figures": figures})
}

fn value(sheet: &YearlySheet, code: &str) -> Option<i64> {
    sheet.lines.iter().find(|line| line.item.code == code).and_then(|line| line.value)
}

fn sum(totals: &YearlyTotals, code: &str) -> Option<i64> {
    totals.items.iter().position(|item| item.code == code).and_then(|at| totals.total.figures[at])
}

/// Enters and signs the count of a school in a year.
async fn sign(app: &TestApp, school: &School, year: i16, value: i64) -> YearlySheet {
    let principal = app.principal(school).await;
    let path = facilities(school.id, year);
    let sheet: YearlySheet = principal.get(&path).await.ok();
    let sheet: YearlySheet = principal.put(&path, sheet.version, &typed(&sheet, value, &[])).await.ok();
    principal.put(&format!("{path}/signature"), sheet.version, &json!({})).await.ok()
}

both_engines! {
    async fn a_school_counts_signs_and_reopens(app: TestApp) {
        let school = app.world.school_a.clone();
        let (principal, clerk) = (app.principal(&school).await, app.at(Role::Clerk, &school).await);
        let path = facilities(school.id, 2026);
        let empty: YearlySheet = clerk.get(&path).await.ok();
        assert_eq!((empty.state, empty.version, empty.writable, empty.signable), (SheetState::Empty, 0, true, false));
        // Rooms by kind and construction: six kinds, three constructions and what is to be repaired.
        assert_eq!(empty.lines.iter().filter(|line| line.item.code.starts_with("rooms.")).count(), 24);
        assert_eq!(empty.lines[0].item.title(), "Phòng học · Kiên cố");
        let all = u32::try_from(empty.lines.iter().filter(|line| !line.item.derived).count()).unwrap();
        assert_eq!(empty.missing, all);
        clerk.post_empty(&format!("{path}/carry")).await.problem(Code::NothingToCarry);

        let some: YearlySheet = clerk.put(&path, 0, &json!({"figures": [{"code": "rooms.classroom.permanent", "value": 18}]})).await.ok();
        assert_eq!((some.state, some.version, some.missing), (SheetState::Open, 1, all - 1));
        clerk.put(&path, 0, &json!({"figures": []})).await.problem(Code::VersionConflict);
        let bad = |code: &str, value: i64| json!({"figures": [{"code": code, "value": value}]});
        clerk.put(&path, 1, &bad("rooms.castle", 1)).await.field("/figures/0/code", Code::FieldChoice);
        clerk.put(&path, 1, &bad("equipment.good", 1)).await.field("/figures/0/code", Code::FieldChoice);
        clerk.put(&path, 1, &bad("area.site", -1)).await.field("/figures/0/value", Code::FieldRange);
        clerk.put(&path, 1, &bad("area.site", i64::MAX)).await.field("/figures/0/value", Code::FieldRange);
        let twice = json!({"figures": [{"code": "area.site", "value": 1}, {"code": "area.site", "value": 1}]});
        clerk.put(&path, 1, &twice).await.field("/figures/1/code", Code::CellRepeated);

        // Signing is the principal's, of a whole sheet, as it was seen.
        let signature = format!("{path}/signature");
        clerk.put(&signature, 1, &json!({})).await.problem(Code::Forbidden);
        let short = principal.put(&signature, 1, &json!({})).await.problem(Code::FiguresMissing);
        assert_eq!(short.params["count"], (all - 1).to_string());
        let full: YearlySheet = clerk.put(&path, 1, &typed(&empty, 3, &[("rooms.classroom.permanent", 18)])).await.ok();
        principal.put(&signature, 1, &json!({})).await.problem(Code::VersionConflict);
        let signed: YearlySheet = principal.put(&signature, full.version, &json!({})).await.ok();
        assert_eq!((signed.state, signed.writable, signed.seals.len()), (SheetState::Signed, false, 1));
        let problem = clerk.put(&path, signed.version, &typed(&empty, 4, &[])).await.problem(Code::FiguresSigned);
        assert_eq!(problem.params["year"], "2026-2027");
        principal.put(&signature, signed.version, &json!({})).await.problem(Code::FiguresSigned);

        // Reopened with a reason, what was signed still counts until it is signed anew.
        let reopen = format!("{path}/reopen");
        principal.post(&reopen, &json!({"reason": "x"})).await.field("/reason", Code::FieldLength);
        let again: YearlySheet = principal.post(&reopen, &json!({"reason": "Đếm thiếu phòng học mới"})).await.ok();
        assert_eq!((again.state, again.seals[0].reason.as_deref()), (SheetState::Reopened, Some("Đếm thiếu phòng học mới")));
        principal.post(&reopen, &json!({"reason": "Đếm thiếu phòng"})).await.problem(Code::FiguresNotSigned);
        let changed: YearlySheet = clerk.put(&path, again.version, &typed(&empty, 3, &[("rooms.classroom.permanent", 20)])).await.ok();
        assert_eq!((changed.state, value(&changed, "rooms.classroom.permanent")), (SheetState::Reopened, Some(20)));
        let totals: YearlyTotals = principal.get(&format!("{path}/totals")).await.ok();
        assert_eq!((sum(&totals, "rooms.classroom.permanent"), totals.total.reopened), (Some(18), 1));
        let signed: YearlySheet = principal.put(&signature, changed.version, &json!({})).await.ok();
        assert_eq!(signed.seals.len(), 2);
        let totals: YearlyTotals = principal.get(&format!("{path}/totals")).await.ok();
        assert_eq!(sum(&totals, "rooms.classroom.permanent"), Some(20));

        // Next year nothing has changed: one act, and only what differs is typed.
        let next = facilities(school.id, 2027);
        let carried: YearlySheet = clerk.post_empty(&format!("{next}/carry")).await.ok();
        assert_eq!((carried.missing, value(&carried, "rooms.classroom.permanent")), (0, Some(20)));
        assert_eq!(carried.lines[0].last, Some(20));
        clerk.post_empty(&format!("{next}/carry")).await.problem(Code::NothingToCarry);
        let verbs: Vec<_> = app.audit(Some(school.id)).await.into_iter().map(|e| e.verb).filter(|v| v.starts_with("figures")).collect();
        assert_eq!(verbs, [
            "figures.entered", "figures.entered", "figures.signed", "figures.reopened", "figures.entered", "figures.signed", "figures.carried",
        ]);
    }

    async fn totals_go_up_the_tree_of_their_day(app: TestApp) {
        let (a, b) = (app.world.school_a.clone(), app.world.school_b.clone());
        let admin = app.province_admin().await;
        let campaign: FigureCampaign =
            admin.put("/facility-campaigns/2026", 0, &json!({"as_of": "2026-10-01", "due_on": "2026-10-31", "note": "Kiểm kê đầu năm học"})).await.ok();
        assert_eq!(campaign.version, 1);
        admin.put("/facility-campaigns/2026", 0, &json!({"as_of": "2026-10-01", "due_on": "2026-10-31"})).await.problem(Code::VersionConflict);
        admin.put("/facility-campaigns/2026", 1, &json!({"as_of": "2026-10-01", "due_on": "2026-09-30"})).await.field("/due_on", Code::DatesReversed);
        let all: Page<FigureCampaign> = admin.get("/facility-campaigns").await.ok();
        assert_eq!(all.items, [campaign]);
        sign(&app, &a, 2026, 5).await;
        let top = facilities(app.world.department, 2026);
        let totals: YearlyTotals = admin.get(&format!("{top}/totals")).await.ok();
        assert_eq!((totals.total.schools, totals.total.signed, totals.as_of), (2, 1, day("2026-10-01")));
        assert_eq!(totals.unsigned.iter().map(|s| (s.name.as_str(), s.under.as_str())).collect::<Vec<_>>(), [("THCS Lê Lợi", "Xã Kế Sách")]);
        sign(&app, &b, 2026, 7).await;
        let totals: YearlyTotals = admin.get(&format!("{top}/totals")).await.ok();
        assert_eq!((sum(&totals, "area.site"), totals.unsigned.len()), (Some(12), 0));
        let rows: Vec<_> = totals.rows.iter().map(|row| (row.name.as_str(), row.schools, row.figures[0])).collect();
        assert_eq!(rows, [("Phường Sóc Trăng", 1, Some(5)), ("Xã Kế Sách", 1, Some(7))]);
        // Down to the commune, and to the school: always the same figure.
        let officer = app.officer(app.world.commune_a).await;
        let commune: YearlyTotals = officer.get(&format!("{}/totals", facilities(app.world.commune_a, 2026))).await.ok();
        assert_eq!((commune.rows[0].name.as_str(), sum(&commune, "area.site"), commune.above.len()), ("THCS Trần Phú", Some(5), 0));
        let school: YearlyTotals = officer.get(&format!("{}/totals", facilities(a.id, 2026))).await.ok();
        assert_eq!((sum(&school, "area.site"), school.above.len()), (Some(5), 1));
        let sheet: YearlySheet = officer.get(&facilities(a.id, 2026)).await.ok();
        assert_eq!((value(&sheet, "area.site"), sheet.writable, sheet.signable), (Some(5), false, false));
        // The school moves to the other commune; the figures of that year stay where they were.
        admin.post(&format!("/units/{}/placements", a.id), &json!({"parent_id": app.world.commune_b, "valid_from": "2026-11-01"})).await.status(201);
        let totals: YearlyTotals = admin.get(&format!("{top}/totals")).await.ok();
        assert_eq!(totals.rows.iter().map(|row| row.schools).collect::<Vec<_>>(), [1, 1]);
        sign(&app, &a, 2025, 4).await;
        let series: FigureSeries = admin.get(&format!("/units/{}/facilities", a.id)).await.ok();
        assert_eq!(series.years.iter().map(|y| (y.year, y.figures[0])).collect::<Vec<_>>(), [(2025, Some(4)), (2026, Some(5))]);

        let csv = admin.get(&format!("{top}/totals/file?format=csv")).await.status(200);
        assert!(csv.header("content-disposition").unwrap().contains("co-so-vat-chat-so-giao-duc-va-dao-tao-2026-2027.csv"));
        let text = csv.text();
        assert!(text.starts_with('\u{feff}') && text.contains("Xã Kế Sách,1,1,7,") && text.lines().count() == 4, "{text}");
        let xlsx = admin.get(&format!("{top}/totals/file")).await.status(200);
        assert!(xlsx.body.starts_with(b"PK"));
        admin.get(&format!("{top}/totals/file?format=pdf")).await.problem(Code::Invalid);
    }

    async fn money_is_entered_signed_and_summed(app: TestApp) {
        let school = app.world.school_a.clone();
        let admin = app.province_admin().await;
        let (accountant, principal) = (app.at(Role::Accountant, &school).await, app.principal(&school).await);
        let line = |name: &str, flow: &str, position: i16| json!({
            "flow": flow, "name": name, "group": "Chi thường xuyên", "source": "Ngân sách nhà nước", "position": position, "active": true,
        });
        let made: BudgetItem = admin.put("/budget-items/chi-01", 0, &line("Chi lương", "spending", 1)).await.ok();
        assert_eq!(made.version, 1);
        admin.put("/budget-items/chi-01", 0, &line("Chi lương", "spending", 1)).await.problem(Code::VersionConflict);
        admin.put("/budget-items/chi_01", 0, &line("Chi lương", "spending", 1)).await.problem(Code::NotFound);
        admin.put("/budget-items/chi-02", 0, &line("Chi mua sắm", "spending", 2)).await.status(200);
        accountant.put("/budget-items/chi-03", 0, &line("x", "spending", 3)).await.problem(Code::Forbidden);
        let items: Page<BudgetItem> = accountant.get("/budget-items").await.ok();
        assert_eq!(items.items.iter().map(|i| i.name.as_str()).collect::<Vec<_>>(), ["Chi lương", "Chi mua sắm"]);
        admin.put("/finance-campaigns/budget/2026", 0, &json!({"as_of": "2026-01-01", "due_on": "2026-01-31"})).await.status(200);
        let asked: Page<FigureCampaign> = accountant.get("/finance-campaigns").await.ok();
        assert_eq!(asked.items.len(), 1);

        let projects = format!("/units/{}/projects", school.id);
        let body = |planned: i64, disbursed: i64| json!({
            "name": "Xây 6 phòng học", "decision_number": "123/QĐ-UBND", "decided_on": "2025-11-20", "source": "Ngân sách tỉnh",
            "state": "running", "total": 9_000_000_000i64, "from_year": 2026, "to_year": 2027, "progress": 40,
            "years": [{"year": 2026, "planned": planned, "disbursed": disbursed}],
        });
        let project: Project = accountant.post(&projects, &body(4_000_000_000, 0)).await.ok();
        assert!(project.writable);
        let path = format!("{projects}/{}", project.id);
        let mut wrong = body(1, 1);
        wrong["years"][0]["year"] = json!(2030);
        accountant.put(&path, 1, &wrong).await.field("/years/0/year", Code::FieldChoice);
        wrong["to_year"] = json!(2025);
        accountant.put(&path, 1, &wrong).await.field("/to_year", Code::DatesReversed);
        accountant.put(&path, 1, &body(-5, 0)).await.field("/years/0/planned", Code::FieldRange);

        let budget = format!("/units/{}/finance/budget/2026", school.id);
        let sheet: YearlySheet = accountant.get(&budget).await.ok();
        assert_eq!((sheet.missing, value(&sheet, "investment_total")), (2, Some(4_000_000_000)));
        let figures = json!({"figures": [{"code": "chi-01", "value": 6_500_000_000i64}, {"code": "chi-02", "value": 250_000_000}]});
        let sheet: YearlySheet = accountant.put(&budget, 0, &figures).await.ok();
        accountant.put(&format!("{budget}/signature"), sheet.version, &json!({})).await.problem(Code::Forbidden);
        let sheet: YearlySheet = principal.put(&format!("{budget}/signature"), sheet.version, &json!({})).await.ok();
        assert_eq!(sheet.state, SheetState::Signed);
        // What the signed budget says of the project stands; what was spent does not belong to it.
        let problem = accountant.put(&path, 1, &body(5_000_000_000, 0)).await.problem(Code::FiguresSigned);
        assert_eq!(problem.params["year"], "2026");
        let project: Project = accountant.put(&path, 1, &body(4_000_000_000, 1_500_000_000)).await.ok();
        accountant.put(&path, 1, &body(4_000_000_000, 0)).await.problem(Code::VersionConflict);
        assert_eq!(accountant.get(&path).await.ok::<Project>(), project);
        // A line that is no longer asked for stays in what was signed.
        let mut old = line("Chi mua sắm", "spending", 2);
        old["active"] = json!(false);
        admin.put("/budget-items/chi-02", 1, &old).await.status(200);
        let totals: YearlyTotals = admin.get(&format!("/units/{}/finance/budget/2026/totals", app.world.department)).await.ok();
        assert_eq!((sum(&totals, "chi-01"), sum(&totals, "chi-02"), sum(&totals, "investment_total")), (Some(6_500_000_000), Some(250_000_000), Some(4_000_000_000)));
        let file = admin.get(&format!("/units/{}/finance/budget/2026/totals/file?format=csv", app.world.commune_a)).await.status(200);
        assert!(file.text().contains("THCS Trần Phú,1,1,6500000000,250000000,4000000000"), "{}", file.text());
        let settlement = format!("/units/{}/finance/settlement/2026", school.id);
        let sheet: YearlySheet = accountant.get(&settlement).await.ok();
        assert_eq!((sheet.missing, value(&sheet, "investment_total")), (1, Some(1_500_000_000)));
        let sheet: YearlySheet = principal.post(&format!("{budget}/reopen"), &json!({"reason": "Điều chỉnh dự toán"})).await.ok();
        assert_eq!(sheet.state, SheetState::Reopened);
        let next: YearlySheet = accountant.post_empty(&format!("/units/{}/finance/budget/2027/carry", school.id)).await.ok();
        assert_eq!((next.missing, value(&next, "chi-01")), (0, Some(6_500_000_000)));

        let list = async |who: &Actor, unit: UnitId, query: &str| who.get(&format!("/units/{unit}/projects{query}")).await.ok::<Page<Project>>().items;
        assert_eq!(list(&admin, app.world.department, "?q=phong hoc&year=2027&state=running").await.len(), 1);
        assert_eq!(list(&admin, app.world.department, "?year=2028").await.len(), 0);
        assert_eq!(list(&admin, app.world.commune_b, "").await.len(), 0);
        let first: Page<Project> = accountant.get(&format!("{projects}?limit=1")).await.ok();
        assert_eq!((first.items.len(), first.next), (1, None));
    }

    async fn figures_of_another_school_do_not_exist(app: TestApp) {
        let (a, b) = (app.world.school_a.clone(), app.world.school_b.clone());
        let theirs = app.at(Role::Accountant, &b).await;
        let project: Project = theirs.post(&format!("/units/{}/projects", b.id), &json!({
            "name": "Sửa mái", "source": "Xã hội hoá", "state": "planned", "total": 1, "from_year": 2026, "to_year": 2026, "progress": 0,
        })).await.ok();
        let body = json!({
            "name": "Sửa mái", "source": "Xã hội hoá", "state": "planned", "total": 1, "from_year": 2026, "to_year": 2026, "progress": 0,
        });
        let (reason, none) = (json!({"reason": "Nhập nhầm số liệu"}), json!({"figures": []}));
        for role in [Role::Principal, Role::Accountant, Role::Deputy, Role::Clerk, Role::Nurse] {
            let me = app.at(role, &a).await;
            let expected = |permission| if role.permissions().contains(&permission) { Code::NotFound } else { Code::Forbidden };
            use dto::access::Permission::*;
            for (path, read, write, sign) in [
                (facilities(b.id, 2026), FacilityRead, FacilityWrite, FacilitySign),
                (format!("/units/{}/finance/budget/2026", b.id), FinanceRead, FinanceWrite, FinanceSign),
            ] {
                me.get(&path).await.problem(expected(read));
                me.get(&format!("{path}/totals")).await.problem(expected(read));
                me.get(&format!("{path}/totals/file")).await.problem(expected(read));
                me.put(&path, 0, &none).await.problem(expected(write));
                me.post_empty(&format!("{path}/carry")).await.problem(expected(write));
                me.put(&format!("{path}/signature"), 0, &json!({})).await.problem(expected(sign));
                me.post(&format!("{path}/reopen"), &reason).await.problem(expected(sign));
            }
            me.get(&format!("/units/{}/facilities", b.id)).await.problem(expected(FacilityRead));
            me.get(&format!("/units/{}/projects", b.id)).await.problem(expected(FinanceRead));
            me.get(&format!("/units/{}/projects/{}", b.id, project.id)).await.problem(expected(FinanceRead));
            // Nor under the name of the own school.
            me.get(&format!("/units/{}/projects/{}", a.id, project.id)).await.problem(expected(FinanceRead));
            me.put(&format!("/units/{}/projects/{}", b.id, project.id), 1, &body).await.problem(expected(FinanceWrite));
            me.post(&format!("/units/{}/projects", b.id), &body).await.problem(expected(FinanceWrite));
        }
        let officer = app.officer(app.world.commune_a).await;
        officer.get(&format!("{}/totals", facilities(app.world.department, 2026))).await.problem(Code::NotFound);
        officer.get(&facilities(b.id, 2026)).await.problem(Code::NotFound);
        // A commune has no sheet, and a year that is none no address.
        officer.get(&facilities(app.world.commune_a, 2026)).await.problem(Code::NotFound);
        let principal = app.principal(&a).await;
        principal.get(&facilities(a.id, 26)).await.problem(Code::NotFound);
        principal.get(&format!("/units/{}/facilities/xx", a.id)).await.problem(Code::BadPath);
        principal.get(&format!("/units/{}/finance/facilities/2026", a.id)).await.problem(Code::BadPath);
    }

    async fn two_who_enter_at_once_do_not_overwrite_each_other(app: TestApp) {
        let school = app.world.school_a.clone();
        let (one, two) = (app.at(Role::Clerk, &school).await, app.at(Role::Accountant, &school).await);
        let path = facilities(school.id, 2026);
        let body = |value: i64| json!({"figures": [{"code": "area.site", "value": value}]});
        let (first, second) = (body(1), body(2));
        let (x, y) = futures::join!(one.put(&path, 0, &first), two.put(&path, 0, &second));
        let mut statuses = [x.status.as_u16(), y.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 412]);
        // A campus is counted with its school and has no sheet of its own.
        let body = json!({
            "kind": "campus", "parent_id": school.id, "name": "Điểm lẻ Hoà Bình", "short_name": "Hoà Bình", "code": "94001-1", "code_set": "test",
            "code_set_version": "2025-07-01", "opened_on": "2020-09-01",
        });
        let campus: dto::units::Unit = app.province_admin().await.post("/units", &body).await.ok();
        one.get(&facilities(campus.id, 2026)).await.problem(Code::NotFound);
    }
}
