// The result of a parser is not thrown away unseen.
// expect: nodiscard
#include "mediacore/base/expected.h"

#pragma GCC diagnostic error "-Wunused-result"

enum class Error { kShort };
mediacore::Expected<int, Error> Parse();

void Use() {
#ifdef MEDIACORE_COMPILES
  (void)Parse().has_value();
#else
  Parse();
#endif
}
