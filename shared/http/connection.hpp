#pragma once

#include "shared/base/clock.hpp"
#include "shared/base/log.hpp"
#include "shared/base/random.hpp"
#include "shared/http/application.hpp"
#include "shared/http/body_pump.hpp"
#include "shared/http/bounded_pool.hpp"
#include "shared/http/byte_budget.hpp"
#include "shared/http/connection_slots.hpp"
#include "shared/http/deadline_socket.hpp"
#include "shared/http/head_reading.hpp"
#include "shared/http/io_thread.hpp"
#include "shared/http/settings.hpp"

#include <boost/beast/core/flat_buffer.hpp>

#include <atomic>
#include <memory>
#include <optional>

/// @file One client's connection: read a request, have it answered, write, again.

namespace libra {

/// What the connections of a server share.
struct ServerContext {
    Application& application;
    BoundedPool& workers;
    Clock& clock;
    Random& random;
    const Log& log;
    const HttpSettings& settings;
    ByteBudget& body_memory;
    std::atomic<bool>& draining;
};

/// Lives on one IoThread; all methods belong to that thread.
class Connection {
public:
    Connection(Socket socket, ConnectionSlot slot, IoThread& thread, ServerContext& context);
    ~Connection();

    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// Serves requests until one side has had enough.
    static Task<void> run(std::unique_ptr<Connection> connection);

    void enforce_deadline(Instant now) { socket_.enforce_deadline(now); }

    /// Ends the connection if it waits for a next request, else lets the current one be the last;
    /// a body that comes in pieces ends with the one under way.
    void drain();

private:
    Task<void> serve();
    Task<bool> wait_for_request(bool first);
    Task<void> exchange();
    Task<const ErrorKind*> read_head();
    Task<const ErrorKind*> read_body();
    Task<HttpResponse> answer_on_worker();
    Task<void> respond(HttpResponse response);
    Task<bool> pump(BodyStream& stream, std::size_t& bytes);

    std::optional<HttpResponse> answer_at_once();
    HttpResponse answer();
    bool worth_reading_on() const;
    const ErrorKind* explain(const boost::system::error_code& failed);

    DeadlineSocket socket_;
    ConnectionSlot slot_;
    IoThread& thread_;
    ServerContext& context_;
    Timer answered_;  // cancelled when the worker is done

    boost::beast::flat_buffer buffer_;
    ChunkExtensionCheck chunk_check_{};
    std::optional<RequestParser> parser_;
    HttpRequest request_;
    ByteAllowance body_memory_;
    Instant started_{};
    HttpResponse worked_out_{};  // the worker's, until `worker_done_`
    bool worker_done_{false};
    std::string head_;
    BodyPump* pump_{nullptr};  // while a body comes in pieces
    bool idle_{false};         // waiting for the first byte of a request
    bool gone_{false};         // the client is gone: answer nothing
    bool last_{false};         // this request is the connection's last
    bool unread_{false};       // something the client sends will not be read
};

}  // namespace libra
