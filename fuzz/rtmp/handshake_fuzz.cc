#include "mediacore/rtmp/handshake.h"

#include <vector>

#include "../support/input.h"

// A hello is as long as it says; written again it is the same but for version and zero; its
// echo answers it, and no other that differs in its random bytes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::rtmp;
  // So that a mutation need not make 1537 bytes: what is there, over and over.
  std::vector<std::uint8_t> bytes(data, data + size);
  if (size >= 16 && data[1] != 0) {
    for (std::size_t i = size; i < HandshakeHelloView::kSize; ++i) bytes.push_back(bytes[i - size]);
  }
  const auto hello = HandshakeHelloView::Parse(bytes);
  if (!hello) {
    FUZZ_CHECK(ToString(hello.error()).starts_with("rtmp handshake: "));
    FUZZ_CHECK((hello.error() == HandshakeError::kTooShort) == (bytes.empty() || bytes[0] < 32));
    FUZZ_CHECK(HandshakeEchoView::Parse(bytes).has_value() == (bytes.size() >= HandshakeEchoView::kSize));
    return 0;
  }
  std::vector<std::uint8_t> again(HandshakeHelloView::kSize);
  const HandshakeHelloWriter writer{hello->time(), hello->random()};
  FUZZ_CHECK(writer.WireSize() == again.size() && writer.Write(again));
  FUZZ_CHECK(again[0] == 3 && std::equal(again.begin() + 9, again.end(), bytes.begin() + 9));
  FUZZ_CHECK(std::equal(again.begin() + 1, again.begin() + 5, bytes.begin() + 1));
  FUZZ_CHECK(hello->version() == bytes[0] && hello->zero() == LoadU32(bytes.data() + 5));

  std::vector<std::uint8_t> out(HandshakeEchoView::kSize);
  const HandshakeEchoWriter echo_writer{*hello, 7};
  FUZZ_CHECK(echo_writer.WireSize() == out.size() && echo_writer.Write(out));
  const auto echo = HandshakeEchoView::Parse(out);
  FUZZ_CHECK(echo && echo->Answers(*hello) && echo->time() == hello->time() && echo->time2() == 7);
  bytes[9 + bytes[9] * 5] ^= 1;
  FUZZ_CHECK(!echo->Answers(*HandshakeHelloView::Parse(bytes)));
  return 0;
}
