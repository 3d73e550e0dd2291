#pragma once

#include "shared/storage/operations_store.hpp"

#include <string>
#include <vector>

namespace libra::testing {

/// Gives the answers it was told to and keeps what it was asked last.
class FakeOperationsStore final : public OperationsStore {
public:
    Result<QueueOverview> overview{QueueOverview{}};
    Result<BacklogReading> left{BacklogReading{}};
    Result<AuditPage> page{AuditPage{}};
    int calls{};
    Requester requester{};
    AuditFilter filter{};
    std::optional<std::int64_t> before{};
    int limit{};

    Result<QueueOverview> queue() override
    {
        ++calls;
        return overview;
    }

    Result<BacklogReading> backlog() override
    {
        ++calls;
        return left;
    }

    Result<AuditPage> audit(
        const Requester& by,
        const AuditFilter& wanted,
        std::optional<std::int64_t> before_id,
        int most
    ) override
    {
        ++calls;
        requester = by;
        filter = wanted;
        before = before_id;
        limit = most;
        return page;
    }
};

}  // namespace libra::testing
