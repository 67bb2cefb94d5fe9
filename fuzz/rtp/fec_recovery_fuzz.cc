#include "mediacore/rtp/fec_recovery.h"

#include <vector>

#include "../support/input.h"

// Of packets cut out of the input, any one comes back from the XOR of all and the others.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::rtp;
  if (size == 0) return 0;
  std::vector<PacketView> packets;
  const std::size_t step = data[0] + std::size_t{12};
  for (std::size_t at = 1; at < size; at += step) {
    const auto packet = PacketView::Parse({data + at, std::min(step, size - at)});
    if (packet) packets.push_back(*packet);
  }
  if (packets.empty()) return 0;
  FecRecovery all;
  std::size_t longest = 0;
  for (const PacketView& packet : packets) {
    all.Xor(packet);
    longest = std::max(longest, packet.size() - 12);
  }
  std::vector<std::uint8_t> protection(longest);
  for (const PacketView& packet : packets) XorProtected(packet, 0, protection);
  // In two stretches it is the same.
  const std::size_t cut = longest / 2;
  std::vector<std::uint8_t> halves(longest);
  for (const PacketView& packet : packets) {
    XorProtected(packet, 0, MutableBytes(halves).first(cut));
    XorProtected(packet, cut, MutableBytes(halves).subspan(cut));
  }
  FUZZ_CHECK(halves == protection);

  for (std::size_t lost = 0; lost < packets.size(); ++lost) {
    FecRecovery fields = all;
    std::vector<std::uint8_t> bytes(12 + longest);
    std::copy(protection.begin(), protection.end(), bytes.begin() + 12);
    for (std::size_t i = 0; i < packets.size(); ++i) {
      if (i == lost) continue;
      fields.Xor(packets[i]);
      XorProtected(packets[i], 0, MutableBytes(bytes).subspan(12));
    }
    const PacketView& original = packets[lost];
    FUZZ_CHECK(fields == FecRecovery::Of(original));
    FUZZ_CHECK(fields.marker() == original.marker() && fields.payload_type() == original.payload_type());
    FUZZ_CHECK(fields.csrc_count() == original.csrc_count() && fields.extension() == original.has_extension());
    FUZZ_CHECK(fields.padding() == (original.padding_size() > 0));
    fields.WriteHeader(original.sequence_number(), original.ssrc(), std::span<std::uint8_t, 12>(bytes.data(), 12));
    FUZZ_CHECK(fields.length <= longest &&
               std::ranges::equal(Bytes(bytes).first(12u + fields.length), original.bytes()));
    for (std::size_t i = 12u + fields.length; i < bytes.size(); ++i) FUZZ_CHECK(bytes[i] == 0);
    if (packets.size() > 16) break;
  }
  return 0;
}
