#include "mediacore/rtp/packet_view.h"

#include <algorithm>
#include <array>

#include "../support/input.h"
#include "mediacore/rtp/demux.h"
#include "mediacore/rtp/extension_table.h"

// Any bytes: refused with a known reason, or a view whose parts lie in the input
// in order and, with the padding, end where it ends. Extension elements lie in
// the block one behind the other; walking, finding and the table agree on them.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using mediacore::Bytes;
  using namespace mediacore::rtp;
  FUZZ_CHECK(static_cast<int>(Demultiplex({data, size})) < kPacketKindCount);
  const auto packet = PacketView::Parse({data, size});
  if (!packet) {
    FUZZ_CHECK(static_cast<int>(packet.error()) < kPacketErrorCount);
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

  std::array<Bytes, 256> first{};
  std::array<bool, 256> seen{};
  const std::uint8_t* at = block.data();
  const std::uint8_t* const end = at + block.size();
  const bool one_byte = packet->extension_form() == ExtensionForm::kOneByte;
  packet->ForEachExtension([&](int id, Bytes value) {
    FUZZ_CHECK(id >= 1 && id <= (one_byte ? 14 : 255));
    FUZZ_CHECK(value.size() <= (one_byte ? 16u : 255u));
    FUZZ_CHECK(value.data() >= at + (one_byte ? 1 : 2));
    FUZZ_CHECK(value.size() <= static_cast<std::size_t>(end - value.data()));
    at = value.data() + value.size();
    const auto index = static_cast<std::size_t>(id);
    if (!seen[index]) first[index] = value;
    seen[index] = true;
  });
  const ExtensionTable table(*packet);
  const int step = size > 2000 ? 16 : 1;  // finding walks; keep it short
  for (int id = 0; id < 256; id += step) {
    const auto index = static_cast<std::size_t>(id);
    Bytes found;
    Bytes tabled;
    FUZZ_CHECK(packet->FindExtension(id, found) == seen[index]);
    FUZZ_CHECK(table.Find(id, tabled) == seen[index]);
    FUZZ_CHECK(found.data() == first[index].data());
    FUZZ_CHECK(found.size() == first[index].size());
    FUZZ_CHECK(tabled.data() == found.data() && tabled.size() == found.size());
  }
  return 0;
}
