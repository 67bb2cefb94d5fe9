#ifndef MEDIACORE_CODEC_NAL_ASSEMBLER_H_
#define MEDIACORE_CODEC_NAL_ASSEMBLER_H_

#include "mediacore/base/byte_reader.h"
#include "mediacore/codec/frame_depacketizer.h"

namespace mediacore::codec {

// What the payloads of RFC 7798 (H.265) and RFC 9328 (H.266) have in common: one
// NAL unit, an aggregate of several, or a fragment of one, behind a header that is
// made like that of a NAL unit and says which:
//
//   aggregate: header | (u16 size, NAL unit)...
//   fragment:  header | S E ... type | piece of a NAL unit behind its header
//
// `Header` is H265NalHeader or H266NalHeader; `Error` has the causes named below.
// A payload is given as its header and what lies behind.
template <typename Header, typename Error>
class NalAssembler {
 public:
  // Looks at one payload alone.
  static constexpr Error Check(const Header& header, Bytes body) {
    if (header.forbidden_bit) return Error::kForbiddenBit;
    if (!header.IsValid()) return Error::kNoTemporalId;
    const int type = static_cast<int>(header.type);
    if (type < Header::kAggregation) return Error::kNone;
    if (type == Header::kFragmentation) {
      if (body.empty()) return Error::kTruncated;
      if ((body[0] & Header::kFragmentTypeMask) >= Header::kAggregation) return Error::kNested;
      return body[0] >> 6 == 3 ? Error::kStartAndEnd : Error::kNone;
    }
    if (type != Header::kAggregation) return Error::kReservedType;
    if (body.empty()) return Error::kTruncated;
    ByteReader reader(body);
    while (!reader.empty()) {
      std::uint16_t size = 0;
      Bytes nal;
      Header inner;
      if (!reader.ReadU16(size) || !reader.ReadBytes(size, nal) || !Header::Read(nal, inner)) {
        return Error::kBadAggregate;
      }
      if (inner.forbidden_bit) return Error::kForbiddenBit;
      if (!inner.IsValid()) return Error::kNoTemporalId;
      if (static_cast<int>(inner.type) >= Header::kAggregation) return Error::kNested;
    }
    return Error::kNone;
  }

  // The first NAL unit of a payload that passed Check(), as much of it as there
  // is; false for a fragment that is not the first.
  [[nodiscard]] static constexpr bool FirstUnit(const Header& header, Bytes body, Header& unit, Bytes& rest) {
    unit = header;
    rest = body;
    if (static_cast<int>(header.type) == Header::kAggregation) {
      const Bytes nal = body.subspan(2, LoadU16(body.data()));
      rest = nal.subspan(Header::kSize);
      return Header::Read(nal, unit);
    }
    if (static_cast<int>(header.type) == Header::kFragmentation) {
      unit = FragmentedUnit(header, body[0]);
      rest = body.subspan(1);
      return (body[0] & kStart) != 0;
    }
    return true;
  }

  constexpr void Begin() { in_fragments_ = false; }
  // A unit is open: fragments of it are still to come.
  constexpr bool in_fragments() const { return in_fragments_; }

  // Puts the units of a payload that passed Check() into `room`, each behind its
  // length in four bytes, and tells note(header, unit) of each that is whole. Units
  // that IsLeftOut() are not put there.
  template <typename Note>
  constexpr Error Append(const Header& header, Bytes body, FrameRoom& room, Note&& note) {
    const int type = static_cast<int>(header.type);
    if (type == Header::kFragmentation) return AppendFragment(header, body, room, note);
    if (in_fragments_) return Error::kUnfinished;
    if (type < Header::kAggregation) {
      AppendUnit(header, body, room, note);
      return Error::kNone;
    }
    // Sizes fit, and none is below that of a header.
    for (std::size_t at = 0; at < body.size() && !room.full();) {
      const Bytes nal = body.subspan(at + 2, LoadU16(body.data() + at));
      Header inner;
      if (Header::Read(nal, inner)) AppendUnit(inner, nal.subspan(Header::kSize), room, note);
      at += 2 + nal.size();
    }
    return Error::kNone;
  }

 private:
  static constexpr std::uint8_t kStart = 0x80;
  static constexpr std::uint8_t kEnd = 0x40;

  static constexpr Header FragmentedUnit(Header header, std::uint8_t fragment_header) {
    header.type = static_cast<decltype(header.type)>(fragment_header & Header::kFragmentTypeMask);
    return header;
  }

  // Room for a length and a header; the length is for FinishUnit().
  [[nodiscard]] static constexpr bool BeginUnit(const Header& header, FrameRoom& room) {
    const std::size_t at = room.size();
    if (!room.Grow(4 + Header::kSize)) return false;
    const auto bytes = header.bytes();
    std::copy(bytes.begin(), bytes.end(), room.bytes().subspan(at + 4).begin());
    return true;
  }
  template <typename Note>
  static constexpr void FinishUnit(const Header& header, std::size_t at, FrameRoom& room, Note& note) {
    const MutableBytes unit = room.bytes().subspan(at);
    StoreU32(unit.data(), static_cast<std::uint32_t>(unit.size() - 4));
    note(header, Bytes(unit).subspan(4));
  }

  template <typename Note>
  constexpr void AppendUnit(const Header& header, Bytes body, FrameRoom& room, Note& note) {
    if (header.IsLeftOut()) return;
    const std::size_t at = room.size();
    if (BeginUnit(header, room) && room.Append(body)) FinishUnit(header, at, room, note);
  }

  template <typename Note>
  constexpr Error AppendFragment(const Header& header, Bytes body, FrameRoom& room, Note& note) {
    const Header unit = FragmentedUnit(header, body[0]);
    if ((body[0] & kStart) != 0) {
      if (in_fragments_) return Error::kUnfinished;
      unit_at_ = room.size();
      if (!BeginUnit(unit, room)) return Error::kNone;
      in_fragments_ = true;
      unit_ = unit;
    } else {
      if (!in_fragments_) return Error::kNoStart;
      if (unit != unit_) return Error::kBadContinuation;
    }
    if (!room.Append(body.subspan(1)) || (body[0] & kEnd) == 0) return Error::kNone;
    in_fragments_ = false;
    if (unit.IsLeftOut()) {
      room.Truncate(unit_at_);
    } else {
      FinishUnit(unit, unit_at_, room, note);
    }
    return Error::kNone;
  }

  Header unit_;              // the one in fragments,
  std::size_t unit_at_ = 0;  // and where its length is
  bool in_fragments_ = false;
};

}  // namespace mediacore::codec

#endif  // MEDIACORE_CODEC_NAL_ASSEMBLER_H_
