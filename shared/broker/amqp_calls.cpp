#include "shared/broker/amqp_calls.hpp"

#include "shared/broker/amqp_reply.hpp"

#include <amqp.h>
#include <fmt/format.h>

#include <vector>

namespace libra {

namespace {

constexpr const char* k_consumer_tag = "libra";
constexpr std::uint8_t k_persistent = 2;

std::vector<amqp_table_entry_t> entries_of(const std::map<std::string, std::string>& headers)
{
    std::vector<amqp_table_entry_t> entries;
    entries.reserve(headers.size());
    for (const auto& [name, value] : headers) {
        amqp_table_entry_t entry{};
        entry.key = bytes_of(name);
        entry.value.kind = AMQP_FIELD_KIND_UTF8;
        entry.value.value.bytes = bytes_of(value);
        entries.push_back(entry);
    }
    return entries;
}

}  // namespace

const std::uint32_t k_cancel_done = AMQP_BASIC_CANCEL_OK_METHOD;

Result<void> send_message(AmqpConnection& connection, const OutgoingMessage& message)
{
    std::vector<amqp_table_entry_t> headers = entries_of(message.headers);
    amqp_basic_properties_t properties{};
    properties._flags = AMQP_BASIC_CONTENT_TYPE_FLAG | AMQP_BASIC_DELIVERY_MODE_FLAG |
                        AMQP_BASIC_MESSAGE_ID_FLAG | AMQP_BASIC_HEADERS_FLAG;
    properties.content_type = bytes_of(message.content_type);
    properties.delivery_mode = k_persistent;
    properties.message_id = bytes_of(message.message_id);
    properties.headers = {
        .num_entries = static_cast<int>(headers.size()), .entries = headers.data()};
    const int status = connection.with_native([&](auto* native) {
        return amqp_basic_publish(
            native,
            k_channel,
            bytes_of(message.exchange),
            bytes_of(message.routing_key),
            message.mandatory ? 1 : 0,  // without it what no queue takes is confirmed and lost
            0,
            &properties,
            bytes_of(message.body)
        );
    });
    return check_status(status, "publish");
}

Result<void> reopen_channel(AmqpConnection& connection)
{
    return connection.with_native([](auto* native) -> Result<void> {
        auto closed = check_reply(
            amqp_channel_close(native, k_channel, AMQP_REPLY_SUCCESS), "close a channel"
        );
        if (!closed) {
            return closed;
        }
        amqp_channel_open(native, k_channel);
        return check_reply(amqp_get_rpc_reply(native), "open a channel");
    });
}

Result<void> start_confirms(AmqpConnection& connection)
{
    return connection.with_native([](auto* native) {
        amqp_confirm_select(native, k_channel);
        return check_reply(amqp_get_rpc_reply(native), "turn on confirms");
    });
}

Result<void> send_queue_check(AmqpConnection& connection, const std::string& queue)
{
    amqp_queue_declare_t check{};
    check.queue = bytes_of(queue);
    check.passive = 1;
    const int status = connection.with_native([&](auto* native) {
        return amqp_send_method(native, k_channel, AMQP_QUEUE_DECLARE_METHOD, &check);
    });
    return check_status(status, "ask for the queue");
}

Result<void>
start_consuming(AmqpConnection& connection, const std::string& queue, std::uint16_t prefetch)
{
    return connection.with_native([&](auto* native) -> Result<void> {
        amqp_basic_qos(native, k_channel, 0, prefetch, 0);
        auto limited = check_reply(amqp_get_rpc_reply(native), "set prefetch");
        if (!limited) {
            return limited;
        }
        amqp_basic_consume(
            native,
            k_channel,
            bytes_of(queue),
            amqp_cstring_bytes(k_consumer_tag),
            0,  // no_local
            0,  // no_ack
            0,  // exclusive
            amqp_empty_table
        );
        return check_reply(amqp_get_rpc_reply(native), fmt::format("consume {}", queue));
    });
}

Result<void> send_cancel(AmqpConnection& connection)
{
    amqp_basic_cancel_t cancel{};
    cancel.consumer_tag = amqp_cstring_bytes(k_consumer_tag);
    const int status = connection.with_native([&](auto* native) {
        return amqp_send_method(native, k_channel, AMQP_BASIC_CANCEL_METHOD, &cancel);
    });
    return check_status(status, "cancel the consumer");
}

Result<void> send_ack(AmqpConnection& connection, std::uint64_t tag)
{
    const int status = connection.with_native([&](auto* native) {
        return amqp_basic_ack(native, k_channel, tag, 0);
    });
    return check_status(status, "acknowledge");
}

Result<void> send_requeue(AmqpConnection& connection, std::uint64_t tag)
{
    const int status = connection.with_native([&](auto* native) {
        return amqp_basic_nack(native, k_channel, tag, 0, 1);
    });
    return check_status(status, "give back");
}

}  // namespace libra
