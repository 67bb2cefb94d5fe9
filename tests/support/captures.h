#ifndef MEDIACORE_TESTS_SUPPORT_CAPTURES_H_
#define MEDIACORE_TESTS_SUPPORT_CAPTURES_H_

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "mediacore/capture/capture_reader.h"
#include "mediacore/capture/datagram.h"

namespace mediacore::testing {

// Where captures of real programs lie beside the project; tests skip, saying
// so, where they are absent.
inline std::filesystem::path CaptureFolder() {
  const char* source = std::getenv("MEDIACORE_SOURCE");
  return std::filesystem::path(source == nullptr ? "." : source) / "../shared/captures";
}

inline std::vector<std::uint8_t> ReadWholeFile(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// visit(const capture::Datagram&) for each UDP datagram of the capture. False
// when it is absent or does not read to its end.
template <typename Visit>
[[nodiscard]] bool ForEachDatagram(const std::string& name, Visit&& visit) {
  const std::vector<std::uint8_t> file = ReadWholeFile(CaptureFolder() / name);
  const auto opened = capture::CaptureReader::Open(file);
  if (!opened) return false;
  auto reader = *opened;
  for (capture::Record record; reader.Next(record);) {
    const auto datagram = capture::Datagram::Parse(record.link_type, record.packet);
    if (datagram) visit(*datagram);
  }
  return reader.error() == capture::CaptureError::kNone;
}

// What the page beside the captures says of one of them.
struct CaptureSummary {
  struct Stream {
    std::map<int, int> packets;  // by payload type
    int markers = 0;
    std::set<int> extension_ids;
    bool operator==(const Stream&) const = default;
  };
  struct Flow {  // of one SSRC
    std::uint32_t ssrc = 0;
    int from_port = 0;
    int to_port = 0;
    auto operator<=>(const Flow&) const = default;
  };

  std::string name;
  std::map<std::string, int> kinds;       // "rtp", "stun": datagrams
  std::map<std::string, int> rtcp_parts;  // "SR", "RTPFB/15": blocks
  std::map<Flow, Stream> streams;
};

namespace internal {
// "1216 rtp, 49 rtcp" and "SR 15, XR 16": the word and its number.
inline std::map<std::string, int> ReadCounts(std::string text, bool number_first) {
  std::map<std::string, int> counts;
  for (char& c : text) c = c == ',' || c == '.' ? ' ' : c;
  std::istringstream in(text);
  for (std::string a, b; in >> a >> b;) counts[number_first ? b : a] = std::stoi(number_first ? a : b);
  return counts;
}
}  // namespace internal

// Reads the page; empty when it is absent.
inline std::vector<CaptureSummary> ReadCaptureSummaries() {
  std::vector<CaptureSummary> summaries;
  std::ifstream in(CaptureFolder() / "README.md");
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("## ") && line.ends_with(".pcap")) {
      summaries.emplace_back().name = line.substr(3);
      continue;
    }
    if (summaries.empty()) continue;
    CaptureSummary& summary = summaries.back();
    const std::size_t packets = line.find(" packets, ");
    if (packets != std::string::npos && line.find(". SHA-256") != std::string::npos) {
      const std::size_t from = packets + 10;
      summary.kinds = internal::ReadCounts(line.substr(from, line.find(". SHA") - from), true);
    } else if (line.starts_with("RTCP parts: ")) {
      summary.rtcp_parts = internal::ReadCounts(line.substr(12), false);
    } else if (line.starts_with("| ") && line.find('>') != std::string::npos) {
      std::vector<std::string> cells;
      std::istringstream row(line.substr(1));
      for (std::string cell; std::getline(row, cell, '|');) cells.push_back(cell);
      if (cells.size() < 10) continue;
      CaptureSummary::Flow flow;
      flow.ssrc = static_cast<std::uint32_t>(std::stoul(cells[0], nullptr, 16));
      flow.from_port = std::stoi(cells[1]);
      flow.to_port = std::stoi(cells[1].substr(cells[1].find('>') + 1));
      CaptureSummary::Stream& stream = summary.streams[flow];
      for (const auto& [type, count] : internal::ReadCounts(
               [&] { std::string t = cells[2]; for (char& c : t) c = c == ':' ? ' ' : c; return t; }(), false)) {
        stream.packets[std::stoi(type)] = count;
      }
      stream.markers = std::stoi(cells[4]);
      std::istringstream ids(cells[9]);
      for (int id = 0; ids >> id;) stream.extension_ids.insert(id);
    }
  }
  return summaries;
}

}  // namespace mediacore::testing

#endif  // MEDIACORE_TESTS_SUPPORT_CAPTURES_H_
