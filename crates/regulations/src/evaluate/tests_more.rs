//! Lines of TT 22 with what few learners have: topics, an exemption, an individual plan, a semester at another school.

use std::io::Cursor;

use serde_json::{Value, json};

use super::*;

fn evaluated(subjects: Value) -> (Option<Value>, Vec<String>) {
    let line = json!({
        "id": "s1", "regulation": "TT22", "grade": 10, "subjects": subjects,
        "conduct": {"semester1": "Tốt", "semester2": "Tốt"}, "absences": 0,
    });
    let (mut out, mut faults) = (Vec::new(), Vec::new());
    run(Cursor::new(line.to_string()), &mut out, Adjustment::default(), |fault| faults.push(fault.field)).expect("memory");
    (serde_json::from_slice(&out).ok(), faults)
}

fn year(code: &str, mark: &str) -> Value {
    let semester = json!({"regular": [mark, mark], "midterm": mark, "final": mark});
    json!({"code": code, "kind": "score", "annual_periods": 35, "semester1": semester, "semester2": semester})
}

fn six(more: Value) -> Value {
    let mut subjects: Vec<_> = ["TOAN", "NGU_VAN", "NN1", "LICH_SU", "VAT_LI", "HOA_HOC"].map(|code| year(code, "8")).to_vec();
    subjects.push(more);
    json!(subjects)
}

#[test]
fn topics_are_one_regular_mark_more_and_stand_in_for_none() {
    let with = |regular: Value| {
        let semester = json!({"regular": regular, "midterm": "8", "final": "8", "topics": "10"});
        let subject =
            json!({"code": "TIN_HOC", "kind": "score", "annual_periods": 35, "semester1": semester, "semester2": semester});
        evaluated(six(subject)).0.expect("a line")["subjects"]["TIN_HOC"]["year"].clone()
    };
    // (8 + 8 + 10 + 2·8 + 3·8) / 8 = 66 / 8 = 8.25.
    assert_eq!(with(json!(["8", "8"])), "8.3");
    assert_eq!(with(json!(["8"])), Value::Null);
}

#[test]
fn exempt_and_individually_planned_subjects_are_left_out_of_levels() {
    for field in ["exempt", "individual_plan"] {
        let mut low = year("TIN_HOC", "2");
        low[field] = json!(false);
        let counted = evaluated(six(low.clone())).0.expect("a line");
        assert_eq!(counted["learning"]["year"]["base"], "Chưa đạt");
        low[field] = json!(true);
        let left_out = evaluated(six(low)).0.expect("a line");
        assert_eq!(left_out["learning"]["year"]["level"], "Tốt");
        assert_eq!(left_out["subjects"]["TIN_HOC"]["year"], Value::Null);
        let mut wrong = year("TIN_HOC", "2");
        wrong[field] = json!("yes");
        assert_eq!(evaluated(six(wrong)).1, [format!("subjects[6].{field}")]);
    }
}

#[test]
fn a_semester_at_another_school_comes_as_its_result() {
    let mut moved = year("TIN_HOC", "8");
    moved["semester1"] = json!({"result": "6.5"});
    let found = evaluated(six(moved.clone())).0.expect("a line");
    // (6.5 + 2·8) / 3 = 7.5.
    assert_eq!(found["subjects"]["TIN_HOC"], json!({"semester1": "6.5", "semester2": "8.0", "year": "7.5"}));
    moved["semester1"] = json!({"result": "6.5", "final": "7"});
    assert_eq!(evaluated(six(moved.clone())).1, ["subjects[6].semester1.result"]);
    moved["semester1"] = json!({"result": "Đ"});
    assert_eq!(evaluated(six(moved)).1, ["subjects[6].semester1.result"]);
    let nine = json!({"regular": ["8", "8", "8", "8", "8", "8", "8", "8", "8"], "midterm": "8", "final": "8", "topics": "8"});
    let mut full = year("TIN_HOC", "8");
    full["semester1"] = nine;
    assert_eq!(evaluated(six(full)).1, ["subjects[6].semester1.topics"]);
}
