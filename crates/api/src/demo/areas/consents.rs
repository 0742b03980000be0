//! Consents of two classes, on paper and by account, given, refused and withdrawn; requests of families about their data.

use super::people::Pupil;
use super::{Desk, clock};
use crate::demo::rng::Rng;
use dto::access::Role;
use dto::consents::{ConsentAct, DataRequestKind, PostConsent, PostDataRequest, PostPaperConsent, PutDataAnswer};
use kernel::Result;
use records::consents;

const PURPOSES: [&str; 2] = ["public_photo", "lesson_recording"];

async fn answers(desk: &Desk<'_>, pupil: &Pupil, note: &str, rng: &mut Rng) -> Result<()> {
    let clerk = desk.site.office("clerk", Role::Clerk);
    let Some(guardian) = pupil.guardians.first().copied() else { return Ok(()) };
    for (nth, purpose) in PURPOSES.into_iter().enumerate() {
        // Some have not handed their paper in yet, fewer of the second one.
        if !rng.chance(if nth == 0 { 880 } else { 600 }) {
            continue;
        }
        let act = if rng.chance(910) { ConsentAct::Give } else { ConsentAct::Refuse };
        let paper = |guardian_id| PostPaperConsent {
            purpose: purpose.to_owned(),
            version: 1,
            act,
            guardian_id,
            note: note.to_owned(),
            file_id: None,
        };
        match guardian.1 {
            Some(_) => {
                let body = PostConsent { purpose: purpose.to_owned(), version: 1, act };
                consents::give(desk.db, &desk.site.guardian(guardian), pupil.id, &body).await?;
            }
            None => {
                consents::paper(desk.db, &clerk, pupil.id, &paper(Some(guardian.0))).await?;
            }
        }
        if act == ConsentAct::Give && rng.chance(900) {
            consents::paper(desk.db, &clerk, pupil.id, &paper(None)).await?;
        }
    }
    Ok(())
}

pub async fn fill(desk: &Desk<'_>) -> Result<()> {
    let mut rng = desk.rng(7);
    for (nth, class) in desk.site.classes.iter().take(2).enumerate() {
        desk.on(9, 15 + nth as u32, 14);
        let note = format!("Phiếu giấy tháng 9, tập hồ sơ lớp {}", class.name);
        for pupil in class.pupils.iter().filter(|pupil| !pupil.shown) {
            answers(desk, pupil, &note, &mut rng).await?;
        }
    }
    let families: Vec<_> = desk
        .site
        .classes
        .iter()
        .take(2)
        .flat_map(|class| class.pupils.iter().filter(|pupil| !pupil.shown))
        .filter_map(|pupil| Some((pupil, pupil.guardians.first().copied().filter(|(_, account)| account.is_some())?)))
        .collect();
    for (pupil, guardian) in families.iter().take(2) {
        desk.on(10, 20, 20);
        for act in [ConsentAct::Give, ConsentAct::Withdraw] {
            let body = PostConsent { purpose: PURPOSES[0].to_owned(), version: 1, act };
            consents::give(desk.db, &desk.site.guardian(*guardian), pupil.id, &body).await?;
        }
    }
    let asked = [
        (
            DataRequestKind::Correct,
            "Ngày sinh của con trong hồ sơ ghi 12/4, đúng là 21/4 theo giấy khai sinh.",
            Some("Đã đối chiếu giấy khai sinh và sửa trong hồ sơ."),
        ),
        (DataRequestKind::Explain, "Xin cho biết ảnh lớp chụp hôm khai giảng được dùng vào việc gì.", None),
        (DataRequestKind::Export, "Xin bản sao dữ liệu của con để nộp hồ sơ học bổng.", None),
    ];
    let principal = desk.site.principal();
    for (nth, ((kind, text, answer), (pupil, guardian))) in asked.into_iter().zip(families.iter().skip(2)).enumerate() {
        // Two lie beyond their time, the last does not yet.
        desk.on(if nth < 2 { 10 } else { 11 }, [26, 27, 16][nth.min(2)], 19);
        let body = PostDataRequest { kind, body: text.to_owned() };
        let made = consents::ask(desk.db, &desk.site.guardian(*guardian), pupil.id, &body).await?;
        if let Some(answer) = answer {
            clock::tell(clock::now() + chrono::Duration::hours(15));
            let body = PutDataAnswer { done: true, answer: answer.to_owned() };
            consents::answer(desk.db, &principal, made.id, made.version, &body).await?;
        }
    }
    Ok(())
}
