#ifndef MEDIACORE_RTP_EXTENSION_VALUE_H_
#define MEDIACORE_RTP_EXTENSION_VALUE_H_

#include "mediacore/base/byte_reader.h"
#include "mediacore/base/byte_writer.h"
#include "mediacore/base/expected.h"
#include "mediacore/rtp/extension_map.h"
#include "mediacore/rtp/extension_table.h"
#include "mediacore/rtp/packet_view.h"

namespace mediacore::rtp {

// Why bytes are not the value of a header extension, in the order the parsers
// look. Extensions with a grammar of their own have their own causes.
enum class ExtensionError : std::uint8_t {
  kWrongSize,  // not one of the sizes that this extension has
  kBadValue,   // a field has a value that the specification does not allow
};
inline constexpr int kExtensionErrorCount = 2;

constexpr std::string_view ToString(ExtensionError error) {
  switch (error) {
    case ExtensionError::kWrongSize: return "rtp extension: wrong size";
    case ExtensionError::kBadValue: return "rtp extension: bad value";
  }
  return "rtp extension: unknown";
}

// A typed value of a header extension has
//
//   static constexpr ExtensionKind kKind                          which one it is
//   static constexpr Expected<Value, …Error> Parse(Bytes value)   the bytes behind id and length
//   constexpr std::size_t WireSize() const                        0: it cannot be written
//   constexpr bool Write(MutableBytes out) const                  fills the first WireSize() bytes
//
// and Parse(Write(x)) == x, but for fields of x that are not there by what it
// says itself (a flag, a count of nothing): they are left out or refused. Reads
// one out of a packet:
//
//   rtp::AudioLevel level;
//   if (rtp::ReadExtension(*packet, ids, level)) Show(level.level);
//
// False, and `out` as it was, when the session has not agreed on it, the packet
// does not have it, or its bytes are no such value.
template <typename Value>
[[nodiscard]] constexpr bool ReadExtension(const PacketView& packet, const ExtensionMap& ids, Value& out) {
  const int id = ids.IdOf(Value::kKind);
  Bytes bytes;
  if (id == 0 || !packet.FindExtension(id, bytes)) return false;
  const auto value = Value::Parse(bytes);
  if (!value) return false;
  out = *value;
  return true;
}
// The same from a table, for the reader of several.
template <typename Value>
[[nodiscard]] constexpr bool ReadExtension(const ExtensionTable& table, const ExtensionMap& ids, Value& out) {
  const int id = ids.IdOf(Value::kKind);
  Bytes bytes;
  if (id == 0 || !table.Find(id, bytes)) return false;
  const auto value = Value::Parse(bytes);
  if (!value) return false;
  out = *value;
  return true;
}

}  // namespace mediacore::rtp

#endif  // MEDIACORE_RTP_EXTENSION_VALUE_H_
