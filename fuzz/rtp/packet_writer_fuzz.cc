#include "mediacore/rtp/packet_writer.h"

#include <algorithm>
#include <array>
#include <vector>

#include "../support/input.h"
#include "mediacore/rtp/packet_view.h"

// What the writer writes the view reads back the same, whatever is asked for;
// what it will not write leaves the buffer alone.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::rtp;
  static constexpr std::array<std::uint8_t, 300> kBytes = [] {
    std::array<std::uint8_t, 300> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      bytes[i] = static_cast<std::uint8_t>(255 - i % 256);
    }
    return bytes;
  }();
  fuzz::Input input(data, size);
  PacketWriter writer;
  const std::uint8_t flags = input.U8();
  writer.marker = (flags & 1) != 0;
  writer.payload_type = PayloadType(input.U8());
  writer.sequence_number = SequenceNumber(input.U16());
  writer.timestamp = RtpTimestamp(std::uint32_t{input.U16()} << 16 | input.U16());
  writer.ssrc = Ssrc(std::uint32_t{input.U16()} << 16 | input.U16());
  std::vector<Ssrc> csrcs(input.U8() % 17u);
  for (Ssrc& csrc : csrcs) csrc = Ssrc(input.U16());
  writer.csrcs = csrcs;
  writer.payload = Bytes(kBytes).first(input.U16() % 300u);
  writer.padding_size = input.U8();
  writer.allow_two_byte = (flags & 2) != 0;
  std::vector<ExtensionElement> extensions;
  if ((flags & 4) != 0) {
    writer.extension_block = PacketWriter::ExtensionBlock{
        input.U16(), Bytes(kBytes).first(input.U8())};
  }
  while (!input.empty()) {
    extensions.push_back({input.U16() % 260 - 1,
                          Bytes(kBytes).first(input.U16() % 258u)});
  }
  writer.extensions = extensions;

  const std::size_t wire = writer.WireSize();
  std::vector<std::uint8_t> out(wire + 1, 0xee);
  if (wire == 0) {
    FUZZ_CHECK(!writer.Write(out) && out[0] == 0xee);
    return 0;
  }
  FUZZ_CHECK(!writer.Write(MutableBytes(out).first(wire - 1)) && out[0] == 0xee);
  FUZZ_CHECK(writer.Write(out) && out[wire] == 0xee);
  const auto packet = PacketView::Parse(Bytes(out).first(wire));
  FUZZ_CHECK(packet.has_value());
  FUZZ_CHECK(packet->marker() == writer.marker);
  FUZZ_CHECK(packet->payload_type() == writer.payload_type);
  FUZZ_CHECK(packet->sequence_number() == writer.sequence_number);
  FUZZ_CHECK(packet->timestamp() == writer.timestamp);
  FUZZ_CHECK(packet->ssrc() == writer.ssrc);
  FUZZ_CHECK(static_cast<std::size_t>(packet->csrc_count()) == csrcs.size());
  for (std::size_t i = 0; i < csrcs.size(); ++i) {
    FUZZ_CHECK(packet->csrc(static_cast<int>(i)) == csrcs[i]);
  }
  FUZZ_CHECK(std::ranges::equal(packet->payload(), writer.payload));
  FUZZ_CHECK(packet->padding_size() == writer.padding_size);
  if (writer.extension_block) {
    FUZZ_CHECK(packet->extension_profile() == writer.extension_block->profile);
    FUZZ_CHECK(std::ranges::equal(packet->extension_block(),
                                  writer.extension_block->bytes));
    return 0;
  }
  FUZZ_CHECK(packet->extension_form() == writer.Form());
  std::size_t at = 0;
  packet->ForEachExtension([&](int id, Bytes value) {
    FUZZ_CHECK(at < extensions.size() && id == extensions[at].id);
    FUZZ_CHECK(std::ranges::equal(value, extensions[at].value));
    ++at;
  });
  FUZZ_CHECK(at == extensions.size());
  return 0;
}
