#include "shared/broker/amqp_dialer.hpp"

#include <bit>
#include <utility>

namespace libra {

namespace {

constexpr std::chrono::seconds k_long_life{5};

}  // namespace

AmqpDialer::AmqpDialer(
    AmqpEndpoint endpoint,
    BrokerTopology topology,
    Clock& clock,
    Random& random,
    Log log,
    BackoffPolicy pauses
)
    : endpoint_{std::move(endpoint)},
      topology_{std::move(topology)},
      clock_{clock},
      log_{std::move(log)},
      pauses_{pauses, random}
{
}

std::optional<AmqpConnection> AmqpDialer::dial(const std::stop_token& stop)
{
    while (!stop.stop_requested()) {
        if (std::exchange(pause_first_, false) && !clock_.wait_for(pauses_.next(), stop)) {
            break;
        }
        auto connection = try_once();
        if (connection) {
            log_.info("connected to the broker", {{"queue", topology_.queue}});
            connected_at_ = clock_.now();
            ++connections_;
            return std::move(*connection);
        }
        report(connection.error());
    }
    return std::nullopt;
}

void AmqpDialer::lost(const Error& why)
{
    if (clock_.now() - connected_at_ >= k_long_life) {
        pauses_.reset();
        failures_ = 0;
        log_.warning("lost the broker, connecting again", {{"reason", why.detail}});
        return;
    }
    report(why);
}

Result<AmqpConnection> AmqpDialer::try_once()
{
    auto connection = AmqpConnection::open(endpoint_);
    if (connection) {
        if (const auto declared = declare_topology(*connection, topology_); !declared) {
            return declared.error();
        }
    }
    return connection;
}

void AmqpDialer::report(const Error& why)
{
    pause_first_ = true;
    ++failures_;
    if (!std::has_single_bit(failures_)) {
        return;
    }
    const LogFields fields{{"reason", why.detail}, {"attempts", std::to_string(failures_)}};
    if (why.code == Errc::rejected) {
        log_.error("the broker refuses us, trying again", fields);
        return;
    }
    log_.warning("no connection to the broker, trying again", fields);
}

}  // namespace libra
