//! Subject groups and teaching plans: drafts, what waits, what was returned and came again, what is approved.

use super::people::{Member, Site};
use super::words::{GROUPS, LESSONS, Lesson};
use super::{Desk, day};
use dto::SubjectGroupId;
use dto::calendar::Grade;
use dto::teaching_plans::{
    PostTeachingPlan, PutSubjectGroup, PutTeachingPlan, ReviewTeachingPlan, ReviewVerdict, TeachingPlan, TeachingPlanKind,
};
use kernel::{Ctx, Result, clock};
use records::teaching_plans as plans;

/// How far a plan has come.
#[derive(Clone, Copy)]
enum Way {
    Draft,
    Submitted,
    Commented,
    Endorsed,
    Returned,
    /// Returned, changed, submitted and approved.
    Twice,
    Approved,
}

const WAYS: [Way; 10] = [
    Way::Approved,
    Way::Submitted,
    Way::Twice,
    Way::Endorsed,
    Way::Approved,
    Way::Returned,
    Way::Draft,
    Way::Approved,
    Way::Commented,
    Way::Approved,
];

struct Group<'a> {
    id: SubjectGroupId,
    codes: &'static [&'static str],
    head: Option<&'a Member>,
}

async fn groups<'a>(desk: &Desk<'a>) -> Result<Vec<Group<'a>>> {
    let site: &'a Site = desk.site;
    let ctx = site.principal();
    let mut made = Vec::new();
    for (name, codes) in GROUPS {
        let members: Vec<&Member> =
            site.teachers().filter(|member| member.subject.is_some_and(|code| codes.contains(&code))).collect();
        let Some(head) = members.first().copied() else { continue };
        let member_ids = members.iter().map(|member| member.id).collect();
        let body = PutSubjectGroup { name: name.to_owned(), head_id: Some(head.id), member_ids };
        let group = plans::create_group(desk.db, &ctx, site.school, &body).await?;
        made.push(Group { id: group.id, codes, head: Some(head) });
    }
    Ok(made)
}

fn lesson_text(lesson: &Lesson) -> String {
    let [warm, main, apply] = lesson.acts;
    format!(
        "# Yêu cầu cần đạt\n- {}.\n- Chăm chỉ, trung thực khi làm việc nhóm; biết tự học và hợp tác.\n# Thiết bị và học liệu\n- Sách giáo khoa, phiếu \
         học tập, máy chiếu.\n# Tiến trình\n## 1. Khởi động (5 phút)\n- {warm}.\n## 2. Hình thành kiến thức (20 phút)\n- {main}.\n- Giáo viên \
         quan sát, hỗ trợ em còn lúng túng; mời một nhóm trình bày, nhóm khác nhận xét.\n## 3. Vận dụng (15 phút)\n- {apply}.\n# Đánh giá\n- \
         Qua phiếu học tập và câu trả lời; ghi nhận xét cho ít nhất năm em mỗi tiết.",
        lesson.aim
    )
}

fn year_text(subject: &str) -> String {
    format!(
        "# Đặc điểm tình hình\n- Học sinh phần lớn ở các ấp gần trường, có nề nếp; một số em nhà xa, đi lại khó khăn vào mùa mưa.\n# Phân phối chương \
         trình\n- Học kì I: 18 tuần, học kì II: 17 tuần; môn {subject} theo Chương trình giáo dục phổ thông 2018.\n- Kiểm tra giữa kì vào tuần 9 \
         và tuần 27, cuối kì vào tuần 17 và tuần 34.\n# Chuyên đề của tổ\n- Tháng 10: dạy học theo trạm.\n- Tháng 3: bài học gắn với sản xuất ở \
         địa phương.\n# Biện pháp\n- Phụ đạo học sinh còn hạn chế vào chiều thứ Năm; bồi dưỡng học sinh có năng khiếu từ tháng 10."
    )
}

fn review(verdict: ReviewVerdict, note: Option<&str>, plan: &TeachingPlan) -> ReviewTeachingPlan {
    ReviewTeachingPlan { verdict, note: note.map(str::to_owned), revision: plan.item.revision, signature: None }
}

/// Hours go by between one hand and the next.
fn pass(hours: i64) {
    clock::tell(clock::now() + chrono::Duration::hours(hours));
}

struct Writer<'a> {
    desk: &'a Desk<'a>,
    teacher: Ctx,
    head: Option<Ctx>,
    leads: Ctx,
}

impl Writer<'_> {
    async fn submit(&self, plan: &TeachingPlan) -> Result<TeachingPlan> {
        pass(2);
        plans::submit(self.desk.db, &self.teacher, plan.item.id, plan.item.version).await
    }

    /// The head of the group accepts, where there is one beside the author.
    async fn endorse(&self, plan: &TeachingPlan) -> Result<()> {
        if let Some(head) = &self.head {
            pass(21);
            plans::review(self.desk.db, head, plan.item.id, &review(ReviewVerdict::Accept, None, plan), None).await?;
        }
        Ok(())
    }

    async fn send_back(&self, plan: &TeachingPlan, note: &str) -> Result<()> {
        let by = self.head.as_ref().unwrap_or(&self.leads);
        pass(18);
        plans::review(self.desk.db, by, plan.item.id, &review(ReviewVerdict::Return, Some(note), plan), None).await?;
        Ok(())
    }

    async fn go(&self, made: TeachingPlan, body: &PutTeachingPlan, way: Way) -> Result<()> {
        if matches!(way, Way::Draft) {
            return Ok(());
        }
        let (db, id) = (self.desk.db, made.item.id);
        let mut plan = self.submit(&made).await?;
        if matches!(way, Way::Returned | Way::Twice) {
            let note =
                "Phần vận dụng còn chung chung; đề nghị thêm bài toán gắn với địa phương và nêu rõ cách đánh giá từng nhóm.";
            self.send_back(&plan, note).await?;
        }
        match way {
            Way::Draft | Way::Submitted | Way::Returned => return Ok(()),
            Way::Commented => {
                let note = "Nên rút ngắn phần khởi động, dành thời gian cho thực hành.";
                let by = self.head.as_ref().unwrap_or(&self.leads);
                pass(16);
                plans::review(db, by, id, &review(ReviewVerdict::Comment, Some(note), &plan), None).await?;
                return Ok(());
            }
            Way::Endorsed => return self.endorse(&plan).await,
            Way::Twice => {
                let stands = plans::get(db, &self.teacher, id).await?;
                let more = "\n# Điều chỉnh sau góp ý\n- Thêm bài toán tưới tiêu của ấp; mỗi nhóm tự chấm theo phiếu tiêu chí.";
                let body = PutTeachingPlan { body: format!("{}{more}", body.body), ..body.clone() };
                let changed = plans::put(db, &self.teacher, id, stands.item.version, &body).await?;
                plan = self.submit(&changed).await?;
            }
            Way::Approved => {}
        }
        self.endorse(&plan).await?;
        pass(14);
        plans::review(db, &self.leads, id, &review(ReviewVerdict::Accept, Some("Đồng ý thực hiện."), &plan), None).await?;
        Ok(())
    }
}

pub async fn fill(desk: &Desk<'_>) -> Result<()> {
    desk.on(8, 24, 9);
    let groups = groups(desk).await?;
    let leads = desk.site.principal();
    let mut nth = 0;
    for member in desk.site.teachers() {
        let Some((code, grade)) = member.subject.zip(member.grades.iter().min_by_key(|grade| grade.number()).copied()) else {
            continue;
        };
        let Some(group) = groups.iter().find(|group| group.codes.contains(&code)) else { continue };
        let head = group.head.filter(|head| head.id != member.id).map(|head| desk.site.teacher(head));
        let writer = Writer { desk, teacher: desk.site.teacher(member), head, leads: leads.clone() };
        let subject = regulations::curriculum::subject(code).map_or(code, |subject| subject.vi);
        let plan = |kind, week, title: String, body| PutTeachingPlan {
            kind,
            school_year_id: desk.years.this,
            grade,
            subject_code: Some(code.to_owned()),
            group_id: Some(group.id),
            week,
            title,
            body,
            file_id: None,
        };
        let mut bodies = Vec::new();
        if nth % 3 == 0 {
            let title = format!("Kế hoạch dạy học môn {subject} {}", in_words(grade));
            bodies.push(plan(TeachingPlanKind::Year, None, title, year_text(subject)));
        }
        let lessons = LESSONS.iter().filter(|lesson| lesson.subject == code);
        bodies.extend(
            lessons.map(|lesson| plan(TeachingPlanKind::Lesson, Some(lesson.week), lesson.title.to_owned(), lesson_text(lesson))),
        );
        for body in bodies {
            let week = i64::from(body.week.unwrap_or(1));
            clock::tell(super::at(day(desk.year, 9, 1), 19) + chrono::Duration::days(7 * week - 7 + nth % 5));
            let post = PostTeachingPlan { school_id: desk.site.school, plan: body.clone() };
            let made = plans::create(desk.db, &writer.teacher, &post).await?;
            // Plans of the year are approved before it begins in earnest.
            let way = if body.week.is_none() { Way::Approved } else { WAYS[nth as usize % WAYS.len()] };
            writer.go(made, &body, way).await?;
            nth += 1;
        }
    }
    Ok(())
}

fn in_words(grade: Grade) -> String {
    grade.label(dto::Lang::Vi).to_lowercase()
}
