#include "mediacore/rtp/flexfec.h"

#include <vector>

#include "../support/input.h"
#include "mediacore/rtp/packet_writer.h"

// Streams are those of the CSRC list, they and the repair payload make up all of the
// payload; what they say is written with the smallest masks into as many bytes or fewer
// and reads back the same. A retransmission is an RTP packet.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::rtp;
  const auto packet = PacketView::Parse({data, size});
  if (!packet) return 0;
  const auto fec = FlexFecView::Parse(*packet);
  if (!fec) {
    FUZZ_CHECK(static_cast<int>(fec.error()) < kFlexFecErrorCount);
    FUZZ_CHECK(ToString(fec.error()) != ToString(static_cast<FlexFecError>(99)));
    return 0;
  }
  if (fec->is_retransmission()) {
    FUZZ_CHECK(fec->stream_count() == 0 && fec->begin() == fec->end());
    FUZZ_CHECK(fec->retransmission().bytes().data() == packet->payload().data());
    FUZZ_CHECK(fec->retransmission().size() == packet->payload().size());
    return 0;
  }
  FUZZ_CHECK(fec->header_size() + fec->repair_payload().size() == packet->payload().size());
  std::vector<FlexFecStream> streams;
  std::vector<Ssrc> csrcs;
  std::size_t least = FlexFecView::kHeaderSize;
  for (const FlexFecStream& stream : *fec) {
    FUZZ_CHECK(stream.ssrc == packet->csrc(static_cast<int>(streams.size())));
    FUZZ_CHECK((stream.columns > 0) == fec->is_fixed() && stream.mask.empty() == fec->is_fixed());
    const int reach = stream.mask.size();
    least += fec->is_fixed() ? 4u : reach > 46 ? 16u : reach > 15 ? 8u : 4u;
    int count = 0;
    SequenceNumber last = stream.sn_base;
    for (const SequenceNumber number : stream.packets()) {
      FUZZ_CHECK(stream.packets().Contains(number));
      last = number;
      ++count;
    }
    FUZZ_CHECK(count == stream.packets().count() && count > 0);
    if (fec->is_fixed()) {
      FUZZ_CHECK(last == stream.sn_base + (stream.rows > 1 ? stream.columns * (stream.rows - 1) : stream.columns - 1));
    }
    streams.push_back(stream);
    csrcs.push_back(stream.ssrc);
  }
  FUZZ_CHECK(static_cast<int>(streams.size()) == fec->stream_count() && least <= fec->header_size());
  auto second = fec->begin();
  FUZZ_CHECK(*second++ == streams[0] && (streams.size() == 1) == (second == fec->end()));

  FlexFecWriter writer{fec->recovery(), streams, fec->repair_payload()};
  std::vector<std::uint8_t> payload(writer.WireSize(), 0xee);
  FUZZ_CHECK(payload.size() == least + fec->repair_payload().size());
  FUZZ_CHECK(!writer.Write(MutableBytes(payload).first(payload.size() - 1)) && payload[0] == 0xee);
  FUZZ_CHECK(writer.Write(payload));
  if (least == fec->header_size()) FUZZ_CHECK(std::ranges::equal(payload, packet->payload()));
  PacketWriter around;
  around.csrcs = csrcs;
  around.payload = payload;
  std::vector<std::uint8_t> out(around.WireSize());
  FUZZ_CHECK(around.Write(out));
  const auto again = FlexFecView::Parse(*PacketView::Parse(out));
  FUZZ_CHECK(again && again->recovery() == fec->recovery() && again->header_size() == least);
  FUZZ_CHECK(std::ranges::equal(again->repair_payload(), fec->repair_payload()));
  std::size_t i = 0;
  for (const FlexFecStream& stream : *again) FUZZ_CHECK(stream == streams[i++]);
  FUZZ_CHECK(i == streams.size());
  if (fec->is_fixed()) {
    FUZZ_CHECK(streams.back().mask.Add(0) && writer.WireSize() == 0);
  } else {
    streams.back().mask = {};
    FUZZ_CHECK(writer.WireSize() == 0 && !writer.Write(payload));
  }
  return 0;
}
