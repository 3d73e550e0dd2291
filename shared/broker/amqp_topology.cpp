#include "shared/broker/amqp_topology.hpp"

#include "shared/broker/amqp_calls.hpp"
#include "shared/broker/amqp_reply.hpp"

#include <amqp.h>
#include <fmt/format.h>

#include <array>
#include <vector>

namespace libra {

namespace {

amqp_table_entry_t text_setting(const char* name, const std::string& value)
{
    amqp_table_entry_t entry{};
    entry.key = amqp_cstring_bytes(name);
    entry.value.kind = AMQP_FIELD_KIND_UTF8;
    entry.value.value.bytes = bytes_of(value);
    return entry;
}

amqp_table_entry_t number_setting(const char* name, std::int64_t value)
{
    amqp_table_entry_t entry{};
    entry.key = amqp_cstring_bytes(name);
    entry.value.kind = AMQP_FIELD_KIND_I64;
    entry.value.value.i64 = value;
    return entry;
}

/// Adds what to do when the object is there already, but different.
Result<void> explained(const Result<void>& declared, const std::string& object)
{
    if (declared || declared.error().detail.find("PRECONDITION_FAILED") == std::string::npos) {
        return declared;
    }
    return Error{
        Errc::rejected,
        fmt::format(
            "{} exists with other settings; delete it when it is empty, or configure the same "
            "settings ({})",
            object,
            declared.error().detail
        )};
}

Result<void> declare_exchange(AmqpConnection& connection, const std::string& name, const char* type)
{
    const auto declared = connection.with_native([&](auto* native) {
        amqp_exchange_declare(
            native,
            k_channel,
            bytes_of(name),
            amqp_cstring_bytes(type),
            0,  // passive
            1,  // durable
            0,  // auto_delete
            0,  // internal
            amqp_empty_table
        );
        return check_reply(amqp_get_rpc_reply(native), fmt::format("declare exchange {}", name));
    });
    return explained(declared, fmt::format("exchange {}", name));
}

Result<void> declare_queue(
    AmqpConnection& connection,
    const std::string& name,
    std::vector<amqp_table_entry_t> settings
)
{
    const amqp_table_t arguments{
        .num_entries = static_cast<int>(settings.size()), .entries = settings.data()};
    const auto declared = connection.with_native([&](auto* native) {
        amqp_queue_declare(
            native,
            k_channel,
            bytes_of(name),
            0,  // passive
            1,  // durable
            0,  // exclusive
            0,  // auto_delete
            arguments
        );
        return check_reply(amqp_get_rpc_reply(native), fmt::format("declare queue {}", name));
    });
    return explained(declared, fmt::format("queue {}", name));
}

Result<void> bind_queue(
    AmqpConnection& connection,
    const std::string& queue,
    const std::string& exchange,
    const std::string& key
)
{
    return connection.with_native([&](auto* native) {
        amqp_queue_bind(
            native, k_channel, bytes_of(queue), bytes_of(exchange), bytes_of(key), amqp_empty_table
        );
        return check_reply(
            amqp_get_rpc_reply(native), fmt::format("bind queue {} to {}", queue, exchange)
        );
    });
}

Result<void> declare_exchanges(AmqpConnection& connection, const BrokerTopology& topology)
{
    const std::array<std::pair<const std::string&, const char*>, 3> exchanges{
        {{topology.exchange, "direct"},
         {topology.dead_letter_exchange, "direct"},
         {topology.event_exchange, "topic"}}};
    for (const auto& [name, type] : exchanges) {
        if (auto declared = declare_exchange(connection, name, type); !declared) {
            return declared;
        }
    }
    return {};
}

Result<void> declare_queues(AmqpConnection& connection, const BrokerTopology& topology)
{
    const std::string quorum{"quorum"};
    const std::string at_least_once{"at-least-once"};
    const std::string reject{"reject-publish"};
    std::vector<amqp_table_entry_t> settings{
        text_setting("x-queue-type", quorum),
        number_setting("x-delivery-limit", topology.delivery_limit),
        text_setting("x-dead-letter-exchange", topology.dead_letter_exchange),
        text_setting("x-dead-letter-strategy", at_least_once),
        text_setting("x-overflow", reject)};
    if (topology.max_length > 0) {
        settings.push_back(number_setting("x-max-length", topology.max_length));
    }
    // The dead-letter queue first: with it missing, dead letters would wait in the queue itself.
    const auto dead = declare_queue(
        connection, topology.dead_letter_queue, {text_setting("x-queue-type", quorum)}
    );
    return dead ? declare_queue(connection, topology.queue, std::move(settings)) : dead;
}

}  // namespace

Result<void> declare_topology(AmqpConnection& connection, const BrokerTopology& topology)
{
    if (auto exchanges = declare_exchanges(connection, topology); !exchanges) {
        return exchanges;
    }
    if (auto queues = declare_queues(connection, topology); !queues) {
        return queues;
    }
    // A message the broker itself moves keeps its routing key, one we send there has the queue's.
    const std::array<std::array<const std::string*, 3>, 3> bindings{
        {{&topology.queue, &topology.exchange, &topology.queue},
         {&topology.dead_letter_queue, &topology.dead_letter_exchange, &topology.queue},
         {&topology.dead_letter_queue,
          &topology.dead_letter_exchange,
          &topology.dead_letter_queue}}};
    for (const auto& [queue, exchange, key] : bindings) {
        if (auto bound = bind_queue(connection, *queue, *exchange, *key); !bound) {
            return bound;
        }
    }
    return {};
}

}  // namespace libra
