#include "shared/wire/findings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace libra {

namespace {

constexpr std::size_t k_max_kept = 20'000;
constexpr std::size_t k_max_problems = 100;

void append_token(std::string& pointer, std::string_view name)
{
    pointer += '/';
    for (const char c : name) {
        if (c == '~') {
            pointer += "~0";
        } else if (c == '/') {
            pointer += "~1";
        } else {
            pointer += c;
        }
    }
}

}  // namespace

std::string Place::pointer() const
{
    if (parent_ == nullptr) {
        return {};
    }
    std::string pointer = parent_->pointer();
    append_token(pointer, is_item_ ? std::to_string(position_) : name_);
    return pointer;
}

std::vector<std::size_t> Place::order() const
{
    if (parent_ == nullptr) {
        return {};
    }
    std::vector<std::size_t> order = parent_->order();
    order.push_back(position_);
    return order;
}

void Findings::add(const Place& place, std::string reason)
{
    if (found_.size() < k_max_kept) {
        found_.push_back({place.order(), {place.pointer(), std::move(reason)}});
    }
}

Problems Findings::sorted() &&
{
    std::stable_sort(found_.begin(), found_.end(), [](const Finding& a, const Finding& b) {
        return a.order < b.order;
    });
    Problems problems;
    for (Finding& finding : found_) {
        const bool is_new = problems.empty() || problems.back().pointer != finding.problem.pointer;
        if (is_new && problems.size() < k_max_problems) {
            problems.push_back(std::move(finding.problem));
        }
    }
    return problems;
}

std::string Findings::text() &&
{
    std::string text;
    for (const Problem& problem : std::move(*this).sorted()) {
        const std::string_view where =
            problem.pointer.empty() ? std::string_view{"the document"} : problem.pointer;
        text += fmt::format("{}{} {}", text.empty() ? "" : "; ", where, problem.reason);
    }
    return text;
}

}  // namespace libra
