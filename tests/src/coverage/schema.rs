//! What every table must be, so that the same schema works on each engine and can be distributed by school.

use std::path::Path;

/// Tables that grow with what schools do every day; all others are the directory.
const SCHOOL_OWNED: &[&str] = &[
    "audit",
    "enrolment",
    "subject_enrolment",
    "import",
    "import_change",
    "mark",
    "mark_history",
    "conduct",
    "class_term",
    "class_term_event",
    "result",
    "audit_seal",
    "closing_run_class",
    "outbox",
    "notice",
    "notice_receipt",
    "learner_receipt",
    "thread",
    "thread_message",
    "thread_member",
    "message_report",
    "leave_request",
    "growth",
    "preschool_item",
    "preschool_stage",
    "preschool_mark",
    "preschool_mark_history",
    "absence",
    "conduct_note",
    "former_term",
    "result_published",
    "topic_enrolment",
    "individual_plan",
    "summer_result",
    "summer_result_history",
    "council",
    "council_override",
    "year_decision",
    "next_year",
    "next_year_line",
    "rollover_plan",
    "rollover_run_school",
    "mark_deadline",
    "mark_opening",
    "subject_comment",
    "phrase",
    "transcript",
    "transcript_signature",
    "transcript_file",
    "transcript_event",
    "transcript_issue",
    "transcript_correction",
    "transcript_comment",
    "yearly_sheet",
    "yearly_seal",
    "equipment",
    "equipment_event",
    "facility_photo",
    "room",
    "room_class",
    "room_version",
    "teaching_plan_paper",
    "teaching_plan_policy",
    "register_run",
    "register_run_part",
    "investment_project",
    "investment_year",
    "file",
    "file_upload",
    "file_import",
    "file_import_source",
    "file_import_row",
    "import_mapping",
    "quality_finding",
    "quality_step",
    "quality_count",
    "quality_day",
    "health_round",
    "health_check",
    "vaccination",
    "health_condition",
    "first_aid",
    "health_view",
    "consent",
    "publication",
    "publication_person",
    "data_request",
    "erasure",
    "erasure_policy",
    "exit_export",
    "exit_part",
    "export_template",
    "report_entry",
    "exchange_package",
    "exchange_receipt",
    "subject_group",
    "subject_group_member",
    "teaching_plan",
    "teaching_plan_text",
    "teaching_plan_words",
    "teaching_plan_version",
    "teaching_plan_event",
];

fn migrations() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations/src");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .flatten()
        .map(|e| e.path())
        .filter(|p| p.file_name().unwrap().to_string_lossy().starts_with('m'))
        .collect();
    files.sort();
    files
        .into_iter()
        .map(|p| (p.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(p).unwrap()))
        .collect()
}

#[test]
fn no_migration_uses_what_is_forbidden() {
    for (file, text) in migrations() {
        for forbidden in
            ["float", "double", "decimal", "money(", "auto_increment", "pk_auto", "TRIGGER", "SEQUENCE", "default(", "json("]
        {
            assert!(!text.contains(forbidden), "{file} uses {forbidden}");
        }
        assert!(text.contains("Some(true)"), "{file} does not run in a transaction");
    }
}

#[test]
fn the_keys_of_school_owned_tables_begin_with_the_school() {
    let all: String = migrations().into_iter().map(|(_, text)| text).collect();
    for table in SCHOOL_OWNED {
        let start = all.find(&format!(".table(\"{table}\")")).unwrap_or_else(|| panic!("no table {table}"));
        let key = all[start..].split("key(&[").nth(1).and_then(|k| k.split(']').next()).unwrap();
        assert!(key.starts_with("\"school_id\""), "the key of {table} is {key}");
        for line in all.lines().filter(|l| l.contains(&format!("\"{table}\", &[")) && l.contains("true")) {
            assert!(line.contains("\"school_id\""), "{line}");
        }
    }
}
