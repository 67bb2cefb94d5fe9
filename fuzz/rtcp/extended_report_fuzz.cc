#include "mediacore/rtcp/extended_report.h"

#include "../support/xr_blocks.h"

// The blocks of a report make up all of it; each, and the report, is written
// back as it came.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore::rtcp;
  using mediacore::fuzz::WriteAll;
  mediacore::ByteReader reader({data, size});
  const auto block = BlockView::TakeFrom(reader);
  if (!block) return 0;
  const auto report = ExtendedReportView::Parse(*block);
  if (!report) {
    FUZZ_CHECK(static_cast<int>(report.error()) < kExtendedReportErrorCount && !ToString(report.error()).empty());
    return 0;
  }
  std::size_t taken = 0;
  for (auto at = report->begin(); at != report->end();) {
    const XrBlockView xr = *at++;
    FUZZ_CHECK(xr.bytes().data() == report->blocks().data() + taken);
    FUZZ_CHECK(xr.size() >= 4 && xr.size() % 4 == 0 && xr.body().size() + 4 == xr.size());
    FUZZ_CHECK(ToString(xr.type()).size() < 60);
    taken += xr.size();
    FUZZ_CHECK(taken <= report->blocks().size());
    if (xr.size() > 0xffff) continue;
    const auto written = WriteAll(XrBlockWriter{xr.type(), xr.type_specific(), xr.body()});
    FUZZ_CHECK(std::ranges::equal(written, xr.bytes()));
  }
  FUZZ_CHECK(taken == report->blocks().size());
  if (taken == 0 || taken + 8 > 0xffff) return 0;
  const auto written = WriteAll(ExtendedReportWriter(report->sender_ssrc(), XrBlocksCopy{report->blocks()}));
  FUZZ_CHECK(written.size() == taken + 8 && std::ranges::equal(mediacore::Bytes(written).subspan(4), block->body()));
  const XrBlockView first = *report->begin();
  const auto again = WriteAll(ExtendedReportWriter(
      report->sender_ssrc(), XrBlockWriter{first.type(), first.type_specific(), first.body()}));
  FUZZ_CHECK(std::ranges::equal(mediacore::Bytes(again).subspan(4), block->body().first(4 + first.size())));
  return 0;
}
