#include "deploy-worker/metrics/delivery_metrics.hpp"

namespace libra {

DeliveryMetrics::DeliveryMetrics(Metrics& metrics)
    : tries_{
          metrics,
          "libra_webhook_deliveries_total",
          "Tries to bring a message to a webhook; gone: the receiver wants no more of them.",
          {"outcome"},
          {{"delivered"}, {"retry"}, {"failed"}, {"gone"}}}
{
}

void DeliveryMetrics::tried(const DeliveryOutcome& outcome)
{
    tries_.add(
        {outcome.error.empty() ? "delivered"
         : outcome.gone        ? "gone"
         : outcome.retry_in    ? "retry"
                               : "failed"}
    );
}

}  // namespace libra
