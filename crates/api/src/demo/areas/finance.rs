//! Budget, settlement and investment of a school. The catalogue is the demo's own: no list of law is meant.

use super::{Desk, at, day};
use dto::access::Role;
use dto::figures::{Figure, FigureSet, PutFigureCampaign, PutFigures};
use dto::finance::{BudgetFlow, ProjectState, ProjectYear, PutBudgetItem, PutProject, Vnd};
use kernel::{Ctx, Db, Result, clock};
use records::{figures, finance};

const STATE: &str = "Ngân sách nhà nước";
const FEES: &str = "Thu sự nghiệp";
const GIFTS: &str = "Tài trợ, viện trợ";

/// Code, flow, group, name, source, and what a school of fourteen classes plans, in millions of đồng.
const LINES: [(&str, BudgetFlow, &str, &str, &str, i64); 14] = {
    use BudgetFlow::*;
    [
        ("thu-01", Revenue, "Nguồn thu", "Ngân sách cấp chi thường xuyên", STATE, 6_840),
        ("thu-02", Revenue, "Nguồn thu", "Ngân sách cấp bù học phí", STATE, 318),
        ("thu-03", Revenue, "Nguồn thu", "Thu dịch vụ giáo dục theo nghị quyết HĐND", FEES, 462),
        ("thu-04", Revenue, "Nguồn thu", "Tài trợ của tổ chức, cá nhân", GIFTS, 120),
        ("chi-01", Spending, "Chi cho con người", "Lương và phụ cấp", STATE, 5_130),
        ("chi-02", Spending, "Chi cho con người", "Các khoản đóng góp theo lương", STATE, 1_012),
        ("chi-03", Spending, "Chi cho con người", "Dạy thêm giờ, thỉnh giảng", STATE, 146),
        ("chi-04", Spending, "Chi hoạt động", "Điện, nước, vệ sinh môi trường", STATE, 158),
        ("chi-05", Spending, "Chi hoạt động", "Văn phòng phẩm, in ấn, Internet", STATE, 96),
        ("chi-06", Spending, "Chi hoạt động", "Hoạt động chuyên môn, hội thi", STATE, 134),
        ("chi-07", Spending, "Chi hoạt động", "Phục vụ dạy hai buổi, bán trú", FEES, 428),
        ("chi-08", Spending, "Mua sắm, sửa chữa", "Mua sắm thiết bị dạy học", STATE, 265),
        ("chi-09", Spending, "Mua sắm, sửa chữa", "Sửa chữa thường xuyên phòng học", STATE, 217),
        ("chi-10", Spending, "Hỗ trợ học sinh", "Học bổng, hỗ trợ học sinh khó khăn", GIFTS, 118),
    ]
};

pub async fn catalogue(db: &Db, province: &Ctx) -> Result<()> {
    clock::tell(at(day(2026, 1, 5), 9));
    for (nth, (code, flow, group, name, source, _)) in LINES.into_iter().enumerate() {
        let body = PutBudgetItem {
            flow,
            name: name.to_owned(),
            group: group.to_owned(),
            source: source.to_owned(),
            position: 10 * (nth as i16 + 1),
            active: true,
        };
        finance::put_item(db, province, code, 0, &body).await?;
    }
    Ok(())
}

/// What was planned or spent: so many per mille of the plan of this year, in whole thousands of đồng.
fn amounts(per_mille: i64) -> Vec<Figure> {
    let wobble = |nth: usize| 1_000 + (nth as i64 * 37 % 60) - 30;
    let amount = |nth: usize, millions: i64| millions * per_mille * wobble(nth) / 1_000 * 1_000;
    LINES
        .iter()
        .enumerate()
        .map(|(nth, (code, .., millions))| Figure { code: (*code).to_owned(), value: amount(nth, *millions) })
        .collect()
}

pub async fn fill(desk: &Desk<'_>, main: bool) -> Result<()> {
    let (accountant, principal) = (desk.site.office("accountant", Role::Accountant), desk.site.principal());
    let school = desk.site.school;
    let scale = if main { 1_000 } else { 610 };
    projects(desk, &accountant, main).await?;
    if main {
        campaigns(desk).await?;
    }
    // The budget of last year and of this one, the settlement of last year; this year's money is still being spent.
    let sets = [
        (FigureSet::Budget, -1, 930, (1, 14), true),
        (FigureSet::Settlement, -1, 905, (12, 28), true),
        (FigureSet::Budget, 0, 1_000, (1, 12), true),
        (FigureSet::Settlement, 0, 690, (11, 9), false),
    ];
    for (set, later, share, (month, date), signed) in sets {
        let year = desk.year + later;
        desk.on_of(year, month, date, 10);
        let body = PutFigures { figures: amounts(share * scale / 1_000) };
        let sheet = figures::put(desk.db, &accountant, set, school, year as i16, 0, &body).await?;
        if signed {
            desk.on_of(year, month, date + 2, 15);
            figures::sign(desk.db, &principal, set, school, year as i16, sheet.version).await?;
        }
    }
    Ok(())
}

async fn campaigns(desk: &Desk<'_>) -> Result<()> {
    for (set, year, due) in
        [(FigureSet::Budget, desk.year, day(desk.year, 1, 31)), (FigureSet::Settlement, desk.year, day(desk.year + 1, 1, 31))]
    {
        desk.on_of(year, 1, 5, 9);
        let body = PutFigureCampaign { as_of: day(year, 1, 1), due_on: due, note: None };
        figures::put_campaign(desk.db, &desk.province, set, year as i16, 0, &body).await?;
    }
    Ok(())
}

async fn projects(desk: &Desk<'_>, accountant: &Ctx, main: bool) -> Result<()> {
    desk.on_of(desk.year - 1, 3, 16, 9);
    let this = desk.year as i16;
    let million = |n: i64| Vnd(n * 1_000_000);
    let project = |name: &str,
                   number: &str,
                   state,
                   total,
                   (from_year, to_year): (i16, i16),
                   progress,
                   years: &[(i16, i64, i64)]| PutProject {
        name: name.to_owned(),
        decision_number: Some(number.to_owned()),
        decided_on: Some(day(i32::from(from_year), 2, 20)),
        source: STATE.to_owned(),
        state,
        total: million(total),
        from_year,
        to_year,
        progress,
        note: None,
        years: years
            .iter()
            .map(|(year, planned, spent)| ProjectYear { year: *year, planned: million(*planned), disbursed: million(*spent) })
            .collect(),
    };
    let mut bodies = vec![project(
        "Xây mới dãy 4 phòng học bộ môn",
        "1174/QĐ-UBND",
        ProjectState::Running,
        7_850,
        (this - 1, this + 1),
        55,
        &[(this - 1, 2_400, 2_310), (this, 3_600, 2_050), (this + 1, 1_850, 0)],
    )];
    if main {
        bodies.push(project(
            "Cải tạo nhà vệ sinh học sinh dãy khối 6, khối 7",
            "286/QĐ-UBND",
            ProjectState::Done,
            640,
            (this - 1, this - 1),
            100,
            &[(this - 1, 640, 632)],
        ));
        bodies.push(project(
            "Lắp điện mặt trời mái nhà đa năng",
            "903/QĐ-UBND",
            ProjectState::Planned,
            480,
            (this + 1, this + 1),
            0,
            &[(this + 1, 480, 0)],
        ));
    }
    for body in bodies {
        finance::create_project(desk.db, accountant, desk.site.school, &body).await?;
    }
    Ok(())
}
