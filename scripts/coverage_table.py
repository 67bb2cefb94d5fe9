#!/usr/bin/env python3
"""Lines of the public headers that the corpora reach, room by room.

coverage_table.py FOLDER ROOM...   reads the *.lcov there, one for each target (a
line counts as reached when any target reaches it), prints a row for each room
and the headers that lack lines; fails when one of the named rooms is below the
demand."""

import collections
import pathlib
import sys

DEMAND = 95.0  # per cent of the lines of a named room


def main():
    folder, demanded = pathlib.Path(sys.argv[1]), sys.argv[2:]
    reached = collections.defaultdict(dict)  # header -> line -> whether
    for export in sorted(folder.glob("*.lcov")):
        header = ""
        for record in export.read_text().splitlines():
            kind, _, value = record.partition(":")
            if kind == "SF":
                header = value.partition("include/mediacore/")[2]
            elif kind == "DA" and header:
                line, count = value.split(",")[:2]
                reached[header][line] = reached[header].get(line, False) or count != "0"
    rooms = collections.defaultdict(lambda: [0, 0])
    for header, lines in reached.items():
        rooms[header.split("/")[0]][0] += sum(lines.values())
        rooms[header.split("/")[0]][1] += len(lines)
    print("| room | lines | reached |\n|---|---|---|")
    for room, (some, all_of_them) in sorted(rooms.items()):
        print(f"| {room} | {all_of_them} | {100.0 * some / all_of_them:.1f} % |")
    for header, lines in sorted(reached.items()):
        if header.split("/")[0] in (demanded or rooms) and sum(lines.values()) < DEMAND / 100 * len(lines):
            missed = sorted(int(line) for line, hit in lines.items() if not hit)
            print(f"  {header}: {len(missed)} of {len(lines)} not reached: {' '.join(map(str, missed))}")
    failed = [room for room in demanded if rooms[room][0] < DEMAND / 100 * rooms[room][1] or rooms[room][1] == 0]
    for room in failed:
        print(f"{room} is below {DEMAND:g} %")
    sys.exit(1 if failed else 0)


main()
