#pragma once

#include "shared/base/backoff.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/log.hpp"
#include "shared/base/random.hpp"
#include "shared/domain/webhook_keys.hpp"
#include "shared/net/address_filter.hpp"
#include "shared/net/http_client.hpp"
#include "shared/storage/delivery_store.hpp"
#include "shared/tracing/span_sink.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <stop_token>

/// @file Brings messages to webhooks, signed as Standard Webhooks says, until they are taken.
///
/// Upstream: threads of every worker. Downstream: DeliveryStore, and the receivers.

namespace libra {

struct WebhookPolicy {
    /// The pause before the second try. Those that follow are 60, 360, 1440, 3600, 7200, 10080,
    /// 14400 and 17280 times as long: ten tries, which with the usual base take three days. Source:
    /// Standard Webhooks, "Deliverability and reliability".
    std::chrono::milliseconds retry_base{5000};
    std::chrono::milliseconds timeout{15'000};  // of one try, from the name's lookup on
    std::chrono::seconds hold{60};              // longer than a try and its bookkeeping can take
    std::chrono::milliseconds idle{1000};       // between looks where nothing is due
};

/// Any number of threads, and of workers, may run one at the same time.
class WebhookSender {
public:
    /// Told of each try, from the thread that made it.
    using Tried = std::function<void(const DeliveryOutcome&)>;

    /// What it refers to must outlive it.
    WebhookSender(
        DeliveryStore& deliveries,
        HttpClient& http,
        const AddressFilter& addresses,
        const WebhookKeys& keys,
        Clock& clock,
        Random& random,
        Log log,
        WebhookPolicy policy = {},
        Tried tried = [](const DeliveryOutcome&) {},
        SpanSink& spans = no_spans()
    );

    /// Works until `stop` is requested, which ends a try under way within a second; blocks the
    /// calling thread. With the database away it tries again with backoff.
    void run(const std::stop_token& stop, Lanes lanes);

    /// Makes one try, if something is due. A receiver is believed when it answers with 2xx. One
    /// that answers with 410 gets no more messages. Redirects are not followed. The try is a span
    /// in the deployment's trace, which the receiver is told as `traceparent`.
    /// @return whether something was due; `unavailable` when the database failed.
    Result<bool> send_one(const std::stop_token& stop, Lanes lanes = Lanes::all);

private:
    DeliveryOutcome try_once(const ClaimedDelivery& delivery, const std::stop_token& stop);
    HttpCall call_of(const ClaimedDelivery& delivery, const TraceContext& span) const;
    DeliveryOutcome outcome_of(const ClaimedDelivery& delivery, const Result<HttpReply>& reply);
    std::optional<std::chrono::milliseconds> pause_after(int tries, const HttpReply* reply);

    DeliveryStore& deliveries_;
    HttpClient& http_;
    const AddressFilter& addresses_;
    const WebhookKeys& keys_;
    Clock& clock_;
    Random& random_;
    Log log_;
    WebhookPolicy policy_;
    Tried tried_;
    SpanSink& spans_;
};

}  // namespace libra
