"""The yardstick of closing a semester: the averages and levels of TT 22/2021 and the counts of TT 27/2020 over the same marks, in
DuckDB with two threads, written to a file that is on disk at the end. It does not explain a result, tell a family, or write a log.

Usage: duckdb_closing.py KHUE_DB"""

import csv
import os
import sqlite3
import sys
import tempfile
import time

import duckdb

source = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
with tempfile.TemporaryDirectory(dir=os.path.dirname(os.path.abspath(sys.argv[1]))) as folder:
    marks = os.path.join(folder, "marks.csv")
    with open(marks, "w", newline="") as out:
        rows = source.execute(
            "SELECT hex(m.school_id), hex(m.class_id), m.subject_code, hex(m.learner_id), m.slot, m.mark, m.flag,"
            " CASE WHEN c.grade_order < (SELECT min(grade_order) FROM class WHERE grade = '6') THEN 1 ELSE 0 END"
            " FROM mark m JOIN class c ON c.id = m.class_id WHERE m.term = 1"
        )
        csv.writer(out).writerows(rows)
    db = duckdb.connect(os.path.join(folder, "yardstick.duckdb"))
    db.execute("SET threads = 2")
    began = time.monotonic()
    db.execute(
        "CREATE TABLE mark AS SELECT * FROM read_csv(?, header = false, columns = {'school': 'VARCHAR', 'class': 'VARCHAR',"
        " 'subject': 'VARCHAR', 'learner': 'VARCHAR', 'slot': 'VARCHAR', 'mark': 'SMALLINT', 'flag': 'VARCHAR', 'is_primary': 'BOOLEAN'})",
        [marks],
    )
    db.execute("CHECKPOINT")
    loaded = time.monotonic()
    db.execute(
        """
        CREATE TABLE average AS
        WITH sums AS (
          SELECT school, class, learner, subject, is_primary,
                 sum(mark * CASE slot WHEN 'fin' THEN 3 WHEN 'mid' THEN 2 ELSE 1 END) AS total,
                 sum(CASE WHEN mark IS NULL THEN 0 WHEN slot = 'fin' THEN 3 WHEN slot = 'mid' THEN 2 ELSE 1 END) AS weight,
                 bool_and(flag IS DISTINCT FROM 'fail') AS passed,
                 count(*) FILTER (flag IN ('good', 'done', 'pass')) AS reached
          FROM mark GROUP BY ALL)
        SELECT school, class, learner, subject, is_primary, reached,
               CASE WHEN weight > 0 THEN (total + weight * 5) // (weight * 10) END AS tenths, passed
        FROM sums
        """
    )
    db.execute(
        """
        CREATE TABLE result AS
        SELECT school, class, learner, any_value(is_primary) AS is_primary, sum(reached) AS reached,
               CASE WHEN bool_and(passed) AND min(tenths) >= 65 AND count(*) FILTER (tenths >= 80) >= 6 THEN 'good'
                    WHEN bool_and(passed) AND min(tenths) >= 50 AND count(*) FILTER (tenths >= 65) >= 6 THEN 'fair'
                    WHEN count(*) FILTER (NOT passed) <= 1 AND min(tenths) >= 35 AND count(*) FILTER (tenths >= 50) >= 6 THEN 'pass'
                    ELSE 'fail' END AS level,
               list({'subject': subject, 'tenths': tenths, 'passed': passed}) AS subjects
        FROM average GROUP BY school, class, learner
        """
    )
    db.execute("CHECKPOINT")
    done = time.monotonic()
    learners = db.execute("SELECT count(*) FROM result").fetchone()[0]
    count = db.execute("SELECT count(*) FROM mark").fetchone()[0]
    print(
        f"DuckDB {duckdb.__version__}, 2 threads, averages and levels alone of {learners} learners from {count} marks:"
        f" {done - loaded:.1f} s on its own columns; {loaded - began:.1f} s before that to take the marks in from text"
    )
