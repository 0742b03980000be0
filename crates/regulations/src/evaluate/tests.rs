use std::io::Cursor;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

const EXAMPLE: &str = r#"{"id":"s1","regulation":"TT22","grade":8,
 "subjects":[
  {"code":"TOAN","kind":"score","annual_periods":140,
   "semester1":{"regular":["8","9","7","8.5"],"midterm":"7.5","final":"8"},
   "semester2":{"regular":["8","8","8","8"],"midterm":"9","final":"8"}},
  {"code":"GDTC","kind":"comment","annual_periods":70,
   "semester1":{"regular":["Đ","Đ"],"midterm":"Đ","final":"Đ"},
   "semester2":{"regular":["Đ","Đ"],"midterm":"Đ","final":"CĐ"}}],
 "conduct":{"semester1":"Tốt","semester2":"Khá"},
 "absences":12,
 "reassessment":{"TOAN":"6.0","GDTC":"Đ"},
 "summer_conduct":"Đạt"}"#;

fn example() -> Value {
    serde_json::from_str(EXAMPLE).expect("the example")
}

/// A year of eight scored subjects with one average each, and three comment subjects.
fn year(id: &str, averages: [&str; 8]) -> Value {
    let codes = ["TOAN", "NGU_VAN", "NN1", "KHTN", "LSDL", "GDCD", "TIN_HOC", "CONG_NGHE"];
    let both = |text: &str| json!({"regular": [text, text], "midterm": text, "final": text});
    let mut subjects: Vec<_> = codes
        .into_iter()
        .zip(averages)
        .map(|(code, text)| json!({"code": code, "kind": "score", "annual_periods": 35, "semester1": both(text), "semester2": both(text)}))
        .collect();
    for code in ["GDTC", "NGHE_THUAT", "GDDP"] {
        subjects
            .push(json!({"code": code, "kind": "comment", "annual_periods": 70, "semester1": both("Đ"), "semester2": both("Đ")}));
    }
    json!({
        "id": id, "regulation": "TT22", "grade": 8, "subjects": subjects,
        "conduct": {"semester1": "Tốt", "semester2": "Tốt"}, "absences": 3,
    })
}

fn evaluate_as(input: &str, adjustment: Adjustment) -> (String, Vec<Fault>, Stats) {
    let (mut out, mut faults) = (Vec::new(), Vec::new());
    let stats = run(Cursor::new(input), &mut out, adjustment, |fault| faults.push(fault)).expect("memory does not fail");
    (String::from_utf8(out).expect("UTF-8"), faults, stats)
}

fn evaluate(input: &str) -> (String, Vec<Fault>, Stats) {
    evaluate_as(input, Adjustment::IgnoreSubject)
}

fn outcome(input: &Value) -> Value {
    let (out, faults, _) = evaluate(&input.to_string());
    assert_eq!(faults, []);
    serde_json::from_str(&out).expect("JSON")
}

/// The fields and expectations of the faults of one line.
fn faults(input: &Value) -> Vec<(String, String)> {
    let (out, faults, stats) = evaluate(&input.to_string());
    assert_eq!(out, "");
    assert_eq!(stats, Stats { learners: 0, faults: faults.len() as u64 });
    faults.into_iter().map(|fault| (fault.field, fault.expected)).collect()
}

fn fields(input: &Value) -> Vec<String> {
    faults(input).into_iter().map(|fault| fault.0).collect()
}

#[test]
fn the_example_of_the_contract() {
    let found = outcome(&example());
    let mut expected = json!({
        "id": "s1",
        "subjects": {
            "TOAN": {"semester1": "7.9", "semester2": "8.2", "year": "8.1"},
            "GDTC": {"semester1": "Đ", "semester2": "CĐ", "year": "CĐ"},
        },
        // One scored subject is not six, so that the circular's word is Chưa đạt.
        "learning": {
            "semester1": {"base": "Chưa đạt", "level": "Chưa đạt"},
            "semester2": {"base": "Chưa đạt", "level": "Chưa đạt"},
            "year": {"base": "Chưa đạt", "level": "Chưa đạt"},
        },
        "conduct": {"year": "Khá"},
        "promotion": "retained",
        "award": null,
    });
    expected["reasons"] = found["reasons"].clone();
    assert_eq!(found, expected);
    let codes: Vec<_> = found["reasons"].as_array().expect("list").iter().map(|reason| reason["code"].as_str()).collect();
    let expected = ["learning-level", "learning-level", "learning-level", "conduct-year", "retained-after-reassessment"];
    assert_eq!(codes, expected.map(Some));
}

#[test]
fn a_golden_line() {
    let input = year("hs \"1\"", ["8.5", "8,2", "8", "9", "8.4", "8.1", "7.0", "4.9"]);
    let (out, _, _) = evaluate(&input.to_string());
    let expected = concat!(
        r#"{"id":"hs \"1\"","subjects":{"TOAN":{"semester1":"8.5","semester2":"8.5","year":"8.5"},"#,
        r#""NGU_VAN":{"semester1":"8.2","semester2":"8.2","year":"8.2"},"#,
        r#""NN1":{"semester1":"8.0","semester2":"8.0","year":"8.0"},"#,
        r#""KHTN":{"semester1":"9.0","semester2":"9.0","year":"9.0"},"#,
        r#""LSDL":{"semester1":"8.4","semester2":"8.4","year":"8.4"},"#,
        r#""GDCD":{"semester1":"8.1","semester2":"8.1","year":"8.1"},"#,
        r#""TIN_HOC":{"semester1":"7.0","semester2":"7.0","year":"7.0"},"#,
        r#""CONG_NGHE":{"semester1":"4.9","semester2":"4.9","year":"4.9"},"#,
        r#""GDTC":{"semester1":"Đ","semester2":"Đ","year":"Đ"},"#,
        r#""NGHE_THUAT":{"semester1":"Đ","semester2":"Đ","year":"Đ"},"#,
        r#""GDDP":{"semester1":"Đ","semester2":"Đ","year":"Đ"}},"#,
        r#""learning":{"semester1":{"base":"Đạt","level":"Khá"},"semester2":{"base":"Đạt","level":"Khá"},"#,
        r#""year":{"base":"Đạt","level":"Khá"}},"conduct":{"year":"Tốt"},"promotion":"promoted","award":null,"reasons":["#,
    );
    assert!(out.starts_with(expected), "{out}");
    assert!(out.ends_with("]}\n") && out.matches('\n').count() == 1);
    let found: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(
        found["reasons"][5],
        json!({
            "code": "learning-adjusted",
            "params": {
                "article": "TT 22/2021 Đ.9 k.3", "period": "year", "base": "pass", "level": "fair", "otherwise": "good",
                "subject": "CONG_NGHE", "result": "4.9",
            },
            "vi": "Cả năm: kết quả học tập được điều chỉnh từ mức Đạt lên mức Khá, vì chỉ do một môn Công nghệ (4,9) mà kết \
                   quả thấp hơn mức Tốt từ hai mức trở lên.",
            "en": "Whole year: learning is raised from Pass to Fair, because one subject alone, Technology (4.9), keeps it two \
                   or more levels below Good.",
        })
    );
}

#[test]
fn the_adjustment_is_the_callers() {
    let line = year("a", ["8.5", "8.2", "8.0", "9.0", "8.4", "7.0", "7.0", "4.0"]).to_string();
    let level = |mode| {
        let found: Value = serde_json::from_str(&evaluate_as(&line, mode).0).expect("JSON");
        found["learning"]["year"]["level"].clone()
    };
    assert_eq!(level(Adjustment::IgnoreSubject), "Đạt");
    assert_eq!(level(Adjustment::ReplaceByTen), "Khá");
}

#[test]
fn titles_and_missing_marks() {
    let nine = outcome(&year("a", ["9"; 8]));
    assert_eq!((&nine["award"], &nine["promotion"]), (&json!("excellent"), &json!("promoted")));
    assert_eq!(outcome(&year("a", ["8"; 8]))["award"], "good");

    let mut lacking = year("a", ["9"; 8]);
    lacking["subjects"][0]["semester2"]["midterm"].take();
    let found = outcome(&lacking);
    assert_eq!(found["subjects"]["TOAN"], json!({"semester1": "9.0", "semester2": null, "year": null}));
    assert_eq!(found["learning"]["semester1"]["level"], "Tốt");
    assert_eq!(found["learning"]["semester2"], json!({"base": null, "level": null}));
    assert_eq!(found["learning"]["year"], json!({"base": null, "level": null}));
    assert_eq!((&found["promotion"], &found["award"]), (&Value::Null, &Value::Null));
    assert_eq!(found["reasons"][0]["code"], "mark-missing");
    assert_eq!(found["reasons"][0]["params"]["slot"], "mid");

    let mut few = year("a", ["9"; 8]);
    few["subjects"][0]["semester1"]["regular"] = json!(["9"]);
    few["subjects"][1].as_object_mut().expect("object").remove("semester2");
    few["conduct"].take();
    few["conduct"] = json!({"semester1": "Tốt"});
    let found = outcome(&few);
    assert_eq!(found["subjects"]["TOAN"]["semester1"], Value::Null);
    assert_eq!(found["conduct"], json!({"year": null}));
}

#[test]
fn faults_say_line_field_and_what_was_expected() {
    let mut wrong = example();
    wrong["subjects"][0]["semester1"]["midterm"] = json!("10.5");
    wrong["subjects"][0]["semester2"]["regular"] = json!(["8", "8.25", 8, "Đ"]);
    wrong["subjects"][1]["semester2"]["final"] = json!("8");
    wrong["subjects"][1]["teacher"] = json!("x");
    wrong["conduct"]["semester2"] = json!("Giỏi");
    wrong["absences"] = json!(-1);
    wrong["nickname"] = json!(1);
    wrong["reassessment"] = json!({"VAN": "5"});
    assert_eq!(
        fields(&wrong),
        [
            "nickname",
            "absences",
            "subjects[0].semester1.midterm",
            "subjects[0].semester2.regular[1]",
            "subjects[0].semester2.regular[2]",
            "subjects[0].semester2.regular[3]",
            "subjects[1].teacher",
            "subjects[1].semester2.final",
            "conduct.semester2",
            "reassessment.VAN",
        ]
    );
    let (_, faults, _) = evaluate(&format!("\n{}\n{{\n", example()));
    assert_eq!((faults[0].line, faults[0].field.as_str()), (3, ""));
    let shown = Fault { line: 3, field: "absences".into(), expected: "a number".into() }.to_string();
    assert_eq!(shown, "line 3: absences: expected a number");
}

#[test]
fn every_kind_of_wrong_line_is_refused() {
    let change = |pointer: &str, value: Value| {
        let mut line = example();
        *line.pointer_mut(pointer).expect(pointer) = value;
        line
    };
    for (line, field) in [
        (change("/regulation", json!("TT99")), "regulation"),
        (change("/grade", json!(5)), "grade"),
        (change("/grade", json!(13)), "grade"),
        (change("/grade", json!("8")), "grade"),
        (change("/id", json!("")), "id"),
        (change("/id", json!(7)), "id"),
        (change("/subjects", json!([])), "subjects"),
        (change("/subjects", json!({})), "subjects"),
        (change("/subjects/0", json!(1)), "subjects[0]"),
        (change("/subjects/0/kind", json!("Score")), "subjects[0].kind"),
        (change("/subjects/1/code", json!("TOAN")), "subjects[1].code"),
        (change("/subjects/0/annual_periods", json!(0)), "subjects[0].annual_periods"),
        (change("/subjects/0/annual_periods", json!(70000)), "subjects[0].annual_periods"),
        (change("/subjects/0/semester1", json!([])), "subjects[0].semester1"),
        (change("/subjects/0/semester1", json!([["8"], "8", "8"])), "subjects[0].semester1"),
        (change("/conduct", json!(["Tốt", "Tốt"])), "conduct"),
        (change("/subjects/0/semester1/regular", json!("8")), "subjects[0].semester1.regular"),
        (change("/subjects/0/semester1/regular", json!(vec!["8"; 10])), "subjects[0].semester1.regular"),
        (change("/subjects/0/semester1/final", json!(8.5)), "subjects[0].semester1.final"),
        (change("/subjects/0/semester1/final", json!("85")), "subjects[0].semester1.final"),
        (change("/subjects/0/semester1/final", json!("")), "subjects[0].semester1.final"),
        (change("/subjects/0/semester1/final", json!("V")), "subjects[0].semester1.final"),
        (change("/conduct", json!(null)), "conduct"),
        (change("/conduct/semester1", json!(3)), "conduct.semester1"),
        (change("/absences", json!(1.5)), "absences"),
        (change("/absences", json!(65536)), "absences"),
        (change("/reassessment", json!([])), "reassessment"),
        (change("/reassessment/GDTC", json!("5")), "reassessment.GDTC"),
        (change("/summer_conduct", json!("?")), "summer_conduct"),
        (json!([1]), ""),
    ] {
        let found = fields(&line);
        assert!(found.iter().any(|found| found == field), "{field}: {found:?}");
    }
    for key in ["id", "regulation", "grade", "subjects", "conduct", "absences"] {
        let mut line = example();
        line.as_object_mut().expect("object").remove(key);
        assert!(fields(&line).iter().any(|found| found == key), "{key}");
    }
    for line in ["{", "nonsense", "{\"id\":\"a\",\"id\":\"b\"}", "\"\u{1}\""] {
        assert_eq!(evaluate(line).0, "");
        assert!(evaluate(line).2.faults > 0, "{line}");
    }
    let twice = example().to_string().replacen("\"grade\":8", "\"grade\":8,\"grade\":8", 1);
    let (out, faults, _) = evaluate(&twice);
    assert!(out.is_empty() && faults[0].expected.contains("duplicate field"), "{faults:?}");
    let mut not_text = example().to_string().into_bytes();
    not_text[8] = 0xff;
    let stats = run(Cursor::new(not_text), io::sink(), Adjustment::IgnoreSubject, |_| {}).expect("memory");
    assert_eq!(stats.faults, 1);
}

#[test]
fn letters_are_read_in_either_normal_form_and_escaped() {
    let plain = EXAMPLE.replace('\n', " ");
    let expected = evaluate(&plain).0;
    let escaped = plain.replace("Đ", "\\u0110").replace("ố", "o\u{302}\u{301}").replace("á", "a\u{301}");
    assert_ne!(plain, escaped);
    assert_eq!(evaluate(&escaped).0, expected);
    assert_eq!(evaluate(&format!("\u{feff}{plain}\r\n\r\n")).0, expected);
}

#[test]
fn a_line_that_is_too_long_is_told_and_passed_over() {
    let long = format!("{{\"id\":\"{}\"}}", "x".repeat(MAX_LINE));
    let good = example().to_string();
    let (out, faults, stats) = evaluate(&format!("{long}\n{good}\n{long}"));
    assert_eq!((out.as_str(), stats), ("", Stats { learners: 1, faults: 2 }));
    assert_eq!(faults.iter().map(|fault| fault.line).collect::<Vec<_>>(), [1, 3]);
}

#[test]
fn nothing_is_written_if_anything_is_wrong() {
    let good = example().to_string();
    let spooled = |input: &str| {
        let (mut out, mut told) = (Vec::new(), 0);
        let spool = Cursor::new(Vec::new());
        let stats = run_spooled(Cursor::new(input), spool, &mut out, Adjustment::IgnoreSubject, |_| told += 1).expect("memory");
        assert_eq!(stats.faults, told);
        let checked = check(Cursor::new(input), |_| {}).expect("memory");
        assert_eq!(checked, stats);
        let (mut twice, mut told) = (Vec::new(), 0);
        let input = Cursor::new(input);
        let stats = run_checked(input, &mut twice, Adjustment::IgnoreSubject, |_| told += 1);
        assert_eq!((stats.expect("memory"), &twice), (checked, &out));
        assert_eq!(told, checked.faults);
        String::from_utf8(out).expect("UTF-8")
    };
    assert_eq!(spooled(&format!("{good}\n{good}\n")), evaluate(&format!("{good}\n{good}")).0);
    assert_eq!(spooled(&format!("{good}\n{{}}\n{good}\n")), "");
}

/// A place in the example, and something to put there.
fn change() -> impl Strategy<Value = (&'static str, Value)> {
    let places = vec![
        "/id",
        "/regulation",
        "/grade",
        "/subjects",
        "/subjects/0",
        "/subjects/0/code",
        "/subjects/0/kind",
        "/subjects/1/annual_periods",
        "/subjects/0/semester1",
        "/subjects/0/semester1/regular",
        "/subjects/0/semester1/regular/0",
        "/subjects/0/semester2/midterm",
        "/subjects/1/semester2/final",
        "/conduct",
        "/conduct/semester1",
        "/absences",
        "/reassessment",
        "/reassessment/TOAN",
        "/reassessment/GDTC",
        "/summer_conduct",
    ];
    let values = vec![
        json!(null),
        json!(0),
        json!(8),
        json!(7.5),
        json!(-3),
        json!(true),
        json!(""),
        json!("8"),
        json!("8,5"),
        json!("10"),
        json!("8.55"),
        json!("Đ"),
        json!("CĐ"),
        json!("cđ"),
        json!("Tốt"),
        json!("tot"),
        json!("TT22"),
        json!("TOAN"),
        json!("GDTC"),
        json!("score"),
        json!("comment"),
        json!([]),
        json!(["8"]),
        json!(["Đ", "Đ"]),
        json!([null]),
        json!({}),
        json!({"x": 1}),
        json!({"regular": ["8"]}),
        json!({"TOAN": "5"}),
        json!({"semester1": "Khá"}),
    ];
    (prop::sample::select(places), prop::sample::select(values))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    /// The quick reading and the one that looks for faults agree on every line.
    #[test]
    fn what_is_refused_is_explained(changes in prop::collection::vec(change(), 1..4)) {
        let mut line = example();
        for (place, value) in changes {
            if let Some(there) = line.pointer_mut(place) {
                *there = value;
            }
        }
        let text = line.to_string();
        let mut told = Vec::new();
        diagnose::diagnose(text.as_bytes(), &mut |field, expected| told.push((field, expected)));
        match input::read(text.as_bytes()) {
            Ok(_) => prop_assert_eq!(told, []),
            Err(refused) => prop_assert!(!told.is_empty(), "{refused}: {text}"),
        }
    }

    #[test]
    fn the_same_line_gives_the_same_bytes(averages in prop::array::uniform8(0..=100)) {
        let texts = averages.map(|tenths| format!("{}.{}", tenths / 10, tenths % 10));
        let line = year("hs", texts.each_ref().map(String::as_str)).to_string();
        let (out, faults, _) = evaluate(&format!("{line}\n{line}\n"));
        prop_assert_eq!(faults, []);
        let lines: Vec<_> = out.lines().collect();
        prop_assert_eq!(lines.len(), 2);
        prop_assert_eq!(lines[0], lines[1]);
        let found: Value = serde_json::from_str(lines[0]).expect("JSON");
        prop_assert_eq!(&found["subjects"]["TOAN"]["year"], &json!(texts[0]));
    }
}
