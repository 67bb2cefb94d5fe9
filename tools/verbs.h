#ifndef MEDIACORE_TOOLS_VERBS_H_
#define MEDIACORE_TOOLS_VERBS_H_

#include <CLI/CLI.hpp>

namespace mediacore::tools {

// What every verb ends with.
inline constexpr int kExitOk = 0;
inline constexpr int kExitFailed = 1;  // bad input, or nothing useful came of it
inline constexpr int kExitUsage = 2;   // the command line was wrong

// Each adds its verb to `app`; when it was the one chosen, it runs while the
// command line is parsed and leaves its outcome in `exit_code`. An exception
// that leaves a verb becomes one sentence and kExitFailed.
void AddServe(CLI::App& app, int& exit_code);
void AddInspect(CLI::App& app, int& exit_code);

}  // namespace mediacore::tools

#endif  // MEDIACORE_TOOLS_VERBS_H_
