#include "tests/support/broker_corner.hpp"

#include "shared/base/env.hpp"
#include "shared/base/random.hpp"
#include "shared/broker/amqp_calls.hpp"
#include "shared/broker/amqp_reply.hpp"

#include <amqp.h>

#include <stdexcept>

namespace libra::testing {

namespace {

AmqpEndpoint test_endpoint()
{
    Environment environment;
    const std::string url = environment.required_text("LIBRA_TEST_RABBITMQ_URL");
    if (!environment.problems().empty()) {
        throw std::runtime_error{environment.problems().front()};
    }
    return parse_amqp_url(url).value();
}

void demand(const Result<void>& outcome)
{
    if (!outcome) {
        throw std::runtime_error{outcome.error().detail};
    }
}

}  // namespace

BrokerCorner::BrokerCorner() : endpoint_{test_endpoint()}
{
    SystemRandom random;
    const std::string prefix = "libra-test-" + new_id(random).substr(0, 12) + ".";
    for (std::string* name :
         {&topology_.exchange,
          &topology_.queue,
          &topology_.dead_letter_exchange,
          &topology_.dead_letter_queue}) {
        name->insert(0, prefix);
    }
}

BrokerCorner::~BrokerCorner()
{
    auto opened = AmqpConnection::open(endpoint_);
    if (!opened) {
        return;
    }
    opened->with_native([&](auto* native) {
        for (const std::string* queue : {&topology_.queue, &topology_.dead_letter_queue}) {
            amqp_queue_delete(native, k_channel, bytes_of(*queue), 0, 0);
        }
        for (const std::string* exchange : {&topology_.exchange, &topology_.dead_letter_exchange}) {
            amqp_exchange_delete(native, k_channel, bytes_of(*exchange), 0);
        }
    });
    static_cast<void>(opened->close());
}

AmqpEndpoint BrokerCorner::endpoint_at(std::uint16_t port) const
{
    AmqpEndpoint other = endpoint_;
    other.host = "127.0.0.1";
    other.port = port;
    return other;
}

void BrokerCorner::declare(const BrokerTopology& topology)
{
    demand(declare_topology(line(), topology));
}

void BrokerCorner::put(const std::string& body)
{
    demand(send_message(
        line(),
        {.exchange = topology_.exchange,
         .routing_key = topology_.queue,
         .message_id = "by-hand",
         .body = body}
    ));
}

void BrokerCorner::put_dead(
    const std::string& body,
    const std::map<std::string, std::string>& headers
)
{
    demand(send_message(
        line(),
        {.exchange = topology_.dead_letter_exchange,
         .routing_key = topology_.dead_letter_queue,
         .message_id = "by-hand",
         .headers = headers,
         .body = body}
    ));
}

std::optional<std::string> BrokerCorner::take(const std::string& queue)
{
    return line().with_native([&](auto* native) -> std::optional<std::string> {
        const amqp_rpc_reply_t reply = amqp_basic_get(native, k_channel, bytes_of(queue), 1);
        demand(check_reply(reply, "get"));
        if (reply.reply.id == AMQP_BASIC_GET_EMPTY_METHOD) {
            return std::nullopt;
        }
        amqp_message_t message{};
        demand(check_reply(amqp_read_message(native, k_channel, &message, 0), "read"));
        std::string body = text_of(message.body);
        amqp_destroy_message(&message);
        return body;
    });
}

std::uint32_t BrokerCorner::waiting(const std::string& queue)
{
    return line().with_native([&](auto* native) {
        const amqp_queue_declare_ok_t* answer =
            amqp_queue_declare(native, k_channel, bytes_of(queue), 1, 0, 0, 0, amqp_empty_table);
        demand(check_reply(amqp_get_rpc_reply(native), "look at the queue"));
        return answer->message_count;
    });
}

std::uint32_t BrokerCorner::consumers()
{
    return line().with_native([&](auto* native) {
        const amqp_queue_declare_ok_t* answer = amqp_queue_declare(
            native, k_channel, bytes_of(topology_.queue), 1, 0, 0, 0, amqp_empty_table
        );
        demand(check_reply(amqp_get_rpc_reply(native), "look at the consumers"));
        return answer->consumer_count;
    });
}

void BrokerCorner::delete_queue()
{
    line().with_native([&](auto* native) {
        amqp_queue_delete(native, k_channel, bytes_of(topology_.queue), 0, 0);
        demand(check_reply(amqp_get_rpc_reply(native), "delete the queue"));
    });
}

void BrokerCorner::replace_queue()
{
    delete_queue();
    declare();
}

// Heartbeats are off: nothing drives this connection between two calls.
AmqpConnection& BrokerCorner::line()
{
    if (!line_) {
        AmqpEndpoint quiet = endpoint_;
        quiet.heartbeat = std::chrono::seconds{0};
        line_.emplace(AmqpConnection::open(quiet).value());
    }
    return *line_;
}

}  // namespace libra::testing
