// mediacore inspect FILE: what is in a capture of RTP.
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>

#include "capture_summary.h"
#include "inspect_report.h"
#include "mapped_file.h"
#include "packets.h"
#include "progress.h"
#include "verbs.h"

namespace mediacore::tools {
namespace {

struct Flags {
  std::string file;
  std::string sdp;
  std::string html;
  std::string extmap;
  bool packets = false;
  bool json = false;
  bool quiet = false;
};

void WriteWhole(const std::string& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << text << std::flush;
  if (!out) throw Failure(ExitCode::kOutput, "cannot write " + path + ": " + std::strerror(errno));
}

ExitCode Inspect(const Flags& flags) {
  std::vector<KnownFormat> formats;
  rtp::ExtensionMap extensions = ExtensionsOf(flags.extmap);
  if (!flags.sdp.empty()) {
    const MappedFile sdp(flags.sdp);
    const std::string_view text(reinterpret_cast<const char*>(sdp.bytes().data()), sdp.bytes().size());
    formats = FormatsOfSdp(text, flags.sdp);
    AddExtensionsOfSdp(text, extensions);
  }
  const MappedFile file(flags.file);
  if (flags.packets) {
    PrintPackets(file.bytes(), flags.file, {extensions, formats, flags.json}, stdout);
    return ExitCode::kOk;
  }
  Progress progress(flags.quiet);
  const CaptureSummary summary =
      Summarise(file.bytes(), flags.file, formats, [&](std::uint64_t done, std::uint64_t total) {
        progress.Bar("reading", done, total);
      });
  progress.Finish();
  if (!flags.html.empty()) WriteWhole(flags.html, ReportAsHtml(summary, flags.file));
  std::cout << (flags.json ? ReportAsJson(summary, flags.file) : ReportAsTable(summary, flags.file)) << std::flush;
  if (!std::cout) throw Failure(ExitCode::kOutput, "cannot write the report");
  if (summary.error != capture::CaptureError::kNone) {
    std::cerr << "mediacore inspect: " << flags.file << ": " << ToString(summary.error) << " at byte "
              << summary.error_offset << " of " << summary.file_size << "; the report is of what comes before\n";
  }
  if (summary.streams.empty()) throw Failure(ExitCode::kBadInput, flags.file + ": there is no RTP in this capture");
  return ExitCode::kOk;
}

}  // namespace

void AddInspect(CLI::App& app, ExitCode& exit_code) {
  auto flags = std::make_shared<Flags>();
  CLI::App* verb = app.add_subcommand("inspect", "Say what is in a capture: streams, loss, jitter, key frames, RTCP");
  verb->add_option("FILE", flags->file, "pcap, pcapng or rtpdump")->required();
  verb->add_option("--sdp", flags->sdp, "Session description that names the payload types")->type_name("FILE");
  auto* packets = verb->add_flag("--packets", flags->packets, "Every packet down to its fields instead of a summary");
  verb->add_option("--extmap", flags->extmap, "With --packets: header extensions, 1=mid,2=abs-send-time,...")->type_name("IDS")->needs(packets);
  verb->add_option("--html", flags->html, "Also write a page with plots")->type_name("FILE")->excludes(packets);
  verb->add_flag("--json", flags->json, "JSON instead of a table; with --packets an object a line");
  verb->add_flag("--quiet", flags->quiet, "No progress bar");
  verb->callback([flags, &exit_code] { exit_code = Inspect(*flags); });
}

}  // namespace mediacore::tools
