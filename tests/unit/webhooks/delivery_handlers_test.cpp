#include "webhook_desk.hpp"

namespace libra {
namespace {

using Catch::Matchers::Contains;
using testing::WebhookDesk;

TEST_CASE_METHOD(WebhookDesk, "a test message is queued, and told by its id")
{
    const HttpResponse response = send_test();

    CHECK(response.status == 202);
    CHECK_THAT(response.body, Contains(R"("deliveryId":"msg_1")"));
    CHECK(store.calls == std::vector<std::string>{"test acme hook-1"});
}

TEST_CASE_METHOD(WebhookDesk, "a message is queued again under the same id")
{
    const HttpResponse response = redeliver();

    CHECK(response.status == 202);
    CHECK_THAT(response.body, Contains(R"("deliveryId":"msg_1")"));
    CHECK(store.calls == std::vector<std::string>{"redeliver acme hook-1 msg_1"});
}

TEST_CASE_METHOD(WebhookDesk, "messages are listed page by page")
{
    store.page = DeliveryPage{
        .deliveries =
            {{.number = 9,
              .id = "msg_1",
              .type = "deployment.failed",
              .deployment_id = "d-1",
              .status = "pending",
              .attempts = 2,
              .due_at = UtcTime{std::chrono::seconds{5}}}},
        .next = 9};

    const HttpResponse response = deliveries({{"limit", "1"}, {"cursor", "12"}});

    CHECK(
        response.body ==
        R"({"deliveries":[{"deliveryId":"msg_1","type":"deployment.failed","deploymentId":"d-1",)"
        R"("status":"pending","attempts":2,"createdAt":"1970-01-01T00:00:00.000Z",)"
        R"("nextAttemptAt":"1970-01-01T00:00:05.000Z"}],"nextCursor":"9",)"
        R"("timestamp":"1970-01-01T00:00:00.000Z"})"
    );
    CHECK(store.calls == std::vector<std::string>{"deliveries acme hook-1 before 12 1"});
    CHECK_THAT(
        deliveries({{"limit", "0"}, {"cursor", "x"}, {"since", "1"}}).body,
        Contains("/query/limit") && Contains("/query/cursor") && Contains("/query/since")
    );
    store.page = Error{Errc::not_found, "nothing"};
    CHECK_THAT(deliveries().body, Contains("webhook_not_found"));
}

TEST_CASE_METHOD(WebhookDesk, "a message is shown with its body and every attempt")
{
    store.detail = DeliveryDetail{
        .record = {.id = "msg_1", .type = "webhook.test", .status = "delivered", .attempts = 2},
        .payload = R"({"type":"webhook.test"})",
        .attempts = {
            {.number = 1,
             .milliseconds = 7,
             .status_code = 500,
             .error = "the receiver answered 500"},
            {.number = 2, .milliseconds = 5, .status_code = 204}}};

    const HttpResponse response = delivery();

    CHECK(response.status == 200);
    CHECK_THAT(
        response.body,
        Contains(R"("payload":{"type":"webhook.test"},"attemptList":[{"number":1,)") &&
            Contains(R"("milliseconds":7,"statusCode":500,"error":"the receiver answered 500"})") &&
            Contains(R"("milliseconds":5,"statusCode":204}]})")
    );
    store.detail = Error{Errc::not_found, "nothing"};
    CHECK_THAT(delivery().body, Contains("delivery_not_found"));
}

}  // namespace
}  // namespace libra
