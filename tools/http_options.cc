#include "http_options.h"

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>
#include <utility>

#include "exit_code.h"

namespace mediacore::tools {
namespace {

std::string ReadWhole(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  if (!in.is_open() || in.bad()) {
    throw Failure(ExitCode::kBadInput, "cannot read " + path + ": " + std::strerror(errno));
  }
  return text;
}

}  // namespace

void HttpFlags::AddTo(CLI::App& verb, bool serve_required) {
  verb.add_option("--serve", serve, "Serve over HTTP at ADDRESS:PORT, for example 127.0.0.1:8080")
      ->required(serve_required)
      ->check([](const std::string& text) {
        boost::asio::ip::tcp::endpoint endpoint;
        return ParseEndpoint(text, endpoint) ? std::string() : text + " is not ADDRESS:PORT";
      })
      ->type_name("ADDR");
  verb.add_option("--throttle", throttle, "Shape each client's bandwidth by a trace (CSV), for testing players")
      ->type_name("TRACE.csv");
  verb.add_option("--hls-js", player_script, "hls.js for the web page; searched in build/node and node_modules")
      ->type_name("FILE");
  verb.add_option("--max-connections", max_connections, "Connections at a time; more are closed at once")
      ->check(CLI::Range(1, 100'000))
      ->capture_default_str();
  verb.add_option("--idle-timeout", idle_timeout_s, "Seconds a client may take for a request")
      ->check(CLI::Range(0.1, 3600.0))
      ->capture_default_str();
}

std::unique_ptr<HttpServer> HttpFlags::Start(boost::asio::io_context& io, ResourceSource& source) const {
  if (serve.empty()) return nullptr;
  boost::asio::ip::tcp::endpoint endpoint;
  if (!ParseEndpoint(serve, endpoint)) throw Failure(ExitCode::kUsage, serve + " is not ADDRESS:PORT");
  HttpServer::Options options;
  options.max_connections = max_connections;
  options.idle_timeout = std::chrono::milliseconds(static_cast<std::int64_t>(idle_timeout_s * 1000));
  if (!throttle.empty()) {
    std::string error;
    options.throttle = BandwidthTrace::Parse(ReadWhole(throttle), error);
    if (!options.throttle) throw Failure(ExitCode::kBadInput, throttle + ": " + error);
  }
  const std::string script = player_script.empty() ? FindPlayerScript() : player_script;
  if (!script.empty()) options.player_script = ReadWhole(script);
  try {
    return std::make_unique<HttpServer>(io, endpoint, source, std::move(options));
  } catch (const boost::system::system_error& error) {
    throw Failure(ExitCode::kNetwork, ListenError(endpoint, error.code()));
  }
}

}  // namespace mediacore::tools
