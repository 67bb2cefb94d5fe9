#ifndef MEDIACORE_SDP_SDP_PARSER_H_
#define MEDIACORE_SDP_SDP_PARSER_H_

#include "mediacore/sdp/attributes.h"

// A session description from text (RFC 8866).
//
//   SessionDescription session;
//   if (const auto refused = Parse(text, {}, session)) {
//     … ToString(refused->cause), refused->offset, refused->line …
//   }
//
// The description points into `text`. Lines must stand in the order of section
// 9; all attributes are kept. Those whose numbers index or allocate (rtpmap,
// fmtp, rtcp, ptime, maxptime, ssrc) are checked in RTP media. Lines end with
// CR LF or LF, empty ones may follow the last. Time is linear in the text.
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

struct ParseOptions {
  std::size_t max_bytes = std::size_t{1} << 18;
  std::size_t max_lines = 8192;
  std::size_t max_media = 256;
};

// The bytes of heap that a description parsed with these options takes at most:
// its vectors as they grow, line for line, and the formats of m= lines, byte
// for byte.
constexpr std::size_t MaxMemory(const ParseOptions& options) {
  return options.max_lines * 192 + options.max_media * 640 +
         options.max_bytes * 24;
}

namespace internal {

class Parser {
 public:
  Parser(std::string_view text, const ParseOptions& options,
         SessionDescription& out)
      : text_(text), options_(options), lines_(text), out_(out) {}

  std::optional<SdpRefusal> Run() {
    out_ = {};
    out_.timings.clear();
    if (text_.size() > options_.max_bytes) {
      Refuse(SdpError::kTooLarge, options_.max_bytes);
      return refusal_;
    }
    std::string_view line;
    while (lines_.ReadLine(line)) {
      if (!HandleLine(line)) return refusal_;
    }
    line_ = text_.substr(text_.size());
    if (!Require(kTime + 1)) return refusal_;
    if (!EndMedia()) return refusal_;
    return std::nullopt;
  }

 private:
  // Where a type of line stands among the others of its section.
  enum Rank : int {
    kVersion, kOrigin, kName, kInformation, kUri, kEmail, kPhone, kConnection,
    kBandwidth, kTime, kZones, kKey, kAttribute, kMedia, kNone
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
      case 'z': return kZones;
      case 'k': return kKey;
      case 'a': return kAttribute;
      case 'm': return kMedia;
      default: return kNone;
    }
  }

  bool HandleLine(std::string_view line) {
    line_ = line;
    if (lines_.number() > options_.max_lines) {
      return Refuse(SdpError::kTooManyLines);
    }
    const std::size_t bad = line.find_first_of(std::string_view("\0\r", 2));
    if (bad != std::string_view::npos) {
      return Refuse(SdpError::kBadCharacter, lines_.offset() + bad);
    }
    if (line.empty() && rank_ >= 0) {
      ended_ = true;
      return true;
    }
    if (ended_ || line.size() < 2 || line[1] != '=') {
      return Refuse(SdpError::kNotALine);
    }
    const Rank rank = RankOf(line[0]);
    if (rank == kNone) return Refuse(SdpError::kUnknownLine);
    value_ = line.substr(2);
    if (rank == kMedia) return Require(kTime + 1) && EndMedia() && HandleMedia();
    if (media_ == nullptr && !Require(rank)) return false;
    if (!InOrder(rank, line[0])) return Refuse(SdpError::kOutOfOrder);
    previous_ = line[0];
    rank_ = rank;
    return media_ == nullptr ? HandleSession(line[0])
                             : HandleMediaLine(line[0]);
  }

  // v=, o=, s= and t= stand before whatever has `rank`.
  bool Require(int rank) {
    for (const Rank needed : {kVersion, kOrigin, kName, kTime}) {
      if (media_ == nullptr && needed < rank && rank_ < needed) {
        return Refuse(SdpError::kMissingLine);
      }
    }
    return true;
  }
  bool InOrder(Rank rank, char type) const {
    const bool in_media = media_ != nullptr;
    if (in_media && (rank == kVersion || rank == kOrigin || rank == kName ||
                     rank == kUri || rank == kEmail || rank == kPhone ||
                     rank == kTime || rank == kZones)) {
      return false;
    }
    if (type == 'r') return previous_ == 't' || previous_ == 'r';
    const bool repeats = rank == kEmail || rank == kPhone ||
                         rank == kBandwidth || rank == kTime ||
                         rank == kAttribute || (in_media && rank == kConnection);
    return rank > rank_ || (rank == rank_ && repeats);
  }

  bool HandleSession(char type) {
    switch (type) {
      case 'v': return value_ == "0" || Refuse(SdpError::kBadVersion);
      case 'o': return HandleOrigin();
      case 's': out_.name = value_; return true;
      case 'i': out_.information = value_; return true;
      case 'u': out_.uri = value_; return true;
      case 'e': out_.emails.push_back(value_); return true;
      case 'p': out_.phones.push_back(value_); return true;
      case 'c': return HandleConnection(out_.connection.emplace());
      case 'b': return HandleBandwidth(out_.bandwidths);
      case 't': return HandleTiming();
      case 'r':
        if (value_.empty()) return Refuse(SdpError::kBadTiming);
        out_.timings.back().repeats.push_back(value_);
        return true;
      case 'z': out_.time_zones = value_; return true;
      case 'k': out_.key = value_; return true;
      default: return HandleAttribute(out_.attributes);
    }
  }
  bool HandleMediaLine(char type) {
    switch (type) {
      case 'i': media_->information = value_; return true;
      case 'c': return HandleConnection(media_->connections.emplace_back());
      case 'b': return HandleBandwidth(media_->bandwidths);
      case 'k': media_->key = value_; return true;
      default: return HandleAttribute(media_->attributes);
    }
  }

  bool HandleOrigin() {
    std::string_view rest = value_;
    Origin& origin = out_.origin;
    origin.username = TakeUntil(rest, ' ');
    origin.session_id = TakeUntil(rest, ' ');
    origin.session_version = TakeUntil(rest, ' ');
    if (origin.username.empty() || origin.session_id.empty() ||
        origin.session_version.empty() ||
        !ReadAddress(rest, origin.address_type, origin.address)) {
      return Refuse(SdpError::kBadOrigin);
    }
    return true;
  }
  // IN IP4 address[/ttl[/count]], IN IP6 address[/count]
  bool HandleConnection(Connection& out) {
    std::string_view rest;
    std::uint64_t ttl = 0, count = 1;
    if (!ReadAddress(value_, out.address_type, rest)) {
      return Refuse(SdpError::kBadConnection);
    }
    const bool has_more = rest.find('/') != std::string_view::npos;
    out.address = TakeUntil(rest, '/');
    bool good = !out.address.empty();
    if (has_more && out.address_type == AddressType::kIp4) {
      const bool has_count = rest.find('/') != std::string_view::npos;
      good = good && ParseDecimal(TakeUntil(rest, '/'), 255, ttl) &&
             (!has_count || ParseDecimal(rest, 65'536, count));
      out.ttl = static_cast<std::uint8_t>(ttl);
    } else if (has_more) {
      good = good && ParseDecimal(rest, 65'536, count);
    }
    out.count = static_cast<std::uint32_t>(count);
    return (good && count > 0) || Refuse(SdpError::kBadConnection);
  }
  bool HandleBandwidth(std::vector<Bandwidth>& list) {
    std::string_view rest = value_;
    Bandwidth bandwidth;
    bandwidth.type = TakeUntil(rest, ':');
    if (bandwidth.type.empty() ||
        !ParseDecimal(rest, UINT64_MAX, bandwidth.value)) {
      return Refuse(SdpError::kBadBandwidth);
    }
    list.push_back(bandwidth);
    return true;
  }
  bool HandleTiming() {
    std::string_view rest = value_;
    Timing& timing = out_.timings.emplace_back();
    return (ParseDecimal(TakeUntil(rest, ' '), UINT64_MAX, timing.start) &&
            ParseDecimal(rest, UINT64_MAX, timing.stop)) ||
           Refuse(SdpError::kBadTiming);
  }
  // type port[/count] protocol format…
  bool HandleMedia() {
    if (out_.media.size() == options_.max_media) {
      return Refuse(SdpError::kTooManyMedia);
    }
    media_ = &out_.media.emplace_back();
    media_line_ = line_;
    rank_ = kName;  // what may follow an m= line ranks above
    previous_ = 'm';
    std::string_view rest = value_;
    media_->type = TakeUntil(rest, ' ');
    std::string_view ports = TakeUntil(rest, ' ');
    const bool has_count = ports.find('/') != std::string_view::npos;
    std::uint64_t port = 0, count = 1;
    media_->protocol = TakeUntil(rest, ' ');
    if (media_->type.empty() || media_->protocol.empty() || rest.empty() ||
        rest.back() == ' ' ||
        !ParseDecimal(TakeUntil(ports, '/'), 65'535, port) ||
        (has_count && !ParseDecimal(ports, 65'536, count)) || count == 0) {
      return Refuse(SdpError::kBadMedia);
    }
    media_->port = static_cast<std::uint16_t>(port);
    media_->port_count = static_cast<std::uint32_t>(count);
    const bool rtp = media_->IsRtp();
    while (!rest.empty()) {
      const std::string_view format = TakeUntil(rest, ' ');
      std::uint64_t type = 0;
      if (format.empty() || (rtp && !ParseDecimal(format, 127, type))) {
        return Refuse(SdpError::kBadMedia);
      }
      media_->formats.push_back(format);
    }
    return true;
  }
  bool HandleAttribute(std::vector<Attribute>& list) {
    Attribute attribute;
    attribute.value = value_;
    attribute.name = TakeUntil(attribute.value, ':');
    if (attribute.name.empty() ||
        (media_ != nullptr && media_->IsRtp() && !IsGood(attribute))) {
      return Refuse(SdpError::kBadAttribute);
    }
    list.push_back(attribute);
    return true;
  }
  bool EndMedia() {
    if (media_ == nullptr || !media_->connections.empty() || out_.connection) {
      return true;
    }
    return Refuse(SdpError::kMissingConnection,
                  static_cast<std::size_t>(media_line_.data() - text_.data()));
  }

  bool Refuse(SdpError cause) {
    return Refuse(cause, static_cast<std::size_t>(line_.data() - text_.data()));
  }
  bool Refuse(SdpError cause, std::size_t offset) {
    std::size_t line = 1;
    for (const char c : text_.substr(0, offset)) line += c == '\n';
    refusal_ = SdpRefusal{cause, offset, line};
    return false;
  }

  std::string_view text_;
  const ParseOptions& options_;
  LineReader lines_;
  SessionDescription& out_;
  Media* media_ = nullptr;       // whose lines these are; null: the session's
  std::string_view media_line_;  // its m= line
  std::string_view line_;
  std::string_view value_;  // what stands after the '='
  int rank_ = -1;           // of the line before
  char previous_ = 0;       // its letter
  bool ended_ = false;      // an empty line came
  std::optional<SdpRefusal> refusal_;
};

}  // namespace internal

// Nothing when `out` holds the description. After a refusal `out` holds what
// stood before it.
[[nodiscard]] inline std::optional<SdpRefusal> Parse(
    std::string_view text, const ParseOptions& options,
    SessionDescription& out) {
  return internal::Parser(text, options, out).Run();
}

}  // namespace mediacore::sdp

#endif  // MEDIACORE_SDP_SDP_PARSER_H_
