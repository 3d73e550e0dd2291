#include "shared/broker/settlements.hpp"

#include <utility>

namespace libra {

void Settlements::put(Settlement settlement)
{
    {
        const std::scoped_lock lock{mutex_};
        waiting_.push_back(settlement);
    }
    wake_.signal();
}

std::vector<Settlement> Settlements::take()
{
    const std::scoped_lock lock{mutex_};
    return std::exchange(waiting_, {});
}

}  // namespace libra
