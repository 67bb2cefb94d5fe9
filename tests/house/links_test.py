#!/usr/bin/env python3
"""Every relative link of the pages leads to a file that is there."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")

seen, dead = 0, []
for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]:
    for target in LINK.findall(page.read_text()):
        if "://" in target:
            continue
        seen += 1
        if not (page.parent / target).exists():
            dead.append(f"{page.relative_to(ROOT)} links to {target}, which is not there")
print("\n".join([*dead, f"{seen} links followed, {len(dead)} dead"]))
sys.exit(1 if dead or seen == 0 else 0)
