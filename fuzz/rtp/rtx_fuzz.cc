#include "mediacore/rtp/rtx.h"

#include <vector>

#include "../support/input.h"

// A retransmission is restored to a packet that, repeated, is the same retransmission
// but for the bytes of its padding; any packet that is repeated is restored to itself
// without its padding.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::rtp;
  const auto packet = PacketView::Parse({data, size});
  if (!packet) return 0;

  const auto rtx = RtxView::Parse(*packet);
  FUZZ_CHECK(rtx.has_value() == (packet->payload().size() >= 2));
  if (!rtx) {
    FUZZ_CHECK(ToString(rtx.error()) != ToString(static_cast<RtxError>(99)));
    FUZZ_CHECK((rtx.error() == RtxError::kPaddingOnly) == (packet->payload().empty() && packet->padding_size() > 0));
  } else {
    const RtxOriginalWriter restore{*rtx, PayloadType(96), Ssrc(0xcafe)};
    std::vector<std::uint8_t> out(restore.WireSize(), 0xee);
    FUZZ_CHECK(out.size() == size - 2 - packet->padding_size());
    FUZZ_CHECK(!restore.Write(MutableBytes(out).first(out.size() - 1)) && out[0] == 0xee);
    FUZZ_CHECK(restore.Write(out));
    const auto original = PacketView::Parse(out);
    FUZZ_CHECK(original && original->ssrc() == Ssrc(0xcafe) && original->payload_type() == PayloadType(96));
    FUZZ_CHECK(original->sequence_number() == rtx->original_sequence_number());
    FUZZ_CHECK(original->padding_size() == 0 && original->header_size() == packet->header_size());
    FUZZ_CHECK(original->extension_profile() == packet->extension_profile());
    const RtxWriter again{*original, packet->payload_type(), packet->ssrc(), packet->sequence_number(),
                          static_cast<std::uint8_t>(packet->padding_size())};
    std::vector<std::uint8_t> same(again.WireSize());
    FUZZ_CHECK(same.size() == size && again.Write(same));
    FUZZ_CHECK(std::equal(same.begin(), same.end() - static_cast<std::ptrdiff_t>(packet->padding_size()), data));
    FUZZ_CHECK(same.back() == data[size - 1]);
  }

  const RtxWriter repeat{*packet, PayloadType(97), Ssrc(1), SequenceNumber(2), data[size - 1]};
  std::vector<std::uint8_t> sent(repeat.WireSize());
  if (sent.empty()) {
    FUZZ_CHECK(size + 2 + data[size - 1] > 0xffff);
    return 0;
  }
  FUZZ_CHECK(!repeat.Write(MutableBytes(sent).first(sent.size() - 1)) && sent[0] == 0 && repeat.Write(sent));
  const auto parsed = PacketView::Parse(sent);
  FUZZ_CHECK(parsed && parsed->padding_size() == data[size - 1] && parsed->marker() == packet->marker());
  const auto view = RtxView::Parse(*parsed);
  FUZZ_CHECK(view && std::ranges::equal(view->original_payload(), packet->payload()));
  const RtxOriginalWriter restore{*view, packet->payload_type(), packet->ssrc()};
  std::vector<std::uint8_t> out(restore.WireSize());
  FUZZ_CHECK(out.size() == size - packet->padding_size() && restore.Write(out));
  FUZZ_CHECK(out[0] == (data[0] & 0xdf) && std::equal(out.begin() + 1, out.end(), data + 1));
  return 0;
}
