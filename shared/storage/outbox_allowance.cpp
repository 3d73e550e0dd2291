#include "shared/storage/outbox_allowance.hpp"

namespace libra {

std::optional<int> OutboxAllowance::take()
{
    int left = uncounted_.load();
    while (left > 0) {
        if (uncounted_.compare_exchange_weak(left, left - 1)) {
            return std::nullopt;
        }
    }
    return limit_;
}

void OutboxAllowance::counted(int waiting)
{
    constexpr int k_share = 10;
    uncounted_ = (limit_ - waiting) / k_share;
}

}  // namespace libra
