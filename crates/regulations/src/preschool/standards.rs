//! The standards of development of five-year-olds (bộ chuẩn phát triển trẻ em năm tuổi), as data. They help to plan and to follow a
//! child; they are not for ranking or sorting children (TT 23/2010/TT-BGDĐT, 22/7/2010).
//!
//! Two sets are known. TT 23/2010: 4 domains, 28 standards, 120 indicators (Điều 2, read). QĐ 4222/QĐ-BGDĐT (27/12/2024): 6 domains, 22
//! standards, 70 indicators (reported by the press; whether it replaces the circular everywhere was not read). Which of them a school
//! follows is the school's to say, so both are here, with the numbers; wording stands only where a text was read, and the school fills
//! the rest as its own data.
//!
//! Read: Điều 2 (thuvienphapluat.vn, phap-luat …147668), standards 1 to 3 with indicators 1 to 14 and part of 4 and 5 (Điều 5; aba.edu.vn
//! and text.123docz.net/8649176, the same words in both), standards 7 to 9 with indicators 27 to 36 (Điều 6; thuviennhadat.vn …588236).
//! That Điều 6 begins with standard 7 and indicator 27 gives the edge of the first domain; the edges of the other three are common
//! knowledge of the field and not read ([`Part::read`]).

use super::Domain;

/// A set of standards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Set {
    /// "TT 23/2010/TT-BGDĐT".
    pub source: &'static str,
    /// Of the standards as a whole.
    pub standards: u8,
    pub indicators: u8,
    /// The domains in order; empty indicator ranges where the text was not read.
    pub parts: &'static [Part],
}

/// A domain of a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    pub domain: Domain,
    /// First and last indicator, where known.
    pub indicators: Option<(u8, u8)>,
    /// The range was read in the text, and is not only common knowledge.
    pub read: bool,
}

/// TT 23/2010/TT-BGDĐT.
pub const TT_23_2010: Set = Set {
    source: "TT 23/2010/TT-BGDĐT",
    standards: 28,
    indicators: 120,
    parts: &[
        Part { domain: Domain::Physical, indicators: Some((1, 26)), read: true },
        Part { domain: Domain::Social, indicators: Some((27, 60)), read: false },
        Part { domain: Domain::Language, indicators: Some((61, 91)), read: false },
        Part { domain: Domain::Cognitive, indicators: Some((92, 120)), read: false },
    ],
};

/// QĐ 4222/QĐ-BGDĐT (27/12/2024). Its text was not read: the school enters its indicators.
pub const QD_4222_2024: Set = Set {
    source: "QĐ 4222/QĐ-BGDĐT",
    standards: 22,
    indicators: 70,
    parts: &[
        Part { domain: Domain::Physical, indicators: None, read: false },
        Part { domain: Domain::Social, indicators: None, read: false },
        Part { domain: Domain::Language, indicators: None, read: false },
        Part { domain: Domain::Cognitive, indicators: None, read: false },
        Part { domain: Domain::Aesthetic, indicators: None, read: false },
        Part { domain: Domain::Approach, indicators: None, read: false },
    ],
};

/// Number and title of a standard, and its first and last indicator where all of them were read.
pub type Standard = (u8, &'static str, Option<(u8, u8)>);

/// The standards whose text was read.
pub const STANDARDS: &[Standard] = &[
    (1, "Trẻ có thể kiểm soát và phối hợp vận động các nhóm cơ lớn", Some((1, 4))),
    (2, "Trẻ có thể kiểm soát và phối hợp vận động các nhóm cơ nhỏ", Some((5, 8))),
    (3, "Trẻ có thể phối hợp các giác quan và giữ thăng bằng khi vận động", Some((9, 11))),
    (4, "Trẻ thể hiện sức mạnh, sự nhanh nhẹn và dẻo dai của cơ thể", Some((12, 14))),
    (5, "Trẻ có hiểu biết, thực hành vệ sinh cá nhân và dinh dưỡng", None),
    (7, "Trẻ thể hiện sự nhận thức về bản thân", Some((27, 30))),
    (8, "Trẻ tin tưởng vào khả năng của bản thân", Some((31, 34))),
    (9, "Trẻ biết cảm nhận và thể hiện cảm xúc", None),
];

/// The words of indicators of TT 23/2010 that were read whole.
const WORDS: &[(u8, &str)] = &[
    (1, "Bật xa tối thiểu 50 cm"),
    (2, "Nhảy xuống từ độ cao 40 cm"),
    (3, "Ném và bắt bóng bằng hai tay từ khoảng cách xa 4 m"),
    (4, "Trèo lên, xuống thang ở độ cao 1,5 m so với mặt đất"),
    (5, "Tự mặc và cởi được áo"),
    (6, "Tô màu kín, không chờm ra ngoài đường viền các hình vẽ"),
    (7, "Cắt theo đường viền thẳng và cong của các hình đơn giản"),
    (8, "Dán các hình vào đúng vị trí cho trước, không bị nhăn"),
    (9, "Nhảy lò cò được ít nhất 5 bước liên tục, đổi chân theo yêu cầu"),
    (10, "Đập và bắt được bóng bằng 2 tay"),
    (11, "Đi thăng bằng được trên ghế thể dục (2 m x 0,25 m x 0,35 m)"),
    (12, "Chạy 18 m trong khoảng thời gian 5–7 giây"),
    (13, "Chạy liên tục 150 m không hạn chế thời gian"),
    (27, "Nói được một số thông tin quan trọng về bản thân và gia đình"),
    (28, "Ứng xử phù hợp với giới tính của bản thân"),
    (29, "Nói được khả năng và sở thích riêng của bản thân"),
    (30, "Đề xuất trò chơi và hoạt động thể hiện sở thích của bản thân"),
    (31, "Cố gắng thực hiện công việc đến cùng"),
    (32, "Thể hiện sự vui thích khi hoàn thành công việc"),
    (33, "Chủ động làm một số công việc đơn giản hằng ngày"),
    (34, "Mạnh dạn nói ý kiến của bản thân"),
    (35, "Nhận biết các trạng thái cảm xúc vui, buồn, ngạc nhiên, sợ hãi, tức giận, xấu hổ của người khác"),
    (36, "Bộc lộ cảm xúc của bản thân bằng lời nói, cử chỉ và nét mặt"),
];

/// An indicator of TT 23/2010.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Indicator {
    pub number: u8,
    pub domain: Domain,
    /// The standard it belongs to, where that was read.
    pub standard: Option<u8>,
    /// Its words, where they were read; else the school fills them in.
    pub text: Option<&'static str>,
}

/// The 120 indicators of TT 23/2010, in order.
pub fn indicators() -> impl Iterator<Item = Indicator> {
    TT_23_2010.parts.iter().filter_map(|part| Some((part.domain, part.indicators?))).flat_map(|(domain, (first, last))| {
        (first..=last).map(move |number| Indicator {
            number,
            domain,
            standard: STANDARDS
                .iter()
                .find(|(_, _, span)| span.is_some_and(|(first, last)| (first..=last).contains(&number)))
                .map(|(standard, ..)| *standard),
            text: WORDS.iter().find(|(known, _)| *known == number).map(|(_, text)| *text),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_structure_is_that_of_the_circular() {
        let all: Vec<Indicator> = indicators().collect();
        assert_eq!(all.iter().map(|i| i.number).collect::<Vec<_>>(), (1..=120).collect::<Vec<_>>());
        assert_eq!((TT_23_2010.parts.len(), TT_23_2010.standards, TT_23_2010.indicators), (4, 28, 120));
        assert_eq!((QD_4222_2024.parts.len(), QD_4222_2024.standards, QD_4222_2024.indicators), (6, 22, 70));
        assert_eq!((all[26].number, all[26].domain, all[26].standard), (27, Domain::Social, Some(7)));
        assert_eq!(all.iter().filter(|i| i.text.is_some()).count(), WORDS.len());
    }

    #[test]
    fn words_stand_where_they_belong() {
        assert!(WORDS.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert!(STANDARDS.windows(2).all(|pair| pair[0].0 < pair[1].0));
        // Words only in domains whose edge was read, or whose standard was.
        let placed =
            indicators().filter(|i| i.text.is_some()).all(|i| i.domain == Domain::Physical || (27..=36).contains(&i.number));
        assert!(placed);
    }
}
