#include "shared/http/connection_slots.hpp"

namespace libra {

namespace {

constexpr std::size_t k_most_standing = 64;

}  // namespace

ConnectionSlot::ConnectionSlot(ConnectionSlots& owner, Seat seat, std::string address)
    : owner_{&owner}, seat_{seat}, address_{std::move(address)}
{
}

ConnectionSlot::ConnectionSlot(ConnectionSlot&& other) noexcept
    : owner_{std::exchange(other.owner_, nullptr)},
      seat_{other.seat_},
      address_{std::move(other.address_)}
{
}

ConnectionSlot::~ConnectionSlot()
{
    if (owner_ != nullptr) {
        owner_->give_back(seat_, address_);
    }
}

ConnectionSlots::ConnectionSlots(std::size_t connections, std::size_t per_address)
    : most_{connections}, most_per_address_{per_address}
{
}

ConnectionSlot ConnectionSlots::take(const std::string& address, bool counted)
{
    const std::scoped_lock lock{mutex_};
    const auto known = by_address_.find(address);
    const bool address_full =
        counted && known != by_address_.end() && known->second >= most_per_address_;
    if (regular_ < most_ && !address_full) {
        ++regular_;
        if (counted) {
            ++by_address_[address];
        }
        return {*this, Seat::regular, counted ? address : std::string{}};
    }
    if (standing_ < k_most_standing) {
        ++standing_;
        return {*this, Seat::standing, {}};
    }
    return {};
}

void ConnectionSlots::give_back(Seat seat, const std::string& address)
{
    const std::scoped_lock lock{mutex_};
    if (seat == Seat::standing) {
        --standing_;
    } else {
        --regular_;
        if (const auto known = by_address_.find(address);
            known != by_address_.end() && --known->second == 0) {
            by_address_.erase(known);
        }
    }
    if (regular_ + standing_ == 0) {
        emptied_.notify_all();
    }
}

bool ConnectionSlots::wait_until_empty(std::chrono::milliseconds limit)
{
    std::unique_lock lock{mutex_};
    return emptied_.wait_for(lock, limit, [this] { return regular_ + standing_ == 0; });
}

}  // namespace libra
