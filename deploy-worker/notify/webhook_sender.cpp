#include "deploy-worker/notify/webhook_sender.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace libra {

namespace {

using std::chrono::milliseconds;

constexpr std::array k_pauses{1, 60, 360, 1440, 3600, 7200, 10'080, 14'400, 17'280};
constexpr int k_gone = 410;
constexpr milliseconds k_longest_wish{std::chrono::hours{24}};

/// What a receiver that is busy wishes for, in seconds; other forms of the header are not obeyed.
milliseconds wished_pause(const HttpReply& reply)
{
    constexpr std::int64_t k_most_seconds = k_longest_wish.count() / 1000;
    const std::string_view text = reply.header("retry-after").value_or("");
    std::int64_t seconds = 0;
    const auto [stopped, status] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (status != std::errc{} || stopped != text.data() + text.size()) {
        return milliseconds{0};
    }
    return std::chrono::seconds{std::clamp<std::int64_t>(seconds, 0, k_most_seconds)};
}

std::string reason_of(int status)
{
    if (status == k_gone) {
        return "the receiver answered 410 Gone and gets no more messages";
    }
    if (status >= 300 && status < 400) {
        return fmt::format("the receiver answered {}; redirects are not followed", status);
    }
    return fmt::format("the receiver answered {}", status);
}

std::string reason_of(const Error& error, milliseconds timeout)
{
    switch (error.code) {
    case Errc::rejected:
        return "the URL leads to an address that this platform sends nothing to";
    case Errc::timed_out:
        return fmt::format("no answer within {} ms", timeout.count());
    case Errc::cancelled:
        return "the worker was stopped before the receiver answered";
    default:
        return error.detail;
    }
}

/// Fills in what is known afterwards. Nothing of the URL, which may have a secret anywhere.
Span span_of(const ClaimedDelivery& delivery, const DeliveryOutcome& outcome, Span span)
{
    span.name = "webhook";
    span.kind = SpanKind::client;
    span.attributes = {
        {"http.request.method", "POST"},
        {"libra.webhook.id", delivery.webhook_id},
        {"libra.webhook.message.id", delivery.id},
        {"http.request.resend_count", delivery.tries}};
    if (outcome.status_code) {
        span.attributes.push_back({"http.response.status_code", *outcome.status_code});
    }
    if (!outcome.error.empty()) {
        span.error = outcome.status_code ? std::to_string(*outcome.status_code) : "no_answer";
        span.attributes.push_back({"error.type", span.error});
    }
    return span;
}

}  // namespace

WebhookSender::WebhookSender(
    DeliveryStore& deliveries,
    HttpClient& http,
    const AddressFilter& addresses,
    const WebhookKeys& keys,
    Clock& clock,
    Random& random,
    Log log,
    WebhookPolicy policy,
    Tried tried,
    SpanSink& spans
)
    : deliveries_{deliveries},
      http_{http},
      addresses_{addresses},
      keys_{keys},
      clock_{clock},
      random_{random},
      log_{std::move(log)},
      policy_{policy},
      tried_{std::move(tried)},
      spans_{spans}
{
}

void WebhookSender::run(const std::stop_token& stop, Lanes lanes)
{
    Backoff trouble_pauses{{.cap = std::chrono::seconds{10}}, random_};
    while (!stop.stop_requested()) {
        const Result<bool> sent = send_one(stop, lanes);
        if (!sent) {
            log_.warning("webhooks cannot be looked after", {{"reason", sent.error().detail}});
            clock_.wait_for(trouble_pauses.next(), stop);
            continue;
        }
        trouble_pauses.reset();
        if (!*sent) {
            clock_.wait_for(policy_.idle, stop);
        }
    }
}

Result<bool> WebhookSender::send_one(const std::stop_token& stop, Lanes lanes)
{
    const std::string token = new_id(random_);
    const auto claimed = deliveries_.claim(token, policy_.hold, lanes);
    if (!claimed) {
        return claimed.error();
    }
    if (!*claimed) {
        return false;
    }
    const ClaimedDelivery& delivery = **claimed;
    const DeliveryOutcome outcome = try_once(delivery, stop);
    tried_(outcome);
    if (!outcome.error.empty()) {
        LogFields fields{
            {"webhook", delivery.webhook_id}, {"delivery", delivery.id}, {"reason", outcome.error}};
        if (!delivery.trace.empty()) {
            fields.push_back({"trace_id", delivery.trace.trace_id});
        }
        log_.info("a webhook did not take its message", fields);
    }
    const Result<void> recorded = deliveries_.record(token, delivery, outcome);
    if (recorded.has_error() && recorded.error().code != Errc::not_found) {
        return recorded.error();
    }
    return true;
}

DeliveryOutcome
WebhookSender::try_once(const ClaimedDelivery& delivery, const std::stop_token& stop)
{
    // A test's message is of no trace.
    const TraceContext context =
        delivery.trace.empty() ? TraceContext{} : span_below(delivery.trace, random_);
    const Instant begun = clock_.now();
    const Result<HttpReply> reply = http_.send(call_of(delivery, context), stop);
    const Instant ended = clock_.now();
    DeliveryOutcome outcome = outcome_of(delivery, reply);
    outcome.duration = std::chrono::duration_cast<milliseconds>(ended - begun);
    if (spans_.wants(context)) {
        spans_.take(span_of(delivery, outcome, {.context = context, .began = begun, .ended = ended})
        );
    }
    return outcome;
}

HttpCall WebhookSender::call_of(const ClaimedDelivery& delivery, const TraceContext& span) const
{
    const auto since_epoch = clock_.utc_now().time_since_epoch();
    const std::string seconds =
        std::to_string(std::chrono::duration_cast<std::chrono::seconds>(since_epoch).count());
    HttpCall call{
        .method = HttpMethod::post,
        .url = delivery.url,
        .headers =
            {{"content-type", "application/json"},
             {"webhook-id", delivery.id},
             {"webhook-timestamp", seconds},
             {"webhook-signature",
              keys_.sign(delivery.webhook_id, delivery.id, seconds, delivery.payload)}},
        .body = delivery.payload,
        .timeout = policy_.timeout,
        .head_only = true,
        .allow_address = [this](std::string_view address) {
            return addresses_.lets_through(address);
        }};
    if (!span.empty()) {
        call.headers.push_back({"traceparent", span.header()});
    }
    return call;
}

DeliveryOutcome
WebhookSender::outcome_of(const ClaimedDelivery& delivery, const Result<HttpReply>& reply)
{
    if (!reply) {
        DeliveryOutcome outcome{.error = reason_of(reply.error(), policy_.timeout)};
        outcome.retry_in = reply.error().code == Errc::cancelled
                               ? milliseconds{0}
                               : pause_after(delivery.tries, nullptr);
        return outcome;
    }
    DeliveryOutcome outcome{.status_code = reply->status};
    if (reply->status >= 200 && reply->status < 300) {
        return outcome;
    }
    outcome.error = reason_of(reply->status);
    outcome.gone = reply->status == k_gone;
    if (!outcome.gone) {
        outcome.retry_in = pause_after(delivery.tries, &*reply);
    }
    return outcome;
}

std::optional<milliseconds> WebhookSender::pause_after(int tries, const HttpReply* reply)
{
    if (std::cmp_greater_equal(tries, k_pauses.size())) {
        return std::nullopt;
    }
    const milliseconds usual = policy_.retry_base * k_pauses.at(static_cast<std::size_t>(tries));
    const milliseconds pause = backoff_delay({.base = usual, .cap = usual}, 0, random_);
    return reply == nullptr ? pause : std::max(pause, wished_pause(*reply));
}

}  // namespace libra
