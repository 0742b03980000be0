//! The 54 peoples of Viet Nam: names and codes of the national list (Quyết định 121-TCTK/PPCĐ, 02/03/1979, General
//! Statistics Office), with other spellings that lists use.

use kernel::text::fold;

/// Code, name, other spellings (folded).
pub const PEOPLES: &[(&str, &str, &[&str])] = &[
    ("01", "Kinh", &["viet"]),
    ("02", "Tày", &[]),
    ("03", "Thái", &[]),
    ("04", "Hoa", &["han", "hoa (han)"]),
    ("05", "Khmer", &["kho-me", "kho me", "khome", "kho-mer", "kho mer"]),
    ("06", "Mường", &[]),
    ("07", "Nùng", &[]),
    ("08", "Mông", &["hmong", "h'mong", "h mong", "meo", "h-mong"]),
    ("09", "Dao", &[]),
    ("10", "Gia Rai", &["gia-rai", "jrai", "giarai", "j'rai"]),
    ("11", "Ngái", &[]),
    ("12", "Ê Đê", &["e-de", "ede"]),
    ("13", "Ba Na", &["ba-na", "bana", "bahnar"]),
    ("14", "Xơ Đăng", &["xo-dang", "xodang", "so dang"]),
    ("15", "Sán Chay", &["san-chay", "cao lan", "san chi", "cao lan - san chi"]),
    ("16", "Cơ Ho", &["co-ho", "coho", "k'ho", "k ho", "kho"]),
    ("17", "Chăm", &["champa"]),
    ("18", "Sán Dìu", &["san-diu"]),
    ("19", "Hrê", &["h're", "h re"]),
    ("20", "Mnông", &["m'nong", "m nong"]),
    ("21", "Ra Glai", &["ra-glai", "raglai", "ra-glay"]),
    ("22", "Xtiêng", &["stieng", "x'tieng", "s'tieng"]),
    ("23", "Bru - Vân Kiều", &["bru van kieu", "bru-van kieu", "van kieu", "bru"]),
    ("24", "Thổ", &[]),
    ("25", "Giáy", &[]),
    ("26", "Cơ Tu", &["co-tu", "cotu", "ka tu", "k'tu"]),
    ("27", "Giẻ Triêng", &["gie-trieng", "gie - trieng", "gietrieng"]),
    ("28", "Mạ", &[]),
    ("29", "Khơ Mú", &["kho-mu", "khomu"]),
    ("30", "Co", &["cor"]),
    ("31", "Tà Ôi", &["ta-oi", "taoi"]),
    ("32", "Chơ Ro", &["cho-ro", "choro", "chau ro"]),
    ("33", "Kháng", &[]),
    ("34", "Xinh Mun", &["xinh-mun", "xinhmun"]),
    ("35", "Hà Nhì", &["ha-nhi"]),
    ("36", "Chu Ru", &["chu-ru", "churu"]),
    ("37", "Lào", &[]),
    ("38", "La Chí", &["la-chi"]),
    ("39", "La Ha", &["la-ha"]),
    ("40", "Phù Lá", &["phu-la"]),
    ("41", "La Hủ", &["la-hu"]),
    ("42", "Lự", &[]),
    ("43", "Lô Lô", &["lo-lo", "lolo"]),
    ("44", "Chứt", &[]),
    ("45", "Mảng", &[]),
    ("46", "Pà Thẻn", &["pa-then"]),
    ("47", "Cơ Lao", &["co-lao", "colao"]),
    ("48", "Cống", &[]),
    ("49", "Bố Y", &["bo-y"]),
    ("50", "Si La", &["si-la", "sila"]),
    ("51", "Pu Péo", &["pu-peo"]),
    ("52", "Brâu", &[]),
    ("53", "Ơ Đu", &["o-du", "odu"]),
    ("54", "Rơ Măm", &["ro-mam", "romam"]),
];

/// The list's name of a people, however it is spelt; None where it is not in the list. No two
/// names are alike without their marks, so that folding loses nothing.
pub fn official_name(text: &str) -> Option<&'static str> {
    let folded = fold(text);
    let folded = folded.strip_prefix("dan toc ").or_else(|| folded.strip_prefix("nguoi ")).unwrap_or(&folded);
    // "01 - Kinh", "Kinh (01)": with the code beside it.
    let bare = folded.trim_matches(|c: char| !c.is_alphabetic());
    let known = |text: &str| {
        PEOPLES.iter().find(|(_, name, others)| fold(name) == text || others.contains(&text)).map(|(_, name, _)| *name)
    };
    known(folded).or_else(|| known(bare))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fifty_four_peoples_told_apart() {
        assert_eq!(PEOPLES.len(), 54);
        let mut names: Vec<String> = PEOPLES
            .iter()
            .flat_map(|(_, name, others)| std::iter::once(fold(name)).chain(others.iter().map(|o| (*o).to_owned())))
            .collect();
        names.sort();
        let twice: Vec<_> = names.windows(2).filter(|pair| pair[0] == pair[1]).collect();
        assert!(twice.is_empty(), "{twice:?}");
        for (i, (code, name, _)) in PEOPLES.iter().enumerate() {
            assert_eq!(*code, format!("{:02}", i + 1));
            assert_eq!(official_name(&name.to_uppercase()), Some(*name));
        }
        assert_eq!(official_name("H'Mông"), Some("Mông"));
        assert_eq!(official_name("Khơ-me"), Some("Khmer"));
        assert_eq!(official_name("01 - Kinh"), Some("Kinh"));
        assert_eq!(official_name("Hoa (Hán)"), Some("Hoa"));
        assert_eq!(official_name("Sao Hoả"), None);
    }
}
