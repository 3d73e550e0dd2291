#include "shared/broker/amqp_frame_reader.hpp"

#include "shared/broker/amqp_reply.hpp"

#include <amqp.h>

#include <algorithm>
#include <utility>

namespace libra {

namespace {

constexpr std::uint64_t k_reserve_bytes_max = 32 << 20;

std::map<std::string, std::string> string_headers(const amqp_table_t& table)
{
    std::map<std::string, std::string> headers;
    for (int i = 0; i < table.num_entries; ++i) {
        const amqp_table_entry_t& entry = table.entries[i];
        if (entry.value.kind == AMQP_FIELD_KIND_UTF8) {
            headers.emplace(text_of(entry.key), text_of(entry.value.value.bytes));
        }
    }
    return headers;
}

template <class Method>
const Method& decoded(const amqp_method_t& method)
{
    return *static_cast<const Method*>(method.decoded);
}

Delivered delivered(const amqp_basic_deliver_t& method)
{
    return Delivered{.tag = method.delivery_tag, .redelivered = method.redelivered != 0};
}

}  // namespace

std::optional<AmqpEvent> AmqpFrameReader::take(const amqp_frame_t_& frame)
{
    switch (frame.frame_type) {
    case AMQP_FRAME_METHOD:
        return take_method(frame.payload.method);
    case AMQP_FRAME_HEADER:
        return take_header(frame);
    case AMQP_FRAME_BODY:
        return take_body(frame);
    default:
        return std::nullopt;
    }
}

std::optional<AmqpEvent> AmqpFrameReader::take_method(const amqp_method_t_& method)
{
    switch (method.id) {
    case AMQP_BASIC_DELIVER_METHOD:
        content_ = delivered(decoded<amqp_basic_deliver_t>(method));
        return std::nullopt;
    case AMQP_BASIC_RETURN_METHOD:
        content_ = Returned{.reason = text_of(decoded<amqp_basic_return_t>(method).reply_text)};
        return std::nullopt;
    case AMQP_BASIC_ACK_METHOD: {
        const auto& ack = decoded<amqp_basic_ack_t>(method);
        return Confirmed{.tag = ack.delivery_tag, .multiple = ack.multiple != 0, .taken = true};
    }
    case AMQP_BASIC_NACK_METHOD: {
        const auto& nack = decoded<amqp_basic_nack_t>(method);
        return Confirmed{.tag = nack.delivery_tag, .multiple = nack.multiple != 0, .taken = false};
    }
    case AMQP_BASIC_CANCEL_METHOD:
        return ConsumerCancelled{};
    case AMQP_CONNECTION_BLOCKED_METHOD:
        return Blocked{text_of(decoded<amqp_connection_blocked_t>(method).reason)};
    case AMQP_CONNECTION_UNBLOCKED_METHOD:
        return Unblocked{};
    case AMQP_CHANNEL_CLOSE_METHOD: {
        const auto& close = decoded<amqp_channel_close_t>(method);
        return Closed{
            .channel = true, .code = close.reply_code, .reason = text_of(close.reply_text)};
    }
    case AMQP_CONNECTION_CLOSE_METHOD: {
        const auto& close = decoded<amqp_connection_close_t>(method);
        return Closed{
            .channel = false, .code = close.reply_code, .reason = text_of(close.reply_text)};
    }
    case AMQP_QUEUE_DECLARE_OK_METHOD: {
        const auto& queue = decoded<amqp_queue_declare_ok_t>(method);
        return Answered{
            .method = method.id,
            .messages = queue.message_count,
            .consumers = queue.consumer_count};
    }
    default:
        return Answered{.method = method.id};
    }
}

std::optional<AmqpEvent> AmqpFrameReader::take_header(const amqp_frame_t_& frame)
{
    const auto& properties =
        *static_cast<const amqp_basic_properties_t*>(frame.payload.properties.decoded);
    const std::string id = (properties._flags & AMQP_BASIC_MESSAGE_ID_FLAG) != 0
                               ? text_of(properties.message_id)
                               : std::string{};
    missing_bytes_ = frame.payload.properties.body_size;
    if (!content_) {
        return std::nullopt;
    }
    if (auto* returned = std::get_if<Returned>(&*content_)) {
        returned->message_id = id;
    } else if (auto* message = std::get_if<Delivered>(&*content_)) {
        message->message_id = id;
        if ((properties._flags & AMQP_BASIC_HEADERS_FLAG) != 0) {
            message->headers = string_headers(properties.headers);
        }
        message->body.reserve(std::min(missing_bytes_, k_reserve_bytes_max));
    }
    return complete();
}

std::optional<AmqpEvent> AmqpFrameReader::take_body(const amqp_frame_t_& frame)
{
    const amqp_bytes_t& bytes = frame.payload.body_fragment;
    missing_bytes_ -= std::min<std::uint64_t>(bytes.len, missing_bytes_);
    if (!content_) {
        return std::nullopt;
    }
    if (auto* message = std::get_if<Delivered>(&*content_)) {
        message->body.append(static_cast<const char*>(bytes.bytes), bytes.len);
    }
    return complete();
}

std::optional<AmqpEvent> AmqpFrameReader::complete()
{
    if (missing_bytes_ > 0) {
        return std::nullopt;
    }
    return std::exchange(content_, std::nullopt);
}

}  // namespace libra
