#ifndef MEDIACORE_RTMP_HANDSHAKE_H_
#define MEDIACORE_RTMP_HANDSHAKE_H_

#include <algorithm>
#include <string_view>

#include "mediacore/base/byte_writer.h"
#include "mediacore/base/expected.h"

namespace mediacore::rtmp {

// The handshake of RTMP 1.0, section 5.2: either side sends a hello (C0 and C1, S0 and
// S1), and answers the other's with an echo of it (C2, S2). Behind it come chunks.
//
//   hello: version(1) time(4) zero(4) random(1528)
//   echo:  time(4) time2(4) random(1528)
inline constexpr std::size_t kHandshakeRandomSize = 1528;

// Why bytes are no part of a handshake, in the order looked at.
enum class HandshakeError : std::uint8_t {
  kBadVersion,  // 32 and above: text of another protocol
  kTooShort,    // fewer than 1537 bytes, of an echo 1536
};

constexpr std::string_view ToString(HandshakeError error) {
  switch (error) {
    case HandshakeError::kBadVersion: return "rtmp handshake: bad version";
    case HandshakeError::kTooShort: return "rtmp handshake: too short";
  }
  return "rtmp handshake: unknown";
}

// C0 and C1, or S0 and S1.
class HandshakeHelloView {
 public:
  static constexpr std::size_t kSize = 1 + 8 + kHandshakeRandomSize;

  // Looks at the first kSize bytes.
  static constexpr Expected<HandshakeHelloView, HandshakeError> Parse(Bytes bytes) noexcept {
    if (!bytes.empty() && bytes[0] >= 32) return HandshakeError::kBadVersion;
    if (bytes.size() < kSize) return HandshakeError::kTooShort;
    return HandshakeHelloView(bytes.first(kSize));
  }

  // 3; a server that knows no other answers 3 to any.
  constexpr std::uint8_t version() const { return hello_[0]; }
  constexpr std::uint32_t time() const { return LoadU32(hello_.data() + 1); }
  // Of Flash Player and others a program version, which is not 0: they may have hidden a
  // digest in the random bytes, and are content with a plain echo.
  constexpr std::uint32_t zero() const { return LoadU32(hello_.data() + 5); }
  constexpr Bytes random() const { return hello_.subspan(9); }

 private:
  constexpr explicit HandshakeHelloView(Bytes hello) : hello_(hello) {}
  Bytes hello_;
};

// C2 or S2.
class HandshakeEchoView {
 public:
  static constexpr std::size_t kSize = 8 + kHandshakeRandomSize;

  // Looks at the first kSize bytes.
  static constexpr Expected<HandshakeEchoView, HandshakeError> Parse(Bytes bytes) noexcept {
    if (bytes.size() < kSize) return HandshakeError::kTooShort;
    return HandshakeEchoView(bytes.first(kSize));
  }

  constexpr std::uint32_t time() const { return LoadU32(echo_.data()); }
  constexpr std::uint32_t time2() const { return LoadU32(echo_.data() + 4); }  // when the hello was read
  constexpr Bytes random() const { return echo_.subspan(8); }

  // Whether it is the echo of that hello, by its random bytes; not every implementation
  // repeats the time.
  constexpr bool Answers(const HandshakeHelloView& hello) const noexcept {
    return std::equal(random().begin(), random().end(), hello.random().begin());
  }

 private:
  constexpr explicit HandshakeEchoView(Bytes echo) : echo_(echo) {}
  Bytes echo_;
};

// `random` is the caller's: kHandshakeRandomSize bytes.
struct HandshakeHelloWriter {
  std::uint32_t time = 0;
  Bytes random = {};

  // 0 when there are too many or too few random bytes.
  constexpr std::size_t WireSize() const noexcept {
    return random.size() == kHandshakeRandomSize ? HandshakeHelloView::kSize : 0;
  }
  [[nodiscard]] constexpr bool Write(MutableBytes out) const noexcept {
    if (WireSize() == 0 || out.size() < WireSize()) return false;
    ByteWriter writer(out);
    writer.WriteU8(3);
    writer.WriteU32(time);
    writer.WriteU32(0);
    writer.WriteBytes(random);
    return true;
  }
};

struct HandshakeEchoWriter {
  HandshakeHelloView hello;
  std::uint32_t time2 = 0;

  constexpr std::size_t WireSize() const noexcept { return HandshakeEchoView::kSize; }
  [[nodiscard]] constexpr bool Write(MutableBytes out) const noexcept {
    if (out.size() < WireSize()) return false;
    ByteWriter writer(out);
    writer.WriteU32(hello.time());
    writer.WriteU32(time2);
    writer.WriteBytes(hello.random());
    return true;
  }
};

}  // namespace mediacore::rtmp

#endif  // MEDIACORE_RTMP_HANDSHAKE_H_
