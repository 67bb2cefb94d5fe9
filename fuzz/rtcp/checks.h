#ifndef MEDIACORE_FUZZ_RTCP_CHECKS_H_
#define MEDIACORE_FUZZ_RTCP_CHECKS_H_

#include <algorithm>
#include <array>
#include <vector>

#include "../support/input.h"
#include "mediacore/rtcp/bye.h"
#include "mediacore/rtcp/receiver_report.h"
#include "mediacore/rtcp/sdes.h"
#include "mediacore/rtcp/sender_report.h"

// What must hold for any block, thing by thing: what reads is written and reads
// the same. Targets of one thing and that of compounds share it.
namespace mediacore::rtcp {

inline bool Inside(Bytes part, Bytes whole) {
  return part.empty() || (part.data() >= whole.data() &&
                          part.data() + part.size() <= whole.data() + whole.size());
}

// Whether a cause is one of the enum's.
template <typename Error>
bool HasText(Error error) {
  return ToString(error).find("unknown") == std::string_view::npos;
}

// check(const BlockView&) for each block that lies in the input.
template <typename Check>
void ForEachBlock(const std::uint8_t* data, std::size_t size, Check&& check) {
  ByteReader reader({data, size});
  while (const auto block = BlockView::TakeFrom(reader)) check(*block);
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

template <typename View>
std::vector<ReportBlock> Reports(const View& view) {
  std::vector<ReportBlock> reports;
  for (int i = 0; i < view.report_count(); ++i) reports.push_back(view.report(i));
  return reports;
}
// The written body is the read one, except what cannot be written behind odd
// padding.
template <typename View, typename Writer>
void CheckReport(const View& view, Writer writer, const std::vector<ReportBlock>& reports, const BlockView& block) {
  FUZZ_CHECK(view.report_count() == block.count());
  FUZZ_CHECK(Inside(view.profile_extension(), block.body()));
  writer.reports = reports;
  writer.profile_extension = view.profile_extension();
  if (writer.profile_extension.size() % 4 != 0) writer.profile_extension = {};
  std::vector<std::uint8_t> out;
  const BlockView written = WriteAndTake(writer, out);
  FUZZ_CHECK(written.body().size() + view.profile_extension().size() ==
             block.body().size() + writer.profile_extension.size());
  FUZZ_CHECK(std::ranges::equal(written.body(), block.body().first(written.body().size())));
}
inline void CheckSenderReport(const BlockView& block) {
  const auto sr = SenderReportView::Parse(block);
  if (!sr) {
    FUZZ_CHECK(static_cast<int>(sr.error()) < kSenderReportErrorCount && !ToString(sr.error()).empty());
    return;
  }
  SenderReportWriter writer;
  writer.sender_ssrc = sr->sender_ssrc();
  writer.ntp_time = sr->ntp_time();
  writer.rtp_timestamp = sr->rtp_timestamp();
  writer.packet_count = sr->packet_count();
  writer.octet_count = sr->octet_count();
  CheckReport(*sr, writer, Reports(*sr), block);
}
inline void CheckReceiverReport(const BlockView& block) {
  const auto rr = ReceiverReportView::Parse(block);
  if (!rr) {
    FUZZ_CHECK(static_cast<int>(rr.error()) < kReceiverReportErrorCount && !ToString(rr.error()).empty());
    return;
  }
  ReceiverReportWriter writer;
  writer.sender_ssrc = rr->sender_ssrc();
  CheckReport(*rr, writer, Reports(*rr), block);
}

struct Item {
  Ssrc ssrc;
  SdesType type;
  std::vector<std::uint8_t> value, prefix;
  bool operator==(const Item&) const = default;
};
inline std::vector<Item> Items(const SdesView& sdes, Bytes body) {
  std::vector<Item> items;
  sdes.ForEachItem([&](Ssrc ssrc, const SdesItem& item) {
    FUZZ_CHECK(item.type != SdesType::kEnd && Inside(item.value, body) &&
               Inside(item.prefix, body));
    items.push_back({ssrc, item.type, {item.value.begin(), item.value.end()},
                     {item.prefix.begin(), item.prefix.end()}});
  });
  return items;
}
inline void CheckSdes(const BlockView& block) {
  const auto sdes = SdesView::Parse(block);
  if (!sdes) {
    FUZZ_CHECK(static_cast<int>(sdes.error()) < kSdesErrorCount && !ToString(sdes.error()).empty());
    return;
  }
  FUZZ_CHECK(sdes->chunk_count() == block.count());
  const auto items = Items(*sdes, block.body());
  FUZZ_CHECK(items.size() * 2 <= block.body().size());
  Bytes found;
  std::size_t left = 200;  // finding walks; keep it short
  for (const Item& item : items) {
    if (left-- == 0) break;
    FUZZ_CHECK(sdes->FindItem(item.ssrc, item.type, found));
    const auto first = std::find_if(items.begin(), items.end(), [&](const Item& other) {
      return other.ssrc == item.ssrc && other.type == item.type;
    });
    FUZZ_CHECK(std::equal(found.begin(), found.end(), first->value.begin(), first->value.end()));
    FUZZ_CHECK(item.type != SdesType::kCname || sdes->FindCname(item.ssrc, found));
  }
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
inline void CheckBye(const BlockView& block) {
  const auto bye = ByeView::Parse(block);
  if (!bye) {
    FUZZ_CHECK(static_cast<int>(bye.error()) < kByeErrorCount && !ToString(bye.error()).empty());
    return;
  }
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

}  // namespace mediacore::rtcp

#endif  // MEDIACORE_FUZZ_RTCP_CHECKS_H_
