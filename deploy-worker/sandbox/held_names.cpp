#include "deploy-worker/sandbox/held_names.hpp"

#include <utility>

namespace libra {

HeldNames::Hold::Hold(HeldNames& names, std::string name) : names_{names}, name_{std::move(name)} {}

HeldNames::Hold::~Hold()
{
    const std::scoped_lock lock{names_.mutex_};
    names_.names_.erase(name_);
}

std::unique_ptr<HeldNames::Hold> HeldNames::hold(const std::string& name)
{
    const std::scoped_lock lock{mutex_};
    return names_.insert(name).second ? std::make_unique<Hold>(*this, name) : nullptr;
}

bool HeldNames::holds(const std::string& name) const
{
    const std::scoped_lock lock{mutex_};
    return names_.contains(name);
}

}  // namespace libra
