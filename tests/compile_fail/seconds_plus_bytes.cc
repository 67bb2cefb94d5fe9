// A length of time and an amount of data do not add up.
// expect: operator+
#include "mediacore/base/units.h"

using mediacore::DataSize;
using mediacore::TimeDelta;

#ifdef MEDIACORE_COMPILES
constexpr auto kSum = TimeDelta::Seconds(1) + TimeDelta::Millis(2);
#else
constexpr auto kSum = TimeDelta::Seconds(1) + DataSize::Bytes(2);
#endif
static_assert(kSum > TimeDelta::Zero());
