#include "heap_meter.h"

#include <cstdlib>
#include <new>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define MEDIACORE_COUNT_HEAP 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define MEDIACORE_COUNT_HEAP 0
#endif
#endif
#ifndef MEDIACORE_COUNT_HEAP
#define MEDIACORE_COUNT_HEAP 1
#endif

namespace {
thread_local std::uint64_t g_bytes = 0;
}

#if MEDIACORE_COUNT_HEAP
void* operator new(std::size_t size) {
  g_bytes += size;
  if (void* p = std::malloc(size == 0 ? 1 : size)) return p;
  throw std::bad_alloc();
}
void* operator new[](std::size_t size) { return ::operator new(size); }
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
void operator delete[](void* p) noexcept { std::free(p); }
void operator delete[](void* p, std::size_t) noexcept { std::free(p); }
#endif

namespace mediacore::tools {
std::uint64_t HeapBytesAsked() { return g_bytes; }
bool HeapIsCounted() { return MEDIACORE_COUNT_HEAP != 0; }
}  // namespace mediacore::tools
