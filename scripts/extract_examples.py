#!/usr/bin/env python3
"""The examples of the documentation as programs.

extract_examples.py list ROOT            prints "PAGE COUNT" for README.md and docs/*.md
extract_examples.py cut PAGE NUMBER OUT  writes example NUMBER of PAGE to OUT

An example is a ```cpp block that holds `int main(`."""

import pathlib
import sys


def examples(page):
    found, block, start = [], None, 0
    for number, line in enumerate(pathlib.Path(page).read_text().splitlines(), 1):
        if block is None:
            if line.strip() == "```cpp":
                block, start = [], number + 1
        elif line.strip() == "```":
            if any("int main(" in text for text in block):
                found.append((start, block))
            block = None
        else:
            block.append(line)
    return found


if sys.argv[1] == "list":
    root = pathlib.Path(sys.argv[2])
    for page in [root / "README.md", *sorted(root.glob("docs/*.md"))]:
        if page.exists():
            print(page.relative_to(root).as_posix(), len(examples(page)))
else:
    page, number, output = sys.argv[2:]
    start, block = examples(page)[int(number)]
    # Compilers name the line of the page.
    pathlib.Path(output).write_text(f'#line {start} "{page}"\n' + "\n".join(block) + "\n")
