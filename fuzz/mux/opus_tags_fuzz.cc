#include "mediacore/mux/opus_tags.h"

#include <vector>

#include "../support/input.h"

// Any bytes: comments lie one after another in the packet, and what was read and
// written again is the front of it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::mux;
  const auto text = [](Bytes bytes) {
    return std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  };
  const auto tags = OpusTagsView::Parse(Bytes(data, size));
  if (!tags) {
    FUZZ_CHECK(!ToString(tags.error()).empty());
    return 0;
  }
  std::vector<std::string_view> comments;
  auto reader = tags->comments();
  for (Bytes comment; reader.Next(comment);) comments.push_back(text(comment));
  FUZZ_CHECK(comments.size() == tags->comment_count());
  const OpusTags again{text(tags->vendor()), comments};
  std::vector<std::uint8_t> out(again.WireSize());
  FUZZ_CHECK(out.size() <= size && again.Write(out) == out.size());
  FUZZ_CHECK(std::equal(out.begin(), out.end(), data));
  return 0;
}
