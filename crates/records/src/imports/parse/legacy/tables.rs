//! The two legacy encodings still met in school files. Both put Vietnamese letters on code points of Latin-1, so that
//! text shows as "Hä vµ tªn" (TCVN3) or "Hoï vaø teân" (VNI) without its font.

/// TCVN 5712:1993, VN3 ("ABC", fonts .VnTime and so on): one byte a letter. VN3 has no accented capitals but
/// Ă Â Ê Ô Ơ Ư Đ; the rest are the small letters shown by a font of capitals (.VnTimeH).
pub const TCVN3: &[(char, char)] = &[
    ('\u{A1}', 'Ă'), ('\u{A2}', 'Â'), ('\u{A3}', 'Ê'), ('\u{A4}', 'Ô'), ('\u{A5}', 'Ơ'), ('\u{A6}', 'Ư'), ('\u{A7}', 'Đ'),
    ('\u{A8}', 'ă'), ('\u{A9}', 'â'), ('\u{AA}', 'ê'), ('\u{AB}', 'ô'), ('\u{AC}', 'ơ'), ('\u{AD}', 'ư'), ('\u{AE}', 'đ'),
    ('\u{B5}', 'à'), ('\u{B6}', 'ả'), ('\u{B7}', 'ã'), ('\u{B8}', 'á'), ('\u{B9}', 'ạ'),
    ('\u{BB}', 'ằ'), ('\u{BC}', 'ẳ'), ('\u{BD}', 'ẵ'), ('\u{BE}', 'ắ'), ('\u{C6}', 'ặ'),
    ('\u{C7}', 'ầ'), ('\u{C8}', 'ẩ'), ('\u{C9}', 'ẫ'), ('\u{CA}', 'ấ'), ('\u{CB}', 'ậ'),
    ('\u{CC}', 'è'), ('\u{CE}', 'ẻ'), ('\u{CF}', 'ẽ'), ('\u{D0}', 'é'), ('\u{D1}', 'ẹ'),
    ('\u{D2}', 'ề'), ('\u{D3}', 'ể'), ('\u{D4}', 'ễ'), ('\u{D5}', 'ế'), ('\u{D6}', 'ệ'),
    ('\u{D7}', 'ì'), ('\u{D8}', 'ỉ'), ('\u{DC}', 'ĩ'), ('\u{DD}', 'í'), ('\u{DE}', 'ị'),
    ('\u{DF}', 'ò'), ('\u{E1}', 'ỏ'), ('\u{E2}', 'õ'), ('\u{E3}', 'ó'), ('\u{E4}', 'ọ'),
    ('\u{E5}', 'ồ'), ('\u{E6}', 'ổ'), ('\u{E7}', 'ỗ'), ('\u{E8}', 'ố'), ('\u{E9}', 'ộ'),
    ('\u{EA}', 'ờ'), ('\u{EB}', 'ở'), ('\u{EC}', 'ỡ'), ('\u{ED}', 'ớ'), ('\u{EE}', 'ợ'),
    ('\u{EF}', 'ù'), ('\u{F1}', 'ủ'), ('\u{F2}', 'ũ'), ('\u{F3}', 'ú'), ('\u{F4}', 'ụ'),
    ('\u{F5}', 'ừ'), ('\u{F6}', 'ử'), ('\u{F7}', 'ữ'), ('\u{F8}', 'ứ'), ('\u{F9}', 'ự'),
    ('\u{FA}', 'ỳ'), ('\u{FB}', 'ỷ'), ('\u{FC}', 'ỹ'), ('\u{FD}', 'ý'), ('\u{FE}', 'ỵ'),
];

/// VNI-Windows, letters of one byte.
pub const VNI_SINGLE: &[(char, char)] = &[
    ('\u{F1}', 'đ'), ('\u{D1}', 'Đ'), ('\u{F4}', 'ơ'), ('\u{D4}', 'Ơ'), ('\u{F6}', 'ư'), ('\u{D6}', 'Ư'),
    ('\u{EC}', 'ì'), ('\u{CC}', 'Ì'), ('\u{ED}', 'í'), ('\u{CD}', 'Í'), ('\u{E6}', 'ỉ'), ('\u{C6}', 'Ỉ'),
    ('\u{F3}', 'ĩ'), ('\u{D3}', 'Ĩ'), ('\u{F2}', 'ị'), ('\u{D2}', 'Ị'), ('\u{EE}', 'ỵ'), ('\u{CE}', 'Ỵ'),
];

/// VNI-Windows, the mark (small form) that follows a base letter: what it adds, as combining marks.
/// The capital form, 0x20 lower, follows a capital.
pub const VNI_MARKS: &[(char, &str)] = &[
    ('\u{F8}', "\u{300}"), ('\u{F9}', "\u{301}"), ('\u{FB}', "\u{309}"), ('\u{F5}', "\u{303}"), ('\u{EF}', "\u{323}"),
    ('\u{E2}', "\u{302}"), ('\u{E0}', "\u{302}\u{300}"), ('\u{E1}', "\u{302}\u{301}"), ('\u{E5}', "\u{302}\u{309}"),
    ('\u{E3}', "\u{302}\u{303}"), ('\u{E4}', "\u{302}\u{323}"),
    ('\u{EA}', "\u{306}"), ('\u{E8}', "\u{306}\u{300}"), ('\u{E9}', "\u{306}\u{301}"), ('\u{FA}', "\u{306}\u{309}"),
    ('\u{FC}', "\u{306}\u{303}"), ('\u{EB}', "\u{306}\u{323}"),
];

/// Windows-1258 where it differs from Windows-1252 in letters: base letters, and combining tone marks after them.
pub const WINDOWS_1258: &[(u8, char)] = &[
    (0xC3, 'Ă'), (0xCC, '\u{300}'), (0xD0, 'Đ'), (0xD2, '\u{309}'), (0xD5, 'Ơ'), (0xDD, 'Ư'), (0xDE, '\u{303}'),
    (0xE3, 'ă'), (0xEC, '\u{301}'), (0xF0, 'đ'), (0xF2, '\u{323}'), (0xF5, 'ơ'), (0xFD, 'ư'), (0xFE, '₫'),
];
