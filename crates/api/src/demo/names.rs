//! Names as they are heard in the Mekong delta: shares of family names, middle and given names by sex and generation,
//! Kinh, Khmer and Hoa, and a few of other peoples. Every name is put together by chance; none is taken from a person.

use super::rng::Rng;
use dto::learners::Sex;

/// People, as the list of 54 names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum People {
    Kinh,
    Khmer,
    Hoa,
    Cham,
    Ede,
}

impl People {
    pub fn name(self) -> &'static str {
        match self {
            People::Kinh => "Kinh",
            People::Khmer => "Khmer",
            People::Hoa => "Hoa",
            People::Cham => "Chăm",
            People::Ede => "Ê Đê",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Generation {
    /// Born after 2005.
    Child,
    /// Born before 2000.
    Adult,
}

/// A name in its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    pub family: &'static str,
    pub middle: String,
    pub given: &'static str,
}

impl Name {
    pub fn full(&self) -> String {
        let mut full = String::with_capacity(32);
        for part in [self.family, self.middle.as_str(), self.given] {
            if !part.is_empty() {
                if !full.is_empty() {
                    full.push(' ');
                }
                full.push_str(part);
            }
        }
        full
    }
}

type Weighted = &'static [(&'static str, u32)];

const KINH_FAMILY: Weighted = &[
    ("Nguyễn", 315),
    ("Trần", 112),
    ("Lê", 88),
    ("Phạm", 58),
    ("Huỳnh", 56),
    ("Phan", 44),
    ("Võ", 42),
    ("Đặng", 24),
    ("Trương", 24),
    ("Bùi", 20),
    ("Đỗ", 17),
    ("Hồ", 16),
    ("Ngô", 16),
    ("Dương", 16),
    ("Lý", 12),
    ("Lâm", 12),
    ("Mai", 9),
    ("Đinh", 9),
    ("Cao", 8),
    ("Đoàn", 8),
    ("Trịnh", 7),
    ("Tô", 6),
    ("Hà", 6),
    ("Lưu", 6),
    ("Vũ", 6),
    ("Thái", 5),
    ("Tạ", 5),
    ("Hoàng", 5),
    ("Châu", 5),
    ("Quách", 4),
    ("Lương", 4),
    ("Tăng", 3),
    ("Kiều", 3),
    ("Đào", 3),
    ("Văn", 3),
    ("Phùng", 2),
    ("Từ", 2),
    ("La", 2),
    ("Ông", 1),
    ("Thiều", 1),
    ("Nhan", 1),
    ("Tiêu", 1),
    ("Âu", 1),
    ("Ưng", 1),
];
const KHMER_FAMILY: Weighted = &[
    ("Thạch", 210),
    ("Sơn", 150),
    ("Lâm", 130),
    ("Kim", 95),
    ("Danh", 85),
    ("Lý", 70),
    ("Trần", 60),
    ("Châu", 40),
    ("Kiên", 30),
    ("Trà", 25),
    ("Tăng", 25),
    ("Huỳnh", 20),
    ("Liêu", 20),
    ("Diệp", 15),
    ("Đào", 15),
    ("Hứa", 10),
];
const HOA_FAMILY: Weighted = &[
    ("Trần", 130),
    ("Lâm", 110),
    ("Lý", 100),
    ("Huỳnh", 70),
    ("Quách", 60),
    ("Tăng", 50),
    ("Trịnh", 45),
    ("Vương", 45),
    ("Tô", 40),
    ("La", 35),
    ("Mã", 30),
    ("Hứa", 30),
    ("Tiêu", 25),
    ("Ngô", 25),
    ("Lưu", 25),
    ("Khưu", 20),
    ("Thái", 20),
    ("Ong", 10),
];

const BOY_MIDDLE: Weighted = &[
    ("Minh", 90),
    ("Gia", 88),
    ("Hoàng", 70),
    ("Quốc", 58),
    ("Văn", 52),
    ("Thanh", 48),
    ("Anh", 45),
    ("Đức", 40),
    ("Tuấn", 38),
    ("Bảo", 38),
    ("Hữu", 36),
    ("Ngọc", 34),
    ("Nhật", 34),
    ("Thành", 33),
    ("Trọng", 30),
    ("Chí", 28),
    ("Khánh", 26),
    ("Duy", 26),
    ("Tấn", 25),
    ("Phúc", 24),
    ("Đăng", 22),
    ("Công", 20),
    ("Thiên", 20),
    ("Trung", 18),
    ("Xuân", 14),
    ("Nguyễn Minh", 8),
    ("Trần Gia", 7),
    ("Lê Hoàng", 6),
    ("Huỳnh", 8),
    ("Phạm Quốc", 4),
    ("", 6),
];
const BOY_GIVEN: Weighted = &[
    ("Khang", 52),
    ("Huy", 48),
    ("Minh", 46),
    ("Bảo", 44),
    ("Phúc", 42),
    ("Anh", 40),
    ("Khôi", 38),
    ("Đạt", 38),
    ("Khoa", 36),
    ("Long", 34),
    ("Nam", 32),
    ("Duy", 32),
    ("Kiệt", 32),
    ("Quân", 30),
    ("Thịnh", 30),
    ("Phát", 30),
    ("Tuấn", 28),
    ("Hưng", 28),
    ("Nhân", 27),
    ("Hoàng", 26),
    ("Hiếu", 26),
    ("Trí", 25),
    ("Tài", 24),
    ("Nguyên", 24),
    ("Phong", 24),
    ("Tín", 22),
    ("An", 20),
    ("Lộc", 20),
    ("Thiện", 20),
    ("Vinh", 20),
    ("Đăng", 20),
    ("Nghĩa", 18),
    ("Trọng", 16),
    ("Hào", 16),
    ("Sang", 15),
    ("Toàn", 15),
    ("Quý", 14),
    ("Tiến", 14),
    ("Đức", 14),
    ("Hậu", 13),
    ("Thành", 12),
    ("Tân", 11),
    ("Luân", 9),
    ("Việt", 9),
    ("Ân", 8),
    ("Bình", 8),
    ("Cường", 7),
    ("Dũng", 6),
    ("Hải", 7),
    ("Sơn", 6),
    ("Khải", 10),
    ("Khiêm", 6),
    ("Lâm", 9),
    ("Nhật", 8),
    ("Tùng", 6),
    ("Ẩn", 2),
    ("Điền", 3),
    ("Đông", 4),
    ("Ước", 1),
    ("Y", 1),
];
const GIRL_MIDDLE: Weighted = &[
    ("Ngọc", 84),
    ("Thị", 60),
    ("Khánh", 50),
    ("Bảo", 50),
    ("Thanh", 46),
    ("Gia", 46),
    ("Kim", 44),
    ("Thị Ngọc", 34),
    ("Phương", 34),
    ("Minh", 33),
    ("Huỳnh", 30),
    ("Mỹ", 30),
    ("Quỳnh", 30),
    ("Tường", 28),
    ("Thùy", 26),
    ("Yến", 26),
    ("Hồng", 24),
    ("Trúc", 24),
    ("Cẩm", 22),
    ("Như", 22),
    ("Ánh", 20),
    ("Thảo", 20),
    ("Thị Thanh", 18),
    ("Thị Kim", 18),
    ("Hoàng", 16),
    ("Diễm", 14),
    ("Tuyết", 12),
    ("Anh", 12),
    ("Nguyễn Ngọc", 6),
    ("Trần Bảo", 6),
    ("Lê Khánh", 5),
    ("Thị Mỹ", 10),
    ("Thị Hồng", 9),
    ("", 5),
];
const GIRL_GIVEN: Weighted = &[
    ("Anh", 56),
    ("Vy", 54),
    ("Ngọc", 50),
    ("Nhi", 50),
    ("Hân", 48),
    ("Thư", 46),
    ("Như", 46),
    ("Ngân", 42),
    ("Linh", 36),
    ("Trân", 36),
    ("My", 34),
    ("Phương", 32),
    ("Thảo", 30),
    ("Quỳnh", 28),
    ("Nghi", 28),
    ("Trang", 26),
    ("Trâm", 26),
    ("Thy", 25),
    ("Châu", 24),
    ("Trúc", 24),
    ("Uyên", 23),
    ("Yến", 22),
    ("Tiên", 22),
    ("Ánh", 18),
    ("Mai", 17),
    ("An", 17),
    ("Duyên", 16),
    ("Khanh", 15),
    ("Vân", 14),
    ("Hương", 13),
    ("Giang", 13),
    ("Quyên", 13),
    ("Hà", 12),
    ("Tú", 11),
    ("Xuân", 11),
    ("Đan", 10),
    ("Lam", 10),
    ("Dung", 9),
    ("Hiền", 9),
    ("Diễm", 8),
    ("Thơ", 8),
    ("Thi", 8),
    ("Tuyền", 8),
    ("Băng", 6),
    ("Oanh", 5),
    ("Đào", 4),
    ("Hoa", 4),
    ("Ân", 6),
    ("Ý", 6),
    ("Hạnh", 6),
    ("Kiều", 6),
    ("Loan", 4),
    ("Huyền", 7),
    ("Hòa", 3),
    ("Ái", 3),
];
const MAN_MIDDLE: Weighted = &[
    ("Văn", 330),
    ("Thanh", 70),
    ("Hoàng", 60),
    ("Minh", 60),
    ("Quốc", 50),
    ("Hữu", 50),
    ("Thành", 38),
    ("Ngọc", 36),
    ("Tấn", 34),
    ("Công", 32),
    ("Chí", 30),
    ("Đức", 28),
    ("Trung", 26),
    ("Xuân", 22),
    ("Tuấn", 22),
    ("Trọng", 18),
    ("Anh", 10),
    ("Bá", 10),
    ("", 12),
];
const MAN_GIVEN: Weighted = &[
    ("Hùng", 48),
    ("Dũng", 44),
    ("Tuấn", 44),
    ("Hải", 38),
    ("Minh", 36),
    ("Thanh", 34),
    ("Bình", 32),
    ("Sơn", 32),
    ("Tâm", 28),
    ("Cường", 28),
    ("Thắng", 26),
    ("Hòa", 26),
    ("Phước", 26),
    ("Lợi", 24),
    ("Hiệp", 24),
    ("Tài", 22),
    ("Phong", 22),
    ("Hậu", 22),
    ("Nam", 20),
    ("Đức", 20),
    ("Long", 20),
    ("Trung", 20),
    ("Út", 16),
    ("Bé", 10),
    ("Nghĩa", 18),
    ("Phương", 16),
    ("Quang", 16),
    ("Tân", 16),
    ("Thành", 16),
    ("Vinh", 14),
    ("Khánh", 12),
    ("Linh", 12),
    ("Lâm", 12),
    ("Đạt", 12),
    ("Giang", 10),
    ("Kiên", 8),
    ("Luận", 5),
    ("Mừng", 4),
    ("Ẩn", 3),
    ("Ngoan", 4),
    ("Đặng", 3),
    ("Em", 6),
];
const WOMAN_MIDDLE: Weighted = &[
    ("Thị", 520),
    ("Thị Ngọc", 50),
    ("Thị Kim", 46),
    ("Thị Thanh", 40),
    ("Thị Mỹ", 36),
    ("Thị Hồng", 34),
    ("Ngọc", 40),
    ("Kim", 40),
    ("Thanh", 30),
    ("Thị Bích", 24),
    ("Thị Thu", 24),
    ("Mỹ", 24),
    ("Thị Cẩm", 18),
    ("Hồng", 18),
    ("Thúy", 16),
    ("Bích", 14),
    ("Thị Diễm", 10),
];
const WOMAN_GIVEN: Weighted = &[
    ("Lan", 38),
    ("Hương", 36),
    ("Hằng", 34),
    ("Thủy", 34),
    ("Nga", 32),
    ("Trang", 32),
    ("Loan", 30),
    ("Phượng", 30),
    ("Tuyết", 28),
    ("Mai", 28),
    ("Liên", 26),
    ("Hạnh", 26),
    ("Dung", 24),
    ("Yến", 24),
    ("Nhung", 22),
    ("Thu", 22),
    ("Oanh", 20),
    ("Diệu", 16),
    ("Lệ", 16),
    ("Cúc", 14),
    ("Đào", 12),
    ("Hoa", 22),
    ("Thảo", 24),
    ("Linh", 22),
    ("Ngân", 18),
    ("Hiền", 22),
    ("Duyên", 18),
    ("Kiều", 16),
    ("Trinh", 14),
    ("Xuân", 14),
    ("Thắm", 10),
    ("Út", 8),
    ("Bé", 6),
    ("Chi", 10),
    ("Phương", 22),
    ("Vân", 18),
    ("Ánh", 14),
    ("Thoa", 10),
    ("Muội", 5),
    ("Đẹp", 4),
    ("Hà", 12),
    ("Hòa", 8),
    ("Hồng", 14),
];
const KHMER_MALE_MIDDLE: Weighted = &[
    ("", 140),
    ("Sô", 90),
    ("Sà", 50),
    ("Minh", 60),
    ("Hoàng", 50),
    ("Văn", 60),
    ("Ngọc", 30),
    ("Thanh", 40),
    ("Chanh", 40),
    ("Sóc", 40),
    ("Rít", 15),
    ("Thành", 20),
];
const KHMER_MALE: Weighted = &[
    ("Phol", 30),
    ("Rây", 26),
    ("Thi", 22),
    ("Kha", 24),
    ("Sang", 22),
    ("Đa", 22),
    ("Tha", 20),
    ("Ni", 16),
    ("Khang", 30),
    ("Phát", 22),
    ("Vuth", 12),
    ("Hiệp", 18),
    ("Đô", 14),
    ("Na", 14),
    ("Thia", 14),
    ("Rinh", 12),
    ("Huy", 26),
    ("Khánh", 16),
    ("Sa Rươl", 4),
    ("Ươl", 6),
    ("Mươl", 6),
    ("Quân", 14),
];
const KHMER_FEMALE_MIDDLE: Weighted = &[
    ("Thị", 200),
    ("Thị Ngọc", 40),
    ("Thị Sà", 36),
    ("Thị Sô", 36),
    ("Ngọc", 40),
    ("Sô", 40),
    ("Thanh", 30),
    ("Mỹ", 24),
    ("Chanh", 24),
    ("", 30),
];
const KHMER_FEMALE: Weighted = &[
    ("Rây", 22),
    ("Phi", 26),
    ("Hân", 28),
    ("Đa", 20),
    ("Thi", 24),
    ("Rươl", 12),
    ("Pha", 18),
    ("Ni", 20),
    ("Ly", 20),
    ("Thia", 16),
    ("My", 20),
    ("Na", 20),
    ("Sa", 16),
    ("Von", 10),
    ("Ngân", 20),
    ("Thủy", 16),
    ("Kha", 12),
    ("Quanh", 6),
    ("Trâm", 14),
    ("Duyên", 14),
];
const HOA_MALE_MIDDLE: Weighted =
    &[("Gia", 60), ("Chí", 50), ("Vĩ", 34), ("Kiến", 34), ("Tuấn", 30), ("Quốc", 30), ("Minh", 30), ("Vĩnh", 26), ("Thiệu", 16)];
const HOA_FEMALE_MIDDLE: Weighted =
    &[("Mỹ", 60), ("Tuệ", 40), ("Gia", 40), ("Bội", 34), ("Thục", 26), ("Lệ", 26), ("Bảo", 26), ("Huệ", 20), ("Ái", 14)];
const HOA_MALE: Weighted = &[
    ("Hào", 36),
    ("Khang", 34),
    ("Cường", 30),
    ("Minh", 30),
    ("Huy", 26),
    ("Phong", 26),
    ("Kiệt", 26),
    ("Văn", 18),
    ("Long", 18),
    ("Hùng", 18),
];
const HOA_FEMALE: Weighted = &[
    ("Mẫn", 34),
    ("Nghi", 34),
    ("Linh", 30),
    ("Trân", 30),
    ("Hân", 26),
    ("Phụng", 22),
    ("Quân", 18),
    ("Châu", 18),
    ("San", 12),
    ("Yến", 16),
];
const CHAM_MALE: Weighted = &[("Sa Lê", 3), ("Ka Dim", 2), ("Mách", 2), ("Ly", 2), ("Rô Mách", 1)];
const CHAM_FEMALE: Weighted = &[("Sa Phi Gia", 2), ("Ma Ri Giam", 2), ("Ro Hy Mah", 1), ("Kha Ti Giah", 1)];
const EDE_MALE: Weighted = &[("Y Wan Niê", 2), ("Y Thuyên Ayun", 1), ("Y Krông Mlô", 1), ("Y Bhiu Êban", 1)];
const EDE_FEMALE: Weighted = &[("H'Linh Niê", 2), ("H'Mai Ayun", 1), ("H'Ngọc Mlô", 1), ("H'Uyên Êban", 1)];

/// A family name of this people.
pub fn family(rng: &mut Rng, people: People) -> &'static str {
    match people {
        People::Kinh => rng.word(KINH_FAMILY),
        People::Khmer => rng.word(KHMER_FAMILY),
        People::Hoa => rng.word(HOA_FAMILY),
        People::Cham => "Chau",
        People::Ede => "",
    }
}

/// A name with this family name.
pub fn name(rng: &mut Rng, people: People, sex: Sex, generation: Generation, family: &'static str) -> Name {
    use Generation::{Adult, Child};
    use Sex::{Female, Male};
    let (middles, givens): (Weighted, Weighted) = match (people, sex, generation) {
        // Names of the highlands are not divided: the whole is the given name.
        (People::Ede, Male, _) => return Name { family: "", middle: String::new(), given: rng.word(EDE_MALE) },
        (People::Ede, Female, _) => return Name { family: "", middle: String::new(), given: rng.word(EDE_FEMALE) },
        (People::Cham, Male, _) => return Name { family, middle: String::new(), given: rng.word(CHAM_MALE) },
        (People::Cham, Female, _) => return Name { family, middle: String::new(), given: rng.word(CHAM_FEMALE) },
        (People::Khmer, Male, _) => (KHMER_MALE_MIDDLE, KHMER_MALE),
        (People::Khmer, Female, _) => (KHMER_FEMALE_MIDDLE, KHMER_FEMALE),
        (People::Hoa, Male, Child) => (HOA_MALE_MIDDLE, HOA_MALE),
        (People::Hoa, Female, Child) => (HOA_FEMALE_MIDDLE, HOA_FEMALE),
        (_, Male, Child) => (BOY_MIDDLE, BOY_GIVEN),
        (_, Female, Child) => (GIRL_MIDDLE, GIRL_GIVEN),
        (_, Male, Adult) => (MAN_MIDDLE, MAN_GIVEN),
        (_, Female, Adult) => (WOMAN_MIDDLE, WOMAN_GIVEN),
    };
    let given = *rng.weighted(givens);
    let mut middle = *rng.weighted(middles);
    // "Anh Anh", "Nguyễn Nguyễn Minh" are not given.
    while middle.split(' ').next_back() == Some(given) || (!middle.is_empty() && middle.starts_with(family)) {
        middle = *rng.weighted(middles);
    }
    Name { family, middle: middle.to_owned(), given }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_composed_text_with_parts_that_differ() {
        let mut rng = Rng::new(7, 7);
        for people in [People::Kinh, People::Khmer, People::Hoa, People::Cham, People::Ede] {
            for _ in 0..500 {
                let sex = if rng.chance(500) { Sex::Male } else { Sex::Female };
                let family = family(&mut rng, people);
                let name = name(&mut rng, people, sex, Generation::Child, family);
                assert_eq!(kernel::text::clean(&name.full()), name.full());
                assert_ne!(name.middle.split(' ').next_back(), Some(name.given));
            }
        }
    }

    #[test]
    fn the_commonest_family_name_has_its_share() {
        let mut rng = Rng::new(3, 1);
        let nguyen = (0..10_000).filter(|_| family(&mut rng, People::Kinh) == "Nguyễn").count();
        assert!((2500..3500).contains(&nguyen), "{nguyen}");
    }
}
