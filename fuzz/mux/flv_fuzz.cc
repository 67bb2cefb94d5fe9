#include "mediacore/mux/flv.h"

#include <vector>

#include "../support/input.h"

// Any bytes, cut anywhere: the same tags, the same error at the same place. What was
// read and written again is the file it came from, but for sizes behind tags that are
// wrong there.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::mux;
  const Bytes file(data, size);
  std::vector<std::uint8_t> storage(60);
  std::vector<std::uint8_t> first;
  FlvError error = FlvError::kNone;
  std::uint64_t offset = 0;
  for (const std::size_t piece : {size + 1, std::size_t{1}, std::size_t{13}}) {
    std::vector<std::uint8_t> written;
    FlvReader reader(storage);
    std::uint64_t tags = 0;
    for (std::size_t at = 0; at < size; at += piece) {
      reader.Read(file.subspan(at, std::min(piece, size - at)), [&](const FlvTag& tag) {
        FUZZ_CHECK(tag.body.size() <= storage.size() && !ToString(tag.type).empty());
        if (tags++ == 0) {
          const auto header = reader.header().Write();
          written.assign(header.begin(), header.end());
        }
        const std::size_t end = written.size();
        written.resize(end + tag.WireSize());
        FUZZ_CHECK(tag.Write(MutableBytes(written).subspan(end)));
        const auto ends = MutableBytes(written).subspan(end);
        FUZZ_CHECK(tag.WriteHeader(ends.first<FlvTag::kHeaderSize>()));
        FUZZ_CHECK(tag.WriteTrailer(ends.last<FlvTag::kTrailerSize>()));
        ByteReader again(Bytes(written).subspan(end));
        const auto back = FlvTag::TakeFrom(again);
        FUZZ_CHECK(back && back->type == tag.type && back->timestamp == tag.timestamp);
        FUZZ_CHECK(std::ranges::equal(back->body, tag.body) && again.empty());
      });
    }
    const FlvError end = reader.Finish();
    FUZZ_CHECK(!ToString(end).empty() && reader.error() == end);
    FUZZ_CHECK(reader.has_header() == (size >= 9 && end != FlvError::kNotFlv && end != FlvError::kBadVersion &&
                                       end != FlvError::kBadHeaderSize));
    FUZZ_CHECK(reader.offset() <= size && tags * FlvTag::kHeaderSize <= size);
    if (piece > size) {
      first = written;
      error = end;
      offset = reader.offset();
      // The flags of the file header and the last size may be others, or not there.
      for (std::size_t i = 5; reader.wrong_sizes() == 0 && i + FlvTag::kTrailerSize < written.size(); ++i) {
        FUZZ_CHECK(written[i] == file[i]);
      }
    } else {
      FUZZ_CHECK(first == written && end == error && reader.offset() == offset);
    }
  }
  ByteReader tags(file);
  while (const auto tag = FlvTag::TakeFrom(tags)) {
    FUZZ_CHECK(tag->body.data() + tag->body.size() + FlvTag::kTrailerSize == tags.rest().data());
  }
  FUZZ_CHECK(tags.rest().data() + tags.remaining() == data + size);
  return 0;
}
