// mediacore serve DIR: a directory over HTTP, with the player page.
#include <csignal>
#include <functional>
#include <iostream>
#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include "http_options.h"
#include "media_store.h"
#include "progress.h"
#include "verbs.h"

namespace mediacore::tools {
namespace {

struct Flags {
  std::string directory;
  HttpFlags http;
  bool quiet = false;
};

ExitCode Serve(const Flags& flags) {
  boost::asio::io_context io(1);
  DirectorySource source(flags.directory);
  const auto server = flags.http.Start(io, source);
  std::cout << "serving " << flags.directory << " at " << server->url() << std::endl;

  boost::asio::signal_set signals(io, SIGINT, SIGTERM);
  boost::asio::steady_timer second(io);
  Progress progress(flags.quiet);
  std::function<void(boost::system::error_code)> tick = [&](boost::system::error_code error) {
    if (error) return;
    const HttpServer::Counters counters = server->counters();
    progress.Line(std::to_string(counters.connections) + " connections, " +
                  std::to_string(counters.requests) + " requests, " +
                  std::to_string(counters.errors) + " errors, " +
                  std::to_string(counters.bytes / 1000) + " kB");
    second.expires_after(std::chrono::seconds(1));
    second.async_wait(tick);
  };
  tick({});
  signals.async_wait([&](boost::system::error_code, int) {
    second.cancel();
    server->Stop();
  });
  io.run();
  return ExitCode::kOk;
}

}  // namespace

void AddServe(CLI::App& app, ExitCode& exit_code) {
  auto flags = std::make_shared<Flags>();
  CLI::App* verb = app.add_subcommand("serve", "Serve a directory over HTTP, with a player page at /");
  verb->add_option("DIR", flags->directory, "The directory")->required();
  flags->http.serve = "127.0.0.1:8080";
  flags->http.AddTo(*verb, false);
  verb->add_flag("--quiet", flags->quiet, "No statistics line");
  verb->callback([flags, &exit_code] { exit_code = Serve(*flags); });
}

}  // namespace mediacore::tools
