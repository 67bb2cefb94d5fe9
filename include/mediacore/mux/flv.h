#ifndef MEDIACORE_MUX_FLV_H_
#define MEDIACORE_MUX_FLV_H_

#include <array>
#include <string_view>
#include <utility>

#include "mediacore/base/byte_reader.h"
#include "mediacore/base/byte_writer.h"
#include "mediacore/base/expected.h"
#include "mediacore/mux/gatherer.h"

namespace mediacore::mux {

// Why bytes are no FLV file, or no tag of one, in the order looked at.
enum class FlvError : std::uint8_t {
  kNone,           // FlvReader: nothing is wrong so far
  kNotFlv,         // begins with another signature
  kBadVersion,     // of the file format; there is 1
  kBadHeaderSize,  // of the file header: not 9
  kReservedBits,   // of a tag's type are set: this is no tag
  kTagTooLarge,    // its body does not fit in the storage
  kTruncated,      // ends inside a header or tag
};

constexpr std::string_view ToString(FlvError error) {
  switch (error) {
    case FlvError::kNone: return "flv: no error";
    case FlvError::kNotFlv: return "flv: not FLV";
    case FlvError::kBadVersion: return "flv: bad version";
    case FlvError::kBadHeaderSize: return "flv: bad header size";
    case FlvError::kReservedBits: return "flv: reserved bits set";
    case FlvError::kTagTooLarge: return "flv: tag too large";
    case FlvError::kTruncated: return "flv: truncated";
  }
  return "flv: unknown";
}

// The numbers are those of RTMP messages with the same bodies. Others of 5 bits may come.
enum class FlvTagType : std::uint8_t { kAudio = 8, kVideo = 9, kScript = 18 };

constexpr std::string_view ToString(FlvTagType type) {
  switch (type) {
    case FlvTagType::kAudio: return "audio";
    case FlvTagType::kVideo: return "video";
    case FlvTagType::kScript: return "script";
  }
  return "unknown";
}

inline constexpr std::size_t kFlvMaxBody = 0xffffff;

// The beginning of a file (Adobe Flash Video File Format Specification 10.1, E.2).
struct FlvFileHeader {
  static constexpr std::size_t kSize = 9;
  static constexpr std::size_t kWireSize = kSize + 4;  // with the size of no tag before the first

  bool has_audio = false;  // as the file says; not all do
  bool has_video = false;

  // Looks at the 9 bytes.
  static constexpr Expected<FlvFileHeader, FlvError> Parse(Bytes bytes) noexcept {
    if (bytes.size() < kSize) return FlvError::kTruncated;
    if (bytes[0] != 'F' || bytes[1] != 'L' || bytes[2] != 'V') return FlvError::kNotFlv;
    if (bytes[3] != 1) return FlvError::kBadVersion;
    if (LoadU32(bytes.data() + 5) != kSize) return FlvError::kBadHeaderSize;
    return FlvFileHeader{(bytes[4] & 4) != 0, (bytes[4] & 1) != 0};
  }
  constexpr std::array<std::uint8_t, kWireSize> Write() const noexcept {
    const auto flags = static_cast<std::uint8_t>((has_audio ? 4 : 0) | (has_video ? 1 : 0));
    return {'F', 'L', 'V', 1, flags, 0, 0, 0, kSize, 0, 0, 0, 0};
  }
};

// One tag, seen in place (E.4.1). RTMP's aggregate messages are tags, too.
//
//   +---+-+-----+--------+---------------+---------+----------+------+----------+
//   |0 0|F|type | size 24| time, low 24  | high 8  | stream 24| body | size + 11|
//   +---+-+-----+--------+---------------+---------+----------+------+----------+
//
// The last field is 32 bits and there for reading backwards.
struct FlvTag {
  static constexpr std::size_t kHeaderSize = 11;
  static constexpr std::size_t kTrailerSize = 4;

  FlvTagType type = FlvTagType::kScript;
  bool filtered = false;        // F: the body is encrypted, behind a header of its own
  std::uint32_t timestamp = 0;  // milliseconds, of decoding; goes round
  std::uint32_t stream_id = 0;  // 24 bits; 0 in files
  Bytes body = {};              // FlvAudioView, FlvVideoView, or AMF0

  // Header, body and the size behind them, off the front of `reader`; on error
  // kReservedBits or kTruncated, and `reader` unchanged. What the size says is not looked at.
  static constexpr Expected<FlvTag, FlvError> TakeFrom(ByteReader& reader) noexcept;

  // 0 when it cannot be written: a body or stream id of more than 24 bits, a type of more than 5.
  constexpr std::size_t WireSize() const noexcept { return writable() ? kHeaderSize + body.size() + kTrailerSize : 0; }
  // False, and nothing written, when it cannot be or `out` is shorter.
  [[nodiscard]] constexpr bool Write(MutableBytes out) const noexcept {
    if (!writable() || out.size() < WireSize()) return false;
    ByteWriter writer(out);
    WriteHeader(writer);
    writer.WriteBytes(body);
    writer.WriteU32(static_cast<std::uint32_t>(kHeaderSize + body.size()));
    return true;
  }
  // What goes in front of and behind a body that stays where it is.
  [[nodiscard]] constexpr bool WriteHeader(std::span<std::uint8_t, kHeaderSize> out) const noexcept {
    if (!writable()) return false;
    ByteWriter writer(out);
    WriteHeader(writer);
    return true;
  }
  [[nodiscard]] constexpr bool WriteTrailer(std::span<std::uint8_t, kTrailerSize> out) const noexcept {
    if (!writable()) return false;
    StoreU32(out.data(), static_cast<std::uint32_t>(kHeaderSize + body.size()));
    return true;
  }

 private:
  constexpr bool writable() const {
    return body.size() <= kFlvMaxBody && stream_id <= 0xffffff && static_cast<unsigned>(type) <= 0x1f;
  }
  constexpr void WriteHeader(ByteWriter& out) const noexcept {
    out.WriteU8(static_cast<std::uint8_t>((filtered ? 0x20u : 0u) | static_cast<unsigned>(type)));
    out.WriteU24(static_cast<std::uint32_t>(body.size()));
    out.WriteU24(timestamp & 0xffffff);
    out.WriteU8(static_cast<std::uint8_t>(timestamp >> 24));
    out.WriteU24(stream_id);
  }
};

namespace internal {

// The 11 bytes in front of a body, all but its size; false when they are none.
[[nodiscard]] constexpr bool ReadFlvTagHeader(const std::uint8_t* header, FlvTag& out) noexcept {
  if (header[0] >> 6 != 0) return false;
  out.type = static_cast<FlvTagType>(header[0] & 0x1f);
  out.filtered = (header[0] & 0x20) != 0;
  out.timestamp = LoadU24(header + 4) | std::uint32_t{header[7]} << 24;
  out.stream_id = LoadU24(header + 8);
  return true;
}

}  // namespace internal

constexpr Expected<FlvTag, FlvError> FlvTag::TakeFrom(ByteReader& reader) noexcept {
  ByteReader ahead = reader;
  FlvTag tag;
  Bytes header;
  if (!ahead.ReadBytes(kHeaderSize, header)) return FlvError::kTruncated;
  if (!internal::ReadFlvTagHeader(header.data(), tag)) return FlvError::kReservedBits;
  if (!ahead.ReadBytes(LoadU24(header.data() + 1), tag.body) || !ahead.Skip(kTrailerSize)) return FlvError::kTruncated;
  reader = ahead;
  return tag;
}

// Reads an FLV file, or a stream of the same form, as it comes.
//
//   std::vector<std::uint8_t> storage(4'000'000);
//   FlvReader reader(storage);
//   while (ReadSome(bytes)) reader.Read(bytes, [&](const FlvTag& tag) { ... });
//   if (reader.Finish() != FlvError::kNone) ...  // reader.offset() says where
//
// It takes all that it is given; cut anywhere, a file gives the same tags and the same
// error. A tag is given when its body is whole, without waiting for the size behind it. A
// body that lies whole in the bytes given is seen there, another one in the storage, which
// bounds a body and is all the memory there is; tag.body is good during the call. The size
// behind a tag is compared and decides nothing: not every writer gets it right. The first
// error is the last; tags before it were given. Of bodies seen in place no byte is looked at.
class FlvReader {
 public:
  constexpr explicit FlvReader(MutableBytes storage) noexcept : storage_(storage) {}

  template <typename Sink>
  constexpr void Read(Bytes bytes, Sink&& sink) noexcept {
    while (error_ == FlvError::kNone && Step(bytes, sink)) {
    }
  }
  // At the end of the file: error(), now also kTruncated.
  constexpr FlvError Finish() noexcept {
    const bool between = state_ == State::kTagHeader && gatherer_.held() == 0;
    if (error_ == FlvError::kNone && !between) error_ = FlvError::kTruncated;
    return error_;
  }

  constexpr bool has_header() const { return state_ != State::kFileHeader; }
  // Once has_header().
  constexpr const FlvFileHeader& header() const { return header_; }
  constexpr FlvError error() const { return error_; }
  // Where in the file the header, tag or size begins that comes next, or is refused.
  constexpr std::uint64_t offset() const { return offset_; }
  // Tags with another size behind them than theirs.
  constexpr std::uint64_t wrong_sizes() const { return wrong_sizes_; }

 private:
  enum class State : std::uint8_t { kFileHeader, kTrailer, kTagHeader, kBody };

  // False: `bytes` are used up.
  template <typename Sink>
  constexpr bool Step(Bytes& bytes, Sink& sink) noexcept {
    Bytes taken;
    switch (state_) {
      case State::kFileHeader: {
        if (!gatherer_.Take(bytes, FlvFileHeader::kSize, head_, taken)) return false;
        const auto header = FlvFileHeader::Parse(taken);
        if (!header) return Fail(header.error());
        header_ = *header;
        offset_ += FlvFileHeader::kSize;
        state_ = State::kTrailer;
        return true;
      }
      case State::kTrailer:
        if (!gatherer_.Take(bytes, FlvTag::kTrailerSize, head_, taken)) return false;
        if (LoadU32(taken.data()) != tag_size_) ++wrong_sizes_;
        offset_ += FlvTag::kTrailerSize;
        state_ = State::kTagHeader;
        return true;
      case State::kTagHeader:
        if (!gatherer_.Take(bytes, FlvTag::kHeaderSize, head_, taken)) return false;
        if (!internal::ReadFlvTagHeader(taken.data(), tag_)) return Fail(FlvError::kReservedBits);
        body_size_ = LoadU24(taken.data() + 1);
        if (body_size_ > storage_.size()) return Fail(FlvError::kTagTooLarge);
        tag_size_ = FlvTag::kHeaderSize + body_size_;
        state_ = State::kBody;
        return true;
      case State::kBody:
        if (!gatherer_.Take(bytes, body_size_, storage_, tag_.body)) return false;
        offset_ += tag_size_;
        state_ = State::kTrailer;
        sink(std::as_const(tag_));
        return true;
    }
    return false;
  }
  constexpr bool Fail(FlvError error) noexcept {
    error_ = error;
    return false;
  }

  MutableBytes storage_;
  std::array<std::uint8_t, FlvTag::kHeaderSize> head_{};
  Gatherer gatherer_;
  State state_ = State::kFileHeader;
  FlvError error_ = FlvError::kNone;
  FlvFileHeader header_;
  FlvTag tag_;
  std::size_t body_size_ = 0;
  std::size_t tag_size_ = 0;
  std::uint64_t offset_ = 0;
  std::uint64_t wrong_sizes_ = 0;
};

}  // namespace mediacore::mux

#endif  // MEDIACORE_MUX_FLV_H_
