//! Learners who go from school to school, at every step of the way and some of them late; and records that were made twice.

use super::Desk;
use super::people::{Pupil, Site};
use crate::demo::names::{self, Generation, People};
use crate::demo::rng::Rng;
use chrono::NaiveDate;
use dto::access::Role;
use dto::learners::{Learner, LearnerStatus, PersonName, PostLearner, Sex};
use dto::transfers::{
    PostFamilyTransfer, PostTransfer, PostTransferAnswer, PostTransferRelease, PostTransferWithdrawal, Transfer,
};
use dto::{ClassId, LearnerId};
use gradebook::school_transfers as transfers;
use kernel::Result;
use records::learners;

struct Way<'a> {
    desk: &'a Desk<'a>,
    neighbour: &'a Site,
}

fn accept(class_id: Option<ClassId>) -> PostTransferAnswer {
    PostTransferAnswer { accept: true, class_id, note: Some("Nhà trường còn chỗ, đồng ý tiếp nhận.".to_owned()) }
}

impl Way<'_> {
    /// A child of the neighbouring school.
    async fn child(&self, nth: u32, grade: i32, rng: &mut Rng) -> Result<Learner> {
        let sex = if rng.chance(500) { Sex::Male } else { Sex::Female };
        let family = names::family(rng, People::Kinh);
        let name = names::name(rng, People::Kinh, sex, Generation::Child, family);
        let since = self.desk.on_of(self.desk.year, 9, 5, 8);
        let body = PostLearner {
            school_id: self.neighbour.school,
            name: PersonName { family: name.family.to_owned(), middle: name.middle, given: name.given.to_owned() },
            birth_date: super::day(self.desk.year - 5 - grade, 1 + nth % 12, 3 + nth),
            sex,
            ethnicity: Some("Kinh".to_owned()),
            personal_id: None,
            ministry_code: Some(format!("93000000{:02}", 10 + nth)),
            status: LearnerStatus::Studying,
            since,
        };
        learners::create(self.desk.db, &self.neighbour.principal(), &body).await
    }

    /// The neighbouring school asks for a child of its own.
    async fn in_from(&self, learner: LearnerId, wished_on: NaiveDate, reason: &str) -> Result<Transfer> {
        let body = PostTransfer {
            learner_id: Some(learner),
            personal_id: None,
            ministry_code: None,
            to_school_id: self.desk.site.school,
            wished_on,
            reason: Some(reason.to_owned()),
        };
        transfers::ask(self.desk.db, &self.neighbour.principal(), &body).await
    }

    async fn out_to(&self, pupil: &Pupil, wished_on: NaiveDate, reason: &str) -> Result<Option<Transfer>> {
        let Some(guardian) = pupil.guardians.iter().copied().find(|(_, account)| account.is_some()) else { return Ok(None) };
        let body = PostFamilyTransfer { to_school_id: self.neighbour.school, wished_on, reason: Some(reason.to_owned()) };
        transfers::ask_as_family(self.desk.db, &self.desk.site.guardian(guardian), pupil.id, &body).await.map(Some)
    }

    async fn coming(&self, rng: &mut Rng) -> Result<()> {
        let (desk, mine) = (self.desk, self.desk.site.principal());
        let room =
            |grade: u8| desk.site.classes.iter().rev().find(|class| class.grade.number() == Some(grade)).map(|class| class.id);
        // One has come, in October.
        let child = self.child(1, 8, rng).await?;
        let wished_on = desk.on(10, 5, 9);
        let asked =
            self.in_from(child.id, wished_on + chrono::Duration::days(7), "Gia đình chuyển về ấp Hoà Lợi ở cùng ông bà").await?;
        desk.on(10, 7, 14);
        transfers::answer(desk.db, &mine, asked.id, &accept(room(8))).await?;
        let moved_on = desk.on(10, 9, 10);
        let release = PostTransferRelease { moved_on, note: Some("Đã bàn giao hồ sơ, học bạ.".to_owned()) };
        transfers::release(desk.db, &self.neighbour.principal(), asked.id, &release).await?;
        // One is released and waits for a class.
        let child = self.child(2, 6, rng).await?;
        let wished_on = desk.on(10, 26, 9);
        let asked = self.in_from(child.id, wished_on, "Theo cha mẹ chuyển nơi làm việc").await?;
        desk.on(10, 28, 9);
        transfers::answer(desk.db, &mine, asked.id, &accept(None)).await?;
        let moved_on = desk.on(11, 2, 10);
        transfers::release(desk.db, &self.neighbour.principal(), asked.id, &PostTransferRelease { moved_on, note: None }).await?;
        // One is accepted and not let go, longer than there is time for; one waits for an answer, late; one has just come in.
        let child = self.child(3, 7, rng).await?;
        let wished_on = desk.on(11, 3, 15);
        let asked = self.in_from(child.id, wished_on, "Nhà gần trường hơn").await?;
        desk.on(11, 6, 9);
        transfers::answer(desk.db, &mine, asked.id, &accept(room(7))).await?;
        for (nth, (month, date), reason) in
            [(4, (11, 9), "Gia đình chuyển chỗ ở về xã An Khuê"), (5, (11, 19), "Về ở với ông bà ngoại để tiện chăm sóc")]
        {
            let child = self.child(nth, 9 - nth as i32 % 3, rng).await?;
            let wished_on = desk.on(month, date, 10);
            self.in_from(child.id, wished_on, reason).await?;
        }
        Ok(())
    }

    async fn leaving(&self) -> Result<()> {
        let desk = self.desk;
        // Of the second class of a grade, so that the first classes stay as they were counted.
        let mut pupils = desk
            .site
            .classes
            .iter()
            .skip(2)
            .flat_map(|class| class.pupils.iter().skip(4).take(12).filter(|pupil| !pupil.shown))
            .filter(|pupil| pupil.guardians.iter().any(|(_, account)| account.is_some()));
        let theirs = self.neighbour.principal();
        if let Some(pupil) = pupils.next() {
            let wished_on = desk.on(11, 11, 20);
            self.out_to(pupil, wished_on, "Bố mẹ mua nhà gần Trường THCS Hoà Khuê").await?;
        }
        if let Some(pupil) = pupils.next() {
            let wished_on = desk.on(10, 19, 20);
            if let Some(asked) = self.out_to(pupil, wished_on, "Muốn học gần nhà bà nội").await? {
                desk.on(10, 22, 9);
                let note = Some("Khối lớp đã đủ sĩ số, nhà trường chưa thể tiếp nhận trong học kì I.".to_owned());
                transfers::answer(desk.db, &theirs, asked.id, &PostTransferAnswer { accept: false, class_id: None, note })
                    .await?;
            }
        }
        if let Some(pupil) = pupils.next() {
            let wished_on = desk.on(10, 12, 19);
            if let Some(asked) = self.out_to(pupil, wished_on, "Gia đình dự định chuyển đi làm ăn xa").await? {
                desk.on(10, 14, 20);
                if let Some(guardian) = pupil.guardians.iter().copied().find(|(_, account)| account.is_some()) {
                    let body = PostTransferWithdrawal { reason: "Gia đình không chuyển đi nữa.".to_owned() };
                    transfers::withdraw_as_family(desk.db, &desk.site.guardian(guardian), pupil.id, asked.id, &body).await?;
                }
            }
        }
        Ok(())
    }
}

/// A child who was entered a second time without a number: once at the school itself, once at the neighbouring one.
async fn doubles(desk: &Desk<'_>, neighbour: &Site) -> Result<()> {
    let clerk = desk.site.office("clerk", Role::Clerk);
    let twice = desk.site.classes.iter().skip(3).filter_map(|class| class.pupils.get(5)).take(2);
    for (nth, pupil) in twice.enumerate() {
        let since = desk.on(9, 18 + nth as u32, 10);
        let (school_id, ctx) =
            if nth == 0 { (desk.site.school, clerk.clone()) } else { (neighbour.school, neighbour.principal()) };
        let body = PostLearner {
            school_id,
            name: pupil.name.clone(),
            birth_date: pupil.birth_date,
            sex: if pupil.female { Sex::Female } else { Sex::Male },
            ethnicity: None,
            personal_id: None,
            ministry_code: None,
            status: LearnerStatus::Studying,
            since,
        };
        learners::create(desk.db, &ctx, &body).await?;
    }
    Ok(())
}

pub async fn fill(desk: &Desk<'_>, neighbour: &Site) -> Result<()> {
    let way = Way { desk, neighbour };
    way.coming(&mut desk.rng(8)).await?;
    way.leaving().await?;
    doubles(desk, neighbour).await
}
