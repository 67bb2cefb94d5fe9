#ifndef MEDIACORE_SDP_SESSION_VIEW_H_
#define MEDIACORE_SDP_SESSION_VIEW_H_

#include "mediacore/sdp/attributes.h"

namespace mediacore::sdp {

// Why text is not a session description. Of one line, in the order the parser
// looks.
enum class SdpError : std::uint8_t {
  kTooLarge,           // more bytes than the limit
  kTooManyLines,       // more lines than the limit
  kBadCharacter,       // NUL, or CR inside a line
  kNotALine,           // not a letter and '='
  kUnknownLine,        // a letter that RFC 8866 does not have
  kMissingLine,        // v=, o=, s= or t= is not where it must be
  kOutOfOrder,         // a line after one that must follow it, or once too often
  kBadVersion,         // not v=0
  kBadOrigin,          // o=
  kBadConnection,      // c=
  kBadBandwidth,       // b=
  kBadTiming,          // t= or r=
  kBadMedia,           // m=: its form, a port above 65535, a payload type above 127
  kBadAttribute,       // a=: no name, or a value that is not of its form
  kTooManyMedia,       // more m= lines than the limit
  kMissingConnection,  // no c= for this media description
};
inline constexpr int kSdpErrorCount = 16;

constexpr std::string_view ToString(SdpError error) {
  switch (error) {
    case SdpError::kTooLarge: return "sdp: too large";
    case SdpError::kTooManyLines: return "sdp: too many lines";
    case SdpError::kBadCharacter: return "sdp: NUL or stray CR";
    case SdpError::kNotALine: return "sdp: not a line of the form x=value";
    case SdpError::kUnknownLine: return "sdp: unknown type of line";
    case SdpError::kMissingLine: return "sdp: missing v=, o=, s= or t= line";
    case SdpError::kOutOfOrder: return "sdp: line out of order";
    case SdpError::kBadVersion: return "sdp: bad version";
    case SdpError::kBadOrigin: return "sdp: bad o= line";
    case SdpError::kBadConnection: return "sdp: bad c= line";
    case SdpError::kBadBandwidth: return "sdp: bad b= line";
    case SdpError::kBadTiming: return "sdp: bad t= or r= line";
    case SdpError::kBadMedia: return "sdp: bad m= line";
    case SdpError::kBadAttribute: return "sdp: bad a= line";
    case SdpError::kTooManyMedia: return "sdp: too many m= lines";
    case SdpError::kMissingConnection: return "sdp: no c= line for a media description";
  }
  return "sdp: unknown";
}

using SdpRefusal = DocumentError<SdpError>;

struct SessionLimits {
  std::size_t max_bytes = std::size_t{1} << 18;
  std::size_t max_lines = 8192;
  std::size_t max_media = 256;
};

// "x=value" of a text that was checked.
struct Line {
  char type = 0;
  std::string_view value;
};

namespace internal {
struct ToLine {
  using Value = Line;
  static constexpr Line From(std::string_view line) { return {line[0], line.substr(2)}; }
};
struct ToAttribute {
  using Value = Attribute;
  static constexpr Attribute From(std::string_view line) {
    line.remove_prefix(2);
    const std::string_view name = TakeUntil(line, ':');
    return {name, line};
  }
};
}  // namespace internal

// Lines in a row, one after another in a text that was checked.
template <typename To>
class LineRange {
 public:
  class Iterator {
   public:
    constexpr explicit Iterator(std::string_view text) : reader_(text) { ++*this; }
    constexpr typename To::Value operator*() const { return To::From(line_); }
    constexpr Iterator& operator++() {
      more_ = reader_.ReadLine(line_);
      return *this;
    }
    constexpr void operator++(int) { ++*this; }
    constexpr bool operator==(std::default_sentinel_t) const { return !more_; }

   private:
    LineReader reader_;
    std::string_view line_;
    bool more_ = false;
  };

  constexpr LineRange() = default;
  constexpr explicit LineRange(std::string_view text) : text_(text) {}
  constexpr std::string_view text() const { return text_; }
  constexpr bool empty() const { return text_.empty(); }
  constexpr Iterator begin() const { return Iterator(text_); }
  constexpr std::default_sentinel_t end() const { return {}; }

 private:
  std::string_view text_;
};

using Lines = LineRange<internal::ToLine>;

// The a= lines of a session or of one media description.
class Attributes : public LineRange<internal::ToAttribute> {
 public:
  using LineRange::LineRange;

  // The value of the first of that name; false when there is none. Linear.
  [[nodiscard]] constexpr bool Find(std::string_view name, std::string_view& value) const {
    for (const Attribute attribute : *this) {
      if (attribute.name != name) continue;
      value = attribute.value;
      return true;
    }
    return false;
  }
  constexpr bool Has(AttributeName name) const {
    std::string_view value;
    return Find(ToString(name), value);
  }
  // The first of the name of `out`; false when there is none or it is not of its
  // form.
  template <typename T>
  [[nodiscard]] constexpr bool Read(T& out) const {
    std::string_view value;
    return Find(ToString(T::kName), value) && T::Read(value, out);
  }
};

namespace internal {
// The lines before the first a=, and the rest, of a section that was checked.
constexpr std::size_t AttributesAt(std::string_view section) {
  if (section.starts_with("a=")) return 0;
  const std::size_t at = section.find("\na=");
  return at == std::string_view::npos ? section.size() : at + 1;
}
constexpr bool FindLine(Lines lines, char type, std::string_view& value) {
  for (const Line line : lines) {
    if (line.type != type) continue;
    value = line.value;
    return true;
  }
  return false;
}
class SessionChecker;
}  // namespace internal

// One m= line and what follows it, in place.
class MediaView {
 public:
  constexpr MediaView() = default;

  constexpr const MediaLine& line() const { return line_; }
  constexpr std::string_view type() const { return line_.type; }
  constexpr std::uint16_t port() const { return line_.port; }
  constexpr std::string_view protocol() const { return line_.protocol; }
  constexpr Words formats() const { return line_.formats; }
  constexpr bool IsRtp() const { return IsRtpProtocol(line_.protocol); }
  // All lines before the attributes, the m= line first.
  constexpr Lines lines() const { return Lines(text_.substr(0, attributes_at_)); }
  constexpr Attributes attributes() const { return Attributes(text_.substr(attributes_at_)); }
  // The first c= of its own; false when that of the session counts.
  [[nodiscard]] constexpr bool ReadConnection(Connection& out) const {
    std::string_view value;
    return internal::FindLine(lines(), 'c', value) && Connection::Read(value, out);
  }
  constexpr std::string_view text() const { return text_; }

 private:
  friend class MediaRange;
  // `text`: one section of a text that was checked.
  constexpr explicit MediaView(std::string_view text) : text_(text), attributes_at_(internal::AttributesAt(text)) {
    const Lines all = lines();
    // It was read before; a session that was not parsed has no media.
    static_cast<void>(MediaLine::Read((*all.begin()).value, line_));
  }
  std::string_view text_;
  std::size_t attributes_at_ = 0;
  MediaLine line_;
};

// The media descriptions of a session in their order.
class MediaRange {
 public:
  class Iterator {
   public:
    constexpr explicit Iterator(std::string_view rest) : rest_(rest) { ++*this; }
    constexpr const MediaView& operator*() const { return media_; }
    constexpr const MediaView* operator->() const { return &media_; }
    constexpr Iterator& operator++() {
      more_ = !rest_.empty();
      if (!more_) return *this;
      const std::size_t next = rest_.find("\nm=");
      const std::size_t size = next == std::string_view::npos ? rest_.size() : next + 1;
      media_ = MediaView(rest_.substr(0, size));
      rest_.remove_prefix(size);
      return *this;
    }
    constexpr void operator++(int) { ++*this; }
    constexpr bool operator==(std::default_sentinel_t) const { return !more_; }

   private:
    std::string_view rest_;
    MediaView media_;
    bool more_ = false;
  };

  constexpr MediaRange(std::string_view text, std::size_t count) : text_(text), count_(count) {}
  constexpr Iterator begin() const { return Iterator(text_); }
  constexpr std::default_sentinel_t end() const { return {}; }
  constexpr std::size_t size() const { return count_; }

 private:
  std::string_view text_;
  std::size_t count_;
};

// A session description (RFC 8866) seen in its text: checked once, then read
// line by line where one asks. No heap.
//
//   SessionView session;
//   if (const auto refused = SessionView::Parse(text, {}, session)) {
//     … ToString(refused->cause), refused->offset, refused->line …
//   }
//   for (const MediaView& media : session.media()) {
//     for (const Attribute attribute : media.attributes()) …
//   }
//
// Lines must stand in the order of section 9; v=, o=, s=, t= and a c= for every
// media must be there. Numbers of m=, c=, b= and t= lines are in range, and in
// RTP media those of rtpmap, fmtp, rtcp, ptime, maxptime and ssrc: their
// readers succeed. Lines end with CR LF or LF, empty ones may follow the last.
// Good for as long as the text is. Parsing takes time linear in the text, one
// pass over everything too.
class SessionView {
 public:
  constexpr SessionView() = default;
  // Nothing when `out` is the session; after a refusal it is as it was.
  [[nodiscard]] static constexpr std::optional<SdpRefusal> Parse(std::string_view text, const SessionLimits& limits,
                                                                 SessionView& out);

  constexpr const Origin& origin() const { return origin_; }
  // All lines before the attributes.
  constexpr Lines lines() const { return Lines(text_.substr(0, attributes_at_)); }
  constexpr Attributes attributes() const {
    return Attributes(text_.substr(attributes_at_, media_at_ - attributes_at_));
  }
  constexpr MediaRange media() const { return MediaRange(text_.substr(media_at_), media_count_); }
  // s=
  constexpr std::string_view name() const { return name_; }
  // The c= of the session; none without one.
  constexpr const std::optional<Connection>& connection() const { return connection_; }
  // The first direction among its attributes, for media that have none.
  constexpr Direction direction() const { return direction_.value_or(Direction::kSendRecv); }
  // That of the media, or of the session: there is one.
  constexpr Connection ConnectionOf(const MediaView& media) const {
    Connection connection;
    if (!media.ReadConnection(connection) && connection_) return *connection_;
    return connection;
  }
  // Where a part of this session's text stands in it: bytes from 0, lines from 1.
  constexpr std::size_t OffsetOf(std::string_view part) const {
    return static_cast<std::size_t>(part.data() - text_.data());
  }
  constexpr std::size_t LineOf(std::string_view part) const {
    const std::string_view before = text_.substr(0, OffsetOf(part));
    return 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
  }

 private:
  friend class internal::SessionChecker;
  std::string_view text_;  // without the empty lines at its end
  std::size_t attributes_at_ = 0;
  std::size_t media_at_ = 0;
  std::size_t media_count_ = 0;
  Origin origin_;
  std::string_view name_;
  std::optional<Connection> connection_;
  std::optional<Direction> direction_;
};

namespace internal {

// Whether an attribute of RTP media whose numbers index or allocate is in its
// form; true of those that are not looked into.
constexpr bool IsGood(const Attribute& attribute) {
  const auto reads = [&]<typename T>(T value) { return T::Read(attribute.value, value); };
  switch (attribute.Name()) {
    case AttributeName::kRtpMap: return reads(RtpMap());
    case AttributeName::kFmtp: return reads(Fmtp());
    case AttributeName::kRtcp: return reads(Rtcp());
    case AttributeName::kPtime: return reads(Ptime());
    case AttributeName::kMaxPtime: return reads(MaxPtime());
    case AttributeName::kSsrc: return reads(SsrcAttribute());
    default: return true;
  }
}

// Goes over the lines once.
class SessionChecker {
 public:
  constexpr SessionChecker(std::string_view text, const SessionLimits& limits)
      : text_(text), limits_(limits), lines_(text), first_nul_(text.substr(0, limits.max_bytes).find('\0')) {}

  constexpr std::optional<SdpRefusal> Run(SessionView& out) {
    if (text_.size() > limits_.max_bytes) {
      const std::string_view before = text_.substr(0, limits_.max_bytes);
      return SdpRefusal{SdpError::kTooLarge, before.size(),
                        1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'))};
    }
    view_.text_ = text_;
    view_.attributes_at_ = view_.media_at_ = text_.size();
    std::string_view line;
    while (lines_.ReadLine(line)) {
      if (!HandleLine(line)) return refusal_;
    }
    offset_ = text_.size();
    number_ = lines_.number() + (text_.empty() || text_.back() == '\n' ? 1 : 0);
    if (!Require(kTime + 1) || !EndMedia()) return refusal_;
    if (ended_) view_.text_ = text_.substr(0, end_);
    view_.attributes_at_ = std::min(view_.attributes_at_, view_.text_.size());
    view_.media_at_ = std::min(view_.media_at_, view_.text_.size());
    view_.attributes_at_ = std::min(view_.attributes_at_, view_.media_at_);
    out = view_;
    return std::nullopt;
  }

 private:
  // Where a type of line stands among the others of its section.
  enum Rank : int {
    kVersion, kOrigin, kName, kInformation, kUri, kEmail, kPhone, kConnection,
    kBandwidth, kTime, kKey, kAttribute, kMedia, kNone
  };
  static constexpr Rank RankOf(char type) {
    switch (type) {
      case 'v': return kVersion;
      case 'o': return kOrigin;
      case 's': return kName;
      case 'i': return kInformation;
      case 'u': return kUri;
      case 'e': return kEmail;
      case 'p': return kPhone;
      case 'c': return kConnection;
      case 'b': return kBandwidth;
      case 't': return kTime;
      case 'r': return kTime;
      case 'z': return kTime;
      case 'k': return kKey;
      case 'a': return kAttribute;
      case 'm': return kMedia;
      default: return kNone;
    }
  }

  constexpr bool HandleLine(std::string_view line) {
    offset_ = lines_.offset();
    number_ = lines_.number();
    if (number_ > limits_.max_lines) return Refuse(SdpError::kTooManyLines);
    const std::size_t bad = std::min(line.find('\r'), first_nul_ - offset_);
    if (bad < line.size()) {
      offset_ += bad;
      return Refuse(SdpError::kBadCharacter);
    }
    if (line.empty() && rank_ >= 0) {
      if (!ended_) end_ = offset_;
      ended_ = true;
      return true;
    }
    if (ended_ || line.size() < 2 || line[1] != '=') return Refuse(SdpError::kNotALine);
    const char type = line[0];
    const std::string_view value = line.substr(2);
    if (type == 'a' && rank_ >= kTime) {
      if (rank_ != kAttribute && !in_media_) view_.attributes_at_ = offset_;
      previous_ = type;
      rank_ = kAttribute;
      return HandleAttribute(value);
    }
    const Rank rank = RankOf(type);
    if (rank == kNone) return Refuse(SdpError::kUnknownLine);
    if (rank == kMedia) return Require(kTime + 1) && EndMedia() && HandleMedia(value);
    if (!in_media_ && !Require(rank)) return false;
    if (!InOrder(rank, type)) return Refuse(SdpError::kOutOfOrder);
    previous_ = type;
    rank_ = rank;
    return HandleValue(type, value);
  }

  // v=, o=, s= and t= stand before whatever has `rank`.
  constexpr bool Require(int rank) {
    for (const Rank needed : {kVersion, kOrigin, kName, kTime}) {
      if (!in_media_ && needed < rank && rank_ < needed) return Refuse(SdpError::kMissingLine);
    }
    return true;
  }
  constexpr bool InOrder(Rank rank, char type) const {
    if (in_media_ && (rank == kVersion || rank == kOrigin || rank == kName || rank == kUri || rank == kEmail ||
                      rank == kPhone || rank == kTime)) {
      return false;
    }
    if (type == 'r' || type == 'z') return previous_ == 't' || previous_ == 'r';
    const bool repeats = rank == kEmail || rank == kPhone || rank == kBandwidth || rank == kTime ||
                         rank == kAttribute || (in_media_ && rank == kConnection);
    return rank > rank_ || (rank == rank_ && repeats);
  }

  constexpr bool HandleValue(char type, std::string_view value) {
    Connection connection;
    Bandwidth bandwidth;
    ActiveTime time;
    switch (type) {
      case 'v': return value == "0" || Refuse(SdpError::kBadVersion);
      case 'o': return Origin::Read(value, view_.origin_) || Refuse(SdpError::kBadOrigin);
      case 's': view_.name_ = value; return true;
      case 'c':
        if (!Connection::Read(value, connection)) return Refuse(SdpError::kBadConnection);
        if (in_media_) {
          media_has_connection_ = true;
        } else {
          view_.connection_ = connection;
        }
        return true;
      case 'b': return Bandwidth::Read(value, bandwidth) || Refuse(SdpError::kBadBandwidth);
      case 't': return ActiveTime::Read(value, time) || Refuse(SdpError::kBadTiming);
      case 'r': return !value.empty() || Refuse(SdpError::kBadTiming);
      case 'a': return HandleAttribute(value);
      default: return true;
    }
  }
  constexpr bool HandleMedia(std::string_view value) {
    if (view_.media_count_ == limits_.max_media) return Refuse(SdpError::kTooManyMedia);
    if (!in_media_) view_.media_at_ = offset_;
    in_media_ = true;
    ++view_.media_count_;
    media_offset_ = offset_;
    media_number_ = number_;
    media_has_connection_ = false;
    rank_ = kName;  // what may follow an m= line ranks above
    previous_ = 'm';
    MediaLine media;
    if (!MediaLine::Read(value, media)) return Refuse(SdpError::kBadMedia);
    is_rtp_ = IsRtpProtocol(media.protocol);
    return true;
  }
  constexpr bool HandleAttribute(std::string_view value) {
    Attribute attribute;
    if (!Attribute::Read(value, attribute) || (is_rtp_ && !IsGood(attribute))) {
      return Refuse(SdpError::kBadAttribute);
    }
    if (Direction direction{}; !in_media_ && !view_.direction_ && ReadDirection(attribute.Name(), direction)) {
      view_.direction_ = direction;
    }
    return true;
  }
  constexpr bool EndMedia() {
    if (!in_media_ || media_has_connection_ || view_.connection_) return true;
    offset_ = media_offset_;
    number_ = media_number_;
    return Refuse(SdpError::kMissingConnection);
  }

  constexpr bool Refuse(SdpError cause) {
    refusal_ = SdpRefusal{cause, offset_, number_};
    return false;
  }

  std::string_view text_;
  const SessionLimits& limits_;
  LineReader lines_;
  std::size_t first_nul_;  // npos: there is none
  SessionView view_;
  std::size_t offset_ = 0;  // of the line in hand, and its number
  std::size_t number_ = 0;
  bool in_media_ = false;
  bool is_rtp_ = false;
  bool media_has_connection_ = false;
  std::size_t media_offset_ = 0;  // of the m= line in hand
  std::size_t media_number_ = 0;
  int rank_ = -1;          // of the line before
  char previous_ = 0;      // its letter
  bool ended_ = false;     // an empty line came, at end_
  std::size_t end_ = 0;
  std::optional<SdpRefusal> refusal_;
};

}  // namespace internal

constexpr std::optional<SdpRefusal> SessionView::Parse(std::string_view text, const SessionLimits& limits,
                                                       SessionView& out) {
  return internal::SessionChecker(text, limits).Run(out);
}

}  // namespace mediacore::sdp

#endif  // MEDIACORE_SDP_SESSION_VIEW_H_
