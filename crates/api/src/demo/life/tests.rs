//! What people of a demo wrote, without a database.

use crate::demo::generate::Generator;
use crate::demo::rows::Batch;
use crate::demo::{DemoOptions, Marks, Size};
use std::collections::{BTreeMap, BTreeSet};

fn batches(size: Size, marks: Marks) -> Vec<Batch> {
    Generator::new(DemoOptions { size, year: 2026, marks, complete: false, closed: false, seed: 1 }).collect()
}

#[test]
fn absences_by_date_are_as_many_as_were_counted() {
    for batch in batches(Size::School, Marks::Year) {
        let mut dated = BTreeMap::new();
        let mut keys = BTreeSet::new();
        for absence in &batch.life.absences {
            assert!(keys.insert((absence.class_id, absence.day, absence.session, absence.learner_id)), "{absence:?}");
            // The second term of 2026-2027 begins in January.
            let term = if absence.day.format("%Y").to_string() == "2027" { 2 } else { 1 };
            *dated.entry((absence.class_id, term, absence.learner_id)).or_insert(0) += 1;
        }
        for conduct in &batch.conduct {
            let found = dated.remove(&(conduct.class_id, conduct.term, conduct.learner_id)).unwrap_or(0);
            assert_eq!(found, conduct.absences);
        }
        assert_eq!(dated, BTreeMap::new(), "of nobody whose conduct is not there");
        let excused = batch.life.absences.iter().filter(|absence| absence.kind == Some("excused")).count();
        assert!(batch.school.is_none() || (excused > 0 && excused < batch.life.absences.len()));
    }
}

#[test]
fn a_commune_is_alive() {
    let batches = batches(Size::Commune, Marks::Semester1);
    let (mut accounts, mut opened) = (BTreeSet::new(), BTreeSet::new());
    for batch in &batches {
        let Some(school) = batch.school else {
            assert!(batch.life.notices.is_empty());
            continue;
        };
        let life = &batch.life;
        for account in batch.accounts.iter().filter_map(|account| account.person.filter(|(kind, _)| *kind == "guardian")) {
            assert!(accounts.insert(account.1), "a guardian has one account, however many schools the children go to");
        }
        opened.extend(life.opened.iter().map(|opened| opened.guardian_id));
        let states: BTreeSet<&str> = life.leaves.iter().map(|leave| leave.state).collect();
        assert!(states.is_superset(&BTreeSet::from(["declined", "sent", "withdrawn"])), "{states:?}");
        assert!(life.leaves.iter().all(|leave| leave.answer.is_some() == leave.answered_at.is_some()));
        let notices: BTreeMap<_, _> = life.notices.iter().map(|notice| (notice.id, notice)).collect();
        assert_eq!(notices.len(), life.notices.len());
        let mut receipts = BTreeSet::new();
        for receipt in &life.receipts {
            assert!(receipts.insert((receipt.notice_id, receipt.guardian_id)));
            assert!(receipt.read_at > notices[&receipt.notice_id].created_at && accounts.contains(&receipt.guardian_id));
        }
        assert!(receipts.len() > 20);
        for thread in &life.threads {
            let said: Vec<_> = life.messages.iter().filter(|message| message.thread_id == thread.id).collect();
            assert_eq!(said.last().map(|message| (message.seq, message.sent_at)), Some((thread.last_seq, thread.last_at)));
            assert!(said.windows(2).all(|pair| pair[0].sent_at < pair[1].sent_at));
        }
        assert!(!life.threads.is_empty() && life.threads.iter().all(|thread| thread.school_id == school));
        let preschool = batch.classes.iter().any(|class| class.grade.number().is_none());
        assert_eq!(preschool, life.comments.is_empty() && life.phrases.is_empty());
        assert_eq!(preschool, !life.growth.is_empty() && !life.outcomes.is_empty() && !life.items.is_empty());
        for measure in &life.growth {
            assert!((4_000..45_000).contains(&measure.weight_g) && (550..1_400).contains(&measure.height_mm), "{measure:?}");
        }
        let violated: BTreeSet<_> = life.notes.iter().filter(|n| n.kind == "violation").map(|n| n.learner_id).collect();
        let good: BTreeSet<_> = batch.conduct.iter().filter(|c| c.level == "good").map(|c| c.learner_id).collect();
        assert!(violated.is_disjoint(&good));
    }
    assert!(accounts.is_subset(&opened));
    assert!(accounts.len() > 300, "{}", accounts.len());
}

#[test]
fn nothing_is_written_where_no_marks_are_and_in_one_commune_of_a_province() {
    assert!(
        batches(Size::School, Marks::None).iter().all(|batch| batch.life.notices.is_empty() && batch.life.absences.is_empty())
    );
    let mut generator = Generator::new(DemoOptions {
        size: Size::Province,
        year: 2026,
        marks: Marks::Semester1,
        complete: false,
        closed: false,
        seed: 1,
    });
    let first = generator.plan.schools.iter().filter(|school| school.commune == 0).count();
    let alive: Vec<bool> = generator.by_ref().take(first + 3).map(|batch| !batch.life.notices.is_empty()).collect();
    assert_eq!(alive.iter().filter(|alive| **alive).count(), first);
    // The directory, the commune's schools, two more.
    assert_eq!((alive[0], &alive[first + 1..]), (false, &[false, false][..]));
}
