#include "mediacore/rtp/packet_rewriter.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "../support/input.h"

// Rewriting changes what it was told to and nothing else: not the size, not the
// payload, not the elements that stay.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::rtp;
  if (size < 16) return 0;
  fuzz::Input input(data, 16);
  std::vector<std::uint8_t> bytes(data + 16, data + size);
  const std::vector<std::uint8_t> before = bytes;
  const auto packet = PacketRewriter::Parse(bytes);
  FUZZ_CHECK(packet.has_value() == PacketView::Parse(before).has_value());
  if (!packet) return 0;
  const PacketView& view = packet->view();

  packet->SetSsrc(Ssrc(input.U16()));
  packet->SetSequenceNumber(SequenceNumber(input.U16()));
  packet->SetTimestamp(RtpTimestamp(input.U16()));
  const bool marker = (input.U8() & 1) != 0;
  const PayloadType payload_type(input.U8());
  packet->SetPayloadType(payload_type);
  packet->SetMarker(marker);
  FUZZ_CHECK(view.marker() == marker && view.payload_type() == payload_type);

  const int wanted = input.U8();
  constexpr std::array<std::uint8_t, 3> kValue = {1, 2, 3};
  Bytes old;
  const bool fits = view.FindExtension(wanted, old) && old.size() == 3;
  FUZZ_CHECK(packet->SetExtension(wanted, kValue) == fits);
  FUZZ_CHECK(!fits || std::ranges::equal(old, kValue));

  ExtensionIdMapping mapping;
  const int shift = input.U8();
  const int drop = input.U8() | 1;
  for (int id = 1; id < 256; ++id) {
    if (id % drop != 0) static_cast<void>(mapping.Set(id, (id + shift) % 256));
  }
  const bool one_byte = view.extension_form() == ExtensionForm::kOneByte;
  std::vector<std::pair<int, std::vector<std::uint8_t>>> expected;
  int dropped = 0;
  view.ForEachExtension([&](int id, Bytes value) {
    const int to = mapping.Get(id);
    if (to == 0 || (one_byte && to > 14)) {
      ++dropped;
    } else {
      expected.push_back({to, {value.begin(), value.end()}});
    }
  });
  FUZZ_CHECK(packet->MapExtensionIds(mapping) == dropped);
  std::size_t at = 0;
  view.ForEachExtension([&](int id, Bytes value) {
    FUZZ_CHECK(at < expected.size() && id == expected[at].first);
    FUZZ_CHECK(std::ranges::equal(value, expected[at].second));
    ++at;
  });
  FUZZ_CHECK(at == expected.size());

  const auto again = PacketView::Parse(bytes);
  FUZZ_CHECK(again && again->header_size() == view.header_size());
  FUZZ_CHECK(bytes[0] == before[0]);
  FUZZ_CHECK(std::equal(bytes.begin() + static_cast<std::ptrdiff_t>(view.header_size()),
                        bytes.end(),
                        before.begin() + static_cast<std::ptrdiff_t>(view.header_size())));
  return 0;
}
