"""Writes a file into a C++ source: embed.py INPUT OUTPUT FUNCTION"""
import sys

source, target, function = sys.argv[1:]
data = open(source, "rb").read()
with open(target, "w") as out:
    out.write("// Generated from %s.\n#include <string_view>\n" % source.rsplit("/", 1)[-1])
    out.write("namespace mediacore::tools {\nstd::string_view %s();\n" % function)
    out.write("std::string_view %s() {\n  static constexpr char kText[] = {" % function)
    for i, byte in enumerate(data):
        out.write(("\n      " if i % 24 == 0 else "") + "%d," % (byte if byte < 128 else byte - 256))
    out.write("\n  };\n  return {kText, sizeof kText};\n}\n}  // namespace mediacore::tools\n")
