#pragma once

#include "shared/wire/json.hpp"
#include "shared/wire/problem.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// @file Problems while they are being found, by the schema and by the rules a schema cannot
/// express.

namespace libra {

/// Where a value stands in its document. Costs nothing until a problem is found there: it lives on
/// the stack of the walk and refers to its parent and to the document.
class Place {
public:
    Place() = default;  // the root

    Place item(std::size_t index) const { return Place{this, {}, index, true}; }

    /// For a member that is missing, `position` is the number of members: after all others.
    Place member(std::string_view name, std::size_t position) const
    {
        return Place{this, name, position, false};
    }

    std::string pointer() const;

    /// Smaller for what comes earlier in the document.
    std::vector<std::size_t> order() const;

private:
    Place(const Place* parent, std::string_view name, std::size_t position, bool is_item)
        : parent_{parent}, name_{name}, position_{position}, is_item_{is_item}
    {
    }

    const Place* parent_{nullptr};
    std::string_view name_{};
    std::size_t position_{0};
    bool is_item_{false};
};

class Findings {
public:
    /// Keeps the first problem of each place, and 20,000 at most.
    void add(const Place& place, std::string reason);

    bool empty() const { return found_.empty(); }

    /// In document order, at most 100.
    Problems sorted() &&;

    /// `pointer reason; …`, for a log or a user who has no use for a list. The whole document is
    /// called that.
    std::string text() &&;

private:
    struct Finding {
        std::vector<std::size_t> order;
        Problem problem;
    };

    std::vector<Finding> found_;
};

}  // namespace libra
