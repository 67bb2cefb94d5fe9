#ifndef MEDIACORE_TOOLS_HTTP_SERVER_H_
#define MEDIACORE_TOOLS_HTTP_SERVER_H_

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "bandwidth_trace.h"
#include "resource.h"

namespace mediacore::tools {

// Serves a ResourceSource over HTTP/1.1, with the player page at "/" and the
// player's script at "/hls.js".
//
//   asio::io_context io;
//   HttpServer server(io, ParseEndpoint("127.0.0.1:8080"), store, {});
//   std::cout << server.url();
//   io.run();                  // here or in threads, one or several
//   server.Stop();             // from any thread, or from a signal_set handler
//
// What a client can cost is bounded: connections in number, a request head in
// size and in time, a response in the time that each 64 KiB may take. Whoever is
// past a bound is closed and counted. Memory: about 100 KiB per connection, and
// whatever resources they are still being sent.
class HttpServer {
 public:
  struct Options {
    std::size_t max_connections = 1024;
    std::size_t max_header_bytes = 8 * 1024;
    // For a whole request head, from the first byte or from the last response.
    std::chrono::milliseconds idle_timeout{15'000};
    // For the client to take the next piece of a response.
    std::chrono::milliseconds write_timeout{20'000};
    std::string player_script;  // hls.js itself; empty: the page says how to get it
    std::optional<BandwidthTrace> throttle;  // shapes each remote address
  };
  struct Counters {
    std::uint64_t connections = 0;  // open now
    std::uint64_t accepted = 0;
    std::uint64_t refused = 0;    // over max_connections
    std::uint64_t requests = 0;
    std::uint64_t errors = 0;     // answered with 4xx or 5xx
    std::uint64_t bytes = 0;      // of bodies
    std::uint64_t timeouts = 0;
  };

  // Listens at once. Throws boost::system::system_error (address in use, not
  // an address of this machine, not allowed). `source` outlives the io_context's
  // run.
  HttpServer(boost::asio::io_context& io, const boost::asio::ip::tcp::endpoint& endpoint,
             ResourceSource& source, Options options);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // Where it listens; port 0 has become the real one.
  boost::asio::ip::tcp::endpoint endpoint() const;
  std::string url() const;  // for people: http://127.0.0.1:8080/
  Counters counters() const;

  // Stops listening and closes every connection; io_context::run() returns when
  // nothing else keeps it.
  void Stop();

 private:
  struct Shared;
  std::shared_ptr<Shared> shared_;
};

// "127.0.0.1:8080", "[::1]:8080", "8080" or ":8080" (loopback), "localhost:8080".
// False when it is none of these.
[[nodiscard]] bool ParseEndpoint(std::string_view text, boost::asio::ip::tcp::endpoint& out);

// The sentence for people when listening failed.
std::string ListenError(const boost::asio::ip::tcp::endpoint& endpoint,
                        const boost::system::error_code& error);

// Where npm or the distribution puts hls.js; empty when it is nowhere.
std::string FindPlayerScript();
// The web page, built into the program.
std::string_view PlayerPage();

}  // namespace mediacore::tools

#endif  // MEDIACORE_TOOLS_HTTP_SERVER_H_
