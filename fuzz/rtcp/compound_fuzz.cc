#include "mediacore/rtcp/compound.h"

#include <algorithm>
#include <array>
#include <vector>

#include "../support/input.h"
#include "mediacore/rtcp/bye.h"
#include "mediacore/rtcp/receiver_report.h"
#include "mediacore/rtcp/sdes.h"
#include "mediacore/rtcp/sender_report.h"

namespace mediacore::rtcp {
namespace {

bool Inside(Bytes part, Bytes whole) {
  return part.empty() || (part.data() >= whole.data() &&
                          part.data() + part.size() <= whole.data() + whole.size());
}

template <typename Writer>
BlockView WriteAndTake(const Writer& writer, std::vector<std::uint8_t>& out) {
  out.assign(writer.WireSize(), 0xee);
  FUZZ_CHECK(!out.empty() && writer.Write(out));
  ByteReader reader(out);
  const auto block = BlockView::TakeFrom(reader);
  FUZZ_CHECK(block && reader.empty() && !block->has_padding());
  return *block;
}

// Read, written and read again, a report is the same.
template <typename View>
std::vector<ReportBlock> Reports(const View& view) {
  std::vector<ReportBlock> reports;
  for (int i = 0; i < view.report_count(); ++i) reports.push_back(view.report(i));
  return reports;
}
void CheckSenderReport(const BlockView& block) {
  const auto sr = SenderReportView::Parse(block);
  if (!sr) return;
  const auto reports = Reports(*sr);
  SenderReportWriter writer{sr->sender_ssrc(),  sr->ntp_time(),
                            sr->rtp_timestamp(), sr->packet_count(),
                            sr->octet_count(),  reports,
                            sr->profile_extension()};
  if (writer.profile_extension.size() % 4 != 0) writer.profile_extension = {};
  std::vector<std::uint8_t> out;
  const BlockView written = WriteAndTake(writer, out);
  const auto again = SenderReportView::Parse(written);
  FUZZ_CHECK(again && Reports(*again) == reports);
  FUZZ_CHECK(std::ranges::equal(written.body(),
                                block.body().first(written.body().size())));
}
void CheckReceiverReport(const BlockView& block) {
  const auto rr = ReceiverReportView::Parse(block);
  if (!rr) return;
  const auto reports = Reports(*rr);
  ReceiverReportWriter writer{rr->sender_ssrc(), reports, rr->profile_extension()};
  if (writer.profile_extension.size() % 4 != 0) writer.profile_extension = {};
  std::vector<std::uint8_t> out;
  const BlockView written = WriteAndTake(writer, out);
  FUZZ_CHECK(std::ranges::equal(written.body(),
                                block.body().first(written.body().size())));
}

struct Item {
  Ssrc ssrc;
  SdesType type;
  std::vector<std::uint8_t> value, prefix;
  bool operator==(const Item&) const = default;
};
std::vector<Item> Items(const SdesView& sdes, Bytes body) {
  std::vector<Item> items;
  sdes.ForEachItem([&](Ssrc ssrc, const SdesItem& item) {
    FUZZ_CHECK(item.type != SdesType::kEnd && Inside(item.value, body) &&
               Inside(item.prefix, body));
    items.push_back({ssrc, item.type, {item.value.begin(), item.value.end()},
                     {item.prefix.begin(), item.prefix.end()}});
  });
  return items;
}
void CheckSdes(const BlockView& block) {
  const auto sdes = SdesView::Parse(block);
  if (!sdes) return;
  const auto items = Items(*sdes, block.body());
  FUZZ_CHECK(items.size() * 2 <= block.body().size());
  if (items.empty()) return;
  // All in one chunk of one source, and that chunk twice.
  std::vector<SdesItem> to_write;
  for (const Item& item : items) to_write.push_back({item.type, item.value, item.prefix});
  const SdesWriter::Chunk chunk{items[0].ssrc, to_write};
  const std::array chunks{chunk, chunk};
  const SdesWriter writer{chunks};
  if (writer.WireSize() == 0) return;  // more than a datagram holds
  std::vector<std::uint8_t> out;
  const BlockView written = WriteAndTake(writer, out);
  const auto again = SdesView::Parse(written);
  FUZZ_CHECK(again.has_value());
  auto same = Items(*again, written.body());
  FUZZ_CHECK(same.size() == 2 * items.size());
  for (std::size_t i = 0; i < same.size(); ++i) {
    const Item& item = items[i % items.size()];
    FUZZ_CHECK(same[i].ssrc == items[0].ssrc);
    same[i].ssrc = item.ssrc;
    FUZZ_CHECK(same[i] == item);
  }
}
void CheckBye(const BlockView& block) {
  const auto bye = ByeView::Parse(block);
  if (!bye) return;
  FUZZ_CHECK(bye->ssrc_count() == block.count());
  FUZZ_CHECK(Inside(bye->reason(), block.body()));
  std::vector<Ssrc> ssrcs;
  for (int i = 0; i < bye->ssrc_count(); ++i) ssrcs.push_back(bye->ssrc(i));
  std::vector<std::uint8_t> out;
  const BlockView written = WriteAndTake(ByeWriter{ssrcs, bye->reason()}, out);
  const auto again = ByeView::Parse(written);
  FUZZ_CHECK(again && again->ssrc_count() == bye->ssrc_count());
  FUZZ_CHECK(std::ranges::equal(again->reason(), bye->reason()));
}

}  // namespace
}  // namespace mediacore::rtcp

// Blocks lie one after another and are all of the datagram; each that reads as a
// report, SDES or BYE is written and reads the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using namespace mediacore::rtcp;
  const mediacore::Bytes datagram(data, size);
  const auto compound = CompoundView::Parse(datagram, {.reduced_size = true});
  const auto strict = CompoundView::Parse(datagram);
  if (!compound) {
    FUZZ_CHECK(static_cast<int>(compound.error()) < kCompoundErrorCount);
    FUZZ_CHECK(!strict);
    return 0;
  }
  std::size_t taken = 0;
  for (const BlockView block : *compound) {
    FUZZ_CHECK(block.bytes().data() == data + taken);
    FUZZ_CHECK(block.size() >= 4 && block.size() % 4 == 0);
    FUZZ_CHECK(4 + block.body().size() + block.padding_size() == block.size());
    const bool report = block.packet_type() == kSenderReport ||
                        block.packet_type() == kReceiverReport;
    if (taken == 0) FUZZ_CHECK(strict.has_value() == report);
    taken += block.size();
    FUZZ_CHECK(!block.has_padding() || taken == size);
    CheckSenderReport(block);
    CheckReceiverReport(block);
    CheckSdes(block);
    CheckBye(block);
  }
  FUZZ_CHECK(taken == size);
  return 0;
}
