#ifndef MEDIACORE_TOOLS_VERBS_H_
#define MEDIACORE_TOOLS_VERBS_H_

#include <CLI/CLI.hpp>

#include "exit_code.h"

namespace mediacore::tools {

// Each adds its verb to `app`; when it was the one chosen, it runs while the
// command line is parsed and leaves its outcome in `exit_code`. main() makes a
// Failure that leaves a verb into its sentence and its code.
void AddHls(CLI::App& app, ExitCode& exit_code);
void AddServe(CLI::App& app, ExitCode& exit_code);
void AddCheck(CLI::App& app, ExitCode& exit_code);
void AddInspect(CLI::App& app, ExitCode& exit_code);

}  // namespace mediacore::tools

#endif  // MEDIACORE_TOOLS_VERBS_H_
