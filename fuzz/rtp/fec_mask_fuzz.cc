#include "mediacore/rtp/fec_mask.h"

#include <vector>

#include "../support/input.h"

// A mask read from bytes is a set of offsets in order, is written into as many bytes or,
// when they were more than it needs, into fewer, reads back the same, and names the
// packets that its offsets say; every other packet it does not.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::rtp;
  for (const rtp::internal::FlexMaskForm form : {rtp::internal::kFlexFec03Mask, rtp::internal::kFlexFecMask}) {
    ByteReader reader({data, size});
    FecMask mask;
    const auto result = ReadFlexMask(reader, form, mask);
    if (result != rtp::internal::FlexMaskResult::kOk) {
      FUZZ_CHECK(size < 14 || result == rtp::internal::FlexMaskResult::kEndless);
      continue;
    }
    const std::size_t taken = size - reader.remaining();
    FUZZ_CHECK(taken == 2 || taken == 6 || taken == 14);
    FecMask by_hand;
    int before = -1;
    int count = 0;
    for (const int offset : mask) {
      FUZZ_CHECK(offset > before && offset < FecMask::kCapacity && mask.Contains(offset) && by_hand.Add(offset));
      before = offset;
      ++count;
    }
    FUZZ_CHECK(by_hand == mask && count == mask.count() && before + 1 == mask.size() && mask.empty() == (count == 0));

    const std::size_t least = FlexMaskSize(mask, form, 2);
    FUZZ_CHECK(least != 0 && least <= taken && FlexMaskSize(mask, form, taken) == taken);
    for (const std::size_t written : {least, taken}) {
      std::vector<std::uint8_t> out(written);
      ByteWriter writer(out);
      WriteFlexMask(writer, mask, form, written);
      FUZZ_CHECK(writer.ok() && writer.size() == written);
      FUZZ_CHECK(written != taken || std::equal(out.begin(), out.end(), data));
      ByteReader again(out);
      FecMask same;
      FUZZ_CHECK(ReadFlexMask(again, form, same) == rtp::internal::FlexMaskResult::kOk && again.empty() &&
                 same == mask);
    }

    const SequenceNumber base(static_cast<std::uint16_t>(65535 - size % 200));
    const ProtectedPackets packets(base, mask);
    FUZZ_CHECK(packets.count() == count);
    auto offset = mask.begin();
    for (auto at = packets.begin(); at != packets.end();) {
      const SequenceNumber number = *at++;
      FUZZ_CHECK(number == base + *offset++ && packets.Contains(number));
    }
    for (int i = -2; i < 130; ++i) FUZZ_CHECK(packets.Contains(base + i) == mask.Contains(i));
  }
  if (size >= 4) {
    const SequenceNumber first(LoadU16(data));
    const int step = data[2] == 0 ? 1 : data[2];
    const auto run = ProtectedPackets::Run(first, data[2], data[3]);
    SequenceNumber want = first;
    int count = 0;
    for (const SequenceNumber number : run) {
      FUZZ_CHECK(number == want && run.Contains(number));
      want = want + step;
      ++count;
    }
    FUZZ_CHECK(count == data[3] && run.count() == count && (count == 0 || !run.Contains(want)));
  }
  return 0;
}
