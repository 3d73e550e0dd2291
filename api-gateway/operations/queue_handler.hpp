#pragma once

#include "api-gateway/api/principal_handler.hpp"
#include "shared/storage/operations_store.hpp"

#include <cstdint>
#include <functional>
#include <optional>

namespace libra {

/// What the broker said of its queue a moment ago.
struct BrokerReading {
    std::int64_t messages{};
    std::int64_t consumers{};
};

/// GET /queue.
class QueueHandler final : public PrincipalHandler {
public:
    struct Parts {
        AdmissionStore& admissions;
        OperationsStore& operations;
        Clock& clock;
        std::function<std::optional<BrokerReading>()> broker;  // never blocks
    };

    /// What `parts` refers to must outlive it.
    QueueHandler(const Parts& parts, Log log);

protected:
    HttpResponse answer(const HttpRequest& request, const Principal& caller) override;

private:
    OperationsStore& operations_;
    std::function<std::optional<BrokerReading>()> broker_;
};

}  // namespace libra
