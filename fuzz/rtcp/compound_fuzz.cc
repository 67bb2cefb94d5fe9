#include "mediacore/rtcp/compound.h"

#include "checks.h"

namespace mediacore::rtcp {
namespace {

// Bytes of a block, put into a datagram as they are.
struct Raw {
  Bytes block;
  std::size_t WireSize() const { return block.size(); }
  bool Write(MutableBytes out) const {
    if (out.size() < block.size()) return false;
    std::ranges::copy(block, out.begin());
    return true;
  }
};

// Written block by block, padding last, the datagram is the same.
void CheckWriter(const CompoundView& compound) {
  std::vector<std::uint8_t> buffer(compound.bytes().size());
  CompoundWriter writer(buffer);
  for (const BlockView block : compound) {
    if (!block.has_padding()) {
      FUZZ_CHECK(writer.Append(Raw{block.bytes()}));
      continue;
    }
    FUZZ_CHECK(!writer.Pad(3));
    if (block.padding_size() % 4 != 0) return;
    const Bytes bare = block.bytes().first(block.size() - block.padding_size());
    std::vector<std::uint8_t> bytes(bare.begin(), bare.end());
    bytes[0] = static_cast<std::uint8_t>(bytes[0] & ~0x20);
    StoreU16(&bytes[2], static_cast<std::uint16_t>(bytes.size() / 4 - 1));
    FUZZ_CHECK(writer.Append(Raw{bytes}) && writer.Pad(block.padding_size()));
    FUZZ_CHECK(!writer.Append(Raw{bytes}));
  }
  FUZZ_CHECK(writer.room() == 0 && writer.bytes().size() == buffer.size() && !writer.Pad(4));
  const auto again = CompoundView::Parse(writer.bytes(), {.reduced_size = true});
  FUZZ_CHECK(again.has_value());
  auto same = again->begin();
  for (const BlockView block : compound) {
    const BlockView written = *same++;
    FUZZ_CHECK(std::ranges::equal(written.body(), block.body()) && written.padding_size() == block.padding_size());
  }
  FUZZ_CHECK(same == again->end());
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
    FUZZ_CHECK(static_cast<int>(compound.error()) < kCompoundErrorCount && !ToString(compound.error()).empty());
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
  CheckWriter(*compound);
  return 0;
}
