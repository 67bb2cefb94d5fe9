#ifndef MEDIACORE_TOOLS_HEAP_METER_H_
#define MEDIACORE_TOOLS_HEAP_METER_H_

#include <cstdint>

namespace mediacore::tools {

// What this thread has asked of operator new so far, in bytes. Each request
// counts, also when it is given back: never less than what was held at once.
std::uint64_t HeapBytesAsked();
// False under a sanitizer, which brings its own operator new: the count stays 0.
bool HeapIsCounted();

}  // namespace mediacore::tools

#endif  // MEDIACORE_TOOLS_HEAP_METER_H_
