//! Lines of TT 27/2020, and the schemas of both circulars.

use std::io::Cursor;

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::*;
use crate::policy::Regulation;
use crate::tt27::traits;

fn evaluate(input: &str) -> (String, Vec<Fault>, Stats) {
    let (mut out, mut faults) = (Vec::new(), Vec::new());
    let stats =
        run(Cursor::new(input), &mut out, Adjustment::IgnoreSubject, |fault| faults.push(fault)).expect("memory does not fail");
    (String::from_utf8(out).expect("UTF-8"), faults, stats)
}

fn outcome(input: &Value) -> Value {
    let (out, faults, _) = evaluate(&input.to_string());
    assert_eq!(faults, []);
    serde_json::from_str(&out).expect("JSON")
}

/// A pupil of grade 4 with everything at its best.
fn example() -> Value {
    let subject = |code: &str, test: Option<&str>| json!({"code": code, "year": {"level": "T", "test": test}});
    let subjects = [("TIENG_VIET", Some("9")), ("TOAN", Some("10")), ("NN1", Some("9")), ("DAO_DUC", None), ("HDTN", None)];
    json!({
        "id": "p1", "regulation": "TT27", "grade": 4,
        "subjects": subjects.map(|(code, test)| subject(code, test)),
        "traits": traits().iter().map(|one| json!({"code": one.code, "year": "T"})).collect::<Vec<_>>(),
    })
}

#[test]
fn groups_titles_and_completion() {
    let best = outcome(&example());
    assert_eq!(best["subjects"]["TOAN"], json!({"level": "T", "test": "10"}));
    assert_eq!((&best["traits"]["NL_TIN_HOC"], &best["group"]), (&json!("T"), &json!("Hoàn thành xuất sắc")));
    assert_eq!((&best["completion"], &best["award"]), (&json!("completed"), &json!("excellent")));

    let mut eight = example();
    eight["subjects"][0]["year"]["test"] = json!("8");
    assert_eq!((&outcome(&eight)["group"], &outcome(&eight)["award"]), (&json!("Hoàn thành tốt"), &Value::Null));
    eight["recognised"] = json!(true);
    assert_eq!(outcome(&eight)["award"], "exemplary");

    let mut one = example();
    one["traits"][9]["year"] = json!("Đạt");
    assert_eq!(outcome(&one)["group"], "Hoàn thành");
    let mut weak = example();
    weak["subjects"][1]["year"]["test"] = json!("4");
    let found = outcome(&weak);
    assert_eq!((&found["group"], &found["completion"]), (&json!("Chưa hoàn thành"), &json!("support")));
    weak["subjects"][1]["reassessment"] = json!({"test": "6"});
    let found = outcome(&weak);
    assert_eq!((&found["group"], &found["group_after_reassessment"]), (&json!("Chưa hoàn thành"), &json!("Hoàn thành")));
    assert_eq!(found["completion"], "completed");
    weak["subjects"][1]["reassessment"] = json!({"test": "3"});
    assert_eq!(outcome(&weak)["completion"], "principal_decides");
    weak["decision"] = json!("retained");
    assert_eq!(outcome(&weak)["completion"], "retained");
}

#[test]
fn what_is_missing_is_told_and_never_guessed() {
    let mut line = example();
    line["subjects"][1]["year"].take();
    line["traits"][0].as_object_mut().expect("object").remove("year");
    line["subjects"][3]["year"]["level"].take();
    let found = outcome(&line);
    assert_eq!((&found["group"], &found["completion"], &found["award"]), (&Value::Null, &Value::Null, &Value::Null));
    let codes: Vec<_> = found["reasons"].as_array().expect("list").iter().map(|r| r["code"].as_str().expect("code")).collect();
    assert_eq!(codes, ["level-missing", "test-missing", "level-missing", "level-missing", "group-unknown"]);
    // Technology is asked for from grade 3 on, and counts where it is given.
    let mut first = example();
    first["grade"] = json!(1);
    first["traits"].as_array_mut().expect("list").retain(|one| one["code"] != "NL_TIN_HOC");
    assert_eq!(outcome(&first)["group"], "Hoàn thành xuất sắc");
    first["grade"] = json!(3);
    assert_eq!(outcome(&first)["group"], Value::Null);
}

#[test]
fn the_end_of_term_one_is_summed_up() {
    let mut line = example();
    for subject in line["subjects"].as_array_mut().expect("list") {
        subject["final1"] = json!({"level": "H"});
    }
    for one in line["traits"].as_array_mut().expect("list") {
        one["final1"] = json!("Đ");
    }
    line["traits"][1]["final1"] = json!("C");
    let found = outcome(&line);
    assert_eq!(
        found["reasons"][0]["vi"],
        "Học kì I: 0 môn học, hoạt động Hoàn thành tốt, 5 Hoàn thành. Cần giúp đỡ thêm: phẩm chất Nhân ái (Cần cố gắng)."
    );
    assert_eq!(found["reasons"][1]["code"], "group");
}

#[test]
fn lines_of_both_circulars_follow_each_other() {
    let secondary: Value = serde_json::from_str::<Value>(schema(Regulation::Tt22)).expect("JSON")["examples"][0].clone();
    let input = format!("{}\n{secondary}\n{}\n", example(), example());
    let (out, faults, stats) = evaluate(&input);
    assert_eq!((faults.as_slice(), stats), (&[][..], Stats { learners: 3, faults: 0 }));
    let lines: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert!(lines[0].get("group").is_some() && lines[1].get("learning").is_some() && lines[2].get("group").is_some());
    // The circular is found wherever the line names it.
    let late = format!(
        "{{\"subjects\":{},\"traits\":[],\"grade\":2,\"id\":\"{}\",\"regulation\":\"TT27\"}}",
        example()["subjects"],
        "x".repeat(400)
    );
    assert_eq!(evaluate(&late).1, []);
    let other = example().to_string().replace("TT27", "TT99");
    assert_eq!(evaluate(&other).1[0].field, "traits");
    assert!(evaluate(&other).1.iter().any(|fault| fault.field == "regulation"));
}

#[test]
fn faults_say_line_field_and_what_was_expected() {
    let change = |pointer: &str, value: Value| {
        let mut line = example();
        *line.pointer_mut(pointer).expect(pointer) = value;
        line
    };
    let mut unknown = example();
    unknown["teacher"] = json!("x");
    let mut within = example();
    within["subjects"][0]["semester1"] = json!({});
    let mut recognised = example();
    recognised["recognised"] = json!("yes");
    let mut decision = example();
    decision["decision"] = json!("maybe");
    for (line, field) in [
        (unknown, "teacher"),
        (within, "subjects[0].semester1"),
        (recognised, "recognised"),
        (decision, "decision"),
        (change("/id", json!("")), "id"),
        (change("/grade", json!(6)), "grade"),
        (change("/subjects", json!([])), "subjects"),
        (change("/subjects/0", json!(1)), "subjects[0]"),
        (change("/subjects/0/code", json!("TOAN")), "subjects[1].code"),
        (change("/subjects/0/code", json!("PHAM_CHAT")), "subjects[0].code"),
        (change("/subjects/0/year", json!("T")), "subjects[0].year"),
        (change("/subjects/0/year/level", json!("Đ")), "subjects[0].year.level"),
        (change("/subjects/0/year/test", json!("0")), "subjects[0].year.test"),
        (change("/subjects/0/year/test", json!("8.5")), "subjects[0].year.test"),
        (change("/subjects/0/year/test", json!(9)), "subjects[0].year.test"),
        (change("/traits", json!({})), "traits"),
        (change("/traits/0/code", json!("PC_LUOI")), "traits[0].code"),
        (change("/traits/1/code", json!("PC_YEU_NUOC")), "traits[1].code"),
        (change("/traits/0/year", json!("H")), "traits[0].year"),
    ] {
        let (out, faults, _) = evaluate(&format!("\n{line}"));
        assert_eq!(out, "");
        assert!(faults.iter().any(|fault| fault.field == field && fault.line == 2), "{field}: {faults:?}");
    }
    let twice = example().to_string().replacen("\"grade\":4", "\"grade\":4,\"grade\":4", 1);
    assert!(evaluate(&twice).1[0].expected.contains("duplicate field"));
}

/// What the schemas use of JSON Schema, checked by hand.
fn valid(root: &Value, schema: &Value, value: &Value) -> Result<(), String> {
    let fail = |what: &str| Err(format!("{what}: {value} against {schema}"));
    if let Some(to) = schema.get("$ref").and_then(Value::as_str) {
        return valid(root, root.pointer(to.trim_start_matches('#')).expect(to), value);
    }
    let known = [
        "type",
        "enum",
        "const",
        "required",
        "properties",
        "additionalProperties",
        "items",
        "minItems",
        "maxItems",
        "minimum",
        "maximum",
        "minLength",
        "examples",
        "description",
    ];
    for key in schema.as_object().expect("a schema").keys() {
        assert!(known.contains(&key.as_str()), "{key} is not checked here");
    }
    if schema.get("const").is_some_and(|only| only != value) {
        return fail("const");
    }
    if schema.get("enum").and_then(Value::as_array).is_some_and(|all| !all.contains(value)) {
        return fail("enum");
    }
    if let Some(wanted) = schema.get("type") {
        let is = |name: &str| match name {
            "object" => value.is_object(),
            "array" => value.is_array(),
            "string" => value.is_string(),
            "boolean" => value.is_boolean(),
            "integer" => value.is_i64() || value.is_u64(),
            "null" => value.is_null(),
            other => panic!("{other}"),
        };
        let names = wanted.as_array().cloned().unwrap_or_else(|| vec![wanted.clone()]);
        if !names.iter().any(|name| is(name.as_str().expect("a type"))) {
            return fail("type");
        }
    }
    let bound = |key: &str| schema.get(key).and_then(Value::as_i64);
    if let Some(number) = value.as_i64()
        && (bound("minimum").is_some_and(|least| number < least) || bound("maximum").is_some_and(|most| number > most))
    {
        return fail("range");
    }
    if value.as_str().is_some_and(|text| bound("minLength").is_some_and(|least| (text.chars().count() as i64) < least)) {
        return fail("minLength");
    }
    if let Some(items) = value.as_array() {
        let count = items.len() as i64;
        if bound("minItems").is_some_and(|least| count < least) || bound("maxItems").is_some_and(|most| count > most) {
            return fail("items");
        }
        if let Some(of) = schema.get("items") {
            items.iter().try_for_each(|item| valid(root, of, item))?;
        }
    }
    if let Some(object) = value.as_object() {
        let none = Map::new();
        let properties = schema.get("properties").and_then(Value::as_object).unwrap_or(&none);
        for name in schema.get("required").and_then(Value::as_array).into_iter().flatten() {
            if !object.contains_key(name.as_str().expect("a name")) {
                return fail("required");
            }
        }
        for (name, value) in object {
            match (properties.get(name), schema.get("additionalProperties")) {
                (Some(of), _) => valid(root, of, value)?,
                (None, Some(Value::Bool(false))) => return fail(name),
                (None, Some(of @ Value::Object(_))) => valid(root, of, value)?,
                (None, _) => {}
            }
        }
    }
    Ok(())
}

fn part(regulation: Regulation, name: &str, value: &Value) -> Result<(), String> {
    let root: Value = serde_json::from_str(schema(regulation)).expect("JSON");
    valid(&root, &root["$defs"][name], value)
}

#[test]
fn the_examples_of_the_schemas_are_read_and_what_is_written_fits_them() {
    for regulation in [Regulation::Tt22, Regulation::Tt27, Regulation::Tt58] {
        let root: Value = serde_json::from_str(schema(regulation)).expect("JSON");
        assert_eq!(root["$schema"], "https://json-schema.org/draft/2020-12/schema");
        let examples = root["examples"].as_array().expect("examples");
        assert!(!examples.is_empty());
        for example in examples {
            part(regulation, "input", example).expect("the example");
            part(regulation, "output", &outcome(example)).expect("what is written of it");
        }
        assert_eq!(root["$defs"]["input"]["properties"]["regulation"]["const"], regulation.code());
    }
    for wrong in [json!({}), json!({"id": "a"}), json!([])] {
        assert!(part(Regulation::Tt27, "input", &wrong).is_err());
    }
    let codes: Vec<_> = traits().iter().map(|one| json!(one.code)).collect();
    let root: Value = serde_json::from_str(schema(Regulation::Tt27)).expect("JSON");
    assert_eq!(root["$defs"]["trait"]["properties"]["code"]["enum"], json!(codes));
}

/// A place in the example, and something to put there.
fn change() -> impl Strategy<Value = (&'static str, Value)> {
    let places = vec![
        "/id",
        "/grade",
        "/subjects",
        "/subjects/0",
        "/subjects/0/code",
        "/subjects/0/year",
        "/subjects/0/year/level",
        "/subjects/1/year/test",
        "/traits",
        "/traits/0",
        "/traits/0/code",
        "/traits/1/year",
        "/subjects/3",
    ];
    let values = vec![
        json!(null),
        json!(0),
        json!(4),
        json!(true),
        json!(""),
        json!("T"),
        json!("H"),
        json!("C"),
        json!("Đ"),
        json!("9"),
        json!("9,5"),
        json!("10"),
        json!("TOAN"),
        json!("PC_NHAN_AI"),
        json!("NL_CHUNG"),
        json!([]),
        json!({}),
        json!({"level": "T"}),
        json!({"level": "T", "test": "8"}),
        json!({"code": "GDTC"}),
        json!({"code": "NL_TIN_HOC", "year": "Đ"}),
        json!({"x": 1}),
        json!([{"code": "TOAN"}]),
    ];
    (prop::sample::select(places), prop::sample::select(values))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    /// The quick reading, the one that looks for faults, and the schema agree on every line.
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
        tt27::diagnose(text.as_bytes(), &mut |field, expected| told.push((field, expected)));
        let fits = part(Regulation::Tt27, "input", &line);
        match tt27::read(text.as_bytes()) {
            Ok(_) => {
                prop_assert_eq!(told, []);
                prop_assert!(fits.is_ok(), "{fits:?}");
                let found: Value = serde_json::from_str(&evaluate(&text).0).expect("JSON");
                let written = part(Regulation::Tt27, "output", &found);
                prop_assert!(written.is_ok(), "{written:?}");
            }
            Err(refused) => prop_assert!(!told.is_empty(), "{refused}: {text}"),
        }
    }
}
