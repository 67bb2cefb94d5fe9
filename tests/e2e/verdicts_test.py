"""Two builds of mediacore, by different compilers, say the same of every file of the fuzz corpora.

    verdicts_test.py PROGRAM_A PROGRAM_B PROJECT_ROOT
"""
import os
import re
import subprocess
import sys
import unittest

PROGRAMS, ROOT = [os.path.abspath(path) for path in sys.argv[1:3]], os.path.abspath(sys.argv[3])
del sys.argv[1:4]
CORPUS = os.path.join(ROOT, "fuzz", "corpus")


def formats(program):
    shown = subprocess.run([program, "check", "--help"], capture_output=True, text=True, check=True).stdout
    return re.findall(r"^  (\S+) ", shown.split("Formats:")[1].split("Reserved")[0], re.MULTILINE)


def verdicts(program, kind):
    """{file: (verdict, error@offset)} of all corpora, read as `kind`"""
    out = subprocess.run([program, "check", kind, CORPUS], capture_output=True, text=True, timeout=600)
    if out.returncode != 0:
        raise AssertionError(f"{program} check {kind}: {out.returncode} {out.stderr}")
    return {cells[0]: (cells[1], cells[4]) for cells in (line.split("\t") for line in out.stdout.splitlines())}


class VerdictsTest(unittest.TestCase):
    def test_all_formats_judge_all_corpora_alike(self):
        self.assertEqual(formats(PROGRAMS[0]), formats(PROGRAMS[1]))
        compared = 0
        for kind in formats(PROGRAMS[0]):
            one, other = (verdicts(program, kind) for program in PROGRAMS)
            self.assertEqual(one.keys(), other.keys())
            for name in one:
                self.assertEqual(one[name], other[name], f"{kind} {name}")
            compared += len(one)
        print(f"{compared} verdicts compared", file=sys.stderr)
        self.assertGreater(compared, 1000)


if __name__ == "__main__":
    unittest.main(verbosity=2)
