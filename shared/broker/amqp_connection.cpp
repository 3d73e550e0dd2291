#include "shared/broker/amqp_connection.hpp"

#include "shared/broker/amqp_calls.hpp"
#include "shared/broker/amqp_reply.hpp"

#include <amqp.h>
#include <amqp_ssl_socket.h>
#include <amqp_tcp_socket.h>
#include <fmt/format.h>

#include <array>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

namespace libra {

namespace {

constexpr int k_frame_max_bytes = 131072;

timeval to_timeval(std::chrono::milliseconds duration)
{
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(duration);
    const std::chrono::microseconds rest = duration - seconds;
    return {.tv_sec = seconds.count(), .tv_usec = rest.count()};
}

amqp_socket_t* new_socket(amqp_connection_state_t connection, const AmqpEndpoint& endpoint)
{
    if (!endpoint.tls) {
        return amqp_tcp_socket_new(connection);
    }
    amqp_socket_t* socket = amqp_ssl_socket_new(connection);
    if (socket != nullptr) {
        amqp_ssl_socket_set_verify_peer(socket, 1);
        amqp_ssl_socket_set_verify_hostname(socket, 1);
        amqp_ssl_socket_set_ssl_versions(socket, AMQP_TLSv1_2, AMQP_TLSvLATEST);
    }
    return socket;
}

/// Lets the kernel notice a peer that vanished. Best effort: heartbeats and the watchdog see it
/// too, only later.
void keep_alive(int socket, std::chrono::milliseconds silence)
{
    const int on = 1;
    const int idle_s = 10;
    const auto user_timeout_ms = static_cast<unsigned>(silence.count());
    ::setsockopt(socket, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    ::setsockopt(socket, IPPROTO_TCP, TCP_KEEPIDLE, &idle_s, sizeof idle_s);
    ::setsockopt(socket, IPPROTO_TCP, TCP_KEEPINTVL, &idle_s, sizeof idle_s);
    if (user_timeout_ms > 0) {
        ::setsockopt(
            socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &user_timeout_ms, sizeof user_timeout_ms
        );
    }
}

amqp_table_entry_t flag(const char* name)
{
    amqp_table_entry_t entry{};
    entry.key = amqp_cstring_bytes(name);
    entry.value.kind = AMQP_FIELD_KIND_BOOLEAN;
    entry.value.value.boolean = 1;
    return entry;
}

bool ready(pollfd& waiting, std::chrono::milliseconds limit)
{
    return ::poll(&waiting, 1, static_cast<int>(limit.count())) > 0;
}

}  // namespace

void AmqpConnection::Destroy::operator()(amqp_connection_state_t_* connection) const noexcept
{
    amqp_destroy_connection(connection);
}

Result<AmqpConnection> AmqpConnection::open(const AmqpEndpoint& endpoint)
{
    auto connection = connect(endpoint);
    if (!connection) {
        return connection;
    }
    if (const auto logged_in = connection->log_in(endpoint); !logged_in) {
        return logged_in.error();
    }
    return connection;
}

Result<AmqpConnection> AmqpConnection::connect(const AmqpEndpoint& endpoint)
{
    Handle handle{amqp_new_connection()};
    amqp_socket_t* socket = handle ? new_socket(handle.get(), endpoint) : nullptr;
    if (socket == nullptr) {
        return Error{Errc::unavailable, "rabbitmq-c could not allocate a connection"};
    }
    if (endpoint.tls && amqp_ssl_socket_set_cacert(socket, endpoint.ca_file.c_str()) != 0) {
        return Error{
            Errc::unavailable,
            fmt::format("cannot read the certificate authorities in {}", endpoint.ca_file)};
    }

    const timeval timeout = to_timeval(endpoint.step_timeout);
    amqp_set_handshake_timeout(handle.get(), &timeout);
    amqp_set_rpc_timeout(handle.get(), &timeout);
    const int status =
        amqp_socket_open_noblock(socket, endpoint.host.c_str(), endpoint.port, &timeout);
    const auto opened =
        check_status(status, fmt::format("connect to {}:{}", endpoint.host, endpoint.port));
    if (!opened) {
        return opened.error();
    }

    const int descriptor = amqp_get_sockfd(handle.get());
    keep_alive(descriptor, 2 * endpoint.heartbeat);
    AmqpConnection connection{std::move(handle)};
    connection.watchdog_ = std::make_unique<AmqpWatchdog>(descriptor, endpoint.step_timeout);
    return connection;
}

Result<void> AmqpConnection::log_in(const AmqpEndpoint& endpoint)
{
    std::array capabilities{flag("connection.blocked"), flag("consumer_cancel_notify")};
    std::array<amqp_table_entry_t, 2> about{};
    about[0].key = amqp_cstring_bytes("capabilities");
    about[0].value.kind = AMQP_FIELD_KIND_TABLE;
    about[0].value.value.table = {
        .num_entries = static_cast<int>(capabilities.size()), .entries = capabilities.data()};
    about[1].key = amqp_cstring_bytes("connection_name");
    about[1].value.kind = AMQP_FIELD_KIND_UTF8;
    about[1].value.value.bytes = bytes_of(endpoint.connection_name);
    const amqp_table_t properties{
        .num_entries = static_cast<int>(about.size()), .entries = about.data()};

    auto logged_in = check_reply(
        with_native([&](auto* native) {
            return amqp_login_with_properties(
                native,
                endpoint.vhost.c_str(),
                AMQP_DEFAULT_MAX_CHANNELS,
                k_frame_max_bytes,
                static_cast<int>(endpoint.heartbeat.count()),
                &properties,
                AMQP_SASL_METHOD_PLAIN,
                endpoint.user.c_str(),
                endpoint.password.reveal().c_str()
            );
        }),
        fmt::format("log in as {} to vhost {}", endpoint.user, endpoint.vhost)
    );
    if (!logged_in) {
        return logged_in;
    }
    return with_native([](auto* native) {
        amqp_channel_open(native, k_channel);
        return check_reply(amqp_get_rpc_reply(native), "open a channel");
    });
}

Result<void> AmqpConnection::close()
{
    return check_reply(
        with_native([](auto* native) { return amqp_connection_close(native, AMQP_REPLY_SUCCESS); }),
        "close"
    );
}

Result<std::optional<AmqpEvent>> AmqpConnection::next_event()
{
    while (true) {
        amqp_frame_t frame{};
        const timeval no_wait{};
        const int status = with_native([&](auto* native) {
            return amqp_simple_wait_frame_noblock(native, &frame, &no_wait);
        });
        if (status == AMQP_STATUS_TIMEOUT) {
            return std::optional<AmqpEvent>{};
        }
        if (const auto read = check_status(status, "read from the broker"); !read) {
            return read.error();
        }
        std::optional<AmqpEvent> event = reader_.take(frame);
        amqp_maybe_release_buffers(handle_.get());
        if (event) {
            if (const auto* closed = std::get_if<Closed>(&*event)) {
                answer(*closed);
            }
            return event;
        }
    }
}

bool AmqpConnection::wait(const WakeSignal& wake, std::chrono::milliseconds limit)
{
    std::array<pollfd, 2> waiting{
        pollfd{.fd = amqp_get_sockfd(handle_.get()), .events = POLLIN, .revents = 0},
        pollfd{.fd = wake.descriptor(), .events = POLLIN, .revents = 0}};
    const bool any = ::poll(waiting.data(), waiting.size(), static_cast<int>(limit.count())) > 0;
    if (any && waiting[1].revents != 0) {
        wake.clear();
    }
    return any && waiting[0].revents != 0;
}

bool AmqpConnection::writable(std::chrono::milliseconds limit)
{
    pollfd waiting{.fd = amqp_get_sockfd(handle_.get()), .events = POLLOUT, .revents = 0};
    return ready(waiting, limit);
}

std::chrono::seconds AmqpConnection::heartbeat() const
{
    return std::chrono::seconds{amqp_get_heartbeat(handle_.get())};
}

void AmqpConnection::answer(const Closed& closed)
{
    with_native([&](auto* native) {
        amqp_channel_close_ok_t channel_ok{};
        amqp_connection_close_ok_t connection_ok{};
        return closed.channel
                   ? amqp_send_method(native, k_channel, AMQP_CHANNEL_CLOSE_OK_METHOD, &channel_ok)
                   : amqp_send_method(native, 0, AMQP_CONNECTION_CLOSE_OK_METHOD, &connection_ok);
    });
}

}  // namespace libra
