//! A form with its data becomes a PDF: every letter of Vietnamese, nothing of a name taken for code, files inside.

use super::{ask, pages, words};
use chrono::{DateTime, NaiveDate, Utc};
use documents::rendering::{Attachment, Sheet, Signed, draw, qr};
use transcript::{
    Absences, Assessment, Class, Comment, Content, Entry, FormerTerm, Homeroom, Learner, Outcome, Period, Role, School, Subject,
};
use uuid::Uuid;

const HASH: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
const CHECK: &str = "https://khue.example/kiem-tra/0199aaaa-0000-7000-8000-000000000001";

fn subject(code: &str, name: &str, values: [&str; 3], test: Option<&str>) -> Subject {
    let periods = [Period::S1, Period::S2, Period::Year];
    let entry = |(period, value): (Period, &str)| Entry { period, value: value.to_owned(), test: test.map(str::to_owned) };
    Subject {
        code: code.to_owned(),
        name: name.to_owned(),
        teachers: vec!["Đỗ Hữu Nghĩa".to_owned()],
        entries: periods.into_iter().zip(values).map(entry).collect(),
        comment: Some("Tiếp thu bài tốt.".to_owned()),
    }
}

fn content(regulation: &str, grade: u8) -> Content {
    let outcome = |code: &str, name: &str, value: &str| Outcome {
        code: code.to_owned(),
        name: name.to_owned(),
        period: Period::Year,
        value: value.to_owned(),
    };
    Content {
        id: Uuid::nil(),
        replaces: None,
        regulation: regulation.to_owned(),
        school_year: "2025-2026".to_owned(),
        school: School {
            code: "79760501".to_owned(),
            name: "Trường Lê Văn Tám".to_owned(),
            place: "Phường Trấn Biên, tỉnh Đồng Nai".to_owned(),
            principal: "Đặng Thị Bích Thuỷ".to_owned(),
        },
        learner: Learner {
            personal_id: Some("075213004567".to_owned()),
            ministry_code: None,
            full_name: "Nguyễn Hoàng Bảo Ngọc".to_owned(),
            birth_date: NaiveDate::from_ymd_opt(2013, 3, 9).unwrap(),
            sex: "Nữ".to_owned(),
            ethnicity: Some("Kinh".to_owned()),
        },
        class: Class { name: format!("{grade}A2"), grade, homeroom_teacher: "Lê Thị Mỹ Duyên".to_owned() },
        subjects: vec![
            subject("TOAN", "Toán", ["7,9", "8,3", "8,2"], None),
            subject("GDTC", "Giáo dục thể chất", ["Đ", "Đ", "Đ"], None),
        ],
        homeroom: Homeroom {
            assessments: vec![Assessment {
                code: "conduct".to_owned(),
                name: "Kết quả rèn luyện".to_owned(),
                period: Period::Year,
                value: "Tốt".to_owned(),
            }],
            absences: Some(Absences { with_permission: 3, without_permission: 1 }),
            comments: vec![Comment { period: Period::Year, text: "Cần mạnh dạn phát biểu hơn.".to_owned() }],
        },
        year: vec![
            outcome("learning", "Kết quả học tập", "Tốt"),
            outcome("promotion", "Kết quả", "Được lên lớp"),
            outcome("award", "Danh hiệu", "Học sinh Giỏi"),
        ],
        former: vec![FormerTerm { period: Period::S1, school: "Trường THCS Kim Đồng".to_owned() }],
    }
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn signatures() -> Vec<Signed> {
    let signed = |role, name: &str, time| Signed { role, name: name.to_owned(), time: at(time) };
    vec![
        signed(Role::Subject("TOAN".to_owned()), "Đỗ Hữu Nghĩa", "2026-05-20T01:15:00Z"),
        signed(Role::Homeroom, "Lê Thị Mỹ Duyên", "2026-05-22T09:40:00Z"),
        signed(Role::Principal, "Đặng Thị Bích Thuỷ", "2026-05-25T02:05:00Z"),
        signed(Role::Seal, "Trường Lê Văn Tám", "2026-05-25T18:06:00Z"),
    ]
}

fn pdf(content: &Content, signatures: &[Signed], copy: bool) -> Vec<u8> {
    let draft = signatures.is_empty();
    let sheet = Sheet { content, content_hash: HASH, check_url: CHECK, signatures, copy, draft };
    draw(&sheet, Vec::new(), None).unwrap()
}

#[test]
fn a_transcript_says_what_it_is_given() {
    let content = content("TT22", 7);
    let pdf = pdf(&content, &signatures(), false);
    assert_eq!(pages(&pdf), 2);
    let words = words(&pdf);
    for text in [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "HỌC BẠ TRUNG HỌC CƠ SỞ",
        "NGUYỄN HOÀNG BẢO NGỌC",
        "09/03/2013",
        "075213004567",
        "Toán 7,9 8,3 8,2",
        "Đỗ Hữu Nghĩa – đã ký số lúc 08:15 20/05/2026",
        "Tốt",
        "4 buổi (có phép 3, không phép 1)",
        "Được lên lớp",
        "Học sinh Giỏi",
        "Cần mạnh dạn phát biểu hơn.",
        "Học kỳ I học tại: Trường THCS Kim Đồng.",
        "Thời gian ký: 16:40 22/05/2026",
        // Past midnight in Vietnam.
        "Thời gian ký: 01:06 26/05/2026",
        HASH,
    ] {
        assert!(words.contains(text), "{text}: {words}");
    }
    assert!(!words.contains("BẢN"), "{words}");
}

#[test]
fn a_primary_transcript_has_levels_tests_and_qualities() {
    let mut content = content("TT27", 4);
    content.subjects = vec![subject("TV", "Tiếng Việt", ["T", "", "H"], Some("9"))];
    // Levels at the end of the first term and of the year.
    content.subjects[0].entries.remove(1);
    content.homeroom.assessments = ["Yêu nước", "Nhân ái", "Tự chủ và tự học"]
        .map(|name| Assessment { code: name.to_owned(), name: name.to_owned(), period: Period::Year, value: "T".to_owned() })
        .to_vec();
    let words = words(&pdf(&content, &signatures(), false));
    for text in ["HỌC BẠ TIỂU HỌC", "Cuối học kỳ I Cuối năm học", "Tiếng Việt T 9", "Phẩm chất và năng lực", "Tự chủ và tự học T"]
    {
        assert!(words.contains(text), "{text}: {words}");
    }
}

#[test]
fn a_copy_and_a_draft_say_so_on_each_page() {
    let content = content("TT22", 7);
    let copy = words(&pdf(&content, &signatures(), true));
    assert_eq!(copy.matches("BẢN SAO").count(), 2, "{copy}");
    let draft = words(&pdf(&content, &[], false));
    assert_eq!(draft.matches("BẢN NHÁP – CHƯA KÝ").count(), 2, "{draft}");
    assert!(draft.contains("Bản nháp, chưa có giá trị.") && !draft.contains("Ký bởi"), "{draft}");
}

/// Each vowel with each tone, small and capital: what the fonts must have.
#[test]
fn every_letter_of_vietnamese_is_printed() {
    let mut content = content("TT22", 7);
    let small = "aàảãáạăằẳẵắặâầẩẫấậeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵđ";
    let letters: Vec<String> = small.chars().map(|c| format!("{c}{}", c.to_uppercase())).collect();
    content.homeroom.comments =
        letters.chunks(12).map(|letters| Comment { period: Period::Year, text: letters.concat() }).collect();
    let words = words(&pdf(&content, &[], false));
    for comment in &content.homeroom.comments {
        assert!(words.contains(&comment.text), "{}: {words}", comment.text);
    }
}

/// A name is data, whatever it looks like to the language of the templates.
#[test]
fn a_name_is_never_code() {
    for name in [
        "#panic(\"x\")",
        "*Ngọc*",
        "_Ngọc_ `Bảo`",
        "$x^2$",
        "#read(\"/data.json\")",
        "= Ngọc",
        "@ngọc <ngọc>",
        "\\u{4e} \\ Ngọc",
        "// Ngọc",
        "#set page(width: 1pt)",
        "\"); panic(\"",
        "#import \"@preview/cetz:0.3.0\"",
        "H'Hen Niê",
    ] {
        let mut content = content("TT22", 7);
        content.class.homeroom_teacher = name.to_owned();
        content.homeroom.comments = vec![Comment { period: Period::Year, text: name.to_owned() }];
        content.subjects[0].name = name.to_owned();
        let words = words(&pdf(&content, &[], false));
        // A quotation mark is set as one of the language of the paper.
        let plain = |text: &str| text.replace(['“', '”', '’', '‘'], "\"").replace('\'', "\"");
        assert!(plain(&words).contains(&format!("Cả năm: {}", plain(name))), "{name}: {words}");
    }
}

#[test]
fn files_travel_inside_and_the_archive_says_it_is_one() {
    let content = content("TT22", 7);
    let (all, xml) = (signatures(), "<hocBa>Nguyễn Hoàng Bảo Ngọc</hocBa>".as_bytes().to_vec());
    let sheet = Sheet { content: &content, content_hash: HASH, check_url: CHECK, signatures: &all, copy: false, draft: false };
    let attachment = Attachment {
        name: "hoc-ba-2025-2026.xml".to_owned(),
        mime: "application/xml".to_owned(),
        description: "Học bạ số có chữ ký".to_owned(),
        bytes: xml.clone(),
    };
    let made = || draw(&sheet, vec![attachment.clone()], Some(at("2026-05-25T18:06:30Z"))).unwrap();
    let pdf = made();
    assert!(ask("pdfdetach", &["-list"], &pdf, &[]).contains("hoc-ba-2025-2026.xml"));
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out.xml");
    ask("pdfdetach", &["-save", "1", "-o", out.to_str().unwrap()], &pdf, &[]);
    assert_eq!(std::fs::read(out).unwrap(), xml);
    let meta = ask("pdfinfo", &["-meta"], &pdf, &[]);
    assert!(
        meta.contains("<pdfaid:part>3</pdfaid:part>") && meta.contains("<pdfaid:conformance>B</pdfaid:conformance>"),
        "{meta}"
    );
    let fonts = ask("pdffonts", &[], &pdf, &[]);
    assert!(fonts.contains("LiberationSerif"), "{fonts}");
    assert_eq!(pdf, made(), "the same paper is the same bytes");
}

/// The three finders and the line of alternating modules between them.
#[test]
fn a_qr_code_is_one() {
    let code = qr::qr(CHECK).unwrap();
    let dark = |x: usize, y: usize| code.pixels[y * code.size + x] == 0;
    assert_eq!((code.size - 17) % 4, 0);
    for (left, top) in [(0, 0), (code.size - 7, 0), (0, code.size - 7)] {
        for at in 0..7 {
            assert!(dark(left + at, top) && dark(left + at, top + 6) && dark(left, top + at) && dark(left + 6, top + at));
        }
        assert!(!dark(left + 1, top + 1) && dark(left + 3, top + 3));
    }
    assert!((8..code.size - 8).all(|at| dark(at, 6) == (at % 2 == 0)));
}
