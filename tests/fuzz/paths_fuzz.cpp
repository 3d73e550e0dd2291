#include "shared/base/text.hpp"
#include "shared/domain/rules.hpp"
#include "tests/fuzz/target.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <utf8proc.h>

namespace libra::fuzz {

namespace {

namespace fs = std::filesystem;

bool printable(std::string_view text)
{
    return std::none_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7F || c == '\\';
    });
}

bool good_name(const fs::path& name)
{
    const std::string folded = path_fold(name.native());
    return name.native().size() <= 255 && name != "." && name != ".." && folded != ".git" &&
           folded != "node_modules";
}

/// The rule in other words: those of the standard library, for which a path that ends in a slash
/// has an empty name at its end.
bool obeys(std::string_view text)
{
    const fs::path path{text};
    return !text.empty() && text.size() <= k_max_path_bytes && printable(text) &&
           path.is_relative() && path.has_filename() && path.lexically_normal().native() == text &&
           std::all_of(path.begin(), path.end(), good_name);
}

void check_accepted(std::string_view input)
{
    const std::string path{input};
    const fs::path placed = (fs::path{"/site/of"} / path).lexically_normal();
    must(placed.native() == "/site/of/" + path, "an accepted path stays where it is put");
    must(path_problem('/' + path).has_value(), "no path is absolute");
    must(path_problem("../" + path).has_value(), "no path begins above");
    must(path_problem(path + "/..").has_value(), "no path goes back");
    must(path_problem(path + '/').has_value(), "no path ends in a slash");
    must(path_problem(".git/" + path).has_value(), "nothing lies under .git");
    must(path_problem("a/Node_Modules/" + path).has_value(), "nothing lies under node_modules");
}

/// How another file system spells a path that was written to it.
std::string decomposed(std::string_view path)
{
    const std::string text{path.substr(0, path.find('\0'))};
    const void* const bytes = text.c_str();
    utf8proc_uint8_t* const other = utf8proc_NFD(static_cast<const utf8proc_uint8_t*>(bytes));
    const void* const begin = other;
    std::string spelled = other == nullptr ? text : static_cast<const char*>(begin);
    std::free(other);
    return spelled;
}

void check_fold(std::string_view input)
{
    const std::string folded = path_fold(input);
    must(path_fold(folded) == folded, "what is folded stays so");
    must(is_utf8(folded) == is_utf8(input), "folding neither makes nor breaks UTF-8");
    must(
        std::count(folded.begin(), folded.end(), '/') ==
            std::count(input.begin(), input.end(), '/'),
        "folding leaves the directories"
    );
    std::string upper{input};
    std::transform(upper.begin(), upper.end(), upper.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    const bool whole = input.find('\0') == std::string_view::npos;
    must(
        !whole || path_fold(decomposed(input)) == folded, "Unicode form does not tell paths apart"
    );
    must(path_fold(upper) == folded || !is_utf8(input), "nor does letter case");
}

}  // namespace

void try_input(std::string_view input)
{
    const bool accepted = !path_problem(input);
    must(accepted == obeys(input), "a path is accepted when it obeys the rule");
    if (accepted) {
        check_accepted(input);
    }
    check_fold(input);
}

}  // namespace libra::fuzz
