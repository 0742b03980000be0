use std::io::Cursor;

use serde_json::{Value, json};

use super::*;

fn both(regular: &[&str], second: Value, last: &str, name: &str) -> Value {
    json!({"regular": regular, name: second, "final": last})
}

/// A year of TT 58 before its amendment: two scored subjects and a comment subject.
fn old_year() -> Value {
    let maths = both(&["8", "7", "9", "8"], json!(["7.5", "8"]), "8.5", "periodic");
    let literature = both(&["7", "7", "7", "7"], json!(["7"]), "7", "periodic");
    let sport = both(&["Đ", "Đ", "CĐ"], json!(["Đ"]), "Đ", "periodic");
    json!({
        "id": "c1", "regulation": "TT58", "school_year": "2018-2019", "grade": 9,
        "subjects": [
            {"code": "TOAN", "kind": "score", "annual_periods": 140, "semester1": maths, "semester2": maths},
            {"code": "NGU_VAN", "kind": "score", "annual_periods": 140, "semester1": literature, "semester2": literature},
            {"code": "THE_DUC", "kind": "comment", "annual_periods": 70, "semester1": sport, "semester2": sport},
        ],
        "conduct": {"semester1": "Khá", "semester2": "Tốt"}, "absences": 3,
    })
}

fn evaluated(input: &Value) -> (String, Vec<(String, String)>) {
    let (mut out, mut faults) = (Vec::new(), Vec::new());
    let line = input.to_string();
    run(Cursor::new(line), &mut out, Adjustment::default(), |fault| faults.push((fault.field, fault.expected))).expect("memory");
    (String::from_utf8(out).expect("UTF-8"), faults)
}

#[test]
fn an_old_year_recomputes_to_what_was_printed() {
    let (out, faults) = evaluated(&old_year());
    assert_eq!(faults, []);
    let found: Value = serde_json::from_str(&out).expect("JSON");
    // (8 + 7 + 9 + 8 + 2·7.5 + 2·8 + 3·8.5) / 11 = 88.5 / 11 = 8.045.
    assert_eq!(found["subjects"]["TOAN"], json!({"semester1": "8.0", "semester2": "8.0", "year": "8.0"}));
    assert_eq!(found["subjects"]["THE_DUC"]["year"], "Đ");
    assert_eq!(found["overall"], json!({"semester1": "7.5", "semester2": "7.5", "year": "7.5"}));
    assert_eq!(found["academic"], json!({"semester1": "Khá", "semester2": "Khá", "year": "Khá"}));
    assert_eq!(found["learning"]["year"], json!({"base": "Khá", "level": "Khá"}));
    assert_eq!(
        (&found["conduct"]["year"], &found["promotion"], &found["award"]),
        (&json!("Tốt"), &json!("promoted"), &json!("advanced"))
    );
    let codes: Vec<_> = found["reasons"].as_array().expect("a list").iter().map(|reason| reason["code"].as_str()).collect();
    assert_eq!(codes, ["learning-level", "learning-level", "learning-level", "conduct-year", "promoted", "award"].map(Some));
}

#[test]
fn the_year_chooses_the_formula() {
    let mut year = old_year();
    year["school_year"] = json!("2020-2021");
    let (out, faults) = evaluated(&year);
    assert_eq!(out, "");
    assert!(faults.iter().all(|(field, _)| field.ends_with(".periodic")) && faults.len() == 6, "{faults:?}");
    for subject in year["subjects"].as_array_mut().expect("a list") {
        for semester in ["semester1", "semester2"] {
            let marks = subject[semester].as_object_mut().expect("an object");
            let second = marks.remove("periodic").expect("a list")[0].clone();
            marks.insert("midterm".to_owned(), second);
        }
    }
    // (8 + 7 + 9 + 8 + 2·7.5 + 3·8.5) / 9 = 72.5 / 9 = 8.056.
    let found: Value = serde_json::from_str(&evaluated(&year).0).expect("JSON");
    assert_eq!(found["subjects"]["TOAN"]["year"], "8.1");
}

#[test]
fn each_fault_is_told_with_its_field() {
    let fields = |change: fn(&mut Value)| {
        let mut year = old_year();
        change(&mut year);
        let (out, faults) = evaluated(&year);
        assert_eq!(out, "");
        faults.into_iter().map(|(field, _)| field).collect::<Vec<_>>()
    };
    assert_eq!(fields(|year| year["school_year"] = json!("2018")), ["school_year"]);
    assert_eq!(fields(|year| year["school_year"] = json!("2018-2020")), ["school_year"]);
    assert_eq!(fields(|year| year["grade"] = json!(5)), ["grade"]);
    assert_eq!(fields(|year| year["conduct"]["semester1"] = json!("Đạt")), ["conduct.semester1"]);
    assert_eq!(fields(|year| year["specialised"] = json!("LI")), ["specialised"]);
    assert_eq!(fields(|year| year["reassessment"] = json!({"LI": "5"})), ["reassessment.LI"]);
    assert_eq!(fields(|year| year["subjects"][0]["semester1"]["final"] = json!("11")), ["subjects[0].semester1.final"]);
    assert_eq!(fields(|year| year["subjects"][1]["code"] = json!("TOAN")), ["subjects[1].code"]);
    assert_eq!(fields(|year| year["rank"] = json!(1)), ["rank"]);
    assert_eq!(fields(|year| year["subjects"] = json!([])), ["subjects"]);
}

#[test]
fn lines_of_both_regulations_may_stand_together() {
    let new = json!({
        "id": "TT58", "regulation": "TT22", "grade": 8,
        "subjects": [{"code": "TOAN", "kind": "score", "annual_periods": 140}],
        "conduct": {}, "absences": 0,
    });
    let lines = format!("{}\n{new}\n", old_year());
    let mut out = Vec::new();
    let stats = run(Cursor::new(lines), &mut out, Adjustment::default(), |fault| panic!("{fault}")).expect("memory");
    assert_eq!(stats.learners, 2);
    let out = String::from_utf8(out).expect("UTF-8");
    let second: Value = serde_json::from_str(out.lines().nth(1).expect("two lines")).expect("JSON");
    assert!(second.get("overall").is_none() && second["learning"]["year"]["level"].is_null());
}
