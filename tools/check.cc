// mediacore check FORMAT FILE...: what a parser says of files, and what it took.
#include <time.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "check_formats.h"
#include "heap_meter.h"
#include "mapped_file.h"
#include "mediacore/base/text.h"
#include "packets.h"
#include "verbs.h"

namespace mediacore::tools {
namespace {

struct Flags {
  std::string format;
  std::vector<std::string> files;
  std::string extmap;
  std::string split;
  bool json = false;
  bool strict = false;
};

#ifdef __OPTIMIZE__
constexpr bool kOptimised = true;
#else
constexpr bool kOptimised = false;
#endif

double CpuMicroseconds() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

// What reading the clock twice takes: the least of many times.
double ClockCost() {
  double least = 1e9;
  for (int i = 0; i < 200; ++i) {
    const double from = CpuMicroseconds();
    least = std::min(least, CpuMicroseconds() - from);
  }
  return least;
}

struct Outcome {
  Verdict verdict;
  double microseconds = 0;
  std::uint64_t heap_bytes = 0;
  std::uint64_t output = 0;
};

class Meter {
 public:
  // Several runs; the heap of the first, the least time of all.
  Outcome Measure(Subject& subject, Bytes file) {
    constexpr int kRuns = 50;
    constexpr double kEnough = 5'000;  // microseconds altogether
    Outcome outcome;
    double spent = 0;
    for (int run = 0; run < kRuns && (run < 3 || spent < kEnough); ++run) {
      subject.Prepare();
      fields_.Reset();
      const std::uint64_t heap = HeapBytesAsked();
      const double from = CpuMicroseconds();
      const Verdict verdict = subject.Run(file, fields_);
      const double took = CpuMicroseconds() - from;
      if (run == 0) outcome = {verdict, took, HeapBytesAsked() - heap, fields_.amount()};
      outcome.microseconds = std::min(outcome.microseconds, took);
      spent += took;
      if (run == 0 && took > 20 * kEnough) break;
    }
    outcome.microseconds = std::max(0.0, outcome.microseconds - clock_cost_);
    return outcome;
  }

 private:
  const double clock_cost_ = ClockCost();
  TouchFields fields_;
};

// "rtcp sr: too short" in one word.
std::string AsWord(std::string_view words) {
  std::string word;
  for (const char c : words) {
    if (c == ' ' && word.ends_with(':')) continue;
    word += c == ' ' ? '-' : c;
  }
  return word;
}

class Check {
 public:
  static constexpr std::size_t kEverySplit = SIZE_MAX;
  static constexpr std::size_t kMostSplits = 2048;

  // `split`: bytes that streams are fed at a time, 0: all.
  Check(const Format& format, const Flags& flags, std::size_t split)
      : format_(format), extensions_(ExtensionsOf(flags.extmap)), split_(split), json_(flags.json) {}
  ~Check() { Flush(); }
  Check(const Check&) = delete;
  Check& operator=(const Check&) = delete;

  // A file, or all files below a directory in the order of their names.
  void Handle(const std::string& name) {
    std::error_code error;
    if (!std::filesystem::is_directory(name, error)) return HandleFile(name);
    std::vector<std::string> names;
    using Options = std::filesystem::directory_options;
    for (auto entry = std::filesystem::recursive_directory_iterator(name, Options::skip_permission_denied, error);
         !error && entry != std::filesystem::recursive_directory_iterator(); entry.increment(error)) {
      std::error_code ignored;
      if (entry->is_regular_file(ignored)) names.push_back(entry->path().string());
    }
    if (error) return Complain(name + ": " + error.message());
    std::sort(names.begin(), names.end());
    for (const std::string& file : names) HandleFile(file);
  }
  void Flush() {
    std::fwrite(out_.data(), 1, out_.size(), stdout);
    out_.clear();
    if (std::fflush(stdout) != 0) failed_ = true;
  }

  bool unreadable() const { return unreadable_; }
  bool broke_a_limit() const { return broke_a_limit_; }
  bool failed() const { return failed_; }

 private:
  void Complain(const std::string& sentence) {
    Flush();
    std::cerr << "mediacore check: " << sentence << '\n';
    unreadable_ = true;
  }

  void HandleFile(const std::string& name) try {
    const std::string extension = std::filesystem::path(name).extension().string();
    const bool sequence = extension == ".pseq" || extension == ".seq";
    if ((extension == ".pseq" && !format_.payload_sequences) || (extension == ".seq" && !format_.packet_sequences)) {
      return Complain(name + ": " + std::string(format_.name) + " has no sequences of this kind");
    }
    const std::uint64_t max_size = MaxFileSize(format_.limits, sequence);
    std::error_code error;
    const std::uint64_t told = std::filesystem::file_size(name, error);
    if (!error && told > max_size) return RefuseTooLong(name, told);
    const MappedFile mapped(name);
    const std::size_t size = mapped.bytes().size();
    if (size > max_size) return RefuseTooLong(name, size);
    // In memory of just its size, so that a sanitizer sees a read past the end.
    const auto copy = std::make_unique<std::uint8_t[]>(size);
    std::copy_n(mapped.bytes().data(), size, copy.get());
    const Bytes file(copy.get(), size);
    const auto subject = format_.make(extension, extensions_);
    subject->set_split(split_ == kEverySplit ? 0 : split_);
    Outcome outcome = meter_.Measure(*subject, file);
    if (split_ == kEverySplit) TryEverySplit(*subject, file, outcome.verdict);
    Print(name, size, outcome, BrokenLimits(outcome, LimitsOf(format_.limits, size, subject->Packets(file))));
  } catch (const Failure& failure) {
    Complain(failure.what());
  }

  void RefuseTooLong(const std::string& name, std::uint64_t size) {
    Print(name, size, {.verdict = {"file: too long", 0}}, {});
  }

  // At each number of bytes the verdict must be that of the whole.
  void TryEverySplit(Subject& subject, Bytes file, Verdict& verdict) {
    TouchFields fields;
    const Verdict whole = verdict;
    for (std::size_t bytes = 1; bytes <= std::min(file.size(), kMostSplits); ++bytes) {
      subject.set_split(bytes);
      subject.Prepare();
      const Verdict split = subject.Run(file, fields);
      if (split.refusal != whole.refusal || split.offset != whole.offset) verdict = {"split: another verdict", bytes};
    }
  }

  static std::vector<std::string_view> BrokenLimits(const Outcome& outcome, const CheckLimits& limits) {
    std::vector<std::string_view> broken;
    if (kOptimised && HeapIsCounted() && outcome.microseconds > limits.microseconds) broken.push_back("time");
    if (outcome.heap_bytes > limits.heap_bytes) broken.push_back("heap");
    if (outcome.output > limits.output) broken.push_back("output");
    return broken;
  }

  void Print(const std::string& name, std::uint64_t size, const Outcome& outcome,
             const std::vector<std::string_view>& broken) {
    broke_a_limit_ = broke_a_limit_ || !broken.empty();
    json_ ? PrintJson(name, size, outcome, broken) : PrintLine(name, outcome, broken);
    if (out_.size() > 1 << 16) Flush();
  }

  void PrintLine(const std::string& name, const Outcome& outcome, const std::vector<std::string_view>& broken) {
    for (const char c : name) {
      switch (c) {
        case '\t': out_ += "\\t"; break;
        case '\n': out_ += "\\n"; break;
        case '\r': out_ += "\\r"; break;
        case '\\': out_ += "\\\\"; break;
        default: out_ += c;
      }
    }
    const bool accepted = outcome.verdict.refusal.empty();
    char time[32];
    std::snprintf(time, sizeof time, "%.3f", outcome.microseconds);
    out_ += accepted ? "\taccept\t" : "\treject\t";
    out_ += time;
    out_ += '\t' + (HeapIsCounted() ? std::to_string(outcome.heap_bytes) : "-") + '\t';
    out_ += accepted ? "-" : AsWord(outcome.verdict.refusal) + '@' + std::to_string(outcome.verdict.offset);
    char separator = '\t';
    for (const std::string_view limit : broken) {
      out_ += separator;
      out_ += limit;
      separator = ',';
    }
    out_ += broken.empty() ? "\t-\n" : "\n";
  }

  void PrintJson(const std::string& name, std::uint64_t size, const Outcome& outcome,
                 const std::vector<std::string_view>& broken) {
    const bool accepted = outcome.verdict.refusal.empty();
    out_ += '{';
    JsonFields fields(out_);
    fields("name", std::string_view(name));
    fields("format", format_.name);
    fields("size", size);
    fields("verdict", accepted ? "accept" : "reject");
    fields("microseconds", std::round(outcome.microseconds * 1000) / 1000);
    if (HeapIsCounted()) fields("heap_bytes", outcome.heap_bytes);
    if (!accepted) {
      fields("error", std::string_view(AsWord(outcome.verdict.refusal)));
      fields("words", outcome.verdict.refusal);
      fields("offset", outcome.verdict.offset);
    }
    fields("output", outcome.output);
    fields.BeginList("limits_broken");
    for (const std::string_view limit : broken) fields("", limit);
    fields.End();
    out_ += "}\n";
  }

  const Format& format_;
  const rtp::ExtensionMap extensions_;
  const std::size_t split_;
  const bool json_;
  Meter meter_;
  std::string out_;
  bool unreadable_ = false;
  bool broke_a_limit_ = false;
  bool failed_ = false;
};

std::string NamesOf(bool reserved) {
  std::string names;
  for (const Format& format : CheckFormats()) {
    if ((format.make == nullptr) != reserved) continue;
    names += names.empty() ? "" : ", ";
    names += format.name;
  }
  return names;
}

const Format& FormatOf(const std::string& name) {
  const Format* const format = FindCheckFormat(name);
  if (format == nullptr) {
    throw Failure(ExitCode::kUsage, "check: there is no format " + name + "; there are " + NamesOf(false));
  }
  if (format->make == nullptr) {
    throw Failure(ExitCode::kUsage, "check: " + name + " is reserved: comes with " + std::string(format->what));
  }
  return *format;
}

ExitCode RunCheck(const Flags& flags) {
  const Format& format = FormatOf(flags.format);
  std::uint64_t split = 0;
  if (!flags.split.empty()) {
    if (!format.incremental) {
      throw Failure(ExitCode::kUsage, "check: " + flags.format + " is read whole, --split is not for it");
    }
    if (flags.split == "all") {
      split = Check::kEverySplit;
    } else if (!ParseDecimal(flags.split, 1 << 30, split) || split == 0) {
      throw Failure(ExitCode::kUsage, "check: --split takes a number of bytes or all, not " + flags.split);
    }
  }
  Check check(format, flags, static_cast<std::size_t>(split));
  for (const std::string& name : flags.files) {
    if (name != "-") {
      check.Handle(name);
      continue;
    }
    for (std::string line; std::getline(std::cin, line);) {
      if (!line.empty()) check.Handle(line);
    }
  }
  check.Flush();
  if (check.failed()) throw Failure(ExitCode::kOutput, "cannot write the verdicts");
  return check.unreadable() || (flags.strict && check.broke_a_limit()) ? ExitCode::kBadInput : ExitCode::kOk;
}

}  // namespace

void AddCheck(CLI::App& app, ExitCode& exit_code) {
  auto flags = std::make_shared<Flags>();
  CLI::App* verb =
      app.add_subcommand("check", "Say what a parser makes of files: verdict, time, memory, where it stopped");
  std::string what;
  for (const Format& format : CheckFormats()) {
    if (format.make == nullptr) continue;
    what += "\n  " + std::string(format.name);
    what.append(std::max(format.name.size() + 1, std::size_t{20}) - format.name.size(), ' ');
    what += format.what;
    if (format.payload_sequences) what += "; .pseq";
    if (format.packet_sequences) what += "; .seq";
  }
  verb->footer("Formats:" + what + "\nReserved, not there yet: " + NamesOf(true));
  verb->add_option("FORMAT", flags->format, "What the files are, see below")->required();
  verb->add_option("FILE", flags->files, "Files, directories; -: names on stdin, one a line")->required();
  verb->add_option("--extmap", flags->extmap, "Header extensions: 1=mid,2=abs-send-time,... (names or URIs)")
      ->type_name("IDS");
  verb->add_option("--split", flags->split,
                   "Feed a stream so many bytes at a time; all: at every such number the same verdict")
      ->type_name("BYTES");
  verb->add_flag("--json", flags->json, "An object a line");
  verb->add_flag("--strict", flags->strict, "End with 1 when a limit was broken");
  verb->callback([flags, &exit_code] { exit_code = RunCheck(*flags); });
}

}  // namespace mediacore::tools
