#include "mediacore/rtcp/app.h"

#include "checks.h"

// What is taken is written as the bytes it was read from.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore::rtcp;
  ForEachBlock(data, size, [](const BlockView& block) {
    const auto app = AppView::Parse(block);
    if (!app) {
      FUZZ_CHECK(HasText(app.error()));
      return;
    }
    FUZZ_CHECK(app->subtype() == block.count() && Inside(app->data(), block.body()));
    FUZZ_CHECK(app->data().size() + 8 == block.body().size());
    std::vector<std::uint8_t> out;
    const mediacore::Bytes data_words = app->data().first(app->data().size() / 4 * 4);
    const BlockView written = WriteAndTake(AppWriter{app->subtype(), app->ssrc(), app->name(), data_words}, out);
    FUZZ_CHECK(std::ranges::equal(written.body(), block.body().first(written.body().size())));
  });
  return 0;
}
