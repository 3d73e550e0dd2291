#include "shared/broker/amqp_frame_reader.hpp"

#include <amqp.h>
#include <catch2/catch.hpp>

#include <array>
#include <string>

namespace libra {
namespace {

amqp_frame_t method(amqp_method_number_t id, void* decoded)
{
    amqp_frame_t frame{};
    frame.frame_type = AMQP_FRAME_METHOD;
    frame.channel = 1;
    frame.payload.method = {.id = id, .decoded = decoded};
    return frame;
}

amqp_frame_t header(amqp_basic_properties_t& properties, std::uint64_t body_size)
{
    amqp_frame_t frame{};
    frame.frame_type = AMQP_FRAME_HEADER;
    frame.channel = 1;
    frame.payload.properties.class_id = AMQP_BASIC_CLASS;
    frame.payload.properties.body_size = body_size;
    frame.payload.properties.decoded = &properties;
    return frame;
}

amqp_frame_t body(std::string& bytes)
{
    amqp_frame_t frame{};
    frame.frame_type = AMQP_FRAME_BODY;
    frame.channel = 1;
    frame.payload.body_fragment = {.len = bytes.size(), .bytes = bytes.data()};
    return frame;
}

amqp_basic_properties_t with_id(const char* id)
{
    amqp_basic_properties_t properties{};
    properties._flags = AMQP_BASIC_MESSAGE_ID_FLAG;
    properties.message_id = amqp_cstring_bytes(id);
    return properties;
}

TEST_CASE("a delivery is complete with the last of its body")
{
    AmqpFrameReader reader;
    amqp_basic_deliver_t deliver{};
    deliver.delivery_tag = 9;
    deliver.redelivered = 1;
    amqp_basic_properties_t properties = with_id("42");
    std::array<amqp_table_entry_t, 2> headers{};
    headers[0].key = amqp_cstring_bytes("x-first-death-reason");
    headers[0].value.kind = AMQP_FIELD_KIND_UTF8;
    headers[0].value.value.bytes = amqp_cstring_bytes("delivery_limit");
    headers[1].key = amqp_cstring_bytes("x-delivery-count");
    headers[1].value.kind = AMQP_FIELD_KIND_I64;
    properties._flags |= AMQP_BASIC_HEADERS_FLAG;
    properties.headers = {.num_entries = 2, .entries = headers.data()};
    std::string first{"{\"a\":"};
    std::string second{"1}"};

    CHECK_FALSE(reader.take(method(AMQP_BASIC_DELIVER_METHOD, &deliver)));
    CHECK_FALSE(reader.take(header(properties, 7)));
    CHECK_FALSE(reader.take(body(first)));
    const auto event = reader.take(body(second));

    REQUIRE(event);
    const auto& delivered = std::get<Delivered>(*event);
    CHECK(delivered.tag == 9);
    CHECK(delivered.redelivered);
    CHECK(delivered.message_id == "42");
    CHECK(delivered.body == "{\"a\":1}");
    CHECK(delivered.headers.size() == 1);
    CHECK(delivered.headers.at("x-first-death-reason") == "delivery_limit");
}

TEST_CASE("a delivery without a body is complete with its header")
{
    AmqpFrameReader reader;
    amqp_basic_deliver_t deliver{};
    amqp_basic_properties_t properties{};

    CHECK_FALSE(reader.take(method(AMQP_BASIC_DELIVER_METHOD, &deliver)));
    const auto event = reader.take(header(properties, 0));

    REQUIRE(event);
    CHECK(std::get<Delivered>(*event).body.empty());
}

TEST_CASE("frames about the connection may come between those of a delivery")
{
    AmqpFrameReader reader;
    amqp_basic_deliver_t deliver{};
    amqp_connection_blocked_t blocked{.reason = amqp_cstring_bytes("low on memory")};
    amqp_basic_properties_t properties = with_id("1");
    std::string bytes{"x"};

    CHECK_FALSE(reader.take(method(AMQP_BASIC_DELIVER_METHOD, &deliver)));
    const auto alarm = reader.take(method(AMQP_CONNECTION_BLOCKED_METHOD, &blocked));
    CHECK_FALSE(reader.take(header(properties, 1)));
    const auto event = reader.take(body(bytes));

    REQUIRE(alarm);
    CHECK(std::get<Blocked>(*alarm).reason == "low on memory");
    REQUIRE(event);
    CHECK(std::get<Delivered>(*event).body == "x");
}

TEST_CASE("a returned message is known by its id")
{
    AmqpFrameReader reader;
    amqp_basic_return_t returned{};
    returned.reply_text = amqp_cstring_bytes("NO_ROUTE");
    amqp_basic_properties_t properties = with_id("5");
    std::string bytes{"body"};

    CHECK_FALSE(reader.take(method(AMQP_BASIC_RETURN_METHOD, &returned)));
    CHECK_FALSE(reader.take(header(properties, 4)));
    const auto event = reader.take(body(bytes));

    REQUIRE(event);
    CHECK(std::get<Returned>(*event).message_id == "5");
    CHECK(std::get<Returned>(*event).reason == "NO_ROUTE");
}

TEST_CASE("confirms keep their tag and their reach")
{
    AmqpFrameReader reader;
    amqp_basic_ack_t ack{.delivery_tag = 3, .multiple = 1};
    amqp_basic_nack_t nack{.delivery_tag = 4, .multiple = 0, .requeue = 0};

    const auto taken = reader.take(method(AMQP_BASIC_ACK_METHOD, &ack));
    const auto refused = reader.take(method(AMQP_BASIC_NACK_METHOD, &nack));

    REQUIRE(taken);
    CHECK(std::get<Confirmed>(*taken).tag == 3);
    CHECK(std::get<Confirmed>(*taken).multiple);
    CHECK(std::get<Confirmed>(*taken).taken);
    REQUIRE(refused);
    CHECK(std::get<Confirmed>(*refused).tag == 4);
    CHECK_FALSE(std::get<Confirmed>(*refused).taken);
}

TEST_CASE("a queue's answer tells how many messages wait and how many consumers there are")
{
    AmqpFrameReader reader;
    amqp_queue_declare_ok_t answer{
        .queue = amqp_cstring_bytes("q"), .message_count = 7, .consumer_count = 2};

    const auto event = reader.take(method(AMQP_QUEUE_DECLARE_OK_METHOD, &answer));

    REQUIRE(event);
    CHECK(std::get<Answered>(*event).messages == 7);
    CHECK(std::get<Answered>(*event).consumers == 2);
}

TEST_CASE("each way in which the broker ends something is an event of its own")
{
    AmqpFrameReader reader;
    amqp_basic_cancel_t cancel{};
    amqp_channel_close_t channel{};
    channel.reply_code = 404;
    channel.reply_text = amqp_cstring_bytes("NOT_FOUND");
    amqp_connection_close_t connection{};
    connection.reply_code = 320;
    connection.reply_text = amqp_cstring_bytes("CONNECTION_FORCED");

    const auto cancelled = reader.take(method(AMQP_BASIC_CANCEL_METHOD, &cancel));
    const auto channel_closed = reader.take(method(AMQP_CHANNEL_CLOSE_METHOD, &channel));
    const auto connection_closed = reader.take(method(AMQP_CONNECTION_CLOSE_METHOD, &connection));

    REQUIRE(cancelled);
    CHECK(std::holds_alternative<ConsumerCancelled>(*cancelled));
    REQUIRE(channel_closed);
    CHECK(std::get<Closed>(*channel_closed).channel);
    CHECK(std::get<Closed>(*channel_closed).code == 404);
    REQUIRE(connection_closed);
    CHECK_FALSE(std::get<Closed>(*connection_closed).channel);
    CHECK(std::get<Closed>(*connection_closed).reason == "CONNECTION_FORCED");
}

}  // namespace
}  // namespace libra
