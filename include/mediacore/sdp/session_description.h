#ifndef MEDIACORE_SDP_SESSION_DESCRIPTION_H_
#define MEDIACORE_SDP_SESSION_DESCRIPTION_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

// The model of a session description (RFC 8866): plain structs that the parser
// fills and the writer prints, in the order of the lines. Text belongs to
// somebody else: the parsed text, or the caller's strings. An empty text means
// that the line is absent (but for s=, which always is there).
namespace mediacore::sdp {

// a=name:value, or a=name with an empty value (section 5.13).
struct Attribute {
  std::string_view name;
  std::string_view value;
  bool operator==(const Attribute&) const = default;
};

// The first of that name; null when there is none.
constexpr const Attribute* FindAttribute(std::span<const Attribute> attributes,
                                         std::string_view name) {
  for (const Attribute& attribute : attributes) {
    if (attribute.name == name) return &attribute;
  }
  return nullptr;
}

enum class AddressType : std::uint8_t { kIp4, kIp6 };

// o= (section 5.2).
struct Origin {
  std::string_view username = "-";
  std::string_view session_id = "0";  // a number of any length, as text
  std::string_view session_version = "0";
  AddressType address_type = AddressType::kIp4;
  std::string_view address = "127.0.0.1";
  bool operator==(const Origin&) const = default;
};

// c= (section 5.7).
struct Connection {
  AddressType address_type = AddressType::kIp4;
  std::string_view address;  // a number or a host name
  std::optional<std::uint8_t> ttl;  // IPv4 multicast
  std::uint32_t count = 1;          // of adjacent multicast addresses
  bool operator==(const Connection&) const = default;
};

// b= (section 5.8): AS is in kilobits per second, TIAS in bits per second.
struct Bandwidth {
  std::string_view type;
  std::uint64_t value = 0;
  bool operator==(const Bandwidth&) const = default;
};

// t= with its r= lines (sections 5.9 and 5.10), in seconds since 1900; 0 0 is
// a session without an end.
struct Timing {
  std::uint64_t start = 0;
  std::uint64_t stop = 0;
  std::vector<std::string_view> repeats;  // as they stand after r=
  bool operator==(const Timing&) const = default;
};

// m= and what follows it (section 5.14).
struct Media {
  std::string_view type;  // audio, video, application, …
  std::uint16_t port = 0;
  std::uint32_t port_count = 1;
  std::string_view protocol;  // RTP/AVP, UDP/TLS/RTP/SAVPF, …
  std::vector<std::string_view> formats;
  std::string_view information;  // i=
  std::vector<Connection> connections;
  std::vector<Bandwidth> bandwidths;
  std::string_view key;  // k=
  std::vector<Attribute> attributes;
  bool operator==(const Media&) const = default;

  // RTP/AVP, RTP/SAVPF, UDP/TLS/RTP/SAVPF, …: formats are payload types.
  constexpr bool IsRtp() const {
    return protocol.starts_with("RTP/") ||
           protocol.find("/RTP/") != std::string_view::npos;
  }
};

struct SessionDescription {
  Origin origin;
  std::string_view name = "-";  // s=
  std::string_view information;  // i=
  std::string_view uri;          // u=
  std::vector<std::string_view> emails;
  std::vector<std::string_view> phones;
  std::optional<Connection> connection;
  std::vector<Bandwidth> bandwidths;
  std::vector<Timing> timings = std::vector<Timing>(1);
  std::string_view time_zones;  // z=
  std::string_view key;         // k=
  std::vector<Attribute> attributes;
  std::vector<Media> media;
  bool operator==(const SessionDescription&) const = default;
};

}  // namespace mediacore::sdp

#endif  // MEDIACORE_SDP_SESSION_DESCRIPTION_H_
