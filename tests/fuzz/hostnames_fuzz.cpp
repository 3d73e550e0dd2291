#include "shared/domain/rules.hpp"
#include "shared/domain/site_address.hpp"
#include "tests/fuzz/target.hpp"

#include <algorithm>
#include <string>

namespace libra::fuzz {

namespace {

constexpr std::string_view k_platform{"libra.dev"};

void check_ascii(const std::string& host)
{
    must(host.size() <= 253 && host.find('.') != std::string::npos, "a full name of some length");
    must(
        host.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-") == std::string::npos,
        "a host name is lower-case ASCII"
    );
    must(host.front() != '.' && host.back() != '.', "no dot at either end");
    must(host.front() != '-' && host.back() != '-', "no dash at either end");
    for (const char* const bad : {"..", ".-", "-."}) {
        must(host.find(bad) == std::string::npos, "no label is empty or has a dash at its end");
    }
    must(host != k_platform && !host.ends_with(".libra.dev"), "not the platform's own");
}

void check_domain(std::string_view input)
{
    const HostName host = check_custom_domain(input, k_platform);
    if (!host.problem.empty()) {
        return;
    }
    check_ascii(host.ascii);
    std::string upper = host.ascii;
    std::transform(upper.begin(), upper.end(), upper.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    for (const std::string& spelling : {host.ascii, upper}) {
        const HostName again = check_custom_domain(spelling, k_platform);
        must(again.problem.empty() && again.ascii == host.ascii, "a host name has one normal form");
    }
    must(!check_custom_domain("www." + host.ascii, host.ascii).problem.empty(), "below is taken");
}

void check_labels(std::string_view input)
{
    const std::string label = site_label(input);
    must(!label_problem(label), "every id has a label");
    must(
        label == input || site_label(label) != label,
        "no id has the label that was made for another"
    );
    must(!label_problem(label_from(input)), "every name has a label");
    must(label_from(input).size() <= 33, "a label of a name leaves room");
    if (!label_problem(input)) {
        must(label_from(input) == input || input.size() > 33, "a good label is kept");
    }
}

}  // namespace

void try_input(std::string_view input)
{
    check_domain(input);
    check_labels(input);
}

}  // namespace libra::fuzz
