#ifndef MEDIACORE_MUX_IVF_H_
#define MEDIACORE_MUX_IVF_H_

#include <array>
#include <string_view>

#include "mediacore/base/codec.h"
#include "mediacore/base/expected.h"
#include "mediacore/mux/gatherer.h"

namespace mediacore::mux {

inline constexpr std::size_t kIvfHeaderSize = 32;
inline constexpr std::size_t kIvfFrameHeaderSize = 12;

// Why bytes are no IVF file, in the order looked at.
enum class IvfError : std::uint8_t {
  kNone,             // IvfReader: nothing is wrong so far
  kTooShort,         // fewer than the 32 bytes of the header
  kBadSignature,     // does not begin with DKIF
  kBadVersion,       // a version other than 0
  kBadHeaderLength,  // a header of fewer than 32 bytes
  kBadTimeBase,      // a numerator or denominator of 0
  kFrameTooLarge,    // a frame that does not fit in the storage
  kTruncated,        // the file ends inside a frame or its header
};

constexpr std::string_view ToString(IvfError error) {
  switch (error) {
    case IvfError::kNone: return "ivf: no error";
    case IvfError::kTooShort: return "ivf: too short";
    case IvfError::kBadSignature: return "ivf: bad signature";
    case IvfError::kBadVersion: return "ivf: bad version";
    case IvfError::kBadHeaderLength: return "ivf: bad header length";
    case IvfError::kBadTimeBase: return "ivf: bad time base";
    case IvfError::kFrameTooLarge: return "ivf: frame too large";
    case IvfError::kTruncated: return "ivf: truncated";
  }
  return "ivf: unknown";
}

// The header of an IVF file, the plain container of libvpx and libaom for one
// video track. All numbers are little-endian.
//
//   file:  "DKIF" version(2, 0) header length(2, 32) FourCC(4) width(2) height(2)
//          time base denominator(4) numerator(4) number of frames(4) unused(4)
//   frame: size(4) time(8) and so many bytes
struct IvfHeader {
  std::array<char, 4> fourcc = {'V', 'P', '8', '0'};
  std::uint16_t width = 0;
  std::uint16_t height = 0;
  // A tick of the frames' times is numerator / denominator seconds.
  std::uint32_t time_base_denominator = 90'000;
  std::uint32_t time_base_numerator = 1;
  std::uint32_t frame_count = 0;  // as the writer said; 0 in files written live

  constexpr bool operator==(const IvfHeader&) const = default;

  // Looks at the 32 bytes; a header may say that it has more.
  static constexpr Expected<IvfHeader, IvfError> Parse(Bytes bytes) noexcept {
    if (bytes.size() < kIvfHeaderSize) return IvfError::kTooShort;
    if (bytes[0] != 'D' || bytes[1] != 'K' || bytes[2] != 'I' || bytes[3] != 'F') return IvfError::kBadSignature;
    if (LoadLittleU16(bytes.data() + 4) != 0) return IvfError::kBadVersion;
    if (LengthIn(bytes) < kIvfHeaderSize) return IvfError::kBadHeaderLength;
    IvfHeader header;
    for (std::size_t i = 0; i < 4; ++i) header.fourcc[i] = static_cast<char>(bytes[8 + i]);
    header.width = LoadLittleU16(bytes.data() + 12);
    header.height = LoadLittleU16(bytes.data() + 14);
    header.time_base_denominator = LoadLittleU32(bytes.data() + 16);
    header.time_base_numerator = LoadLittleU32(bytes.data() + 20);
    header.frame_count = LoadLittleU32(bytes.data() + 24);
    if (header.time_base_denominator == 0 || header.time_base_numerator == 0) return IvfError::kBadTimeBase;
    return header;
  }
  // Of bytes that Parse() took: where the first frame begins.
  static constexpr std::size_t LengthIn(Bytes bytes) noexcept { return LoadLittleU16(bytes.data() + 6); }

  constexpr void Write(std::span<std::uint8_t, kIvfHeaderSize> out) const noexcept {
    for (std::size_t i = 0; i < 4; ++i) {
      out[i] = static_cast<std::uint8_t>("DKIF"[i]);
      out[8 + i] = static_cast<std::uint8_t>(fourcc[i]);
    }
    StoreLittleU16(out.data() + 4, 0);
    StoreLittleU16(out.data() + 6, kIvfHeaderSize);
    StoreLittleU16(out.data() + 12, width);
    StoreLittleU16(out.data() + 14, height);
    StoreLittleU32(out.data() + 16, time_base_denominator);
    StoreLittleU32(out.data() + 20, time_base_numerator);
    StoreLittleU32(out.data() + 24, frame_count);
    StoreLittleU32(out.data() + 28, 0);
  }

  // kUnknown for other FourCCs than VP80, VP90, AV01, H264 and HEVC.
  constexpr Codec codec() const {
    const std::string_view name(fourcc.data(), fourcc.size());
    for (const Codec codec : {Codec::kVp8, Codec::kVp9, Codec::kAv1, Codec::kH264, Codec::kH265}) {
      if (name == FourCcOf(codec)) return codec;
    }
    return Codec::kUnknown;
  }
  // False, and nothing changed, for a codec that IVF has no FourCC for.
  [[nodiscard]] constexpr bool SetCodec(Codec codec) noexcept {
    const std::string_view name = FourCcOf(codec);
    if (name.empty()) return false;
    for (std::size_t i = 0; i < 4; ++i) fourcc[i] = name[i];
    return true;
  }

 private:
  static constexpr std::string_view FourCcOf(Codec codec) {
    switch (codec) {
      case Codec::kVp8: return "VP80";
      case Codec::kVp9: return "VP90";
      case Codec::kAv1: return "AV01";
      case Codec::kH264: return "H264";
      case Codec::kH265: return "HEVC";
      default: return {};
    }
  }
};

// One frame: what the encoder gave; of AV1 a temporal unit in the low-overhead format.
struct IvfFrame {
  std::int64_t pts = 0;  // ticks of the header's time base
  Bytes data;

  constexpr std::size_t WireSize() const noexcept { return kIvfFrameHeaderSize + data.size(); }
  // What goes in front of `data`. False, and `out` untouched, when the frame
  // has 2^32 bytes or more.
  [[nodiscard]] constexpr bool WriteHeader(std::span<std::uint8_t, kIvfFrameHeaderSize> out) const noexcept {
    if (data.size() > 0xffffffff) return false;
    StoreLittleU32(out.data(), static_cast<std::uint32_t>(data.size()));
    StoreLittleU64(out.data() + 4, static_cast<std::uint64_t>(pts));
    return true;
  }
  // What it wrote: WireSize(), or 0 when it does not fit.
  constexpr std::size_t Write(MutableBytes out) const noexcept {
    if (out.size() < WireSize() || !WriteHeader(out.first<kIvfFrameHeaderSize>())) return 0;
    std::copy_n(data.data(), data.size(), out.data() + kIvfFrameHeaderSize);
    return WireSize();
  }
};

// Reads an IVF file as it comes.
//
//   std::vector<std::uint8_t> storage(4'000'000);
//   IvfReader reader(storage);
//   while (ReadSome(bytes)) reader.Read(bytes, [&](const IvfFrame& frame) { ... });
//   if (reader.Finish() != IvfError::kNone) ...  // reader.offset() says where
//
// It takes all that it is given; cut anywhere, a file gives the same frames and the
// same error. A frame that lies whole in the bytes given is seen there, another one in
// the storage, which bounds a frame and is all the memory there is; frame.data is good
// during the call. The first error is the last; frames before it were given.
class IvfReader {
 public:
  constexpr explicit IvfReader(MutableBytes storage) noexcept : storage_(storage) {}

  template <typename Sink>
  constexpr void Read(Bytes bytes, Sink&& sink) noexcept {
    while (error_ == IvfError::kNone && Step(bytes, sink)) {
    }
  }
  // At the end of the file: error(), now also kTooShort or kTruncated.
  constexpr IvfError Finish() noexcept {
    if (error_ != IvfError::kNone) return error_;
    if (state_ == State::kFileHeader) {
      error_ = IvfError::kTooShort;
    } else if (state_ != State::kFrameHeader || gatherer_.held() > 0) {
      error_ = IvfError::kTruncated;
    }
    return error_;
  }

  constexpr bool has_header() const { return state_ != State::kFileHeader; }
  // Once has_header().
  constexpr const IvfHeader& header() const { return header_; }
  constexpr IvfError error() const { return error_; }
  // Where in the file the header or frame begins that comes next, or is refused.
  constexpr std::uint64_t offset() const { return offset_; }

 private:
  enum class State : std::uint8_t { kFileHeader, kMoreHeader, kFrameHeader, kFrame };

  // False: `bytes` are used up.
  template <typename Sink>
  constexpr bool Step(Bytes& bytes, Sink& sink) noexcept {
    Bytes taken;
    switch (state_) {
      case State::kFileHeader: {
        if (!gatherer_.Take(bytes, kIvfHeaderSize, head_, taken)) return false;
        const auto header = IvfHeader::Parse(taken);
        if (!header) return Fail(header.error());
        header_ = *header;
        left_ = IvfHeader::LengthIn(taken) - kIvfHeaderSize;
        offset_ += kIvfHeaderSize + left_;
        state_ = left_ > 0 ? State::kMoreHeader : State::kFrameHeader;
        return true;
      }
      case State::kMoreHeader: {
        const std::size_t skipped = std::min(bytes.size(), left_);
        bytes = bytes.subspan(skipped);
        left_ -= skipped;
        if (left_ > 0) return false;
        state_ = State::kFrameHeader;
        return true;
      }
      case State::kFrameHeader:
        if (bytes.empty() || !gatherer_.Take(bytes, kIvfFrameHeaderSize, head_, taken)) return false;
        left_ = LoadLittleU32(taken.data());
        pts_ = static_cast<std::int64_t>(LoadLittleU64(taken.data() + 4));
        if (left_ > storage_.size()) return Fail(IvfError::kFrameTooLarge);
        state_ = State::kFrame;
        return true;
      case State::kFrame:
        if (!gatherer_.Take(bytes, left_, storage_, taken)) return false;
        offset_ += kIvfFrameHeaderSize + left_;
        state_ = State::kFrameHeader;
        sink(IvfFrame{pts_, taken});
        return true;
    }
    return false;
  }
  constexpr bool Fail(IvfError error) noexcept {
    error_ = error;
    return false;
  }

  MutableBytes storage_;
  std::array<std::uint8_t, kIvfHeaderSize> head_{};
  Gatherer gatherer_;
  State state_ = State::kFileHeader;
  IvfError error_ = IvfError::kNone;
  IvfHeader header_;
  std::size_t left_ = 0;  // of the header, or of the frame
  std::int64_t pts_ = 0;
  std::uint64_t offset_ = 0;
};

}  // namespace mediacore::mux

#endif  // MEDIACORE_MUX_IVF_H_
