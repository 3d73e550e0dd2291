#pragma once

#include "shared/base/base64.hpp"
#include "shared/base/digest.hpp"

#include <openssl/evp.h>

#include <array>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

/// @file An issuer of JWTs with keys of Ed25519, each made from its id.

namespace libra::testing {

using SigningKey = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

inline SigningKey signing_key(const std::string& key_id)
{
    const Digest seed = sha256(key_id);
    return {
        EVP_PKEY_new_raw_private_key(
            EVP_PKEY_ED25519, nullptr, seed.bytes.data(), seed.bytes.size()
        ),
        &EVP_PKEY_free};
}

/// The issuer's set of public keys.
inline std::string jwks_of(const std::vector<std::string>& key_ids)
{
    std::string keys;
    for (const std::string& id : key_ids) {
        std::array<unsigned char, 32> bytes{};
        std::size_t size = bytes.size();
        EVP_PKEY_get_raw_public_key(signing_key(id).get(), bytes.data(), &size);
        keys += keys.empty() ? "" : ",";
        keys += R"({"kty":"OKP","crv":"Ed25519","kid":")" + id + R"(","x":")" +
                to_base64url(std::string{bytes.begin(), bytes.end()}) + "\"}";
    }
    return R"({"keys":[)" + keys + "]}";
}

inline std::string sign_jwt(const std::string& key_id, const std::string& claims)
{
    const std::string text =
        to_base64url(R"({"alg":"EdDSA","kid":")" + key_id + "\"}") + "." + to_base64url(claims);
    const SigningKey key = signing_key(key_id);
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{
        EVP_MD_CTX_new(), &EVP_MD_CTX_free};
    std::array<unsigned char, 64> signature{};
    std::size_t size = signature.size();
    const void* const message = text.data();
    if (EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) != 1 ||
        EVP_DigestSign(
            context.get(),
            signature.data(),
            &size,
            static_cast<const unsigned char*>(message),
            text.size()
        ) != 1) {
        throw std::runtime_error{"OpenSSL cannot sign"};
    }
    return text + "." + to_base64url(std::string{signature.begin(), signature.end()});
}

}  // namespace libra::testing
