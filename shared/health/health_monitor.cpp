#include "shared/health/health_monitor.hpp"

#include <utility>

namespace libra {

HealthMonitor::HealthMonitor(
    DatabaseProbe& database,
    std::function<bool()> queue_healthy,
    Clock& clock,
    Log log,
    HealthPolicy policy
)
    : database_{database},
      queue_healthy_{std::move(queue_healthy)},
      clock_{clock},
      log_{std::move(log)},
      policy_{policy}
{
}

void HealthMonitor::run(const std::stop_token& stop)
{
    do {
        look();
    } while (clock_.wait_for(policy_.interval, stop));
}

void HealthMonitor::look()
{
    const Result<void> answer = database_.ping(policy_.ping_limit);
    answered_at_ = clock_.now();
    const bool before = answered_well_.exchange(answer.has_value());
    if (answer && !before) {
        log_.info("the database answers");
    } else if (!answer && before) {
        log_.warning("the database does not answer", {{"reason", answer.error().detail}});
    }
}

bool HealthMonitor::database_healthy() const
{
    return answered_well_ && clock_.now() - answered_at_.load() < policy_.stale_after;
}

}  // namespace libra
