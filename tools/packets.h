#ifndef MEDIACORE_TOOLS_PACKETS_H_
#define MEDIACORE_TOOLS_PACKETS_H_

#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "capture_summary.h"
#include "mediacore/rtp/extension_map.h"

namespace mediacore::tools {

// "1=mid,2=abs-send-time": local ids and the short names, or URIs, of header
// extensions. Throws Failure(kUsage).
rtp::ExtensionMap ExtensionsOf(const std::string& text);
// Adds what the a=extmap lines of a session description say; the first that
// speaks of an id or a kind stands.
void AddExtensionsOfSdp(std::string_view text, rtp::ExtensionMap& extensions);

struct PacketOptions {
  rtp::ExtensionMap extensions;
  std::vector<KnownFormat> formats;  // whose payloads are looked into
  bool json = false;
};

// Writes every packet of a capture down to its fields: text, or an object a
// line. Throws Failure when the file is no capture; one that breaks off is
// written up to there and said on stderr. Memory: a packet's text.
void PrintPackets(Bytes file, const std::string& name, const PacketOptions& options, std::FILE* out);

}  // namespace mediacore::tools

#endif  // MEDIACORE_TOOLS_PACKETS_H_
