#ifndef MEDIACORE_TOOLS_HTTP_OPTIONS_H_
#define MEDIACORE_TOOLS_HTTP_OPTIONS_H_

#include <cstddef>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "http_server.h"

namespace mediacore::tools {

// The flags of every verb that serves over HTTP.
//
//   HttpFlags http;
//   http.AddTo(*verb, /*serve_required=*/false);
//   ...
//   auto server = http.Start(io, store);      // null when --serve was not given
struct HttpFlags {
  std::string serve;
  std::string throttle;
  std::string player_script;
  std::size_t max_connections = HttpServer::Options().max_connections;
  double idle_timeout_s = 15;

  void AddTo(CLI::App& verb, bool serve_required);
  // Throws Failure with the sentence for people: the address is in
  // use, the trace is broken, the script cannot be read.
  std::unique_ptr<HttpServer> Start(boost::asio::io_context& io, ResourceSource& source) const;
};

}  // namespace mediacore::tools

#endif  // MEDIACORE_TOOLS_HTTP_OPTIONS_H_
