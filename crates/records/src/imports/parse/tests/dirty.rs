//! Lists as schools really send them.

use super::super::{Field, Layout, Options, PupilStatus, parse};
use super::*;
use dto::learners::Sex;
use rust_xlsxwriter::{Color, ExcelDateTime, Format, Formula};
use unicode_normalization::UnicodeNormalization;

fn nfd(text: &str) -> String {
    text.nfd().collect()
}

#[test]
fn shifted_header_notes_and_blank_rows() {
    let bytes = workbook(|sheet| {
        let format = Format::new();
        sheet.merge_range(1, 2, 1, 9, "DANH SÁCH HỌC SINH LỚP 7B NĂM HỌC 2026 - 2027", &format).expect("merge");
        let at = |sheet: &mut Worksheet, row: u32, cells: &[(u16, &str)]| {
            for (column, text) in cells {
                sheet.write_string(row, *column, *text).expect("a cell");
            }
        };
        at(
            sheet,
            11,
            &[(2, " TT "), (3, "Họ và\ntên (*)"), (4, "Ngày, tháng, năm sinh"), (5, "Nữ"), (6, "Số định danh"), (7, "Ghi chú")],
        );
        at(sheet, 12, &[(2, "(1)"), (3, "(2)"), (4, "(3)"), (5, "(4)"), (6, "(5)"), (7, "(6)")]);
        at(
            sheet,
            13,
            &[(2, "1"), (3, "  Nguyễn   Thị\u{a0}Ánh "), (4, "6/4/14"), (5, "x"), (6, "026314498873"), (7, "lớp trưởng")],
        );
        at(sheet, 15, &[(2, "2"), (3, &nfd("Trần Văn Đức")), (4, "16-04-2014"), (6, "026 214 498 874")]);
        at(sheet, 16, &[(2, "3")]);
        at(sheet, 17, &[(2, "4")]);
        at(sheet, 18, &[(3, "Tổng số: 2 học sinh"), (5, "1")]);
        at(sheet, 20, &[(6, "Phú Thọ, ngày 5 tháng 9 năm 2026")]);
        at(sheet, 21, &[(3, "Người lập bảng"), (6, "HIỆU TRƯỞNG")]);
        at(sheet, 25, &[(3, "Nguyễn Văn Tám")]);
    });
    let file = read(&bytes);
    assert_eq!((file.layout, file.header_row), (Layout::Generic, 12));
    assert_eq!(names(&file), ["Nguyễn Thị Ánh", "Trần Văn Đức"]);
    let first = &file.rows[0].fields;
    assert_eq!((first.birth_date, first.sex), (Some(day(2014, 4, 6)), Some(Sex::Female)));
    assert_eq!((first.class_name.as_deref(), first.grade), (Some("7B"), Some(7)));
    assert_eq!(codes(&file, 0), ["date_two_digit_year"]);
    let second = &file.rows[1].fields;
    assert_eq!((second.sex, second.personal_id.as_deref()), (Some(Sex::Male), Some("026214498874")));
    assert_eq!(codes(&file, 1), [] as [&str; 0]);
    assert_eq!(file.rows[1].row_number, 16);
    let skipped: Vec<u32> = file.skipped.iter().map(|row| row.row_number).collect();
    assert_eq!(skipped, [13, 19, 21, 22, 26]);
    assert_eq!(file.unused_columns[0].header, "Ghi chú");
}

#[test]
fn numbers_where_text_should_be() {
    let bytes = workbook(|sheet| {
        write(sheet, &[&["STT", "Mã học sinh", "Họ tên", "Ngày sinh", "Giới tính", "Số định danh cá nhân", "SĐT", "Lớp"]]);
        let date = Format::new().set_num_format("dd/mm/yyyy");
        for (row, id, code, phone) in
            [(1, 26_315_498_873.0, 212_633_036.0, 953_171_691.0), (2, 1_315_498_873.0, 7_407_137_235.0, 84_953_171_691.0)]
        {
            sheet.write_number(row, 0, row).expect("cell");
            sheet.write_number(row, 1, code).expect("cell");
            sheet.write_string(row, 2, if row == 1 { "Lê Thị An" } else { "Lê Thị Bé" }).expect("cell");
            let born = ExcelDateTime::from_ymd(2015, 4, 6).expect("date");
            sheet.write_with_format(row, 3, &born, &date).expect("cell");
            sheet.write_string(row, 4, "nu").expect("cell");
            sheet.write_number(row, 5, id).expect("cell");
            sheet.write_number(row, 6, phone).expect("cell");
            sheet.write_number(row, 7, 6.1).expect("cell");
        }
        // A serial without a format, an id that does not fit the pupil, a class turned into a date.
        write_row(sheet, 3, "Lê Thị Chi");
        sheet.write_number(3, 3, 42100).expect("cell");
        sheet.write_number(3, 5, 26_215_498_873.0_f64).expect("cell");
        sheet.write_with_format(3, 7, ExcelDateTime::from_ymd(2026, 1, 6).expect("date"), &date).expect("cell");
        write_row(sheet, 4, "Lê Thị Dung");
        sheet.write_number(4, 3, 2015).expect("cell");
        sheet.write_string(4, 5, "2.63155E+10").expect("cell");
        sheet.write_string(4, 7, "6.1").expect("cell");
    });
    fn write_row(sheet: &mut Worksheet, row: u32, name: &str) {
        sheet.write_string(row, 2, name).expect("cell");
        sheet.write_string(row, 4, "F").expect("cell");
    }
    let file = read(&bytes);
    let first = &file.rows[0].fields;
    assert_eq!(first.personal_id.as_deref(), Some("026315498873"));
    assert_eq!(first.ministry_code.as_deref(), Some("0212633036"));
    assert_eq!(first.phone.as_deref(), Some("0953171691"));
    assert_eq!(first.birth_date, Some(day(2015, 4, 6)));
    assert_eq!((first.class_name.as_deref(), first.grade), (Some("6.1"), Some(6)));
    assert_eq!(codes(&file, 0), ["personal_id_zeros", "ministry_code_zeros"]);
    let second = &file.rows[1].fields;
    assert_eq!(second.personal_id.as_deref(), Some("001315498873"));
    assert_eq!((second.ministry_code.as_deref(), second.phone.as_deref()), (Some("7407137235"), Some("0953171691")));
    assert_eq!(file.rows[2].fields.birth_date, Some(day(2015, 4, 6)));
    assert_eq!(codes(&file, 2), ["personal_id_length", "class_name_date"]);
    assert_eq!(codes(&file, 3), ["date_incomplete", "personal_id_rounded"]);
    let fault = &file.rows[2].faults[1];
    assert_eq!((fault.column.as_deref(), fault.params["cell"].as_str()), (Some("H"), "H4"));
}

#[test]
fn header_of_two_rows() {
    let bytes = workbook(|sheet| {
        let format = Format::new();
        for (column, text) in [(0, "STT"), (4, "Ngày sinh"), (7, "Lớp")] {
            sheet.merge_range(2, column, 3, column, text, &format).expect("merge");
        }
        sheet.merge_range(2, 1, 2, 2, "Họ và tên", &format).expect("merge");
        sheet.merge_range(2, 5, 2, 6, "Giới tính", &format).expect("merge");
        sheet.merge_range(2, 8, 2, 10, "Thông tin cha", &format).expect("merge");
        sheet.merge_range(2, 11, 2, 12, "Mẹ", &format).expect("merge");
        write_at(sheet, 3, 1, &["Họ đệm", "Tên"]);
        write_at(sheet, 3, 5, &["Nam", "Nữ"]);
        write_at(sheet, 3, 8, &["Họ tên", "Năm sinh", "SĐT", "Họ và tên", "Số điện thoại"]);
        write_at(
            sheet,
            4,
            0,
            &[
                "1",
                "Nguyễn Hoàng",
                "Ánh",
                "",
                "06/04/2015",
                "",
                "X",
                "6A",
                "Nguyễn Văn Bình",
                "1980",
                "0912345678",
                "Lê Thị Cúc",
                "0168 123 4567",
            ],
        );
        write_at(sheet, 5, 0, &["2", "Lê", "Nam", "", "06/05/2015", "x", "", "6A"]);
    });
    fn write_at(sheet: &mut Worksheet, row: u32, column: u16, texts: &[&str]) {
        for (column, text) in (column..).zip(texts).filter(|(_, text)| !text.is_empty()) {
            sheet.write_string(row, column, *text).expect("cell");
        }
    }
    let file = read(&bytes);
    assert_eq!(file.header_row, 3);
    assert_eq!(names(&file), ["Nguyễn Hoàng Ánh", "Lê Nam"]);
    let first = &file.rows[0].fields;
    assert_eq!((first.name.family.as_str(), first.name.middle.as_str(), first.name.given.as_str()), ("Nguyễn", "Hoàng", "Ánh"));
    assert_eq!(first.sex, Some(Sex::Female));
    assert_eq!(first.father.name.as_ref().map(|n| n.full()).as_deref(), Some("Nguyễn Văn Bình"));
    assert_eq!(first.father.phone.as_deref(), Some("0912345678"));
    assert_eq!(first.mother.phone.as_deref(), Some("0381234567"));
    assert_eq!(file.rows[1].fields.sex, Some(Sex::Male));
    assert_eq!(codes(&file, 0), ["phone_renumbered"]);
    assert_eq!(codes(&file, 1), [] as [&str; 0]);
}

#[test]
fn one_header_over_two_columns_of_a_name() {
    let bytes = workbook(|sheet| {
        sheet.merge_range(0, 1, 0, 2, "Họ và tên", &Format::new()).expect("merge");
        write(
            sheet,
            &[
                &["STT", "", "", "Ngày sinh", "Giới tính"],
                &["1", "Nguyễn Thị", "Ánh", "06/04/2015", "Nữ"],
                &["2", "H'Hen", "Niê", "06/04/2015", "Nữ"],
            ],
        );
    });
    let file = read(&bytes);
    assert_eq!(names(&file), ["Nguyễn Thị Ánh", "H'Hen Niê"]);
    assert_eq!(file.rows[0].fields.name.given, "Ánh");
}

#[test]
fn misspelt_headers_are_taken_with_a_warning() {
    let file = read(&sheet_of(&[
        &["STT", "Họ tên", "Ngày sihn", "Giới tính", "Số định dang cá nhân"],
        &["1", "Lê An", "1/2/2015", "Nam", "026215498873"],
    ]));
    assert_eq!(file_codes(&file), ["header_guessed", "header_guessed"]);
    assert_eq!(file.rows[0].fields.birth_date, Some(day(2015, 2, 1)));
    assert!(file.columns.iter().any(|c| c.field == Field::PersonalId && c.guessed));
    assert_eq!(file.error_count(), 0);
}

#[test]
fn several_sheets_and_hidden_ones() {
    let mut workbook = Workbook::new();
    let lookup = workbook.add_worksheet();
    lookup.set_name("DM_DanToc").expect("name");
    write(lookup, &[&["1", "Kinh"], &["2", "Hoa"]]);
    let old = workbook.add_worksheet();
    old.set_name("Cũ").expect("name").set_hidden(true);
    write(old, &[&["STT", "Họ tên", "Ngày sinh", "Giới tính", "Dân tộc"], &["1", "Cũ Rích", "1/1/2014", "Nam", "Kinh"]]);
    for (name, pupil) in [("6A", "Lê An"), ("6B", "Lê Bình")] {
        let sheet = workbook.add_worksheet();
        sheet.set_name(name).expect("name");
        sheet.set_column_hidden(3).expect("hidden");
        write(sheet, &[&["Họ tên", "Ngày sinh", "Giới tính", "Lớp"], &[pupil, "1/2/2015", "Nam", name]]);
    }
    let bytes = workbook.save_to_buffer().expect("workbook");
    let file = read(&bytes);
    assert_eq!((file.sheet.as_str(), names(&file)), ("6A", vec!["Lê An".to_owned()]));
    assert_eq!(file_codes(&file), ["other_sheets"]);
    assert!(file.columns.iter().any(|c| c.field == Field::ClassName && c.hidden));
    let chosen = Options { sheet: Some("6B".into()), ..options() };
    assert_eq!(names(&parse(&bytes, &chosen).expect("readable")), ["Lê Bình"]);
}

#[test]
fn several_classes_under_their_titles() {
    let file = read(&sheet_of(&[
        &["STT", "Họ tên", "Ngày sinh", "Giới tính"],
        &["Lớp 6A1"],
        &["1", "Lê An", "1/2/2015", "Nam"],
        &["Lớp: 6A2"],
        &["1", "Lê Bình", "1/2/2015", "Nam"],
        &["STT", "Họ tên", "Ngày sinh", "Giới tính"],
        &["2", "Lê Chi", "1/2/2015", "Nữ"],
    ]));
    let classes: Vec<_> = file.rows.iter().map(|row| row.fields.class_name.clone().expect("class")).collect();
    assert_eq!(classes, ["6A1", "6A2", "6A2"]);
}

#[test]
fn what_is_wrong_is_said_by_cell() {
    let file = read(&sheet_of(&[
        &[
            "STT",
            "Họ tên",
            "Ngày sinh",
            "Giới tính",
            "Số định danh cá nhân",
            "Mã MOET",
            "Lớp",
            "Khối",
            "Điện thoại",
            "Dân tộc",
            "Trạng thái",
        ],
        &["1", "", "01/02/2015", "Nam", "026215498873", "", "6A", "6", "", "Kinh", "Đang học"],
        &["2", "Lê An 2", "31/02/2015", "Khác", "0262154988731", "", "6A", "7", "12345", "Sao Hoả", "Đi chơi"],
        &[
            "3",
            "Lê Bình",
            "02/25/2015",
            "Nam",
            "123456789",
            "",
            "6A",
            "Khối 6",
            "0912345678 / 0987654321",
            "H'mông",
            "Chuyển đến",
        ],
        &["4", "Lê Chi", "", "", "026215000001", "08437943520", "6A", "mười ba", "", "", ""],
        &["5", "Lê Dũng", "01/02/2027", "Nam", "02621500000a", "", "6A", "", "", "", ""],
        &["6", "Lê Giang", "01/02/2008", "Nam", "026315000002", "", "6A", "", "", "", ""],
        &["x", "Lê Hà!", "1850-01-01", "Nam", "", "m@", "6A", "", "", "", ""],
    ]));
    assert_eq!(codes(&file, 0), ["missing_name"]);
    assert_eq!(
        codes(&file, 1),
        [
            "name_invalid",
            "date_no_such_day",
            "sex_unknown",
            "personal_id_length",
            "ethnicity_unknown",
            "status_unknown",
            "phone_invalid",
            "grade_differs"
        ]
    );
    assert_eq!(codes(&file, 2), ["date_month_first", "personal_id_old_card", "phone_several"]);
    assert_eq!(file.rows[2].fields.ethnicity.as_deref(), Some("Mông"));
    assert_eq!(file.rows[2].fields.status, Some(PupilStatus::TransferredIn));
    assert_eq!(codes(&file, 3), ["sex_from_personal_id", "ministry_code_shape", "grade_unknown", "missing_birth_date"]);
    assert_eq!(codes(&file, 4), ["date_in_future", "personal_id_digits"]);
    assert_eq!(codes(&file, 5), ["personal_id_sex", "personal_id_year", "age_unusual"]);
    assert_eq!(codes(&file, 6), ["name_letters", "date_format", "ordinal_invalid", "code_invalid", "missing_personal_id"]);
    assert_eq!(file.rows[1].faults[1].vi, "Ô C3: không có ngày 31/02/2015.");
    assert_eq!(file.rows[1].faults[1].en, "Cell C3: there is no day 31/02/2015.");
}

#[test]
fn pupils_that_stand_twice() {
    let file = read(&sheet_of(&[
        &["Họ tên", "Ngày sinh", "Giới tính", "Số định danh cá nhân", "Mã MOET", "Lớp"],
        &["Lê An", "01/02/2015", "Nam", "026215000001", "0000000001", "6A"],
        &["Lê An", "01/02/2015", "Nam", "026215000001", "0000000002", "6A"],
        &["Lê Ân", "01/02/2015", "Nam", "026215000003", "0000000001", "6A"],
        &["lê  an", "01/02/2015", "Nam", "", "", "6A"],
        &["Lê An", "01/02/2015", "Nam", "026215000005", "", "6A"],
        &["Lê An", "01/02/2015", "Nam", "026215000006", "", "6B"],
    ]));
    assert_eq!(codes(&file, 0), [] as [&str; 0]);
    assert_eq!(codes(&file, 1), ["duplicate_personal_id"]);
    assert_eq!(codes(&file, 2), ["duplicate_ministry_code"]);
    assert_eq!(codes(&file, 3), ["missing_personal_id", "duplicate_pupil"]);
    assert_eq!(codes(&file, 4), ["possible_duplicate"]);
    assert_eq!(codes(&file, 5), [] as [&str; 0]);
    assert_eq!(file.rows[1].faults[0].vi, "Ô D3: số định danh này đã có ở dòng 2.");
}

#[test]
fn formulas_are_faults_of_their_cells() {
    let bytes = workbook(|sheet| {
        write(
            sheet,
            &[&["STT", "Họ tên", "Ngày sinh", "Giới tính"], &["", "", "01/02/2015", "Nam"], &["", "Lê Bình", "", "Nam"]],
        );
        sheet.write_formula(1, 0, "=ROW()-1").expect("formula");
        sheet.write_formula(1, 1, Formula::new("=\"Lê\"&\" An\"").set_result("Lê An")).expect("formula");
        sheet.write_formula(2, 2, "=TODAY()").expect("formula");
        sheet.write_formula(40, 0, "=A40+1").expect("formula");
    });
    let file = read(&bytes);
    assert_eq!(file.rows.len(), 2);
    assert_eq!(codes(&file, 0), ["formula", "ordinal_formula"]);
    assert_eq!(
        file.rows[0].faults[0].vi,
        "Ô B2 chứa công thức. Hãy chép cột này rồi dán lại dạng giá trị (Paste Special > Values)."
    );
    assert_eq!(codes(&file, 1), ["formula"]);
    assert_eq!(file.rows[1].faults[0].params["cell"], "C3");
}

#[test]
fn legacy_fonts_are_converted() {
    let tcvn3 = read(&sheet_of(&[
        &["STT", "Hä vµ tªn", "Ngµy sinh", "Giíi tÝnh", "D©n téc"],
        &["1", "NguyÔn ThÞ \u{b8}nh", "06/04/2015", "N\u{f7}", "M\u{ad}êng"],
        &["2", "TrÇn V¨n Hïng", "06/04/2015", "Nam", "Kinh"],
        &["3", "\u{a7}ç Vò \u{a7}\u{f8}c", "06/04/2015", "Nam", "Kinh"],
    ]));
    assert_eq!(names(&tcvn3), ["Nguyễn Thị Ánh", "Trần Văn Hùng", "Đỗ Vũ Đức"]);
    assert_eq!(tcvn3.rows[0].fields.sex, Some(Sex::Female));
    assert_eq!(tcvn3.rows[0].fields.ethnicity.as_deref(), Some("Mường"));
    assert_eq!(codes(&tcvn3, 0), ["name_capital"]);
    assert_eq!(file_codes(&tcvn3), ["legacy_converted"; 3]);
    assert_eq!(tcvn3.columns[1].header, "Họ và tên");

    let vni = read(&sheet_of(&[
        &["STT", "Hoï vaø teân", "Ngaøy sinh", "Giôùi tính"],
        &["1", "Nguyeãn Thò AÙnh", "06/04/2015", "Nöõ"],
        &["2", "Vuõ Ñöùc", "06/04/2015", "Nam"],
    ]));
    assert_eq!(names(&vni), ["Nguyễn Thị Ánh", "Vũ Đức"]);
    assert_eq!(vni.rows[0].fields.sex, Some(Sex::Female));
    assert_eq!(codes(&vni, 0), [] as [&str; 0]);
}

#[test]
fn legacy_fonts_by_their_names() {
    let bytes = workbook(|sheet| {
        let small = Format::new().set_font_name(".VnTime");
        let capitals = Format::new().set_font_name(".VnTimeH").set_font_color(Color::Black);
        write(
            sheet,
            &[
                &["Họ tên", "Ngày sinh", "Giới tính"],
                &["", "06/04/2015", "Nam"],
                &["", "06/04/2015", "Nam"],
                &["", "06/04/2015", "Nam"],
            ],
        );
        // "Vò" reads well in all three encodings: the font decides.
        sheet.write_string_with_format(1, 0, "Vò Lan", &small).expect("cell");
        sheet.write_string_with_format(2, 0, "trÇn v\u{a8}n an", &capitals).expect("cell");
        sheet.write_rich_string(3, 0, &[(&small, "NguyÔn ThÞ "), (&capitals, "\u{b8}"), (&small, "nh")]).expect("cell");
    });
    let file = read(&bytes);
    assert_eq!(names(&file), ["Vũ Lan", "TRẦN VĂN AN", "Nguyễn Thị Ánh"]);
}

#[test]
fn a_column_that_only_a_person_can_tell_is_refused() {
    // "ö" and "å" have no place in Unicode Vietnamese; as legacy text each reading makes one word and breaks the other.
    let file = read(&sheet_of(&[&["Họ tên", "Ngày sinh", "Giới tính"], &["H\u{f6} L\u{f6}", "06/04/2015", "Nam"]]));
    assert_eq!(file_codes(&file), ["legacy_ambiguous"]);
    assert_eq!(file.file_faults[0].column.as_deref(), Some("A"));
    assert!(file.error_count() > 0);
}

#[test]
fn delimited_text() {
    let text = "DANH SÁCH LỚP 6A1;;;;\nSTT;Họ và tên;Ngày sinh;Giới tính;Số định danh cá nhân\n1;\"Nguyễn Thị \nÁnh\";6/4/2015;Nữ;=\"026315498873\"\n2;Lê An;6/4/2015;Nam;=A1+1\n;;;;\nTổng số: 2;;;;\n";
    let file = read(text.as_bytes());
    assert_eq!((file.header_row, names(&file)), (2, vec!["Nguyễn Thị Ánh".to_owned(), "Lê An".to_owned()]));
    assert_eq!(file.rows[0].fields.personal_id.as_deref(), Some("026315498873"));
    assert_eq!(codes(&file, 1), ["formula"]);
    assert_eq!(file.rows[0].fields.class_name.as_deref(), Some("6A1"));
    let file =
        read(b"STT,Ho\xf2 va\xcc t\xean,Nga\xccy sinh,Gi\xf5\xeci ti\xecnh\n1,Nguy\xea\xden Thi\xf2 \xc1nh,6/4/2015,N\xfd\xde\n");
    assert_eq!((names(&file), file_codes(&file)), (vec!["Nguyễn Thị Ánh".to_owned()], vec!["text_converted"]));
    let file = read(b"STT,H\xe4 v\xb5 t\xaan,Ng\xb5y sinh,Gi\xed\x69 t\xddnh\n1,Nguy\xd4n Th\xde Lan,6/4/2015,N\xf7\n2,Tr\xc7n V\xa8n H\xefng,6/4/2015,Nam\n");
    assert_eq!(names(&file), ["Nguyễn Thị Lan", "Trần Văn Hùng"]);
}

#[test]
fn numbers_of_programs_and_dates_in_words() {
    let text = "Họ tên,Ngày sinh,Giới tính,Số định danh,Mã MOET,SĐT,Lớp\nLê An,Ngày 06 tháng 4 năm 2015,Nữ,26315498873.0,212633036.0,953171691.0,6A\n";
    let file = read(text.as_bytes());
    let fields = &file.rows[0].fields;
    assert_eq!(fields.birth_date, Some(day(2015, 4, 6)));
    assert_eq!(fields.personal_id.as_deref(), Some("026315498873"));
    assert_eq!((fields.ministry_code.as_deref(), fields.phone.as_deref()), (Some("0212633036"), Some("0953171691")));
    assert_eq!(codes(&file, 0), ["personal_id_zeros", "ministry_code_zeros"]);
}

#[test]
fn texts_that_no_record_holds() {
    let (people, place, name) = ("ă".repeat(41), "ă".repeat(201), "ă".repeat(51));
    let file = read(&sheet_of(&[
        &["Họ tên", "Ngày sinh", "Giới tính", "Dân tộc", "Nơi sinh"],
        &["Lê An", "1/2/2015", "Nam", &people, &place],
        &[&format!("Lê {name}"), "1/2/2015", "Nam", &people[..80], &place[..400]],
    ]));
    assert_eq!(codes(&file, 0), ["too_long", "too_long"]);
    assert_eq!(codes(&file, 1), ["name_too_long", "ethnicity_unknown"]);
}

#[test]
fn a_list_of_names_alone_lacks_birth_dates() {
    let file = read(&sheet_of(&[&["TT", "Họ và tên"], &["1", "Lê An"]]));
    assert_eq!(file_codes(&file), ["no_birth_date_column"]);
    assert_eq!(codes(&file, 0), ["missing_sex"]);
}
