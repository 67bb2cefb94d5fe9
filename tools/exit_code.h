#ifndef MEDIACORE_TOOLS_EXIT_CODE_H_
#define MEDIACORE_TOOLS_EXIT_CODE_H_

#include <stdexcept>
#include <string>

namespace mediacore::tools {

// What the program tells the shell. docs/tools.md lists them for users.
enum class ExitCode : int {
  kOk = 0,
  kBadInput = 1,   // the capture, session description or stream is no use
  kUsage = 2,      // the command line
  kNetwork = 3,    // an address or port cannot be had
  kOutput = 4,     // the output directory or disk
};

// One sentence for the user and the exit code that goes with it. Only tools
// throw; the library never does.
class Failure : public std::runtime_error {
 public:
  Failure(ExitCode code, const std::string& sentence)
      : std::runtime_error(sentence), code_(code) {}
  ExitCode code() const { return code_; }

 private:
  ExitCode code_;
};

}  // namespace mediacore::tools

#endif  // MEDIACORE_TOOLS_EXIT_CODE_H_
