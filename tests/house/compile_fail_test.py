#!/usr/bin/env python3
"""What must not compile does not, for the reason it gives.

compile_fail_test.py SOURCE COMPILER ARG...

SOURCE says `// expect: TEXT`; compiling must fail with TEXT among the messages.
With -DMEDIACORE_COMPILES the same file must compile, which shows that nothing
else is wrong with it."""

import re
import subprocess
import sys

source, compiler = sys.argv[1], sys.argv[2:]
expect = re.search(r"// expect: (.*)", open(source).read())[1]


def compile_it(*more):
    return subprocess.run([*compiler, *more, "-fsyntax-only", source],
                          capture_output=True, text=True)


good = compile_it("-DMEDIACORE_COMPILES")
if good.returncode != 0:
    sys.exit(f"{source} does not compile even with -DMEDIACORE_COMPILES:\n{good.stderr}")
bad = compile_it()
if bad.returncode == 0:
    sys.exit(f"{source} compiles, and must not")
if expect not in bad.stderr:
    sys.exit(f"{source} fails to compile, but not with '{expect}':\n{bad.stderr}")
print(f"{source}: refused with '{expect}'")
