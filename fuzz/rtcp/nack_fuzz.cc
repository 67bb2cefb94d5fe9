#include "mediacore/rtcp/nack.h"

#include "feedback_checks.h"

// Sequence numbers lie within 16 behind their PID, each once; entries are written
// as they were, and packed anew, in messages of any size, name the same packets.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore::rtcp;
  using mediacore::SequenceNumber;
  ForEachBlock(data, size, [size](const BlockView& block) {
    CheckList(block, NackEntryWriter{});
    const auto nack = NackView::Parse(block);
    if (!nack) return;
    std::vector<SequenceNumber> lost;
    for (const NackEntry entry : *nack) {
      int count = 0;
      int last = -1;
      for (const SequenceNumber number : entry) {
        const int behind = static_cast<std::uint16_t>(number.value() - entry.pid.value());
        FUZZ_CHECK(behind > last && behind <= 16 && (count > 0 || behind == 0) && entry.Contains(number));
        last = behind;
        ++count;
        lost.push_back(number);
      }
      FUZZ_CHECK(count == entry.count());
    }
    std::vector<std::uint8_t> whole;
    const auto at_once = NackView::Parse(WriteAndTake(NackWriter{nack->sender_ssrc(), nack->media_ssrc(), lost}, whole));
    FUZZ_CHECK(at_once && at_once->count() <= nack->count());
    std::vector<std::uint8_t> out(16 + size % 8 * 4);
    std::vector<SequenceNumber> again;
    for (NackWriter writer{nack->sender_ssrc(), nack->media_ssrc(), lost}; !writer.lost.empty();) {
      const std::size_t before = writer.lost.size();
      const std::size_t written = writer.WriteFront(out);
      FUZZ_CHECK(written >= 16 && written <= out.size() && writer.lost.size() < before);
      mediacore::ByteReader reader(mediacore::Bytes(out).first(written));
      const auto part = NackView::Parse(*BlockView::TakeFrom(reader));
      FUZZ_CHECK(part && reader.empty());
      for (const NackEntry entry : *part) {
        for (const SequenceNumber number : entry) again.push_back(number);
      }
    }
    // Packing may drop what was named twice and sort within 17.
    const auto value = [](SequenceNumber number) { return number.value(); };
    std::ranges::sort(lost, {}, value);
    std::ranges::sort(again, {}, value);
    lost.erase(std::ranges::unique(lost).begin(), lost.end());
    again.erase(std::ranges::unique(again).begin(), again.end());
    FUZZ_CHECK(std::ranges::equal(lost, again));
  });
  return 0;
}
