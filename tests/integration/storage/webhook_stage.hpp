#pragma once

#include "shared/storage/pg_delivery_store.hpp"
#include "shared/storage/pg_webhook_store.hpp"
#include "stage.hpp"

namespace libra::testing {

/// A stage whose organisation has an admin and may have webhooks.
struct WebhookStage : Stage {
    WebhookStage()
    {
        database.run("insert into members (org_id, user_id, role) values ('org-1', 'ada', 'admin')"
        );
    }

    WebhookVerdict create(
        const std::string& id,
        std::vector<std::string> events = {"deployment.started", "deployment.completed"}
    )
    {
        return store
            .create(ada, "org-1", {.id = id, .url = "https://a.test/" + id, .events = events})
            .value();
    }

    /// What is due next, held under `token`.
    ClaimedDelivery claim_delivery(const std::string& token = "sender-1")
    {
        const auto claimed = deliveries.claim(token, std::chrono::seconds{60}, Lanes::all).value();
        REQUIRE(claimed.has_value());
        return *claimed;
    }

    bool nothing_due(const std::string& token = "sender-2")
    {
        return !deliveries.claim(token, std::chrono::seconds{60}, Lanes::all).value().has_value();
    }

    /// The types of the organisation's messages, oldest first.
    std::string types() const
    {
        return database.text(
            "select coalesce(string_agg(type, ' ' order by number), '') from webhook_deliveries"
        );
    }

    Requester ada{.user_id = "ada", .request_id = "request-7"};
    Requester member{.user_id = "user-1", .request_id = "request-8"};
    Requester stranger{.user_id = "eve", .request_id = "request-9"};
    Requester operator_{.user_id = "ops", .everywhere = true, .request_id = "request-10"};
    PgWebhookStore store{pool};
    PgDeliveryStore deliveries{pool};
};

}  // namespace libra::testing
