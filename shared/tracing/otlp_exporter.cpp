#include "shared/tracing/otlp_exporter.hpp"

#include "shared/tracing/otlp_json.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <iterator>
#include <string_view>
#include <utility>

namespace libra {

namespace {

using std::chrono::milliseconds;

constexpr std::size_t k_longest_text = 256;
constexpr milliseconds k_clock_tolerance{50};

void shorten(Span& span)
{
    const auto cut = [](std::string& text) { text.resize(std::min(text.size(), k_longest_text)); };
    cut(span.name);
    cut(span.error);
    for (SpanAttribute& attribute : span.attributes) {
        if (auto* const text = std::get_if<std::string>(&attribute.value)) {
            cut(*text);
        }
    }
}

/// In seconds; other forms of the header are not obeyed.
milliseconds wished_pause(const HttpReply& reply, milliseconds most)
{
    const std::string_view text = reply.header("retry-after").value_or("");
    std::int64_t seconds = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (failed != std::errc{} || end != text.data() + text.size()) {
        return milliseconds{0};
    }
    const std::int64_t longest = most.count() / 1000;
    return std::chrono::seconds{std::clamp<std::int64_t>(seconds, 0, longest)};
}

bool may_come_again(int status)
{
    constexpr std::array k_passing{429, 502, 503, 504};
    return std::find(k_passing.begin(), k_passing.end(), status) != k_passing.end();
}

}  // namespace

OtlpExporter::OtlpExporter(
    const OtlpSettings& settings,
    HttpClient& http,
    Clock& clock,
    Random& random,
    Log log,
    ExportPolicy policy
)
    : settings_{settings},
      http_{http},
      clock_{clock},
      random_{random},
      log_{std::move(log)},
      policy_{policy}
{
}

bool OtlpExporter::wants(const TraceContext& trace) const
{
    return settings_.wanted() && trace.sampled && !trace.empty();
}

void OtlpExporter::take(Span span)
{
    shorten(span);
    const std::scoped_lock lock{mutex_};
    if (waiting_.size() >= policy_.waiting) {
        ++dropped_;
        return;
    }
    waiting_.push_back(std::move(span));
}

ExportCounts OtlpExporter::counts() const
{
    return {.exported = exported_, .dropped = dropped_};
}

void OtlpExporter::run(const std::stop_token& stop)
{
    if (!settings_.wanted()) {
        return;
    }
    while (clock_.wait_for(policy_.period, stop)) {
        while (!stop.stop_requested() && fill_batch()) {
            deliver(clock_.now() + policy_.patience, stop);
        }
    }
    const Instant deadline = clock_.now() + policy_.flush;
    while (fill_batch()) {
        deliver(deadline, {});
    }
}

/// @return false where nothing waits.
bool OtlpExporter::fill_batch()
{
    const std::scoped_lock lock{mutex_};
    const std::size_t room = policy_.batch - batch_.size();
    const auto end =
        waiting_.begin() + static_cast<std::ptrdiff_t>(std::min(room, waiting_.size()));
    std::move(waiting_.begin(), end, std::back_inserter(batch_));
    waiting_.erase(waiting_.begin(), end);
    return !batch_.empty();
}

/// The batch is gone afterwards, unless `stop` was requested.
void OtlpExporter::deliver(Instant deadline, const std::stop_token& stop)
{
    Backoff pauses{policy_.retry, random_};
    while (true) {
        const auto left = std::chrono::duration_cast<milliseconds>(deadline - clock_.now());
        if (left <= milliseconds{0}) {
            lose("the collector did not take them in time");
            return;
        }
        const Answer answer = send(std::min(settings_.timeout, left), stop);
        if (answer.kind == Answer::Kind::taken) {
            exported_ += batch_.size();
            batch_.clear();
            losses_ = 0;
            return;
        }
        if (answer.kind == Answer::Kind::refused) {
            lose(answer.reason);
            return;
        }
        if (!clock_.wait_for(std::min(std::max(pauses.next(), answer.pause), left), stop)) {
            return;
        }
    }
}

OtlpExporter::Answer OtlpExporter::send(milliseconds timeout, const std::stop_token& stop)
{
    HttpCall call{
        .method = HttpMethod::post,
        .url = settings_.url,
        .headers = settings_.headers,
        .body = otlp_json(settings_.resource, batch_, epoch()),
        .timeout = timeout,
        .head_only = true};
    call.headers.push_back({.name = "content-type", .value = "application/json"});
    const Result<HttpReply> reply = http_.send(call, stop);
    if (!reply) {
        const bool passing = reply.error().code != Errc::invalid_input;
        return {
            .kind = passing ? Answer::Kind::later : Answer::Kind::refused,
            .reason = reply.error().detail};
    }
    if (reply->status >= 200 && reply->status < 300) {
        return {.kind = Answer::Kind::taken};
    }
    return {
        .kind = may_come_again(reply->status) ? Answer::Kind::later : Answer::Kind::refused,
        .pause = wished_pause(*reply, policy_.patience),
        .reason = "the collector answered " + std::to_string(reply->status)};
}

void OtlpExporter::lose(const std::string& reason)
{
    dropped_ += batch_.size();
    ++losses_;
    if (std::has_single_bit(losses_)) {
        log_.warning(
            "spans were not exported",
            {{"spans", std::to_string(batch_.size())},
             {"reason", reason},
             {"times", std::to_string(losses_)}}
        );
    }
    batch_.clear();
}

/// One for as long as possible: a process's spans keep their distances from each other.
std::chrono::nanoseconds OtlpExporter::epoch()
{
    const std::chrono::nanoseconds epoch =
        clock_.utc_now().time_since_epoch() - clock_.now().time_since_epoch();
    if (std::chrono::abs(epoch - epoch_) > k_clock_tolerance) {
        epoch_ = epoch;
    }
    return epoch_;
}

}  // namespace libra
