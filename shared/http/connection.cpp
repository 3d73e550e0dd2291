#include "shared/http/connection.hpp"

#include "shared/http/request_head.hpp"
#include "shared/http/request_id.hpp"
#include "shared/http/request_trace.hpp"
#include "shared/http/response_head.hpp"

#include <boost/asio/post.hpp>
#include <boost/beast/http/read.hpp>

#include <algorithm>
#include <utility>

namespace libra {

namespace asio = boost::asio;
namespace http = boost::beast::http;

namespace {

constexpr std::size_t k_first_read_bytes = 4096;
constexpr std::size_t k_body_read_bytes = 64U << 10U;
constexpr std::size_t k_idle_buffer_bytes = 32U << 10U;
constexpr std::size_t k_small_body_bytes = 64U << 10U;

bool has_no_content(int status)
{
    return status == 204 || status == 304;
}

}  // namespace

Connection::Connection(Socket socket, ConnectionSlot slot, IoThread& thread, ServerContext& context)
    : socket_{std::move(socket), context.clock},
      slot_{std::move(slot)},
      thread_{thread},
      context_{context},
      answered_{thread.context()},
      buffer_{context.settings.limits.header_bytes + k_body_read_bytes},
      body_memory_{context.body_memory}
{
}

Connection::~Connection()
{
    thread_.leave(*this);
}

Task<void> Connection::run(std::unique_ptr<Connection> connection)
{
    connection->thread_.enter(*connection);
    try {
        co_await connection->serve();
    } catch (const std::exception& bug) {
        connection->context_.log.error("a connection failed", {{"reason", bug.what()}});
    }
}

Task<void> Connection::serve()
{
    bool first = true;
    while (!last_) {
        const bool arrived = co_await wait_for_request(first);
        if (!arrived) {
            co_return;
        }
        co_await exchange();
        parser_.reset();
        body_memory_.give_back();
        first = false;
    }
    if (unread_ && !gone_) {
        co_await socket_.linger(context_.settings.deadlines.linger);
    }
}

Task<bool> Connection::wait_for_request(bool first)
{
    if (buffer_.size() > 0) {
        co_return true;
    }
    if (buffer_.capacity() > k_idle_buffer_bytes) {
        buffer_.shrink_to_fit();
    }
    const HttpDeadlines& deadlines = context_.settings.deadlines;
    socket_.set_deadline(first ? deadlines.header : deadlines.keep_alive, OnDeadline::stop_reading);
    idle_ = true;
    if (context_.draining) {
        socket_.stop_reading();
    }
    const auto [failed, bytes] =
        co_await socket_.stream().async_read_some(buffer_.prepare(k_first_read_bytes), k_await);
    idle_ = false;
    buffer_.commit(bytes);
    co_return !failed;
}

Task<void> Connection::exchange()
{
    started_ = context_.clock.now();
    request_ = {};
    request_.client = socket_.peer();
    gone_ = false;
    const ErrorKind* error = co_await read_head();
    request_.request_id = choose_request_id(request_, context_.random);
    request_.trace = trace_of(request_, context_.random);
    if (gone_) {
        last_ = true;
        co_return;
    }
    if (error == nullptr && slot_.seat() != Seat::regular) {
        error = &k_too_many_connections;
    }
    std::optional<HttpResponse> response;
    if (error != nullptr) {
        response = context_.application.refuse(*error);
        last_ = true;
    } else {
        response = answer_at_once();
    }
    if (error == nullptr && (!response || worth_reading_on())) {
        error = co_await read_body();
        if (gone_) {
            last_ = true;
            co_return;
        }
        if (error != nullptr) {
            response = context_.application.refuse(*error);
            last_ = true;
        }
    }
    if (!response) {
        response = co_await answer_on_worker();
    }
    co_await respond(*std::move(response));
}

Task<const ErrorKind*> Connection::read_head()
{
    const HttpSettings& settings = context_.settings;
    parser_.emplace();
    parser_->header_limit(static_cast<std::uint32_t>(settings.limits.header_bytes));
    parser_->body_limit(boost::none);  // decided below, once the application's headers can be read
    socket_.set_deadline(settings.deadlines.header, OnDeadline::stop_reading);
    parser_->on_chunk_header(chunk_check_);
    const boost::system::error_code failed =
        co_await read_head_bytes(socket_.stream(), buffer_, *parser_, settings.limits.header_bytes);
    if (failed) {
        co_return explain(failed);
    }
    if (const ErrorKind* const bad = fill_request(parser_->get(), request_)) {
        co_return bad;
    }
    request_.client = settings.trusted_proxies.client(socket_.peer(), forwarded_for(request_));
    const auto length = parser_->content_length();
    if (length && *length > settings.limits.body_bytes) {
        co_return &k_body_too_large;
    }
    parser_->body_limit(settings.limits.body_bytes);
    co_return nullptr;
}

Task<const ErrorKind*> Connection::read_body()
{
    const HttpDeadlines& deadlines = context_.settings.deadlines;
    const Instant end = context_.clock.now() + deadlines.body;
    if (!parser_->is_done() && buffer_.size() == 0 && parser_->get().version() > 10 &&
        expects_continue(request_)) {
        const bool sent =
            co_await socket_.send("HTTP/1.1 100 Continue\r\n\r\n", {}, deadlines.write);
        gone_ = !sent;
    }
    while (!parser_->is_done() && !gone_) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(end - context_.clock.now());
        if (left.count() <= 0) {
            co_return &k_request_timeout;
        }
        socket_.set_deadline(std::min(deadlines.body_idle, left), OnDeadline::stop_reading);
        const auto [failed, bytes] =
            co_await http::async_read_some(socket_.stream(), buffer_, *parser_, k_await);
        if (failed) {
            co_return explain(failed);
        }
        if (!body_memory_.grow_to(parser_->get().body().size())) {
            co_return &k_overloaded;
        }
    }
    request_.body = parser_->get().body();
    co_return nullptr;
}

Task<HttpResponse> Connection::answer_on_worker()
{
    socket_.clear_deadline();  // stores and pools keep their own
    worker_done_ = false;
    answered_.expires_at(Timer::time_point::max());
    const bool accepted = context_.workers.try_submit([this] {
        worked_out_ = answer();
        asio::post(socket_.stream().get_executor(), [this] {
            worker_done_ = true;
            answered_.cancel();
        });
    });
    if (!accepted) {
        co_return context_.application.refuse(k_overloaded);
    }
    while (!worker_done_) {
        co_await answered_.async_wait(k_await);
    }
    co_return std::move(worked_out_);
}

Task<void> Connection::respond(HttpResponse response)
{
    const bool chunked = parser_->get().version() > 10;
    last_ = last_ || context_.draining || !parser_->is_done() || !parser_->keep_alive() ||
            (response.stream && !chunked);
    unread_ = !parser_->is_done();
    context_.application.finish(request_, response);
    const auto elapsed =
        std::chrono::duration_cast<std::chrono::microseconds>(context_.clock.now() - started_);
    head_.clear();
    append_head(head_, response, {thread_.date(), request_.request_id, elapsed, !last_, chunked});
    const bool bare = request_.method == "HEAD" || has_no_content(response.status);
    const std::string_view body = bare ? std::string_view{} : response.content();
    std::size_t bytes = body.size();
    bool sent = false;
    if (response.stream && !bare) {
        sent = co_await pump(*response.stream, bytes);
    } else {
        sent = co_await socket_.send(head_, body, context_.settings.deadlines.write);
    }
    if (!sent) {
        gone_ = last_ = true;
    }
    context_.application.served({request_, response.status, bytes, elapsed, !sent, started_});
}

Task<bool> Connection::pump(BodyStream& stream, std::size_t& bytes)
{
    BodyPump pump{
        socket_,
        stream,
        parser_->get().version() > 10 ? BodyFraming::chunked : BodyFraming::until_end};
    if (context_.draining) {
        pump.stop();
    }
    pump_ = &pump;
    const bool sent = co_await pump.run(head_, context_.settings.deadlines.write);
    pump_ = nullptr;
    bytes = pump.bytes_sent();
    co_return sent;
}

std::optional<HttpResponse> Connection::answer_at_once()
{
    try {
        return context_.application.answer_at_once(request_);
    } catch (const std::exception& bug) {
        context_.log.error("a quick handler threw", {{"reason", bug.what()}});
        return context_.application.refuse(k_internal_error);
    }
}

HttpResponse Connection::answer()
{
    try {
        return context_.application.answer(request_);
    } catch (const std::exception& bug) {
        context_.log.error(
            "a handler threw", {{"request_id", request_.request_id}, {"reason", bug.what()}}
        );
        return context_.application.refuse(k_internal_error);
    }
}

/// A small body is read although nobody needs it, because that keeps the connection usable.
bool Connection::worth_reading_on() const
{
    const auto length = parser_->content_length();
    return length && *length <= k_small_body_bytes && !expects_continue(request_);
}

const ErrorKind* Connection::explain(const boost::system::error_code& failed)
{
    if (socket_.deadline_passed()) {
        return &k_request_timeout;
    }
    const ErrorKind* const error = explain_read_failure(failed, !parser_->is_header_done());
    gone_ = error == nullptr;
    return error;
}

void Connection::drain()
{
    if (idle_) {
        socket_.stop_reading();
    }
    if (pump_ != nullptr) {
        pump_->stop();
    }
}

}  // namespace libra
