#include "inspect_report.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <set>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "fields.h"

namespace mediacore::tools {

// tools/web/inspect.html, built in.
std::string_view InspectPage();

namespace {

using nlohmann::json;

template <typename... Args>
std::string Format(const char* format, Args... args) {
  std::array<char, 256> text{};
  std::snprintf(text.data(), text.size(), format, args...);
  return text.data();
}

std::string Hex(Ssrc ssrc) { return Format("%08x", static_cast<unsigned>(ssrc.value())); }

std::string NameOf(const capture::Endpoint& endpoint) {
  const std::string address = AsText(endpoint.address);
  return (endpoint.address.IsV4() ? address : '[' + address + ']') + ':' + std::to_string(endpoint.port);
}

std::string_view NameOf(CodecSource source) {
  switch (source) {
    case CodecSource::kNone: return "none";
    case CodecSource::kStaticType: return "static";
    case CodecSource::kGuess: return "guess";
    case CodecSource::kSdp: return "sdp";
  }
  return "none";
}

double LossPercent(const StreamSummary& stream) {
  const auto expected = static_cast<double>(stream.statistics->expected());
  return expected > 0 ? 100 * static_cast<double>(stream.statistics->missing()) / expected : 0;
}

std::string PayloadTypes(const StreamSummary& stream) {
  std::string text;
  for (const auto& [type, packets] : stream.payload_types) {
    if (!text.empty()) text += ' ';
    text += std::to_string(type);
    if (stream.payload_types.size() > 1) text += 'x' + std::to_string(packets);
  }
  return text;
}

std::string CodecCell(const StreamSummary& stream) {
  if (stream.codec_source == CodecSource::kNone) return "unknown";
  std::string printable;
  for (const char c : stream.encoding) printable += c >= 0x20 && c < 0x7f ? c : '?';
  return printable.substr(0, 24) + (stream.codec_source == CodecSource::kGuess ? " (guess)" : "");
}

// Cells in columns: the first three to the left, numbers to the right.
std::string Align(const std::vector<std::vector<std::string>>& rows, std::size_t left_columns) {
  std::vector<std::size_t> widths(rows.front().size());
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string space(widths[i] - row[i].size(), ' ');
      line += (i == 0 ? "" : "  ") + (i < left_columns ? row[i] + space : space + row[i]);
    }
    line.resize(line.find_last_not_of(' ') + 1);
    text += line + '\n';
  }
  return text;
}

std::string Milliseconds(TimeDelta time) { return Format("%.1f", static_cast<double>(time.us()) / 1000); }

json SeriesAsJson(const TimeSeries& series) {
  return {{"bin_s", series.bin().seconds()}, {"values", series.bins()}};
}

json StreamAsJson(const StreamSummary& stream) {
  const stats::ReceiveStatistics& statistics = *stream.statistics;
  json types = json::object();
  for (const auto& [type, packets] : stream.payload_types) types[std::to_string(type)] = packets;
  json extensions = json::array();
  for (std::size_t id = 0; id < 256; ++id) {
    if (stream.extension_ids[id]) extensions.push_back(id);
  }
  json receivers = json::array();
  for (const auto& [reporter, view] : stream.receivers) {
    json receiver = {{"ssrc", Hex(reporter)},
                     {"reports", view.reports},
                     {"last_fraction_lost", view.last_fraction_lost / 256.0},
                     {"cumulative_lost", view.cumulative_lost},
                     {"jitter_ms", nullptr},
                     {"round_trips", view.round_trips}};
    if (stream.clock_rate > 0) {
      receiver["jitter_ms"] = 1000.0 * view.jitter_ticks / stream.clock_rate;
    }
    if (view.round_trips > 0) {
      receiver["rtt_min_ms"] = static_cast<double>(view.least_round_trip.us()) / 1000;
      receiver["rtt_mean_ms"] = static_cast<double>(view.sum_of_round_trips.us()) / 1000 / static_cast<double>(view.round_trips);
      receiver["rtt_max_ms"] = static_cast<double>(view.most_round_trip.us()) / 1000;
    }
    receivers.push_back(std::move(receiver));
  }
  json out = {{"ssrc", Hex(stream.ssrc)},
              {"source", {{"address", AsText(stream.source.address)}, {"port", stream.source.port}}},
              {"destination", {{"address", AsText(stream.destination.address)}, {"port", stream.destination.port}}},
              {"payload_types", std::move(types)},
              {"encoding", stream.encoding},
              {"encoding_from", NameOf(stream.codec_source)},
              {"clock_rate", stream.clock_rate},
              {"clock_rate_measured", stream.clock_rate_measured},
              {"packets", stream.packets},
              {"bytes", stream.bytes},
              {"frames", stream.frames.size()},
              {"key_frames", nullptr},
              {"markers", stream.markers},
              {"missing", statistics.missing()},
              {"expected", statistics.expected()},
              {"duplicates", statistics.duplicates()},
              {"reordered", statistics.reordered()},
              {"restarts", statistics.restarts()},
              {"strays", statistics.strays()},
              {"padding_only", stream.padding_only},
              {"bad_padding", stream.bad_padding},
              {"extension_ids", std::move(extensions)},
              {"jitter_ms", nullptr},
              {"first_s", stream.first.seconds()},
              {"last_s", stream.last.seconds()},
              {"mean_bps", stream.MeanRate().bps()},
              {"sender_reports", stream.sender_reports},
              {"cname", stream.cname},
              {"receivers", std::move(receivers)},
              {"bytes_over_time", SeriesAsJson(stream.bytes_over_time)},
              {"skipped_over_time", SeriesAsJson(stream.skipped_over_time)},
              {"jitter_us_over_time", SeriesAsJson(stream.jitter_over_time)}};
  if (stream.clock_rate > 0) out["jitter_ms"] = static_cast<double>(statistics.jitter().us()) / 1000;
  if (IsVideo(stream.codec)) out["key_frames"] = stream.key_frames.size();
  return out;
}

json AsJson(const CaptureSummary& summary, const std::string& name) {
  json datagrams = json::object();
  for (std::size_t i = 0; i < summary.kinds.size(); ++i) {
    if (summary.kinds[i] > 0) datagrams[std::string(ToString(static_cast<rtp::PacketKind>(i)))] = summary.kinds[i];
  }
  json others = json::object();
  for (std::size_t i = 0; i < summary.not_udp.size(); ++i) {
    if (summary.not_udp[i] > 0) others[std::string(ToString(static_cast<capture::DatagramError>(i)))] = summary.not_udp[i];
  }
  json streams = json::array();
  for (const StreamSummary& stream : summary.streams) streams.push_back(StreamAsJson(stream));
  json out = {{"file", name},
              {"format", summary.format},
              {"file_size", summary.file_size},
              {"packets", summary.packets},
              {"start_unix_s", static_cast<double>(summary.start_unix_ns) / 1e9},
              {"duration_s", summary.duration.seconds()},
              {"datagrams", std::move(datagrams)},
              {"not_udp", std::move(others)},
              {"broken_rtp", summary.broken_rtp},
              {"packets_of_further_streams", summary.packets_of_further_streams},
              {"reports_of_further_receivers", summary.reports_of_further_receivers},
              {"rtcp_parts", summary.rtcp_parts},
              {"rtcp_unreadable", summary.rtcp_unreadable},
              {"streams", std::move(streams)},
              {"error", nullptr}};
  if (summary.error != capture::CaptureError::kNone) {
    out["error"] = {{"cause", ToString(summary.error)}, {"offset", summary.error_offset}};
  }
  return out;
}

}  // namespace

std::string ReportAsTable(const CaptureSummary& summary, const std::string& name) {
  std::string text = name + ": " + summary.format + ", " + std::to_string(summary.packets) + " packets in " +
                     Format("%.1f s", summary.duration.seconds());
  const char* separator = ": ";
  for (std::size_t i = 0; i < summary.kinds.size(); ++i) {
    if (summary.kinds[i] == 0) continue;
    text += separator + std::to_string(summary.kinds[i]) + ' ' + std::string(ToString(static_cast<rtp::PacketKind>(i)));
    separator = ", ";
  }
  for (std::size_t i = 0; i < summary.not_udp.size(); ++i) {
    if (summary.not_udp[i] == 0) continue;
    text += separator + std::to_string(summary.not_udp[i]) + ' ' + std::string(ToString(static_cast<capture::DatagramError>(i)));
    separator = ", ";
  }
  text += "\n\n";
  if (!summary.streams.empty()) {
    std::vector<std::vector<std::string>> rows = {{"SSRC", "from > to", "codec", "type", "packets", "missing", "loss %",
                                                   "double", "late", "jitter ms", "kbit/s", "frames", "key", "seconds"}};
    for (const StreamSummary& stream : summary.streams) {
      const stats::ReceiveStatistics& statistics = *stream.statistics;
      rows.push_back({Hex(stream.ssrc), NameOf(stream.source) + " > " + NameOf(stream.destination), CodecCell(stream),
                      PayloadTypes(stream), std::to_string(stream.packets), std::to_string(statistics.missing()),
                      Format("%.2f", LossPercent(stream)), std::to_string(statistics.duplicates()),
                      std::to_string(statistics.reordered()),
                      stream.clock_rate == 0 ? "-" : Milliseconds(statistics.jitter()) + (stream.clock_rate_measured ? "~" : ""),
                      Format("%.1f", stream.MeanRate().kbps()), std::to_string(stream.frames.size()),
                      IsVideo(stream.codec) ? std::to_string(stream.key_frames.size()) : "-",
                      Format("%.1f", (stream.last - stream.first).seconds())});
    }
    text += Align(rows, 3);
    for (const StreamSummary& stream : summary.streams) {
      const stats::ReceiveStatistics& statistics = *stream.statistics;
      if (statistics.restarts() + statistics.strays() == 0) continue;
      text += Hex(stream.ssrc) + ": sequence numbers began anew " + std::to_string(statistics.restarts()) +
              " times, " + std::to_string(statistics.strays()) + " packets were far from all others\n";
    }
  }
  if (!summary.rtcp_parts.empty()) {
    text += "\nRTCP:";
    separator = " ";
    for (const auto& [part, count] : summary.rtcp_parts) {
      text += separator + part + ' ' + std::to_string(count);
      separator = ", ";
    }
    if (summary.rtcp_unreadable > 0) {
      text += "; " + std::to_string(summary.rtcp_unreadable) + " packets with a rest that cannot be read (encrypted?)";
    }
    text += '\n';
  }
  std::vector<std::vector<std::string>> reports = {{"stream", "by", "reports", "last loss %", "lost", "rtt min ms", "mean", "max"}};
  std::set<Ssrc> done;
  for (const StreamSummary& stream : summary.streams) {
    if (!done.insert(stream.ssrc).second) continue;
    for (const auto& [reporter, view] : stream.receivers) {
      const bool timed = view.round_trips > 0;
      reports.push_back({Hex(stream.ssrc), Hex(reporter), std::to_string(view.reports),
                         Format("%.1f", view.last_fraction_lost / 2.56), std::to_string(view.cumulative_lost),
                         timed ? Milliseconds(view.least_round_trip) : "-",
                         timed ? Milliseconds(view.sum_of_round_trips / static_cast<std::int64_t>(view.round_trips)) : "-",
                         timed ? Milliseconds(view.most_round_trip) : "-"});
    }
  }
  if (reports.size() > 1) text += "\nReceivers said (round trips from where the capture was made):\n" + Align(reports, 2);
  return text;
}

std::string ReportAsJson(const CaptureSummary& summary, const std::string& name) {
  return AsJson(summary, name).dump(2, ' ', false, json::error_handler_t::replace) + '\n';
}

std::string ReportAsHtml(const CaptureSummary& summary, const std::string& name) {
  std::string page(InspectPage());
  const std::string data = AsJson(summary, name).dump(-1, ' ', true, json::error_handler_t::replace);
  std::string escaped;
  for (const char c : data) escaped += c == '<' ? std::string("\\u003c") : std::string(1, c);
  constexpr std::string_view kPlace = "/*DATA*/null";
  return page.replace(page.find(kPlace), kPlace.size(), escaped);
}

}  // namespace mediacore::tools
