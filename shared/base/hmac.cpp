#include "shared/base/hmac.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <stdexcept>

namespace libra {

namespace {

const unsigned char* bytes_of(std::string_view text)
{
    return static_cast<const unsigned char*>(static_cast<const void*>(text.data()));
}

}  // namespace

std::string hmac_sha256(std::string_view key, std::string_view message)
{
    std::string code(EVP_MAX_MD_SIZE, '\0');
    unsigned int size = 0;
    if (HMAC(
            EVP_sha256(),
            key.data(),
            static_cast<int>(key.size()),
            bytes_of(message),
            message.size(),
            static_cast<unsigned char*>(static_cast<void*>(code.data())),
            &size
        ) == nullptr) {
        throw std::runtime_error{"OpenSSL cannot make a message authentication code"};
    }
    code.resize(size);
    return code;
}

}  // namespace libra
