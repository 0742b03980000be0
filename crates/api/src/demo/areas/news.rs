//! What a school shows to the public: news with pictures and without. Who is shown or named has consented to it, on paper; one item was
//! taken down, another is hidden since a family withdrew. The pictures are drawings of the demo's own, of no real place and nobody.

use super::Desk;
use super::people::Pupil;
use actix_web::web::Bytes;
use dto::access::Role;
use dto::consents::{ConsentAct, PostPaperConsent};
use dto::files::FileQuery;
use dto::publications::PostPublication;
use dto::{FileId, GuardianId, LearnerId};
use kernel::{Ctx, Result};
use records::{consents, files, publications};

const PHOTO: &str = "public_photo";
const NAME: &str = "public_name";

const YARD: (&str, &[u8]) = ("san-truong.webp", include_bytes!("pictures/yard.webp"));
const LIBRARY: (&str, &[u8]) = ("thu-vien.webp", include_bytes!("pictures/library.webp"));
const PLANTING: (&str, &[u8]) = ("trong-cay.webp", include_bytes!("pictures/planting.webp"));

/// How many stand in the picture of [`PLANTING`].
const SHOWN: usize = 6;

/// News without anybody's name or face: month, day, title, text, picture.
type Plain = (u32, u32, &'static str, &'static str, Option<(&'static str, &'static [u8])>);

const PLAIN: [Plain; 4] = [
    (
        9,
        5,
        "Khai giảng năm học mới",
        "Sáng 5/9, thầy trò toàn trường dự lễ khai giảng. Học sinh lớp đầu cấp được anh chị khối trên đón từ cổng trường.\n\
         Buổi học đầu tiên theo thời khoá biểu bắt đầu từ thứ Hai.",
        Some(YARD),
    ),
    (
        10,
        9,
        "Thư viện mở cửa cả giờ nghỉ trưa",
        "Từ tháng 10, thư viện mở cửa đến 13 giờ các ngày trong tuần. Mỗi em được mượn hai cuốn trong mười ngày.\n\
         Góc đọc mới có 48 chỗ ngồi và tủ sách do cựu học sinh tặng.",
        Some(LIBRARY),
    ),
    (
        9,
        28,
        "Cho học sinh nghỉ học ngày 29/9 vì mưa lớn",
        "Trường cho học sinh nghỉ học thứ Ba 29/9 để bảo đảm an toàn. Lịch học bù được báo sau.",
        None,
    ),
    (
        11,
        6,
        "Lịch họp cha mẹ học sinh giữa học kì I",
        "Chủ nhật 15/11, từ 8 giờ, tại phòng học của lớp con. Giáo viên chủ nhiệm trao đổi về kết quả giữa kì và kế hoạch ôn tập.\n\
         Cha mẹ không đến được có thể hẹn giáo viên chủ nhiệm trong tuần sau đó.",
        None,
    ),
];
/// Which of [`PLAIN`] was taken down two days later.
const TAKEN_DOWN: usize = 2;

/// Somebody whose family may be asked, with the guardian who answers.
type Asked<'a> = (&'a Pupil, GuardianId);

/// Learners whose names stand in nobody else's, so that naming one names one.
fn distinct<'a>(desk: &'a Desk<'_>) -> Vec<(Asked<'a>, &'a str)> {
    let all: Vec<String> = desk.site.classes.iter().flat_map(|class| &class.pupils).map(|pupil| pupil.name.full()).collect();
    let alone = |pupil: &Pupil| {
        let name = pupil.name.full();
        all.iter().filter(|other| name.contains(other.as_str())).count() == 1
    };
    // The last class of the school: the first two were asked in autumn, for every purpose.
    let Some(class) = desk.site.classes.last() else { return Vec::new() };
    class
        .pupils
        .iter()
        .filter(|pupil| !pupil.shown && alone(pupil))
        .filter_map(|pupil| Some(((pupil, pupil.guardians.first()?.0), class.name.as_str())))
        .collect()
}

/// What guardian and child said of a purpose, as the office writes it down from their paper.
async fn say(desk: &Desk<'_>, (pupil, guardian): Asked<'_>, purpose: &str, act: ConsentAct, child: bool) -> Result<()> {
    let clerk = desk.site.office("clerk", Role::Clerk);
    for guardian_id in [Some(guardian), None].into_iter().take(if child { 2 } else { 1 }) {
        let note = "Phiếu giấy, tập hồ sơ tin bài của trường".to_owned();
        let body = PostPaperConsent { purpose: purpose.to_owned(), version: 1, act, guardian_id, note, file_id: None };
        consents::paper(desk.db, &clerk, pupil.id, &body).await?;
    }
    Ok(())
}

async fn upload(desk: &Desk<'_>, by: &Ctx, (name, bytes): (&str, &'static [u8])) -> Result<FileId> {
    let query = FileQuery { school_id: desk.site.school, name: name.to_owned() };
    let (store, limits) = (desk.files.store, desk.files.limits);
    Ok(files::put_small(desk.db, store, limits, by, &query, Bytes::from_static(bytes)).await?.id)
}

fn item(title: &str, body: &str, photo: Option<FileId>, shows: Vec<LearnerId>, names: Vec<LearnerId>) -> PostPublication {
    let shows_nobody = photo.is_some() && shows.is_empty();
    PostPublication { title: title.to_owned(), body: Some(body.to_owned()), photo, shows, shows_nobody, names }
}

/// `main`: also with faces and names.
pub async fn fill(desk: &Desk<'_>, main: bool) -> Result<()> {
    let (principal, school) = (desk.site.principal(), desk.site.school);
    let mut news = PLAIN;
    news.sort_by_key(|(month, date, ..)| (*month, *date));
    for (month, date, title, text, picture) in news {
        desk.on(month, date, 10);
        let photo = match picture {
            Some(picture) => Some(upload(desk, &principal, picture).await?),
            None => None,
        };
        let made = publications::publish(desk.db, &principal, school, &item(title, text, photo, Vec::new(), Vec::new())).await?;
        if title == PLAIN[TAKEN_DOWN].2 {
            desk.on(month, date + 2, 7);
            publications::withdraw(desk.db, &principal, school, made.id).await?;
        }
    }
    if main { children(desk, &principal).await } else { Ok(()) }
}

/// A picture of six, the prizes of two, and praise of one whose family withdrew later.
async fn children(desk: &Desk<'_>, principal: &Ctx) -> Result<()> {
    let found = distinct(desk);
    let (Some(shown), Some([(first, class), (second, _), (third, _)])) = (found.get(..SHOWN), found.get(SHOWN..SHOWN + 3)) else {
        return Ok(());
    };
    let school = desk.site.school;
    desk.on(10, 21, 14);
    for (asked, _) in shown {
        say(desk, *asked, PHOTO, ConsentAct::Give, true).await?;
    }
    for asked in [first, second, third] {
        say(desk, *asked, NAME, ConsentAct::Give, true).await?;
    }
    desk.on(10, 26, 15);
    let photo = upload(desk, principal, PLANTING).await?;
    let text =
        format!("Chiều thứ Hai, học sinh lớp {class} trồng thêm ba cây sao đen ở sân sau và nhận chăm sóc đến hết năm học.");
    let shows = shown.iter().map(|((pupil, _), _)| pupil.id).collect();
    let body = item("Trồng cây ở sân sau trường", &text, Some(photo), shows, Vec::new());
    publications::publish(desk.db, principal, school, &body).await?;

    desk.on(11, 4, 9);
    let (a, b) = (first.0.name.full(), second.0.name.full());
    let text = format!(
        "Em {a} đạt giải Nhì môn Toán, em {b} đạt giải Ba môn Ngữ văn tại kì thi chọn học sinh giỏi; hai em cùng học lớp {class}.\n\
         Nhà trường trao thưởng trong giờ chào cờ tuần này."
    );
    let body = item("Hai học sinh đạt giải kì thi chọn học sinh giỏi", &text, None, Vec::new(), vec![first.0.id, second.0.id]);
    publications::publish(desk.db, principal, school, &body).await?;

    desk.on(11, 7, 9);
    let text = format!("Em {}, lớp {class}, nhặt được ví và nhờ nhà trường trả lại người đánh rơi.", third.0.name.full());
    let body = item("Gương người tốt, việc tốt", &text, None, Vec::new(), vec![third.0.id]);
    publications::publish(desk.db, principal, school, &body).await?;
    desk.on(11, 10, 16);
    say(desk, *third, NAME, ConsentAct::Withdraw, false).await
}
