#include "shared/broker/amqp_reply.hpp"

#include <fmt/format.h>

namespace libra {

namespace {

std::string words_of(const amqp_method_t& method)
{
    if (method.id == AMQP_CHANNEL_CLOSE_METHOD) {
        const auto& close = *static_cast<const amqp_channel_close_t*>(method.decoded);
        return fmt::format("{} {}", close.reply_code, text_of(close.reply_text));
    }
    if (method.id == AMQP_CONNECTION_CLOSE_METHOD) {
        const auto& close = *static_cast<const amqp_connection_close_t*>(method.decoded);
        return fmt::format("{} {}", close.reply_code, text_of(close.reply_text));
    }
    return amqp_method_name(method.id);
}

}  // namespace

std::string text_of(const amqp_bytes_t& bytes)
{
    return bytes.len == 0 ? std::string{}
                          : std::string{static_cast<const char*>(bytes.bytes), bytes.len};
}

amqp_bytes_t bytes_of(std::string_view text)
{
    // rabbitmq-c has one type for bytes it reads and bytes it fills; these it only reads.
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast)
    return {.len = text.size(), .bytes = const_cast<char*>(text.data())};
}

Result<void> check_reply(const amqp_rpc_reply_t& reply, std::string_view what)
{
    switch (reply.reply_type) {
    case AMQP_RESPONSE_NORMAL:
        return {};
    case AMQP_RESPONSE_SERVER_EXCEPTION:
        return Error{Errc::rejected, fmt::format("{}: {}", what, words_of(reply.reply))};
    case AMQP_RESPONSE_NONE:
        return Error{Errc::unavailable, fmt::format("{}: no answer", what)};
    default:
        return check_status(reply.library_error, what);
    }
}

Result<void> check_status(int status, std::string_view what)
{
    if (status == AMQP_STATUS_OK) {
        return {};
    }
    return Error{Errc::unavailable, fmt::format("{}: {}", what, amqp_error_string2(status))};
}

}  // namespace libra
