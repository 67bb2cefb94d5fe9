#include "mediacore/rtp/packet_view.h"

#include "../support/input.h"

// Any bytes: refused with a known reason, or a view whose parts lie in the input
// in order and, with the padding, end where it ends.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using mediacore::Bytes;
  using namespace mediacore::rtp;
  const auto packet = PacketView::Parse({data, size});
  if (!packet) {
    FUZZ_CHECK(static_cast<int>(packet.error()) < kPacketErrorCount);
    FUZZ_CHECK(ToString(packet.error()) != "rtp: unknown");
    return 0;
  }
  const Bytes payload = packet->payload();
  const Bytes block = packet->extension_block();
  FUZZ_CHECK(payload.size() <= size && packet->padding_size() <= size);
  FUZZ_CHECK(packet->header_size() + payload.size() + packet->padding_size() ==
             size);
  FUZZ_CHECK(payload.data() == data + packet->header_size());
  const auto csrcs = static_cast<std::size_t>(packet->csrc_count());
  const std::size_t extension = packet->has_extension() ? 4 + block.size() : 0;
  FUZZ_CHECK(packet->header_size() == 12 + 4 * csrcs + extension);
  for (std::size_t i = 0; i < csrcs; ++i) {
    FUZZ_CHECK(packet->csrc(static_cast<int>(i)).value() ==
               mediacore::LoadU32(data + 12 + 4 * i));
  }
  FUZZ_CHECK(packet->bytes().data() == data && packet->size() == size);
  FUZZ_CHECK(packet->marker() == (data[1] >= 0x80) && packet->payload_type().value() == (data[1] & 0x7f));
  FUZZ_CHECK(packet->sequence_number().value() == mediacore::LoadU16(data + 2));
  FUZZ_CHECK(packet->timestamp().value() == mediacore::LoadU32(data + 4));
  FUZZ_CHECK(packet->ssrc().value() == mediacore::LoadU32(data + 8));
  FUZZ_CHECK(packet->has_extension() || packet->extension_profile() == 0);
  int elements = 0;
  packet->ForEachExtension([&](int id, Bytes value) {
    Bytes first;
    FUZZ_CHECK(elements >= 64 || packet->FindExtension(id, first));  // finding walks; keep it short
    FUZZ_CHECK(elements >= 64 || first.data() <= value.data());
    ++elements;
  });
  FUZZ_CHECK(elements == 0 || packet->extension_form() == FormOfProfile(packet->extension_profile()));
  return 0;
}
