#include "http_server.h"

#include <algorithm>
#include <array>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <list>
#include <utility>
#include <vector>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include "http_fields.h"

namespace mediacore::tools {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using boost::system::error_code;

// Outcomes as values: a client that goes away is no exception.
constexpr auto kUse = asio::as_tuple(asio::use_awaitable);

using Request = http::request<http::empty_body>;
using Head = http::response<http::empty_body>;

constexpr std::size_t kChunk = 64 * 1024;
constexpr std::size_t kThrottledChunk = 4 * 1024;
// How far a response may lag behind its link before the time is lost to it.
constexpr TimeDelta kThrottleSlack = TimeDelta::Millis(50);
constexpr std::size_t kMaxThrottles = 1024;

Timestamp SteadyNow() {
  return Timestamp::Micros(std::chrono::duration_cast<std::chrono::microseconds>(
                               std::chrono::steady_clock::now().time_since_epoch())
                               .count());
}

std::string HttpDate() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&now, &utc);
  std::array<char, 64> text{};
  const std::size_t n = std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &utc);
  return std::string(text.data(), n);
}

std::vector<std::uint8_t> ToBytes(std::string_view text) { return {text.begin(), text.end()}; }

std::shared_ptr<const Resource> MakePage(std::string_view text, std::string_view name) {
  auto page = std::make_shared<MemoryResource>(ToBytes(text));
  page->mime = MimeType(name);
  page->cache_control = "no-cache";
  page->gzip = Gzip(ToBytes(text));
  return page;
}

// What came is no request, as opposed to: nothing more came.
bool IsMalformed(const error_code& error) {
  return error.category() == http::make_error_code(http::error::bad_method).category() &&
         error != http::error::end_of_stream && error != http::error::partial_message;
}

// Everything about a response but its bytes.
struct Answer {
  http::status status = http::status::ok;
  std::shared_ptr<const Resource> resource;  // null: `text` is the body
  bool gzip = false;
  std::uint64_t first = 0;
  std::uint64_t size = 0;
  std::string text;
  std::string content_range;
};

}  // namespace

struct HttpServer::Shared : std::enable_shared_from_this<Shared> {
  Shared(asio::io_context& context, ResourceSource& resources, Options chosen)
      : io(context),
        acceptor(asio::make_strand(context)),
        source(resources),
        options(std::move(chosen)) {}

  // One connection, known here so that Stop() can end it.
  struct Connection {
    explicit Connection(tcp::socket socket)
        : stream(std::move(socket)), pause(stream.get_executor()) {}
    beast::tcp_stream stream;
    asio::steady_timer pause;
    beast::flat_buffer buffer;
    bool stopped = false;
  };

  asio::io_context& io;
  tcp::acceptor acceptor;
  ResourceSource& source;
  const Options options;
  std::shared_ptr<const Resource> page;
  std::shared_ptr<const Resource> script;
  tcp::endpoint local;

  mutable std::mutex mutex;
  Counters counters;
  std::list<std::weak_ptr<Connection>> connections;
  bool stopping = false;
  struct Client {
    std::shared_ptr<Throttle> throttle;
    Timestamp last_used = Timestamp::MinusInfinity();
  };
  std::map<asio::ip::address, Client> clients;

  asio::awaitable<void> Accept();
  asio::awaitable<void> Serve(std::shared_ptr<Connection> connection);
  asio::awaitable<bool> Respond(Connection& connection, const Request& request, Throttle* throttle);
  asio::awaitable<bool> Send(Connection& connection, const Request& request, const Answer& answer,
                             Throttle* throttle);
  asio::awaitable<bool> WaitFor(Connection& connection, Timestamp when);
  Answer Choose(const Request& request);
  std::shared_ptr<Throttle> ThrottleOf(const asio::ip::address& address);
  void Count(std::uint64_t Counters::*counter, std::uint64_t n = 1) {
    const std::lock_guard lock(mutex);
    counters.*counter += n;
  }
};

HttpServer::HttpServer(asio::io_context& io, const tcp::endpoint& endpoint, ResourceSource& source,
                       Options options)
    : shared_(std::make_shared<Shared>(io, source, std::move(options))) {
  Shared& shared = *shared_;
  shared.page = MakePage(PlayerPage(), "player.html");
  if (!shared.options.player_script.empty()) {
    shared.script = MakePage(shared.options.player_script, "hls.js");
  }
  shared.acceptor.open(endpoint.protocol());
  shared.acceptor.set_option(tcp::acceptor::reuse_address(true));
  shared.acceptor.bind(endpoint);
  shared.acceptor.listen();
  shared.local = shared.acceptor.local_endpoint();
  asio::co_spawn(
      shared.acceptor.get_executor(),
      [shared = shared_]() -> asio::awaitable<void> { co_await shared->Accept(); }, asio::detached);
}

HttpServer::~HttpServer() { Stop(); }

tcp::endpoint HttpServer::endpoint() const { return shared_->local; }

std::string HttpServer::url() const {
  asio::ip::address address = shared_->local.address();
  if (address.is_unspecified()) address = asio::ip::address_v4::loopback();
  const std::string host = address.is_v6() ? '[' + address.to_string() + ']' : address.to_string();
  return "http://" + host + ':' + std::to_string(shared_->local.port()) + '/';
}

HttpServer::Counters HttpServer::counters() const {
  const std::lock_guard lock(shared_->mutex);
  return shared_->counters;
}

void HttpServer::Stop() {
  const std::lock_guard lock(shared_->mutex);
  if (std::exchange(shared_->stopping, true)) return;
  asio::post(shared_->acceptor.get_executor(), [shared = shared_] {
    error_code ignored;
    shared->acceptor.close(ignored);
  });
  for (const auto& weak : shared_->connections) {
    const auto connection = weak.lock();
    if (!connection) continue;
    asio::post(connection->stream.get_executor(), [connection] {
      connection->stopped = true;
      connection->pause.cancel();
      connection->stream.close();
    });
  }
}

asio::awaitable<void> HttpServer::Shared::Accept() {
  const auto keep = shared_from_this();
  while (acceptor.is_open()) {
    auto [error, socket] =
        co_await acceptor.async_accept(asio::any_io_executor(asio::make_strand(io)), kUse);
    if (error == asio::error::operation_aborted || !acceptor.is_open()) co_return;
    if (error) {
      // Out of descriptors, or gone before it was taken: others may be luckier.
      asio::steady_timer pause(acceptor.get_executor(), std::chrono::milliseconds(20));
      co_await pause.async_wait(kUse);
      continue;
    }
    error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    auto connection = std::make_shared<Connection>(std::move(socket));
    {
      const std::lock_guard lock(mutex);
      if (stopping) co_return;
      if (counters.connections >= options.max_connections) {
        ++counters.refused;
        continue;  // closed
      }
      ++counters.accepted;
      ++counters.connections;
      connections.remove_if([](const auto& weak) { return weak.expired(); });
      connections.push_back(connection);
    }
    asio::co_spawn(
        connection->stream.get_executor(),
        [keep, connection]() -> asio::awaitable<void> { co_await keep->Serve(connection); },
        [keep](const std::exception_ptr&) {
          const std::lock_guard lock(keep->mutex);
          --keep->counters.connections;
        });
  }
}

asio::awaitable<void> HttpServer::Shared::Serve(std::shared_ptr<Connection> connection) {
  beast::tcp_stream& stream = connection->stream;
  error_code error;
  const tcp::endpoint remote = stream.socket().remote_endpoint(error);
  if (error) co_return;
  const std::shared_ptr<Throttle> throttle = ThrottleOf(remote.address());
  for (bool more = true; more && !connection->stopped;) {
    http::request_parser<http::empty_body> parser;
    parser.header_limit(static_cast<std::uint32_t>(options.max_header_bytes));
    stream.expires_after(options.idle_timeout);
    auto [failed, size] = co_await http::async_read_header(stream, connection->buffer, parser, kUse);
    if (failed == beast::error::timeout) Count(&Counters::timeouts);
    if (failed && !IsMalformed(failed)) co_return;
    Request request = parser.release();
    if (!failed && request.version() >= 11 && request.count(http::field::host) == 0) {
      failed = http::error::bad_field;
    }
    if (failed) {
      Answer answer;
      answer.status = failed == http::error::header_limit || failed == http::error::buffer_overflow
                          ? http::status::request_header_fields_too_large
                          : http::status::bad_request;
      answer.text = "Not a request: " + failed.message() + ".\n";
      request = Request(http::verb::get, "/", 11);
      request.keep_alive(false);
      co_await Send(*connection, request, answer, nullptr);
      break;
    }
    // A body that nobody asked for is not read; the connection ends after it.
    if (request.has_content_length() ? request[http::field::content_length] != "0" : request.chunked()) {
      request.keep_alive(false);
    }
    more = co_await Respond(*connection, request, throttle.get());
  }
  if (connection->stopped) co_return;
  // Closing on bytes not read would reset the connection, and the client might
  // never see the answer: take what it still sends, for a moment.
  stream.socket().shutdown(tcp::socket::shutdown_send, error);
  stream.expires_after(std::chrono::seconds(1));
  std::array<char, 4096> rest;
  for (int reads = 0; reads < 64; ++reads) {
    auto [gone, size] = co_await stream.async_read_some(asio::buffer(rest), kUse);
    if (gone) break;
  }
}

asio::awaitable<bool> HttpServer::Shared::Respond(Connection& connection, const Request& request,
                                                  Throttle* throttle) {
  Count(&Counters::requests);
  if (throttle != nullptr) {
    const Timestamp now = SteadyNow();
    if (!co_await WaitFor(connection, now + throttle->RttAt(now))) co_return false;
  }
  const Answer answer = Choose(request);
  co_return co_await Send(connection, request, answer, throttle);
}

// The whole of HTTP's semantics: what the answer to this request is.
Answer HttpServer::Shared::Choose(const Request& request) {
  Answer answer;
  const http::verb verb = request.method();
  if (verb == http::verb::options) {
    answer.status = http::status::no_content;
    return answer;
  }
  if (verb != http::verb::get && verb != http::verb::head) {
    answer.status = http::status::method_not_allowed;
    answer.text = "Only GET, HEAD and OPTIONS here.\n";
    return answer;
  }
  std::string name;
  const auto target = request.target();
  if (!ReadTarget({target.data(), target.size()}, name)) {
    answer.status = http::status::bad_request;
    answer.text = "Not a path.\n";
    return answer;
  }
  answer.resource = name.empty() ? page : name == "hls.js" ? script : source.Find(name);
  if (!answer.resource) {
    answer.status = http::status::not_found;
    answer.text = name == "hls.js" ? "hls.js is not installed here.\n" : "There is nothing of this name.\n";
    return answer;
  }
  const Resource& resource = *answer.resource;
  const auto field = [&](http::field which) {
    const auto value = request[which];
    return std::string_view(value.data(), value.size());
  };
  answer.size = resource.size;
  if (!resource.etag.empty() && MatchesEtag(field(http::field::if_none_match), resource.etag)) {
    answer.status = http::status::not_modified;
    answer.size = 0;
    return answer;
  }
  const std::string_view if_range = field(http::field::if_range);
  const RangeRequest range = verb == http::verb::get && (if_range.empty() || if_range == resource.etag)
                                 ? ReadRange(field(http::field::range), resource.size)
                                 : RangeRequest();
  switch (range.kind) {
    case RangeRequest::Kind::kWhole:
      if (!resource.gzip.empty() && AcceptsGzip(field(http::field::accept_encoding))) {
        answer.gzip = true;
        answer.size = resource.gzip.size();
      }
      break;
    case RangeRequest::Kind::kPart:
      answer.status = http::status::partial_content;
      answer.first = range.first;
      answer.size = range.last - range.first + 1;
      answer.content_range = "bytes " + std::to_string(range.first) + '-' +
                             std::to_string(range.last) + '/' + std::to_string(resource.size);
      break;
    case RangeRequest::Kind::kUnsatisfiable:
      answer.status = http::status::range_not_satisfiable;
      answer.content_range = "bytes */" + std::to_string(resource.size);
      answer.text = "The file has " + std::to_string(resource.size) + " bytes.\n";
      answer.resource = nullptr;
      break;
  }
  return answer;
}

// True when the connection can take another request.
asio::awaitable<bool> HttpServer::Shared::Send(Connection& connection, const Request& request,
                                               const Answer& answer, Throttle* throttle) {
  beast::tcp_stream& stream = connection.stream;
  const bool has_text = !answer.resource;
  const std::uint64_t size = has_text ? answer.text.size() : answer.size;
  const bool bodiless = answer.status == http::status::no_content || answer.status == http::status::not_modified;
  if (static_cast<unsigned>(answer.status) >= 400) Count(&Counters::errors);

  Head head(answer.status, 11);
  head.keep_alive(request.keep_alive());
  head.set(http::field::server, "mediacore");
  head.set(http::field::date, HttpDate());
  head.set(http::field::access_control_allow_origin, "*");
  head.set(http::field::access_control_expose_headers, "Content-Length, Content-Range, Date, ETag, Server");
  head.set("Timing-Allow-Origin", "*");
  head.set("Cross-Origin-Resource-Policy", "cross-origin");
  head.set("X-Content-Type-Options", "nosniff");
  if (answer.status == http::status::no_content) {
    head.set(http::field::access_control_allow_methods, "GET, HEAD, OPTIONS");
    head.set(http::field::access_control_allow_headers, "Range, If-None-Match, If-Range, Cache-Control, Content-Type");
    head.set(http::field::access_control_max_age, "86400");
  }
  if (answer.status == http::status::no_content || answer.status == http::status::method_not_allowed) {
    head.set(http::field::allow, "GET, HEAD, OPTIONS");
  }
  if (!answer.content_range.empty()) head.set(http::field::content_range, answer.content_range);
  if (has_text && !bodiless) {
    head.set(http::field::content_type, "text/plain; charset=utf-8");
    head.set(http::field::cache_control, "no-store");
  } else if (!has_text) {
    if (!bodiless) head.set(http::field::content_type, answer.resource->mime);
    head.set(http::field::cache_control, answer.resource->cache_control);
    head.set(http::field::accept_ranges, "bytes");
    if (!answer.resource->etag.empty()) {
      head.set(http::field::etag, answer.gzip ? "W/" + answer.resource->etag : answer.resource->etag);
    }
    if (!answer.resource->gzip.empty()) head.set(http::field::vary, "Accept-Encoding");
    if (answer.gzip) head.set(http::field::content_encoding, "gzip");
  }
  if (!bodiless) head.content_length(size);

  stream.expires_after(options.write_timeout);
  http::response_serializer<http::empty_body> serializer(head);
  auto [head_error, head_sent] = co_await http::async_write_header(stream, serializer, kUse);
  if (head_error == beast::error::timeout) Count(&Counters::timeouts);
  if (head_error) co_return false;

  const std::size_t chunk = throttle != nullptr ? kThrottledChunk : kChunk;
  std::vector<std::uint8_t> piece;
  Timestamp ready = SteadyNow();
  const std::uint64_t body = bodiless || request.method() == http::verb::head ? 0 : size;
  for (std::uint64_t at = 0; at < body; at += piece.size()) {
    piece.resize(static_cast<std::size_t>(std::min<std::uint64_t>(chunk, body - at)));
    if (has_text) {
      std::copy_n(answer.text.begin() + static_cast<std::ptrdiff_t>(at), piece.size(), piece.begin());
    } else if (answer.gzip) {
      std::copy_n(answer.resource->gzip.begin() + static_cast<std::ptrdiff_t>(at), piece.size(), piece.begin());
    } else if (!answer.resource->Read(answer.first + at, piece)) {
      co_return false;  // the file was cut short; the client sees the missing bytes
    }
    if (throttle != nullptr) {
      const std::lock_guard lock(mutex);
      ready = throttle->Send(std::max(ready, SteadyNow() - kThrottleSlack),
                             DataSize::Bytes(static_cast<std::int64_t>(piece.size())));
    }
    if (throttle != nullptr) {
      if (!co_await WaitFor(connection, ready)) co_return false;
    }
    stream.expires_after(options.write_timeout);
    auto [error, sent] = co_await asio::async_write(stream, asio::buffer(piece), kUse);
    if (error == beast::error::timeout) Count(&Counters::timeouts);
    if (error) co_return false;
    Count(&Counters::bytes, piece.size());
  }
  co_return request.keep_alive();
}

asio::awaitable<bool> HttpServer::Shared::WaitFor(Connection& connection, Timestamp when) {
  if (connection.stopped) co_return false;
  const TimeDelta wait = when - SteadyNow();
  if (wait > TimeDelta::Zero()) {
    connection.stream.expires_never();
    connection.pause.expires_after(std::chrono::microseconds(wait.us()));
    co_await connection.pause.async_wait(kUse);
  }
  co_return !connection.stopped;
}

std::shared_ptr<Throttle> HttpServer::Shared::ThrottleOf(const asio::ip::address& address) {
  if (!options.throttle) return nullptr;
  const Timestamp now = SteadyNow();
  const std::lock_guard lock(mutex);
  if (clients.size() >= kMaxThrottles && !clients.contains(address)) {
    clients.erase(std::min_element(clients.begin(), clients.end(), [](const auto& a, const auto& b) {
      return a.second.last_used < b.second.last_used;
    }));
  }
  Client& client = clients[address];
  if (!client.throttle) client.throttle = std::make_shared<Throttle>(*options.throttle, now);
  client.last_used = now;
  return client.throttle;
}

bool ParseEndpoint(std::string_view text, tcp::endpoint& out) {
  const std::size_t colon = text.rfind(':');
  std::string_view host = colon == std::string_view::npos ? std::string_view() : text.substr(0, colon);
  const std::string_view port_text = colon == std::string_view::npos ? text : text.substr(colon + 1);
  if (port_text.empty() || port_text.size() > 5 || port_text.find_first_not_of("0123456789") != std::string_view::npos) return false;
  const int port = std::stoi(std::string(port_text));
  if (port > 65535) return false;
  if (host.empty() || host == "localhost") host = "127.0.0.1";
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  error_code error;
  const auto address = asio::ip::make_address(std::string(host), error);
  if (error) return false;
  out = tcp::endpoint(address, static_cast<std::uint16_t>(port));
  return true;
}

std::string ListenError(const tcp::endpoint& endpoint, const error_code& error) {
  const std::string where = endpoint.address().to_string() + " port " + std::to_string(endpoint.port());
  if (error == asio::error::address_in_use) {
    return "cannot listen on " + where + ": another program already does; choose another port with --serve";
  }
  if (error == asio::error::access_denied) {
    return "cannot listen on " + where + ": not allowed; ports below 1024 need rights, choose a higher one with --serve";
  }
  return "cannot listen on " + where + ": " + error.message();
}

std::string FindPlayerScript() {
  // Where ./run puts it: build/node, beside build/demo and the others.
  std::error_code error;
  const auto beside = std::filesystem::read_symlink("/proc/self/exe", error).parent_path() /
                      "../node/node_modules/hls.js/dist/hls.min.js";
  if (!error && std::ifstream(beside).good()) return beside.string();
  for (const char* place : {"build/node/node_modules/hls.js/dist/hls.min.js",
                            "node_modules/hls.js/dist/hls.min.js",
                            "/usr/share/javascript/hls.js/hls.min.js",
                            "/usr/share/nodejs/hls.js/dist/hls.min.js"}) {
    if (std::ifstream(place).good()) return place;
  }
  return {};
}

}  // namespace mediacore::tools
