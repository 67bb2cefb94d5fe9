#include "mediacore/rtcp/xr_run_lengths.h"

#include "../support/xr_blocks.h"

namespace mediacore::rtcp {
namespace {

// What the chunks say, packet by packet: the slow way.
std::vector<bool> Decode(Bytes chunks, std::size_t limit) {
  std::vector<bool> packets;
  for (std::size_t at = 0; at + 2 <= chunks.size(); at += 2) {
    const unsigned chunk = LoadU16(chunks.data() + at);
    if (chunk == 0) break;
    const unsigned count = (chunk & 0x8000) != 0 ? 15 : chunk & 0x3fff;
    for (unsigned i = 0; i < count && packets.size() < limit; ++i) {
      packets.push_back((chunk & 0x8000) != 0 ? (chunk >> (14 - i) & 1) != 0 : (chunk & 0x4000) != 0);
    }
  }
  return packets;
}

}  // namespace
}  // namespace mediacore::rtcp

// Runs are what chunks say packet by packet, lie one behind the other in the
// range, differ from their neighbours; and written they read the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::rtcp;
  fuzz::ForEachXrBlock({data, size}, [](const XrBlockView& block) {
    const auto view = XrRunLengthsView::Parse(block);
    if (!view) {
      FUZZ_CHECK(view.error() == XrBlockError::kOtherType || view.error() == XrBlockError::kBadLength);
      return;
    }
    const XrSequenceRange range = view->range();
    const std::vector<bool> packets = Decode(block.body().subspan(8), range.count());
    std::vector<XrRun> runs;
    std::size_t at = 0;
    view->ForEachRun([&](SequenceNumber first, const XrRun& run) {
      FUZZ_CHECK(run.count > 0 && run.count <= packets.size() - at && first == range.at(at));
      FUZZ_CHECK(runs.empty() || runs.back().good != run.good);
      for (std::size_t i = 0; i < run.count; ++i) FUZZ_CHECK(packets[at + i] == run.good);
      at += run.count;
      runs.push_back(run);
    });
    FUZZ_CHECK(at == packets.size());
    const XrRunLengthsWriter writer{view->type(), view->ssrc(), range, runs};
    FUZZ_CHECK((writer.WireSize() != 0) == (at == range.count()));
    if (writer.WireSize() == 0) return;
    const auto written = fuzz::WriteAll(writer);
    FUZZ_CHECK(written.size() <= 12 + 2 * (at / 15 + 2 * 5 + runs.size()));
    ByteReader reader(written);
    const auto again = XrRunLengthsView::Parse(*XrBlockView::TakeFrom(reader));
    FUZZ_CHECK(again && reader.empty() && again->range() == range && again->ssrc() == view->ssrc());
    std::vector<XrRun> same;
    again->ForEachRun([&same](SequenceNumber, const XrRun& run) { same.push_back(run); });
    FUZZ_CHECK(same == runs);
  });
  return 0;
}
