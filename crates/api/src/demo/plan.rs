//! How large everything is: communes, schools, classes with their sizes, posts. Counts come out exactly.

use super::Size;
use super::rng::Rng;
use dto::calendar::Grade;
use dto::staff::Position;
use dto::units::SchoolLevel;

/// What a size asks for.
struct Figures {
    communes: usize,
    levels: [LevelFigures; 4],
    managers: usize,
    /// Staff who neither teach nor manage.
    others: usize,
}

struct LevelFigures {
    level: SchoolLevel,
    schools: usize,
    classes: usize,
    learners: usize,
    teachers: usize,
}

const fn figures(level: SchoolLevel, schools: usize, classes: usize, learners: usize, teachers: usize) -> LevelFigures {
    LevelFigures { level, schools, classes, learners, teachers }
}

use SchoolLevel::{LowerSecondary, Preschool, Primary, UpperSecondary};

/// The sums of the province are those of one province at the end of 2021-22: 481 schools, 8,259 classes, 256,347
/// learners, 1,073 managers, 14,168 teachers, 1,933 other staff. How they divide among the levels was not published: here
/// it follows the usual sizes of classes and the norms of teachers a class.
const PROVINCE: Figures = Figures {
    communes: 43,
    levels: [
        figures(Preschool, 131, 1_750, 45_850, 3_500),
        figures(Primary, 201, 3_620, 105_704, 4_854),
        figures(LowerSecondary, 109, 1_960, 69_776, 3_724),
        figures(UpperSecondary, 40, 929, 35_017, 2_090),
    ],
    managers: 1_073,
    others: 1_933,
};
const COMMUNE: Figures = Figures {
    communes: 1,
    levels: [
        figures(Preschool, 2, 22, 560, 44),
        figures(Primary, 3, 50, 1_450, 69),
        figures(LowerSecondary, 2, 30, 1_080, 58),
        figures(UpperSecondary, 1, 18, 690, 41),
    ],
    managers: 18,
    others: 34,
};
const SCHOOL: Figures = Figures {
    communes: 1,
    levels: [
        figures(Preschool, 0, 0, 0, 0),
        figures(Primary, 0, 0, 0, 0),
        figures(LowerSecondary, 1, 14, 546, 28),
        figures(UpperSecondary, 1, 6, 240, 15),
    ],
    managers: 4,
    others: 9,
};

/// The part that a school plays for the demo accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The lower secondary school whose people sign in.
    Main,
    /// The upper secondary school where the second child goes and a teacher teaches as well.
    Second,
    Other,
}

pub struct Plan {
    pub communes: Vec<&'static str>,
    /// Commune by commune, youngest level first.
    pub schools: Vec<SchoolPlan>,
}

pub struct SchoolPlan {
    pub part: Part,
    pub commune: usize,
    pub level: SchoolLevel,
    pub name: String,
    pub short_name: String,
    pub classes: Vec<ClassPlan>,
    pub managers: usize,
    pub teachers: usize,
    pub others: Vec<Position>,
}

pub struct ClassPlan {
    pub grade: Grade,
    pub name: String,
    pub size: usize,
}

impl Plan {
    pub fn new(size: Size, seed: u64) -> Plan {
        let figures = match size {
            Size::School => &SCHOOL,
            Size::Commune => &COMMUNE,
            Size::Province => &PROVINCE,
        };
        let mut rng = Rng::new(seed, u64::MAX - 1);
        let mut schools: Vec<SchoolPlan> =
            figures.levels.iter().flat_map(|level| level_schools(level, figures.communes, &mut rng)).collect();
        // Managers: a principal each, a deputy each, a second deputy where the school is largest.
        let mut by_size: Vec<usize> = (0..schools.len()).collect();
        by_size.sort_by_key(|&i| std::cmp::Reverse(schools[i].classes.len()));
        for school in &mut schools {
            school.managers = figures.managers / figures.levels.iter().map(|level| level.schools).sum::<usize>();
        }
        let given: usize = schools.iter().map(|school| school.managers).sum();
        for &i in by_size.iter().take(figures.managers - given) {
            schools[i].managers += 1;
        }
        let basic = [Position::Clerk, Position::Accountant, Position::Nurse];
        let fourth = |level| match level {
            Preschool => Position::Other,
            Primary | LowerSecondary => Position::Librarian,
            UpperSecondary => Position::Technician,
        };
        let mut left = figures.others;
        for school in &mut schools {
            school.others = basic.to_vec();
            school.others.push(fourth(school.level));
            left -= school.others.len();
        }
        for &i in by_size.iter().take(left) {
            schools[i].others.push(Position::Librarian);
        }
        schools.sort_by_key(|school| school.commune);
        let communes = COMMUNES.iter().copied().take(figures.communes).collect();
        Plan { communes, schools }
    }
}

/// Smallest and largest school in classes, smallest and largest class in learners.
fn bounds(level: SchoolLevel) -> ((usize, usize), (usize, usize)) {
    match level {
        Preschool => ((6, 26), (16, 35)),
        Primary => ((8, 40), (18, 35)),
        LowerSecondary => ((8, 40), (24, 45)),
        UpperSecondary => ((6, 45), (28, 45)),
    }
}

fn level_schools(figures: &LevelFigures, communes: usize, rng: &mut Rng) -> Vec<SchoolPlan> {
    if figures.schools == 0 {
        return Vec::new();
    }
    let (in_school, in_class) = bounds(figures.level);
    let weights: Vec<usize> = (0..figures.schools).map(|_| (100 + rng.normal(38)).clamp(35, 200) as usize).collect();
    let classes = apportion(figures.classes, &weights, in_school.0, in_school.1);
    let teachers = apportion(figures.teachers, &classes, 1, usize::MAX);
    // How full a school is, and its classes around that.
    let weights: Vec<usize> = classes
        .iter()
        .flat_map(|&count| {
            let full = 100 + rng.normal(5);
            (0..count).map(|_| (full + rng.normal(6)).clamp(70, 130) as usize).collect::<Vec<_>>()
        })
        .collect();
    let sizes = apportion(figures.learners, &weights, in_class.0, in_class.1);
    let mut from = 0;
    (0..figures.schools)
        .map(|i| {
            let commune = i % communes;
            let part = match figures.level {
                LowerSecondary if i == 0 => Part::Main,
                UpperSecondary if i == 0 => Part::Second,
                _ => Part::Other,
            };
            let names = class_names(figures.level, classes[i]);
            let mine = &sizes[from..from + classes[i]];
            from += classes[i];
            let (name, short_name) = school_name(figures.level, commune, i / communes, part);
            SchoolPlan {
                part,
                commune,
                level: figures.level,
                name,
                short_name,
                classes: names.into_iter().zip(mine).map(|((grade, name), &size)| ClassPlan { grade, name, size }).collect(),
                managers: 0,
                teachers: teachers[i],
                others: Vec::new(),
            }
        })
        .collect()
}

/// Divides `total` by weight, each part at least `low` and at most `high`, exactly (where the bounds leave room).
pub fn apportion(total: usize, weights: &[usize], low: usize, high: usize) -> Vec<usize> {
    let mut parts: Vec<Option<usize>> = vec![None; weights.len()];
    loop {
        let held: usize = parts.iter().flatten().sum();
        let open: Vec<usize> = (0..parts.len()).filter(|&i| parts[i].is_none()).collect();
        let weight: usize = open.iter().map(|&i| weights[i]).sum::<usize>().max(1);
        let rest = total.saturating_sub(held);
        let share = |i: usize| rest * weights[i] / weight;
        // Who would get too little is held at the least first: that takes from the others. Then who would get too much.
        let below: Vec<usize> = open.iter().copied().filter(|&i| share(i) < low).collect();
        let above: Vec<usize> = open.iter().copied().filter(|&i| share(i) >= high).collect();
        if !below.is_empty() {
            below.iter().for_each(|&i| parts[i] = Some(low));
        } else if !above.is_empty() {
            above.iter().for_each(|&i| parts[i] = Some(high));
        } else {
            // Largest remainders get the ones that are left.
            let mut order = open.clone();
            order.sort_by_key(|&i| (std::cmp::Reverse(rest * weights[i] % weight), i));
            let mut left = rest - open.iter().map(|&i| share(i)).sum::<usize>();
            for i in order {
                let one = left.min(1);
                left -= one;
                parts[i] = Some(share(i) + one);
            }
            return settle(total, parts.into_iter().flatten().collect(), low, high);
        }
        if parts.iter().all(Option::is_some) {
            return settle(total, parts.into_iter().flatten().collect(), low, high);
        }
    }
}

/// Holding parts at their bounds can leave a few over or short: one by one they go where there is room.
fn settle(total: usize, mut parts: Vec<usize>, low: usize, high: usize) -> Vec<usize> {
    loop {
        let sum: usize = parts.iter().sum();
        let change = match sum.cmp(&total) {
            std::cmp::Ordering::Equal => return parts,
            std::cmp::Ordering::Less => {
                parts.iter_mut().filter(|part| **part < high).min_by_key(|part| **part).map(|part| *part += 1)
            }
            std::cmp::Ordering::Greater => {
                parts.iter_mut().filter(|part| **part > low).max_by_key(|part| **part).map(|part| *part -= 1)
            }
        };
        if change.is_none() {
            return parts;
        }
    }
}

fn class_names(level: SchoolLevel, count: usize) -> Vec<(Grade, String)> {
    let grades: &[Grade] = match level {
        Preschool => &[Grade::N3, Grade::K3, Grade::K4, Grade::K5],
        Primary => &[Grade::G1, Grade::G2, Grade::G3, Grade::G4, Grade::G5],
        LowerSecondary => &[Grade::G6, Grade::G7, Grade::G8, Grade::G9],
        UpperSecondary => &[Grade::G10, Grade::G11, Grade::G12],
    };
    // The nursery is half as large as a kindergarten year.
    let weights: Vec<usize> = grades.iter().map(|grade| if *grade == Grade::N3 { 1 } else { 2 }).collect();
    let counts = apportion(count, &weights, 1, usize::MAX);
    let mut names = Vec::with_capacity(count);
    for (&grade, &count) in grades.iter().zip(&counts) {
        for i in 1..=count {
            let name = match (level, grade) {
                (Preschool, Grade::N3) => format!("Nhà trẻ {i}"),
                (Preschool, Grade::K3) => format!("Mầm {i}"),
                (Preschool, Grade::K4) => format!("Chồi {i}"),
                (Preschool, _) => format!("Lá {i}"),
                // A to Y as far as letters go, as primary schools name their classes.
                (Primary, grade) if i <= 20 => format!("{grade}{}", char::from(b'A' + (i - 1) as u8)),
                (Primary, grade) => format!("{grade}A{i}"),
                (_, grade) => format!("{grade}A{i}"),
            };
            names.push((grade, name));
        }
    }
    names
}

/// The name and a short name. Schools carry the name of their commune or of a person of history, as they do.
fn school_name(level: SchoolLevel, commune: usize, nth: usize, part: Part) -> (String, String) {
    let place = COMMUNES[commune % COMMUNES.len()];
    let (long, short) = match level {
        Preschool => ("Trường Mầm non", "MN"),
        Primary => ("Trường Tiểu học", "TH"),
        LowerSecondary => ("Trường THCS", "THCS"),
        UpperSecondary => ("Trường THPT", "THPT"),
    };
    let own = match (part, level) {
        (Part::Main, _) => "Khuê Văn".to_owned(),
        (Part::Second, _) => "Sao Khuê".to_owned(),
        (_, Preschool) => format!("{} {place}", FLOWERS[nth % FLOWERS.len()]),
        (_, Primary) => format!("{place} {}", nth + 1),
        (_, LowerSecondary) if nth == 0 => place.to_owned(),
        (_, UpperSecondary) => place.to_owned(),
        (_, LowerSecondary) => format!("{} {place}", PEOPLE[(commune + nth) % PEOPLE.len()]),
    };
    (format!("{long} {own}"), format!("{short} {own}"))
}

const FLOWERS: [&str; 4] = ["Hoa Sen", "Họa Mi", "Tuổi Thơ", "Hướng Dương"];
const PEOPLE: [&str; 10] = [
    "Nguyễn Trãi",
    "Trần Hưng Đạo",
    "Lê Lợi",
    "Quang Trung",
    "Lý Thường Kiệt",
    "Võ Thị Sáu",
    "Nguyễn Du",
    "Chu Văn An",
    "Hùng Vương",
    "Lê Quý Đôn",
];
/// Communes of a province that does not exist, with names that sound like its place.
const COMMUNES: [&str; 43] = [
    "An Khuê",
    "Tân Hòa",
    "Phú Thạnh",
    "Mỹ Đức",
    "Long Bình",
    "Thạnh Lợi",
    "Vĩnh An",
    "Hòa Thuận",
    "Đại Phước",
    "Trường Xuân",
    "Bình Phú",
    "An Lạc",
    "Tân Lập",
    "Phú Mỹ",
    "Mỹ Hòa",
    "Long Thạnh",
    "Thạnh Đông",
    "Vĩnh Phú",
    "Hòa Lợi",
    "Đại Thành",
    "Trường Thọ",
    "Bình An",
    "An Thới",
    "Tân Phước",
    "Phú Hưng",
    "Mỹ Thuận",
    "Long Hòa",
    "Thạnh Tân",
    "Vĩnh Lộc",
    "Hòa Đông",
    "Đại Ân Tây",
    "Trường Lạc",
    "Bình Hòa",
    "An Ninh Đông",
    "Tân Thạnh",
    "Phú Lộc Tây",
    "Mỹ Phước Đông",
    "Long Đức Tây",
    "Thạnh Phú Đông",
    "Vĩnh Thành",
    "Hòa Bình Đông",
    "Đại Hải Tây",
    "Trường Khánh Đông",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn divides_exactly_within_bounds() {
        for (total, weights, low, high) in
            [(100, vec![1, 2, 3], 10, 60), (7, vec![1; 7], 1, 1), (45, vec![50, 100, 1], 5, 20), (9, vec![5], 0, 9)]
        {
            let parts = apportion(total, &weights, low, high);
            assert_eq!(parts.iter().sum::<usize>(), total);
            assert!(parts.iter().all(|part| (low..=high).contains(part)), "{parts:?}");
        }
    }

    #[test]
    fn the_province_has_the_published_counts() {
        let plan = Plan::new(Size::Province, 1);
        let count = |level| plan.schools.iter().filter(|school| school.level == level).count();
        assert_eq!((count(Preschool), count(Primary), count(LowerSecondary), count(UpperSecondary)), (131, 201, 109, 40));
        let sum = |of: fn(&SchoolPlan) -> usize| plan.schools.iter().map(of).sum::<usize>();
        assert_eq!(sum(|s| s.classes.len()), 8_259);
        assert_eq!(sum(|s| s.classes.iter().map(|c| c.size).sum()), 256_347);
        assert_eq!((sum(|s| s.managers), sum(|s| s.teachers), sum(|s| s.others.len())), (1_073, 14_168, 1_933));
        let mut names: Vec<&str> = plan.schools.iter().map(|school| school.name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), 481);
    }
}
