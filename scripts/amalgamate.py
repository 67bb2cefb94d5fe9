#!/usr/bin/env python3
"""Joins headers into one: amalgamate.py INCLUDE_DIR OUTPUT HEADER...

Each HEADER (mediacore/room/thing.h) is written once, after those it includes;
the include lines between them fall away, those of the standard library are
gathered on top. Include guards stay, so the one file and the single headers can
meet in a program."""

import pathlib
import re
import sys

INCLUDE = re.compile(r'#include ([<"])([^>"]+)[>"]')


def main():
    root, output, headers = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3:]
    standard, parts, done = set(), [], set()

    def add(name):
        if name in done:
            return
        done.add(name)
        body = []
        for line in (root / name).read_text().splitlines():
            match = INCLUDE.match(line)
            if match is None:
                body.append(line)
            elif match[1] == "<":
                standard.add(match[2])
            elif match[2].startswith("mediacore/"):
                add(match[2])
            else:
                sys.exit(f"{name}: {line}: neither mediacore nor the standard library")
        parts.append(f"// {name}\n" + re.sub(r"\n{3,}", "\n\n", "\n".join(body)))

    for header in headers:
        add(header)
    output.write_text(
        "// mediacore-wire in one header: parsers and writers of media formats, the C++20\n"
        "// standard library only, nothing to link. Made from include/mediacore by\n"
        "// scripts/amalgamate.py; change it there. SPDX-License-Identifier: Apache-2.0\n"
        "#ifndef MEDIACORE_WIRE_H_\n#define MEDIACORE_WIRE_H_\n\n"
        + "".join(f"#include <{name}>\n" for name in sorted(standard))
        + "\n" + "\n\n".join(parts) + "\n\n#endif  // MEDIACORE_WIRE_H_\n")


main()
