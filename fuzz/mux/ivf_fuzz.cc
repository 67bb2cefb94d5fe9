#include "mediacore/mux/ivf.h"

#include <vector>

#include "../support/input.h"

// Any bytes, cut anywhere: the same frames, the same error at the same place. What
// was read and written again is the file it came from.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::mux;
  const Bytes file(data, size);
  std::vector<std::uint8_t> storage(600);
  std::vector<std::uint8_t> first;
  IvfError error = IvfError::kNone;
  std::uint64_t offset = 0;
  for (const std::size_t piece : {size + 1, std::size_t{1}, std::size_t{13}}) {
    std::vector<std::uint8_t> written;
    IvfReader reader(storage);
    for (std::size_t at = 0; at < size; at += piece) {
      reader.Read(file.subspan(at, std::min(piece, size - at)), [&](const IvfFrame& frame) {
        FUZZ_CHECK(frame.data.size() <= storage.size());
        if (written.empty()) {
          written.resize(kIvfHeaderSize);
          reader.header().Write(MutableBytes(written).first<kIvfHeaderSize>());
        }
        const std::size_t end = written.size();
        written.resize(end + frame.WireSize());
        FUZZ_CHECK(frame.Write(MutableBytes(written).subspan(end)) == frame.WireSize());
      });
    }
    reader.Finish();
    FUZZ_CHECK(reader.has_header() == (reader.offset() >= kIvfHeaderSize));
    if (piece == size + 1) {
      first = written;
      error = reader.error();
      offset = reader.offset();
    }
    FUZZ_CHECK(written == first && reader.error() == error && reader.offset() == offset);
  }
  if (first.empty()) return 0;
  // Bytes 28 to 31 are unused, and a longer header is passed over.
  FUZZ_CHECK(std::equal(first.begin() + 8, first.begin() + 28, data + 8));
  const std::size_t header = IvfHeader::LengthIn(file);
  FUZZ_CHECK(header + first.size() - kIvfHeaderSize == offset);
  FUZZ_CHECK(std::equal(first.begin() + kIvfHeaderSize, first.end(), data + header));
  FUZZ_CHECK(error != IvfError::kNone || offset == size);
  return 0;
}
