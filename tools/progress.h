#ifndef MEDIACORE_TOOLS_PROGRESS_H_
#define MEDIACORE_TOOLS_PROGRESS_H_

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

namespace mediacore::tools {

// A line on stderr that says how far it is.
//
//   Progress progress;
//   while (...) progress.Bar("reading", done, total);   // cheap: call it often
//   progress.Line("30 s, 2 streams, 0 lost");           // live statistics
//   progress.Finish();
//
// On a terminal the line is rewritten in place, ten times a second at most;
// elsewhere a plain line comes out every ten seconds, so that logs stay short.
class Progress {
 public:
  explicit Progress(bool quiet = false, std::FILE* out = stderr)
      : out_(quiet ? nullptr : out), terminal_(::isatty(::fileno(out)) == 1) {}
  ~Progress() { Finish(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // Whether a line now would be shown: to save the making of it.
  bool IsDue() const {
    return out_ != nullptr && Clock::now() - shown_at_ >= interval();
  }
  void Line(std::string_view text) {
    if (IsDue()) Show(std::string(text));
  }
  void Bar(std::string_view what, std::uint64_t done, std::uint64_t total) {
    if (IsDue()) Show(BarText(what, done, total));
  }
  // Leaves the last line as it stands; a terminal's is completed.
  void Finish() {
    if (out_ != nullptr && on_line_) std::fputc('\n', out_);
    on_line_ = false;
  }

  // "reading [#####     ]  50 %  12.3 of 24.6 MB"
  static std::string BarText(std::string_view what, std::uint64_t done, std::uint64_t total) {
    constexpr std::size_t kWidth = 30;
    const double part = total == 0 ? 1.0 : std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
    const auto filled = static_cast<std::size_t>(part * kWidth);
    char numbers[96];
    std::snprintf(numbers, sizeof numbers, "] %3.0f %%  %.1f of %.1f MB", part * 100,
                  static_cast<double>(done) / 1e6, static_cast<double>(total) / 1e6);
    return std::string(what) + " [" + std::string(filled, '#') + std::string(kWidth - filled, ' ') + numbers;
  }

 private:
  using Clock = std::chrono::steady_clock;

  Clock::duration interval() const {
    return terminal_ ? Clock::duration(std::chrono::milliseconds(100)) : Clock::duration(std::chrono::seconds(10));
  }
  void Show(std::string text) {
    shown_at_ = Clock::now();
    if (!terminal_) {
      std::fprintf(out_, "%s\n", text.c_str());
      return;
    }
    winsize window{};
    if (::ioctl(::fileno(out_), TIOCGWINSZ, &window) == 0 && window.ws_col > 1) {
      text.resize(std::min<std::size_t>(text.size(), window.ws_col - 1u));
    }
    std::fprintf(out_, "\r%s\x1b[K", text.c_str());
    std::fflush(out_);
    on_line_ = true;
  }

  std::FILE* out_;
  bool terminal_;
  bool on_line_ = false;
  Clock::time_point shown_at_ = Clock::now();
};

}  // namespace mediacore::tools

#endif  // MEDIACORE_TOOLS_PROGRESS_H_
