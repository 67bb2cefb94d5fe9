#!/usr/bin/env python3
"""Prints "PASSED FAILED SKIPPED" of a testlog.junit.xml of meson: every case of a
GoogleTest program, and every other test, counts one. Exits 1 when there is no
log or no test in it."""

import sys
import xml.etree.ElementTree as xml

passed = failed = skipped = 0
try:
    cases = list(xml.parse(sys.argv[1]).iter("testcase"))
except (OSError, xml.ParseError) as error:
    print("0 1 0")
    sys.exit(f"no results: {error}")
for case in cases:
    if case.find("failure") is not None or case.find("error") is not None:
        failed += 1
    elif case.find("skipped") is not None or case.get("result") == "skipped" \
            or case.get("status") == "notrun":
        skipped += 1
    else:
        passed += 1
print(passed, failed, skipped)
sys.exit(0 if cases else 1)
