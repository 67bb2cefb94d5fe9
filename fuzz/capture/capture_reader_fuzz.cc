#include "mediacore/capture/capture_reader.h"

#include <algorithm>
#include <vector>

#include "../support/input.h"

namespace {

using mediacore::Bytes;
using mediacore::capture::CaptureError;
using mediacore::capture::CaptureReader;
using mediacore::capture::Record;

bool Same(const Record& a, const Record& b) {
  return a.unix_ns == b.unix_ns && a.link_type == b.link_type &&
         a.original_length == b.original_length && a.offset == b.offset &&
         std::equal(a.packet.begin(), a.packet.end(), b.packet.begin(), b.packet.end());
}

}  // namespace

// Any bytes: records lie one after another inside the input, each read once, and
// reading in stretches (the first byte says how long) gives the same records
// and the same end.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t step = 1u + data[0];
  const Bytes file(data + 1, size - 1);
  const auto opened = CaptureReader::Open(file);
  if (!opened) {
    FUZZ_CHECK(opened.error() != CaptureError::kNone && !ToString(opened.error()).empty());
    return 0;
  }
  std::vector<Record> records;
  CaptureReader whole = *opened;
  Record record;
  while (whole.Next(record)) {
    FUZZ_CHECK(record.packet.size() <= mediacore::capture::kMaxPacketSize);
    FUZZ_CHECK(record.packet.empty() || record.packet.data() >= file.data() + record.offset);
    FUZZ_CHECK(record.packet.data() + record.packet.size() <= file.data() + whole.offset());
    FUZZ_CHECK(records.empty() || record.offset > records.back().offset);
    records.push_back(record);
  }
  FUZZ_CHECK(whole.offset() <= file.size() && !ToString(whole.error()).empty());
  FUZZ_CHECK(!ToString(whole.format()).empty());
  FUZZ_CHECK(whole.error() != CaptureError::kNone || whole.offset() == file.size());

  // Every file header is shorter than this.
  std::size_t end = std::min<std::size_t>(file.size(), 300);
  const auto again = CaptureReader::Open(file.first(end));
  FUZZ_CHECK(again.has_value());
  CaptureReader parts = *again;
  std::size_t count = 0;
  while (true) {
    while (parts.Next(record)) {
      FUZZ_CHECK(count < records.size() && Same(record, records[count]));
      ++count;
    }
    if (end == file.size()) break;
    end = std::min(end + step, file.size());
    const auto at = static_cast<std::size_t>(parts.offset());
    parts.Refill(file.subspan(at, end - at));
  }
  FUZZ_CHECK(count == records.size() && parts.offset() == whole.offset() &&
             parts.error() == whole.error() &&
             parts.malformed_blocks() == whole.malformed_blocks());
  return 0;
}
