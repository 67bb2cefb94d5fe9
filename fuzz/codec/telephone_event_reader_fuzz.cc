#include "mediacore/codec/telephone_event_reader.h"

#include <set>
#include <utility>
#include <vector>

#include "../support/input.h"

// The input is a row of packets: timestamp, flags and number of reports, reports.
// Ends and starts come in pairs, an event that goes on is the last that started,
// and no event is told twice while the reader remembers it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::codec;
  fuzz::Input input(data, size);
  TelephoneEventReader reader;
  std::set<std::pair<std::uint32_t, std::uint8_t>> open;
  std::vector<std::pair<std::uint32_t, std::uint8_t>> told;
  std::uint64_t starts = 0;
  std::uint64_t changes = 0;
  std::uint64_t restarts = 0;
  const auto sink = [&](const TelephoneEventChange& change) {
    const std::pair key{change.rtp_timestamp.value(), change.event};
    ++changes;
    if (change.end) {
      FUZZ_CHECK(open.erase(key) == 1);
      return;
    }
    ++starts;
    FUZZ_CHECK(open.insert(key).second && !change.end_seen);
    // A clock that is set may bring old timestamps again.
    if (reader.counters().restarts != restarts) told.clear();
    restarts = reader.counters().restarts;
    for (std::size_t i = told.size(); i > 0 && told.size() - i < TelephoneEventReader::kKept; --i) {
      FUZZ_CHECK(told[i - 1] != key);
    }
    told.push_back(key);
  };
  while (!input.empty()) {
    const std::uint32_t high = input.U8();
    const RtpTimestamp timestamp((high & 0xf0) << 24 | (high & 15) * 0xffff | input.U8());
    const std::uint8_t flags = input.U8();
    std::vector<std::uint8_t> payload(flags & 31);
    for (std::uint8_t& byte : payload) byte = input.U8();
    const std::uint64_t before = changes;
    const bool read = reader.HandlePacket({timestamp, (flags & 0x80) != 0, (flags & 0x40) != 0, payload}, sink);
    FUZZ_CHECK(read == (!payload.empty() && payload.size() % 4 == 0));
    FUZZ_CHECK(changes - before <= 3 * payload.size() / 4);
    FUZZ_CHECK(open.size() == (reader.active() ? 1 : 0));
    if ((flags & 0x20) != 0) reader.Flush(sink);
  }
  reader.Flush(sink);
  FUZZ_CHECK(open.empty() && !reader.active());
  FUZZ_CHECK(reader.counters().events == starts && changes == 2 * starts);
  FUZZ_CHECK(reader.counters().late <= reader.counters().reports);
  return 0;
}
