// mediacore: one program, a verb for each job.
#include <exception>
#include <iostream>

#include <CLI/CLI.hpp>

#include "verbs.h"

int main(int argc, char** argv) {
  using namespace mediacore::tools;
  CLI::App app{"Media streams: receive, package, serve, look inside."};
  app.set_version_flag("--version", "mediacore " MEDIACORE_VERSION);
  app.require_subcommand(1);
  ExitCode exit_code = ExitCode::kOk;
  AddCheck(app, exit_code);
  AddHls(app, exit_code);
  AddInspect(app, exit_code);
  AddServe(app, exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (app.exit(error) != 0) exit_code = ExitCode::kUsage;
  } catch (const Failure& failure) {
    std::cerr << "mediacore: " << failure.what() << '\n';
    exit_code = failure.code();
  } catch (const std::exception& error) {
    std::cerr << "mediacore: " << error.what() << '\n';
    exit_code = ExitCode::kBadInput;
  }
  return static_cast<int>(exit_code);
}
