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
  int exit_code = kExitOk;
  AddServe(app, exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kExitOk : kExitUsage;
  } catch (const std::exception& error) {
    std::cerr << "mediacore: " << error.what() << '\n';
    return kExitFailed;
  }
  return exit_code;
}
