#pragma once

#include "shared/storage/event_store.hpp"
#include "shared/storage/pg_pool.hpp"

namespace libra {

class PgEventStore final : public EventStore {
public:
    explicit PgEventStore(PgPool& pool);

    Result<EventPage>
    events(const Reader& reader, const std::string& deployment_id, std::int64_t after, int limit)
        override;

private:
    PgPool& pool_;
};

}  // namespace libra
