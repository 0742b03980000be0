//! Headers of the sheets of a primary class (TT 27/2020): a point of the term (giữa kì, cuối kì) and what is assessed at it, the level
//! or the test of the subject, or a quality or competency by its name.

use super::columns::{numbered, term};
use dto::calendar::Term;
use kernel::text::fold;
use regulations::curriculum;
use regulations::tt27::{Point, PrimarySlot, TraitKind, traits};
use regulations::{Lang, Slot};

/// Names of what columns can be of, as words; `Some` for those of this sheet.
#[derive(Clone, Debug)]
struct Name {
    words: Vec<String>,
    own: Option<Own>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Own {
    /// The subject of the sheet.
    Subject,
    /// A quality or competency of the sheet, by its place.
    Trait(u8),
}

/// How the headers of one sheet are read.
#[derive(Clone, Debug)]
pub(super) struct Headers {
    /// Of a sheet of qualities or competencies.
    kind: Option<TraitKind>,
    slots: Vec<Slot>,
    /// The longest first.
    names: Vec<Name>,
}

/// Words of a text without marks and case; "y" is "i" (kỳ, kì; địa lý, địa lí), and "và" says nothing.
fn words(text: &str) -> Vec<String> {
    let plain: String = fold(text).chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    plain.replace('y', "i").split_whitespace().filter(|word| !matches!(*word, "va" | "and")).map(str::to_owned).collect()
}

impl Headers {
    /// Of the sheet with this code and these columns.
    pub(super) fn new(code: &str, slots: &[Slot]) -> Headers {
        let kind = TraitKind::of_sheet(code);
        let mut names: Vec<Name> = Vec::new();
        let mut name = |text: &str, own| names.push(Name { words: words(text), own });
        for one in traits() {
            let own = (kind == Some(one.kind)).then_some(Own::Trait(one.number));
            // "Giải quyết vấn đề và sáng tạo" has many short forms; two syllables tell all fifteen apart.
            name(&one.vi.split(' ').take(2).collect::<Vec<_>>().join(" "), own);
            name(one.en, own);
        }
        // Qualities and competencies have names of subjects among them (Khoa học), so only a subject's sheet looks for these.
        if kind.is_none() {
            for subject in curriculum::subjects() {
                let own = (subject.code == code).then_some(Own::Subject);
                for text in [subject.vi, subject.short_vi, subject.en, &subject.code.replace('_', " ")] {
                    name(text, own);
                }
            }
            let english = (code == "NN1").then_some(Own::Subject);
            name("Tiếng Anh", english);
            name("English", english);
        }
        names.retain(|name| !name.words.is_empty());
        names.sort_by_key(|name| (std::cmp::Reverse(name.words.len()), name.own.is_none()));
        Headers { kind, slots: slots.to_vec(), names }
    }

    /// What a header says: a column, and the term where it names one. `titled`: the point that the titles above the table name.
    pub(super) fn meaning(&self, text: &str, titled: Option<Point>) -> Option<(Slot, Option<Term>)> {
        let words = words(text);
        let has = |wanted: &[&str]| words.iter().any(|word| wanted.contains(&word.as_str()));
        let pair = |a: &str, b: &str| words.windows(2).any(|two| two[0] == a && two[1] == b);
        if has(&["nx", "tb", "tx", "comment", "comments", "average"])
            || [("nhan", "xet"), ("ghi", "chu"), ("trung", "binh"), ("xep", "loai"), ("ca", "nam"), ("thuong", "xuien")]
                .into_iter()
                .any(|(a, b)| pair(a, b))
        {
            return None;
        }
        let (own, rest) = self.strip(&words)?;
        let place = Place::of(&rest);
        let slot = |slot| (Slot::Primary(slot), place.term);
        if self.kind == Some(TraitKind::Quality) && (has(&["recognised"]) || pair("binh", "chon") || pair("tieu", "bieu")) {
            return Some(slot(PrimarySlot::Recognised));
        }
        let point = place.point.or(titled)?;
        if self.kind.is_some() {
            let Some(Own::Trait(number)) = own else { return None };
            return Some(slot(PrimarySlot::Trait(point, number)));
        }
        let level = has(&["muc", "md", "mdd", "level"]);
        let test = has(&["diem", "kt", "dkt", "ktdk", "dktdk", "dgk", "dck", "test", "score", "mark"]) || pair("kiem", "tra");
        match (level, test) {
            (true, false) => Some(slot(PrimarySlot::Level(point))),
            (false, true) => Some(slot(PrimarySlot::Test(point))),
            // "Giữa kì" alone, where nothing but the level is assessed then.
            (false, false) => {
                let tested = self.slots.contains(&Slot::Primary(PrimarySlot::Test(point)));
                (!tested && place.point.is_some() && place.alone).then(|| slot(PrimarySlot::Level(point)))
            }
            (true, true) => None,
        }
    }

    /// Whether a header says that comments of this sheet stand under it, and the term where it names one. Comments are on the term:
    /// those of its middle are kept nowhere.
    pub(super) fn comment(&self, text: &str) -> Option<Option<Term>> {
        let words = words(text);
        let said = words.iter().any(|word| matches!(word.as_str(), "nx" | "comment" | "comments"))
            || words.windows(2).any(|two| two[0] == "nhan" && two[1] == "xet");
        if !said || words.windows(2).any(|two| two[0] == "ca" && two[1] == "nam") {
            return None;
        }
        let (own, rest) = self.strip(&words)?;
        let place = Place::of(&rest);
        // What is said of one quality or competency is not said of the sheet.
        (!matches!(own, Some(Own::Trait(_))) && place.point != Some(Point::Mid)).then_some(place.term)
    }

    /// Takes the names of the sheet's own out of a header; `None` where it names another subject, quality or competency.
    fn strip<'w>(&self, words: &'w [String]) -> Option<(Option<Own>, Vec<&'w str>)> {
        let (mut own, mut rest, mut at) = (None, Vec::with_capacity(words.len()), 0);
        while at < words.len() {
            match self.names.iter().find(|name| words[at..].starts_with(&name.words)) {
                Some(Name { own: None, .. }) => return None,
                Some(name) => {
                    // Two of them in one header: neither.
                    if own.is_some() && own != name.own {
                        return None;
                    }
                    own = name.own;
                    at += name.words.len();
                }
                None => {
                    rest.push(words[at].as_str());
                    at += 1;
                }
            }
        }
        Some((own, rest))
    }
}

/// When in the year a header speaks of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Place {
    point: Option<Point>,
    term: Option<Term>,
    /// It says nothing else.
    alone: bool,
}

impl Place {
    fn of(words: &[&str]) -> Place {
        let pairs: Vec<(&str, Option<u8>)> = words.iter().map(|word| numbered(word)).collect();
        let mut place = Place { point: None, term: term(&pairs), alone: true };
        let (mut mid, mut end) = (false, false);
        for (at, (stem, number)) in pairs.iter().enumerate() {
            let by_number = match number {
                Some(1) => Some(Term::S1),
                Some(2) => Some(Term::S2),
                _ => None,
            };
            let own = match *stem {
                "giua" | "mid" | "midterm" | "middle" => {
                    mid = true;
                    None
                }
                "cuoi" | "final" | "end" => {
                    end = true;
                    (pairs.get(at + 1).map(|next| next.0) == Some("nam")).then_some(Term::S2)
                }
                "gk" | "ghk" | "dgk" => {
                    mid = true;
                    by_number
                }
                "ck" | "chk" | "dck" => {
                    end = true;
                    by_number
                }
                "gki" | "ghki" | "gkii" | "ghkii" => {
                    mid = true;
                    Some(if stem.ends_with("ii") { Term::S2 } else { Term::S1 })
                }
                "cki" | "chki" | "ckii" | "chkii" => {
                    end = true;
                    Some(if stem.ends_with("ii") { Term::S2 } else { Term::S1 })
                }
                "cn" => {
                    end = true;
                    Some(Term::S2)
                }
                "hoc" | "ki" | "hk" | "hki" | "hkii" | "nam" | "mon" | "of" | "the" | "term" | "i" | "ii" | "" => None,
                _ => {
                    place.alone = false;
                    None
                }
            };
            place.term = place.term.or(own);
        }
        place.point = match (mid, end) {
            (true, false) => Some(Point::Mid),
            (false, true) => Some(Point::End),
            _ => None,
        };
        place
    }
}

/// The point that titles name, such as "BẢNG TỔNG HỢP GIỮA HỌC KÌ I"; none where they name both.
pub(super) fn titled<'t>(titles: impl Iterator<Item = &'t str>) -> Option<Point> {
    let all: Vec<String> = titles.flat_map(words).collect();
    Place::of(&all.iter().map(String::as_str).collect::<Vec<_>>()).point
}

/// The header that an exported sheet has: what the level, the test or the trait is, and when.
pub(super) fn heading(sheet: &str, slot: PrimarySlot, lang: Lang) -> String {
    let name = slot.heading(sheet, lang);
    match (slot, slot.point(), lang) {
        (PrimarySlot::Trait(..), Point::Mid, Lang::Vi) => format!("{name}, giữa kì"),
        (PrimarySlot::Trait(..), Point::End, Lang::Vi) => format!("{name}, cuối kì"),
        (PrimarySlot::Trait(..), Point::Mid, Lang::En) => format!("{name}, midterm"),
        (PrimarySlot::Trait(..), Point::End, Lang::En) => format!("{name}, end of term"),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use regulations::{Policy, SubjectKind};

    const LEVEL: [Slot; 2] = [Slot::Primary(PrimarySlot::Level(Point::Mid)), Slot::Primary(PrimarySlot::Level(Point::End))];
    const TEST: [Slot; 2] = [Slot::Primary(PrimarySlot::Test(Point::Mid)), Slot::Primary(PrimarySlot::Test(Point::End))];

    fn headers(code: &str) -> Headers {
        Headers::new(code, &regulations::columns(4, code, SubjectKind::Score, 175, true, false, &Policy::tt27()))
    }

    fn slot(code: &str, text: &str) -> Option<(Slot, Option<Term>)> {
        headers(code).meaning(text, None)
    }

    #[test]
    fn our_own_headings_come_back() {
        for code in ["TOAN", "TIENG_VIET", "DAO_DUC", "KHOA_HOC", "TIN_CN", "GDTC", "PHAM_CHAT", "NL_CHUNG", "NL_DAC_THU"] {
            let headers = headers(code);
            for lang in [Lang::Vi, Lang::En] {
                for slot in &headers.slots {
                    let Slot::Primary(primary) = slot else { unreachable!() };
                    let text = heading(code, *primary, lang);
                    assert_eq!(headers.meaning(&text, None), Some((*slot, None)), "{code} {text}");
                }
            }
        }
    }

    #[test]
    fn headers_as_schools_write_them() {
        for (text, expected) in [
            ("Mức đạt được GK", (LEVEL[0], None)),
            ("Giữa HKI Mức đạt được", (LEVEL[0], Some(Term::S1))),
            ("Cuối học kì I Điểm KTĐK", (TEST[1], Some(Term::S1))),
            ("MĐĐ cuối kỳ", (LEVEL[1], None)),
            ("Điểm KT GKII", (TEST[0], Some(Term::S2))),
            ("Toán GK2 Điểm", (TEST[0], Some(Term::S2))),
            ("Điểm kiểm tra cuối năm học", (TEST[1], Some(Term::S2))),
            ("Toán CN Mức", (LEVEL[1], Some(Term::S2))),
            ("KT CK", (TEST[1], None)),
        ] {
            assert_eq!(slot("TOAN", text), Some(expected), "{text}");
        }
        for text in [
            "Nhận xét giữa kì",
            "Giữa kì",
            "Mức đạt được",
            "Tiếng Việt Giữa kì Mức",
            "Tính toán, cuối kì: mức đạt được",
            "Mức, điểm cuối kì",
            "Họ và tên",
            "Cả năm",
            "Điểm",
        ] {
            assert_eq!(slot("TOAN", text), None, "{text}");
        }
        // Where nothing but the level is assessed, the point alone says it; never for what is named otherwise.
        assert_eq!(slot("DAO_DUC", "Cuối học kì II"), Some((LEVEL[1], Some(Term::S2))));
        assert_eq!(slot("DAO_DUC", "Yêu nước cuối kì"), None);
        assert_eq!(slot("KHOA_HOC", "Khoa học: mức giữa kì"), Some((LEVEL[0], None)));
        assert_eq!(slot("NN1", "Tiếng Anh - Điểm KT cuối kì"), Some((TEST[1], None)));
        assert_eq!(slot("NGHE_THUAT", "Nghệ thuật (Âm nhạc) Mức cuối kì"), None);
        assert_eq!(slot("TIN_CN", "Tin - CN Mức giữa kì"), Some((LEVEL[0], None)));
    }

    #[test]
    fn comments_of_the_sheet_and_no_others() {
        let comment = |code: &str, text: &str| headers(code).comment(text);
        for text in ["Nhận xét", "Toán - Nhận xét", "Nhận xét cuối kì", "NX cuối kỳ", "Comment"] {
            assert_eq!(comment("TOAN", text), Some(None), "{text}");
        }
        assert_eq!(comment("TOAN", "Toán Cuối học kì I Nhận xét"), Some(Some(Term::S1)));
        for text in ["Toán Giữa học kì I Nhận xét", "Tiếng Việt Nhận xét", "Nhận xét cả năm", "Ghi chú", "Mức cuối kì"]
        {
            assert_eq!(comment("TOAN", text), None, "{text}");
        }
        assert_eq!(comment("PHAM_CHAT", "Nhận xét cuối kì"), Some(None));
        assert_eq!(comment("PHAM_CHAT", "Chăm chỉ, nhận xét cuối kì"), None);
    }

    #[test]
    fn qualities_and_competencies_by_their_names() {
        let one = |point, n| Some((Slot::Primary(PrimarySlot::Trait(point, n)), None));
        assert_eq!(slot("PHAM_CHAT", "Giữa kì Chăm chỉ"), one(Point::Mid, 3));
        assert_eq!(slot("PHAM_CHAT", "Phẩm chất chủ yếu Trách nhiệm CK"), one(Point::End, 5));
        assert_eq!(slot("NL_CHUNG", "Giải quyết vấn đề, sáng tạo (cuối kỳ)"), one(Point::End, 3));
        assert_eq!(slot("NL_DAC_THU", "Cuối kì Thẩm mỹ"), one(Point::End, 6));
        assert_eq!(slot("PHAM_CHAT", "Chăm chỉ"), None);
        assert_eq!(headers("PHAM_CHAT").meaning("Chăm chỉ", Some(Point::End)), one(Point::End, 3));
        assert_eq!(slot("PHAM_CHAT", "Tự chủ và tự học, giữa kì"), None);
        assert_eq!(slot("PHAM_CHAT", "Lớp bình chọn"), Some((Slot::Primary(PrimarySlot::Recognised), None)));
        assert_eq!(titled(["BẢNG TỔNG HỢP", "Cuối học kì I, năm học 2025-2026"].into_iter()), Some(Point::End));
        assert_eq!(titled(["Giữa kì", "Cuối kì"].into_iter()), None);
    }
}
