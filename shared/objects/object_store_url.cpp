#include "shared/objects/object_store_url.hpp"

#include <charconv>
#include <string>

namespace libra {

namespace {

constexpr std::string_view k_file_scheme = "file://";

}  // namespace

Result<std::filesystem::path> object_store_directory(std::string_view url)
{
    if (url.starts_with("s3://")) {
        return Error{Errc::invalid_input, "s3:// is not supported yet; use file:///directory"};
    }
    if (!url.starts_with(k_file_scheme) || !url.substr(k_file_scheme.size()).starts_with('/')) {
        return Error{Errc::invalid_input, "it is not of the form file:///directory"};
    }
    url.remove_prefix(k_file_scheme.size());

    std::string path;
    while (!url.empty()) {
        if (url.front() != '%') {
            path += url.front();
            url.remove_prefix(1);
            continue;
        }
        unsigned char byte{};
        const std::string_view digits = url.substr(1, 2);
        const char* end = digits.data() + digits.size();
        const auto [parsed, error] = std::from_chars(digits.data(), end, byte, 16);
        if (digits.size() != 2 || error != std::errc{} || parsed != end || byte == 0) {
            return Error{Errc::invalid_input, "a '%' has no two hex digits after it"};
        }
        path += static_cast<char>(byte);
        url.remove_prefix(3);
    }
    return std::filesystem::path{path};
}

}  // namespace libra
