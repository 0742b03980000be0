//! Families with accounts, and what goes to and fro between them and the school.

use super::rows::{Leave, Member, Message, Notice, Opened, Receipt, Thread};
use super::words::{self, Said};
use super::{Life, Made, Room, instant, millis, pick, school_day};
use crate::demo::rng::Rng;
use crate::demo::rows::{Account, Batch, Grant, Term};
use chrono::{DateTime, Datelike, Duration, NaiveDate, Utc};
use dto::access::Role;
use dto::contact::LeaveSessions;
use gradebook::contact_book::Said as Kept;
use std::collections::BTreeSet;
use uuid::Uuid;

/// A learner with the guardian who has an account.
#[derive(Clone, Copy)]
pub struct Family {
    pub learner: Uuid,
    pub guardian: Uuid,
    pub account: Uuid,
}

/// A guardian has opened the contact book.
pub fn came(guardian_id: Uuid, start: NaiveDate, rng: &mut Rng, made: &mut Made) {
    let first_at = instant(start + Duration::days(i64::from(rng.between(1, 20))), 19, rng);
    let last_at = first_at + Duration::hours(i64::from(rng.between(20, 1_000)));
    made.written.opened.push(Opened { guardian_id, first_at, last_at });
}

/// One notice and its readers among these guardians.
fn publish(notice: Notice, readers: impl Iterator<Item = Uuid>, rng: &mut Rng, made: &mut Made) {
    for guardian_id in readers {
        if rng.chance(640) {
            let read_at = notice.created_at + Duration::minutes(i64::from(rng.between(4, 2_800)));
            made.written.receipts.push(Receipt { school_id: notice.school_id, notice_id: notice.id, guardian_id, read_at });
        }
    }
    made.written.notices.push(notice);
}

impl Life {
    /// The families of a class in which a guardian has an account; some get one here.
    pub(super) fn families(&mut self, room: &Room<'_>, out: &Batch, many: bool, rng: &mut Rng, made: &mut Made) -> Vec<Family> {
        let here: BTreeSet<Uuid> = room.pupils.iter().map(|pupil| pupil.id).collect();
        let mut families: Vec<Family> = Vec::new();
        for link in out.links.iter().filter(|link| here.contains(&link.learner_id)) {
            if families.iter().any(|family| family.learner == link.learner_id) {
                continue;
            }
            let wants = rng.chance(if many { 640 } else { 260 });
            let known = self.accounts.get(&link.guardian_id).copied();
            let name = || out.guardians.iter().find(|guardian| guardian.id == link.guardian_id).map(|g| g.full_name.clone());
            let account = match known {
                Some(account) => account,
                None => match wants.then(name).flatten() {
                    Some(full_name) => self.join(room, link.guardian_id, full_name, rng, made),
                    None => continue,
                },
            };
            families.push(Family { learner: link.learner_id, guardian: link.guardian_id, account });
        }
        families.sort_by_key(|family| Some(family.account) != self.cast);
        families
    }

    fn join(&mut self, room: &Room<'_>, guardian: Uuid, full_name: String, rng: &mut Rng, made: &mut Made) -> Uuid {
        let start = self.terms[0].starts_on;
        let made_at = millis(instant(start, 9, rng));
        let id = rng.id_at(made_at);
        let username = format!("ph{:05}", self.accounts.len());
        self.accounts.insert(guardian, id);
        made.accounts.push(Account { id, username, full_name, person: Some(("guardian", guardian)) });
        made.grants.push(Grant {
            id: rng.id_at(made_at),
            account_id: id,
            role: Role::Guardian,
            unit_id: Some(room.class.school_id),
            valid_from: NaiveDate::from_ymd_opt(start.year(), 8, 1).unwrap_or(start),
        });
        came(guardian, start, rng, made);
        id
    }

    /// Notices, requests for leave and messages of a school.
    pub(super) fn contact(&self, school_id: Uuid, rooms: &[Room<'_>], principal: Option<Uuid>, rng: &mut Rng, made: &mut Made) {
        let readers: BTreeSet<Uuid> = rooms.iter().flat_map(|room| &room.families).map(|family| family.guardian).collect();
        for (n, term) in self.terms().iter().enumerate() {
            for said in words::SCHOOL[n] {
                let notice = typed(school_id, ("school", String::new()), term, said, principal, rng);
                publish(notice, readers.iter().copied(), rng, made);
            }
            for room in rooms {
                for said in words::CLASS[n] {
                    let notice = typed(school_id, ("class", room.class.id.to_string()), term, said, room.homeroom, rng);
                    publish(notice, guardians(room), rng, made);
                }
            }
        }
        for room in rooms {
            told(room, rng, made);
            self.leaves(room, rng, made);
            self.talks(room, rng, made);
        }
    }

    /// A request in each state: accepted where an absence was permitted, one declined, one taken back, one that waits.
    fn leaves(&self, room: &Room<'_>, rng: &mut Rng, made: &mut Made) {
        let Some(term) = self.terms().last() else { return };
        let excused = |learner: Uuid| {
            let mut of = made.written.absences.iter().filter(|a| a.class_id == room.class.id && a.learner_id == learner);
            of.find(|a| a.kind == Some("excused") && a.day >= term.starts_on).map(|a| a.day)
        };
        let mut asked: Vec<(Family, NaiveDate, &str, Option<&str>)> = Vec::new();
        for family in &room.families {
            if let Some(day) = excused(family.learner).filter(|_| asked.len() < 3) {
                asked.push((*family, day, "accepted", Some("Cô đồng ý. Chúc cháu mau khoẻ.")));
            }
        }
        let later = |days: i64| school_day(term.starts_on, days);
        let others = [
            (later(44), "declined", Some("Tuần này lớp kiểm tra giữa kì, mong gia đình sắp xếp dịp khác.")),
            (later(55), "withdrawn", None),
            (later(75), "sent", None),
            (later(76), "sent", None),
        ];
        // The family that signs in to the demo has one of each that fits.
        let mut families = room.families.iter().cycle().skip(usize::from(room.families.len() > 4));
        for (i, (day, state, answer)) in others.into_iter().enumerate() {
            let cast = room.families.first().filter(|family| Some(family.account) == self.cast && i > 0);
            if let Some(family) = cast.or_else(|| families.next()) {
                asked.push((*family, day, state, answer));
            }
        }
        for (family, from_on, state, answer) in asked {
            let created_at = instant(from_on - Duration::days(i64::from(rng.between(1, 3))), 19, rng);
            let answered = answer.is_some();
            made.written.leaves.push(Leave {
                school_id: room.class.school_id,
                id: rng.id_at(millis(created_at)),
                class_id: room.class.id,
                learner_id: family.learner,
                guardian_id: family.guardian,
                from_on,
                to_on: from_on,
                sessions: if rng.chance(700) { "day" } else { "morning" },
                reason: pick(&words::WHY_LEAVE, rng),
                state,
                answer,
                answered_by: room.homeroom.filter(|_| answered),
                answered_at: answered.then(|| created_at + Duration::minutes(i64::from(rng.between(10, 600)))),
                created_at,
            });
        }
    }

    /// Messages with the homeroom teacher.
    fn talks(&self, room: &Room<'_>, rng: &mut Rng, made: &mut Made) {
        let (Some(teacher), Some(term)) = (room.homeroom, self.terms().last()) else { return };
        let first = rng.below(words::TALKS.len());
        for (i, family) in room.families.iter().take(5).enumerate() {
            let talk = words::TALKS[(first + i) % words::TALKS.len()];
            let mut at: DateTime<Utc> = instant(school_day(term.starts_on, i64::from(rng.between(8, 70))), 18, rng);
            let (school_id, id) = (room.class.school_id, rng.id_at(millis(at)));
            let mut seq = 0;
            for (from_family, body) in talk {
                seq += 1;
                at += Duration::minutes(i64::from(rng.between(6, 190)));
                made.written.messages.push(Message {
                    school_id,
                    thread_id: id,
                    seq,
                    account_id: if *from_family { family.account } else { teacher },
                    side: if *from_family { "family" } else { "staff" },
                    body,
                    sent_at: at,
                });
            }
            let last_by_family = talk.last().is_some_and(|(family, _)| *family);
            for (account_id, wrote_last) in [(family.account, last_by_family), (teacher, !last_by_family)] {
                // Some have not seen the last message yet.
                let seen_seq = if wrote_last || rng.chance(600) { seq } else { seq - 1 };
                made.written.members.push(Member { school_id, thread_id: id, account_id, seen_seq, seen_at: at });
            }
            let class_id = room.class.id;
            made.written.threads.push(Thread { school_id, id, class_id, learner_id: family.learner, last_seq: seq, last_at: at });
        }
    }
}

fn guardians(room: &Room<'_>) -> impl Iterator<Item = Uuid> + use<> {
    room.families.iter().map(|family| family.guardian).collect::<BTreeSet<_>>().into_iter()
}

/// A notice that somebody typed.
fn typed(
    school_id: Uuid,
    (target_kind, target): (&'static str, String),
    term: &Term,
    (days, kind, title, body): &Said,
    created_by: Option<Uuid>,
    rng: &mut Rng,
) -> Notice {
    let created_at = instant(school_day(term.starts_on, *days), 16, rng);
    let id = rng.id_at(millis(created_at));
    Notice {
        school_id,
        id,
        event_key: format!("typed:demo:{id}"),
        kind,
        target_kind,
        target,
        title: Some(title),
        body: Some(body),
        params: None,
        learner_id: None,
        created_by,
        created_at,
    }
}

/// Families hear of absences, as they do when a teacher enters them.
fn told(room: &Room<'_>, rng: &mut Rng, made: &mut Made) {
    let absences: Vec<_> = made
        .written
        .absences
        .iter()
        .filter(|absence| absence.class_id == room.class.id)
        .filter_map(|absence| {
            let family = room.families.iter().find(|family| family.learner == absence.learner_id)?;
            Some((*family, absence.day, absence.session, absence.kind == Some("excused"), absence.updated_at))
        })
        .collect();
    for (family, on, session, excused, created_at) in absences {
        let sessions = if session == "morning" { LeaveSessions::Morning } else { LeaveSessions::Afternoon };
        let Ok(params) = serde_json::to_string(&Kept::Absence { on, sessions, excused }) else { continue };
        let notice = Notice {
            school_id: room.class.school_id,
            id: rng.id_at(millis(created_at)),
            event_key: format!("absence:{}:{on}:{sessions}", family.learner),
            kind: "absence",
            target_kind: "learner",
            target: family.learner.to_string(),
            title: None,
            body: None,
            params: Some(params),
            learner_id: Some(family.learner),
            created_by: room.homeroom,
            created_at,
        };
        publish(notice, std::iter::once(family.guardian), rng, made);
    }
}
