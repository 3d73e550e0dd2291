#include "shared/base/base64.hpp"

#include <openssl/evp.h>

#include <algorithm>

namespace libra {

std::string to_base64(std::string_view bytes)
{
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');  // OpenSSL ends it with a NUL
    void* const to = text.data();
    const void* const from = bytes.data();
    const int length = EVP_EncodeBlock(
        static_cast<unsigned char*>(to),
        static_cast<const unsigned char*>(from),
        static_cast<int>(bytes.size())
    );
    text.resize(static_cast<std::size_t>(length));
    return text;
}

std::string to_base64url(std::string_view bytes)
{
    std::string text = to_base64(bytes);
    text.resize(text.size() - static_cast<std::size_t>(std::count(text.begin(), text.end(), '=')));
    std::replace(text.begin(), text.end(), '+', '-');
    std::replace(text.begin(), text.end(), '/', '_');
    return text;
}

std::optional<std::string> from_base64(std::string_view text)
{
    constexpr std::size_t k_group = 4;
    std::string bytes(text.size() / k_group * 3, '\0');
    void* const to = bytes.data();
    const void* const from = text.data();
    const int length = EVP_DecodeBlock(
        static_cast<unsigned char*>(to),
        static_cast<const unsigned char*>(from),
        static_cast<int>(text.size())
    );
    if (length < 0) {
        return std::nullopt;
    }
    const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
    bytes.resize(static_cast<std::size_t>(length) - padding);
    // OpenSSL passes over blanks, and padding in other places.
    return to_base64(bytes) == text ? std::optional{std::move(bytes)} : std::nullopt;
}

std::optional<std::string> from_base64url(std::string_view text)
{
    constexpr std::size_t k_group = 4;
    if (text.find_first_of("+/=") != std::string_view::npos) {
        return std::nullopt;
    }
    std::string padded{text};
    std::replace(padded.begin(), padded.end(), '-', '+');
    std::replace(padded.begin(), padded.end(), '_', '/');
    padded.append((k_group - padded.size() % k_group) % k_group, '=');
    return from_base64(padded);
}

}  // namespace libra
