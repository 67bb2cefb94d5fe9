#!/usr/bin/env python3
"""Reads every #include of include/mediacore and src against one table of rings.

A header may include its own room and the rooms of inner rings, the standard
library, and the other libraries that its ring names. Prints the picture of the
house; docs/architecture.md must show the same (--write puts it there).

include_direction_test.py [--write] [THING...]   with things (room/thing), the
headers that are there must be these: none forgotten by the build."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]

# From the inside out: name, rooms, other people's headers. `status` is the file
# include/mediacore/status.h.
RINGS = [
    ("base", ["base"], []),
    ("wire", ["rtp", "rtcp", "codec", "stun", "sdp", "mux", "playlist", "rtmp",
              "capture", "transport"], []),
    ("engines", ["status", "sim", "repair", "jitter", "bwe", "feedback", "pacing",
                 "sfu", "abr", "ice", "sctp", "audio", "segment", "record", "stats",
                 "quality"], ["absl/"]),
    ("crypto", ["crypto", "srtp", "dtls", "sframe", "token"], ["absl/", "openssl/", "srtp2/"]),
    ("session", ["session"], ["absl/"]),
]
# Rooms of an outer ring that others of their ring may still include.
SHARED = {"status"}
# Rooms that keep to the standard library although their ring need not.
STANDARD_ONLY = {"sim"}
RING_OF = {room: ring for ring, (_, rooms, _) in enumerate(RINGS) for room in rooms}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)


def room_of(path):  # of mediacore/rtp/packet_view.h or rtp/reader.cc
    parts = pathlib.PurePosixPath(path).parts
    return parts[0] if len(parts) > 1 else pathlib.PurePosixPath(path).stem


def complaints(room, kind, name):
    if room not in RING_OF:
        return f"the room {room} is not in the table"
    ring = RING_OF[room]
    if name.startswith("mediacore/"):
        target = room_of(name.removeprefix("mediacore/"))
        if target not in RING_OF:
            return f"the room {target} is not in the table"
        if target != room and RING_OF[target] >= ring and not (
                target in SHARED and RING_OF[target] == ring):
            return (f"{room} (ring {ring}) must not look at {target} "
                    f"(ring {RING_OF[target]})")
        return None
    others = [] if room in STANDARD_ONLY else RINGS[ring][2]
    if any(name.startswith(prefix) for prefix in others):
        return None
    if kind == "<" and "/" not in name and not name.endswith(".h"):
        return None  # the standard library
    return f"{room} (ring {ring}) must not include {name}"


def check_tree():
    wrong, seen = [], 0
    looks = {}
    for base in ("include/mediacore", "src"):
        for file in sorted((ROOT / base).rglob("*")):
            if file.suffix not in (".h", ".cc"):
                continue
            room = room_of(file.relative_to(ROOT / base).as_posix())
            looks.setdefault(room, set())
            for kind, name in INCLUDE.findall(file.read_text()):
                seen += 1
                if name.startswith("mediacore/"):
                    looks[room].add(room_of(name.removeprefix("mediacore/")))
                problem = complaints(room, kind, name)
                if problem:
                    wrong.append(f"{file.relative_to(ROOT)}: {problem}")
    return wrong, seen, looks


def picture(looks):
    lines = []
    for ring in range(len(RINGS) - 1, -1, -1):
        name, rooms, others = RINGS[ring]
        rooms = [room for room in rooms if room in looks]
        if not rooms:
            continue
        lines.append(f"ring {ring}  {name}" + (f"  (+ {', '.join(o.rstrip('/') for o in others)})" if others else ""))
        for room in rooms:
            inward = sorted(looks[room] - {room}, key=lambda r: (RING_OF[r], r))
            lines.append(f"          {room:<10}" + (" -> " + " ".join(inward) if inward else ""))
    return "\n".join(line.rstrip() for line in lines) + "\n"


def check_checker():
    """The table refuses what it must, whatever the tree looks like today."""
    assert complaints("rtp", '"', "mediacore/base/bytes.h") is None
    assert complaints("rtp", '"', "mediacore/rtp/packet_view.h") is None
    assert complaints("jitter", '"', "mediacore/rtp/packet_view.h") is None
    assert complaints("jitter", '"', "mediacore/status.h") is None
    assert complaints("jitter", '"', "absl/status/statusor.h") is None
    assert complaints("rtp", "<", "cstdint") is None
    assert complaints("crypto", "<", "openssl/evp.h") is None
    assert complaints("crypto", '"', "mediacore/stun/integrity.h") is None
    for room, kind, name in [("base", '"', "mediacore/rtp/packet_view.h"),
                             ("rtp", '"', "mediacore/rtcp/sender_report.h"),
                             ("rtp", '"', "mediacore/status.h"),
                             ("rtp", '"', "absl/status/statusor.h"),
                             ("sim", '"', "absl/status/statusor.h"),
                             ("jitter", '"', "mediacore/segment/segmenter.h"),
                             ("jitter", "<", "sys/socket.h"),
                             ("jitter", "<", "unistd.h"),
                             ("stun", '"', "mediacore/crypto/hmac.h"),
                             ("stun", "<", "openssl/evp.h"),
                             ("cellar", "<", "cstdint")]:
        assert complaints(room, kind, name), (room, name)


def main():
    check_checker()
    wrong, seen, looks = check_tree()
    drawn = picture(looks)
    print(drawn)
    page = ROOT / "docs/architecture.md"
    text = page.read_text()
    block = re.compile(r"(<!-- rings -->\n```\n).*?(```\n<!-- /rings -->)", re.DOTALL)
    if "--write" in sys.argv:
        page.write_text(block.sub(lambda m: m[1] + drawn + m[2], text))
    elif not block.search(text) or block.search(text)[0].split("```\n")[1] != drawn:
        wrong.append("docs/architecture.md shows another picture: "
                     "run tests/house/include_direction_test.py --write")
    things = {thing for thing in sys.argv[1:] if not thing.startswith("--")}
    there = {file.relative_to(ROOT / "include/mediacore").with_suffix("").as_posix()
             for file in (ROOT / "include/mediacore").rglob("*.h")}
    if things:
        wrong += [f"{thing}.h is not named in meson.build" for thing in sorted(there - things)]
    if seen == 0:
        wrong.append("no include was found at all")
    for line in wrong:
        print(line)
    print(f"{seen} includes read, {len(wrong)} wrong")
    sys.exit(1 if wrong else 0)


main()
