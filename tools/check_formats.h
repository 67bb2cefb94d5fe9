#ifndef MEDIACORE_TOOLS_CHECK_FORMATS_H_
#define MEDIACORE_TOOLS_CHECK_FORMATS_H_

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "describe.h"

namespace mediacore::tools {

// How `mediacore check` reads one kind of file. docs/check.md is its contract.
class Subject {
 public:
  virtual ~Subject() = default;
  // Before each run, not measured: takes whatever memory the run may write to.
  virtual void Prepare() {}
  // Parses all of the file and reads every field of it.
  virtual Verdict Run(Bytes file, TouchFields& fields) = 0;
  // From now on feed it so many bytes at a time; 0: all at once.
  virtual void set_split(std::size_t) {}
  // Of `file`: each pays for a microsecond.
  virtual std::uint64_t Packets(Bytes) const { return 1; }
};

// What bounds hold for a format; docs/check.md has the numbers.
enum class LimitClass : std::uint8_t { kPacket, kStream, kDocument };

struct Format {
  std::string_view name;
  std::string_view what;  // for --help and error sentences
  LimitClass limits = LimitClass::kPacket;
  bool payload_sequences = false;  // takes .pseq
  bool packet_sequences = false;   // takes .seq
  bool incremental = false;        // takes --split: set_split() does something
  // Null: only the name is reserved, and `what` says what it comes with.
  std::unique_ptr<Subject> (*make)(std::string_view extension, const rtp::ExtensionMap& extensions) = nullptr;
};

std::span<const Format> CheckFormats();
// Null when there is none of that name.
const Format* FindCheckFormat(std::string_view name);

// read(piece) for `split` bytes at a time; 0: all at once.
template <typename Read>
void ForEachPiece(Bytes file, std::size_t split, Read&& read) {
  if (split == 0) return read(file);
  for (std::size_t at = 0; at < file.size(); at += split) read(file.subspan(at, std::min(split, file.size() - at)));
}

// In check_containers.cc.
std::unique_ptr<Subject> MakeIvf();
std::unique_ptr<Subject> MakeOgg();
std::unique_ptr<Subject> MakeWebm();

// The same for files of sequences, in check_sequences.cc.
std::unique_ptr<Subject> MakePacketSequence(const rtp::ExtensionMap& extensions);
std::unique_ptr<Subject> MakeDependencyDescriptorSequence();
// Of payloads that have nothing to do with each other.
std::unique_ptr<Subject> MakeLonePayloadSequence(PayloadDescriber describe);
std::unique_ptr<Subject> MakeH264Sequence();
std::unique_ptr<Subject> MakeH265Sequence();
std::unique_ptr<Subject> MakeH266Sequence();
std::unique_ptr<Subject> MakeVp8Sequence();
std::unique_ptr<Subject> MakeVp9Sequence();
std::unique_ptr<Subject> MakeAv1Sequence();
std::unique_ptr<Subject> MakeOpusSequence();
std::unique_ptr<Subject> MakeAacSequence();
std::unique_ptr<Subject> MakeLatmSequence();
std::unique_ptr<Subject> MakeG711Sequence();
std::unique_ptr<Subject> MakeG722Sequence();
std::unique_ptr<Subject> MakeTelephoneEventSequence();

// What a run over `bytes` bytes that hold `packets` packets may take.
struct CheckLimits {
  double microseconds;
  std::uint64_t heap_bytes;
  std::uint64_t output;
};
CheckLimits LimitsOf(LimitClass limits, std::uint64_t bytes, std::uint64_t packets);
// Larger files are refused without being read.
std::uint64_t MaxFileSize(LimitClass limits, bool sequence);

}  // namespace mediacore::tools

#endif  // MEDIACORE_TOOLS_CHECK_FORMATS_H_
