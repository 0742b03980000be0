//! The generator without a database.

use super::rows::*;
use super::*;
use dto::calendar::Grade;
use kernel::text::{PersonalId, parse_phone};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use uuid::Uuid;

fn options(size: Size, marks: Marks, seed: u64) -> DemoOptions {
    DemoOptions { size, year: 2026, marks, complete: false, closed: false, seed }
}

fn all(size: Size, marks: Marks, seed: u64) -> (Vec<Batch>, Cast) {
    let mut generator = Generator::new(options(size, marks, seed));
    let batches = generator.by_ref().collect();
    (batches, generator.cast)
}

fn hash(batches: &[Batch]) -> String {
    let mut hash = Sha256::new();
    for batch in batches {
        hash.update(format!("{batch:?}"));
    }
    hex::encode(hash.finalize())
}

/// Every value comes once.
fn once<T: Ord + Debug>(what: &str, values: impl Iterator<Item = T>) -> usize {
    let mut seen = BTreeSet::new();
    for value in values {
        assert!(!seen.contains(&value), "{what} twice: {value:?}");
        seen.insert(value);
    }
    seen.len()
}

#[test]
fn the_same_seed_gives_the_same_rows() {
    let first = hash(&all(Size::Commune, Marks::Semester1, 1).0);
    assert_eq!(first, hash(&all(Size::Commune, Marks::Semester1, 1).0));
    assert_ne!(first, hash(&all(Size::Commune, Marks::Semester1, 2).0));
}

#[test]
fn the_province_is_exactly_the_published_one_and_its_keys_are_unique() {
    let (mut classes, mut learners, mut posts) = (0, 0, BTreeMap::<&str, BTreeSet<Uuid>>::new());
    let (mut personal, mut codes, mut usernames, mut staff_codes, mut ids) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut schools = BTreeMap::<&str, usize>::new();
    let mut loads = BTreeMap::<Uuid, u32>::new();
    let batches = Generator::new(options(Size::Province, Marks::None, 1)).inspect(|batch| {
        let periods: BTreeMap<(Uuid, &str), u32> =
            batch.class_subjects.iter().map(|s| ((s.class_id, s.code), s.annual_periods as u32)).collect();
        assert_eq!(periods.len(), batch.teaching.len(), "each subject of a class has one teacher");
        for teaching in &batch.teaching {
            *loads.entry(teaching.staff_id).or_default() += periods[&(teaching.class_id, teaching.code)];
        }
        for class in &batch.classes {
            let lead = class.homeroom.expect("each class has a homeroom teacher");
            *loads.entry(lead).or_default() += 4 * 35;
        }
        once("homeroom", batch.classes.iter().filter_map(|class| class.homeroom));
    });
    for batch in batches {
        for unit in batch.units.iter().filter(|unit| unit.kind == "school") {
            *schools.entry(unit.levels).or_default() += 1;
        }
        classes += batch.classes.len();
        learners += batch.learners.len();
        assert_eq!(batch.learners.len(), batch.enrolments.len());
        for post in &batch.posts {
            posts.entry(post.position).or_default().insert(post.staff_id);
        }
        personal.extend(batch.learners.iter().filter_map(|l| l.personal_id.clone()));
        codes.extend(batch.learners.iter().map(|l| l.ministry_code.clone()));
        staff_codes.extend(batch.staff.iter().map(|s| s.ministry_code.clone()));
        usernames.extend(batch.accounts.iter().map(|a| a.username.clone()));
        ids.extend(
            batch
                .learners
                .iter()
                .map(|l| l.id)
                .chain(batch.guardians.iter().map(|g| g.id))
                .chain(batch.staff.iter().map(|s| s.id)),
        );
    }
    assert_eq!(
        schools,
        BTreeMap::from([("preschool", 131), ("primary", 201), ("lower_secondary", 109), ("upper_secondary", 40)])
    );
    assert_eq!((classes, learners), (8_259, 256_347));
    let people = |positions: &[&str]| positions.iter().map(|p| posts.get(p).map_or(0, BTreeSet::len)).sum::<usize>();
    assert_eq!(people(&["principal", "deputy"]), 1_073);
    assert_eq!(people(&["teacher"]), 14_168);
    assert_eq!(people(&["clerk", "accountant", "nurse", "librarian", "technician", "other"]), 1_933);
    assert_eq!(once("staff code", staff_codes.iter()), 1_073 + 14_168 + 1_933);
    assert_eq!(once("ministry code", codes.iter()), 256_347);
    assert!(once("personal id", personal.iter()) > 250_000);
    once("username", usernames.iter());
    once("id", ids.iter());
    // 23 periods a week and half of that again is the most that the law lets anyone teach (TT 05/2025 Đ.3).
    let heaviest = loads.values().max().copied().unwrap_or_default();
    assert!(heaviest <= 34 * 35, "{} periods a week", heaviest / 35);
}

#[test]
fn a_commune_is_plausible() {
    let (batches, _) = all(Size::Commune, Marks::Semester1, 3);
    let grades: BTreeMap<Uuid, Grade> = batches.iter().flat_map(|b| &b.classes).map(|c| (c.id, c.grade)).collect();
    for batch in &batches {
        let mut lists = BTreeMap::<Uuid, Vec<(i32, &Learner)>>::new();
        let learners: BTreeMap<Uuid, &Learner> = batch.learners.iter().map(|l| (l.id, l)).collect();
        for e in &batch.enrolments {
            lists.entry(e.class_id).or_default().push((e.ordinal, learners[&e.learner_id]));
        }
        for (class, list) in lists {
            let most = if grades[&class].number().is_some_and(|g| g > 5) { 45 } else { 35 };
            assert!((16..=most).contains(&list.len()), "{}", list.len());
            assert!(list.iter().enumerate().all(|(i, (ordinal, _))| *ordinal == i as i32 + 1));
            let settled: Vec<_> = list.iter().filter(|(_, l)| l.status == "studying").map(|(_, l)| &l.sort_key).collect();
            assert!(settled.windows(2).all(|pair| pair[0] <= pair[1]), "in Vietnamese order");
        }
        for learner in &batch.learners {
            assert_eq!(kernel::text::clean(&learner.full_name), learner.full_name);
            let Some(number) = &learner.personal_id else { continue };
            let sex = if learner.sex == "male" { kernel::text::Sex::Male } else { kernel::text::Sex::Female };
            let id = PersonalId::parse(number).expect("well-formed");
            assert_eq!(id.warnings(Some(learner.birth_date), Some(sex)), []);
        }
        for phone in batch.guardians.iter().filter_map(|g| g.phone.as_ref()).chain(batch.staff.iter().map(|s| &s.phone)) {
            assert!(parse_phone(phone).is_ok(), "{phone}");
        }
        for mark in &batch.marks {
            assert!(mark.mark.is_some() != mark.flag.is_some());
            assert!(mark.mark.is_none_or(|m| (0..=1000).contains(&m) && m % 10 == 0), "{:?}", mark.mark);
        }
    }
    let marks: Vec<i64> = batches.iter().flat_map(|b| &b.marks).filter_map(|m| m.mark).map(i64::from).collect();
    let mean = marks.iter().sum::<i64>() / marks.len() as i64;
    assert!((620..780).contains(&mean), "{mean}");
    assert!(marks.iter().filter(|m| **m < 500).count() * 100 / marks.len() > 2, "some are weak");
}

#[test]
fn the_cast_is_whole_in_every_size() {
    for size in [Size::School, Size::Commune] {
        let (batches, cast) = all(size, Marks::Semester1, 1);
        let roles: BTreeSet<Role> = cast.accounts.iter().map(|account| account.role).collect();
        assert_eq!(roles.len(), Role::ALL.len());
        assert_eq!(cast.accounts.len(), Role::ALL.len());
        let account =
            |name: &str| batches.iter().flat_map(|b| &b.accounts).find(|a| a.username == name).expect("the account is made");
        // The guardian's children go to two schools, the learner is one of them.
        let (_, guardian) = account("phuhuynh").person.expect("a person");
        let (_, learner) = account("hocsinh").person.expect("a person");
        let children: BTreeSet<Uuid> =
            batches.iter().flat_map(|b| &b.links).filter(|l| l.guardian_id == guardian).map(|l| l.learner_id).collect();
        let schools: BTreeSet<Uuid> =
            batches.iter().flat_map(|b| &b.learners).filter(|l| children.contains(&l.id)).map(|l| l.school_id).collect();
        assert!(children.contains(&learner));
        assert_eq!(schools.len(), 2);
        // The teacher teaches in both.
        let (_, teacher) = account("giaovien").person.expect("a person");
        let classes: BTreeMap<Uuid, Uuid> = batches.iter().flat_map(|b| &b.classes).map(|c| (c.id, c.school_id)).collect();
        let taught: BTreeSet<Uuid> =
            batches.iter().flat_map(|b| &b.teaching).filter(|t| t.staff_id == teacher).map(|t| classes[&t.class_id]).collect();
        assert_eq!(taught, schools);
        // One class has been closed, the next is ready, and the homeroom teacher is the one who can close it.
        let (_, homeroom) = account("chunhiem").person.expect("a person");
        let led = batches.iter().flat_map(|b| &b.classes).find(|c| c.homeroom == Some(homeroom)).expect("a class");
        assert_ne!(Some(led.id), cast.closed_class);
        let guardians = batches.iter().flat_map(|b| &b.links).fold(BTreeMap::<Uuid, usize>::new(), |mut n, l| {
            *n.entry(l.guardian_id).or_default() += 1;
            n
        });
        assert!(guardians.values().filter(|n| **n > 1).count() > 50);
    }
}
