#include "shared/storage/pg_event_signals.hpp"

#include "shared/base/backoff.hpp"
#include "shared/storage/pg_connection.hpp"

#include <pqxx/except>
#include <pqxx/notification>

#include <memory>
#include <utility>

namespace libra {

namespace {

class Receiver final : public pqxx::notification_receiver {
public:
    Receiver(pqxx::connection_base& connection, const EventSignals::Notice& notice)
        : notification_receiver{connection, "deployment_events"}, notice_{notice}
    {
    }

    void operator()(const std::string& payload, int /*sender*/) override { notice_(payload); }

private:
    const EventSignals::Notice& notice_;
};

/// Until the connection breaks, which is an exception, or `stop`.
void receive(
    PgConnection& connection,
    const std::stop_token& stop,
    const EventSignals::Notice& notice
)
{
    const std::stop_callback cut{stop, [&connection] { connection.cut(); }};
    const Receiver receiver{connection.session(), notice};
    notice({});
    while (!stop.stop_requested()) {
        connection.session().await_notification();
    }
}

}  // namespace

PgEventSignals::PgEventSignals(PgSettings settings, Clock& clock, Random& random, Log log)
    : settings_{std::move(settings)}, clock_{clock}, random_{random}, log_{std::move(log)}
{
    settings_.application_name += "-events";
}

void PgEventSignals::listen(const std::stop_token& stop, const Notice& notice)
{
    Backoff pauses{{.cap = std::chrono::seconds{5}}, random_};
    do {
        std::string reason;
        const Result<std::unique_ptr<PgConnection>> opened = PgConnection::open(settings_);
        if (opened.has_value()) {
            pauses.reset();
            try {
                receive(**opened, stop, notice);
            } catch (const pqxx::failure& broken) {
                reason = broken.what();
            }
        } else {
            reason = opened.error().detail;
        }
        if (!stop.stop_requested()) {
            log_.warning("not told of events any more", {{"reason", reason}});
        }
    } while (clock_.wait_for(pauses.next(), stop));
}

}  // namespace libra
