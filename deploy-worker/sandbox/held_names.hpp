#pragma once

#include <memory>
#include <mutex>
#include <set>
#include <string>

/// @file The names of the sandboxes that this process has handed out and not freed yet.

namespace libra {

/// Thread-safe. Must outlive what it gives out.
class HeldNames {
public:
    /// The name is held until this is destroyed.
    class Hold {
    public:
        Hold(HeldNames& names, std::string name);
        ~Hold();
        Hold(const Hold&) = delete;
        Hold& operator=(const Hold&) = delete;

    private:
        HeldNames& names_;
        std::string name_;
    };

    /// @return nothing if the name is held already.
    std::unique_ptr<Hold> hold(const std::string& name);

    bool holds(const std::string& name) const;

private:
    mutable std::mutex mutex_;
    std::set<std::string> names_;  // guarded by mutex_
};

}  // namespace libra
