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

}  // namespace libra
