#include "mediacore/rtcp/rpsi.h"

#include "feedback_checks.h"

// The string lies inside the FCI, with its padding makes it up, and is written to
// read the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore::rtcp;
  ForEachBlock(data, size, [](const BlockView& block) {
    const auto rpsi = RpsiView::Parse(block);
    if (!IsTaken(rpsi, block, kPayloadFeedback, kFormatRpsi)) return;
    FUZZ_CHECK(Inside(rpsi->bit_string(), block.body()));
    FUZZ_CHECK(rpsi->bit_count() <= 8 * rpsi->bit_string().size());
    FUZZ_CHECK(rpsi->bit_count() + block.body()[8] + 80 == 8 * block.body().size());
    std::vector<std::uint8_t> out;
    const auto again = RpsiView::Parse(WriteAndTake(
        RpsiWriter{rpsi->sender_ssrc(), rpsi->media_ssrc(), rpsi->payload_type(), rpsi->bit_string(), rpsi->bit_count()},
        out));
    FUZZ_CHECK(again && again->payload_type() == rpsi->payload_type() && again->bit_count() == rpsi->bit_count());
    FUZZ_CHECK(again->sender_ssrc() == rpsi->sender_ssrc() && again->media_ssrc() == rpsi->media_ssrc());
    const std::size_t whole = rpsi->bit_count() / 8;
    FUZZ_CHECK(std::ranges::equal(again->bit_string().first(whole), rpsi->bit_string().first(whole)));
    if (rpsi->bit_count() % 8 != 0) {
      FUZZ_CHECK((again->bit_string()[whole] ^ rpsi->bit_string()[whole]) >> (8 - rpsi->bit_count() % 8) == 0);
    }
  });
  return 0;
}
