#include "shared/base/public_key.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <new>
#include <optional>
#include <string>
#include <utility>

namespace libra {

namespace {

constexpr std::size_t k_number_bytes = 32;  // of P-256 and Ed25519
constexpr int k_least_modulus_bits = 2048;
constexpr int k_most_modulus_bits = 8192;  // checking one signature with it takes about 1 ms
constexpr int k_most_exponent_bits = 64;

template <class Object, void (*Free)(Object*)>
struct FreeWith {
    void operator()(Object* object) const noexcept { Free(object); }
};

using Number = std::unique_ptr<BIGNUM, FreeWith<BIGNUM, BN_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, FreeWith<EVP_PKEY_CTX, EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, FreeWith<EVP_MD_CTX, EVP_MD_CTX_free>>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, FreeWith<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, FreeWith<OSSL_PARAM, OSSL_PARAM_free>>;
using EcdsaSignature = std::unique_ptr<ECDSA_SIG, FreeWith<ECDSA_SIG, ECDSA_SIG_free>>;

const unsigned char* bytes_of(std::string_view text)
{
    return static_cast<const unsigned char*>(static_cast<const void*>(text.data()));
}

/// What OpenSSL says of a failure stays with the thread and would be taken for another one's.
struct ErrorsForgotten {
    ErrorsForgotten() = default;

    ~ErrorsForgotten() { ERR_clear_error(); }

    ErrorsForgotten(const ErrorsForgotten&) = delete;
    ErrorsForgotten& operator=(const ErrorsForgotten&) = delete;
};

template <class Owner>
Owner made(typename Owner::pointer object)
{
    if (object == nullptr) {
        throw std::bad_alloc{};
    }
    return Owner{object};
}

Number number_of(std::string_view bytes)
{
    return made<Number>(BN_bin2bn(bytes_of(bytes), static_cast<int>(bytes.size()), nullptr));
}

/// @return null for what OpenSSL does not take for a public key of that type.
EVP_PKEY* key_of(const char* type, const Builder& builder)
{
    const auto parameters = made<Parameters>(OSSL_PARAM_BLD_to_param(builder.get()));
    const auto context = made<KeyContext>(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
    EVP_PKEY* key = nullptr;
    const bool done =
        EVP_PKEY_fromdata_init(context.get()) == 1 &&
        EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) == 1;
    return done ? key : nullptr;
}

bool is_consistent(EVP_PKEY* key)
{
    const auto context = made<KeyContext>(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
    return EVP_PKEY_public_check(context.get()) == 1;
}

/// The form OpenSSL takes. @return nothing unless it is two numbers.
std::optional<std::string> der_of(std::string_view signature)
{
    if (signature.size() != 2 * k_number_bytes) {
        return std::nullopt;
    }
    const auto pair = made<EcdsaSignature>(ECDSA_SIG_new());
    Number r = number_of(signature.substr(0, k_number_bytes));
    Number s = number_of(signature.substr(k_number_bytes));
    if (ECDSA_SIG_set0(pair.get(), r.get(), s.get()) != 1) {
        return std::nullopt;
    }
    // They belong to the pair now.
    static_cast<void>(r.release());
    static_cast<void>(s.release());
    unsigned char* encoded = nullptr;
    const int length = i2d_ECDSA_SIG(pair.get(), &encoded);
    if (length <= 0) {
        throw std::bad_alloc{};
    }
    std::string der{encoded, encoded + length};
    OPENSSL_free(encoded);
    return der;
}

}  // namespace

void PublicKey::Free::operator()(evp_pkey_st* key) const noexcept
{
    EVP_PKEY_free(key);
}

Result<PublicKey> PublicKey::rs256(std::string_view modulus, std::string_view exponent)
{
    const ErrorsForgotten forgotten;
    constexpr std::size_t k_most_bytes = 2 * k_most_modulus_bits / 8;  // some begin with zeros
    if (modulus.size() > k_most_bytes || exponent.size() > k_most_bytes) {
        return Error{Errc::invalid_input, "an RSA key of too many bits"};
    }
    const Number n = number_of(modulus);
    const Number e = number_of(exponent);
    if (BN_num_bits(n.get()) < k_least_modulus_bits || BN_num_bits(n.get()) > k_most_modulus_bits) {
        return Error{Errc::invalid_input, "an RSA key of too few or too many bits"};
    }
    if (BN_is_odd(e.get()) == 0 || BN_is_one(e.get()) != 0 ||
        BN_num_bits(e.get()) > k_most_exponent_bits) {
        return Error{Errc::invalid_input, "an RSA key with an exponent that is no good"};
    }
    const auto builder = made<Builder>(OSSL_PARAM_BLD_new());
    OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get());
    OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get());
    Handle handle{key_of("RSA", builder)};
    if (!handle) {
        return Error{Errc::invalid_input, "no RSA key"};
    }
    return PublicKey{SignatureAlgorithm::rs256, std::move(handle)};
}

Result<PublicKey> PublicKey::es256(std::string_view x, std::string_view y)
{
    const ErrorsForgotten forgotten;
    if (x.size() != k_number_bytes || y.size() != k_number_bytes) {
        return Error{Errc::invalid_input, "a point of P-256 is two numbers of 32 bytes"};
    }
    const std::string point = "\x04" + std::string{x} + std::string{y};  // uncompressed
    constexpr std::string_view k_curve{"prime256v1"};
    const auto builder = made<Builder>(OSSL_PARAM_BLD_new());
    OSSL_PARAM_BLD_push_utf8_string(
        builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, k_curve.data(), k_curve.size()
    );
    OSSL_PARAM_BLD_push_octet_string(
        builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()
    );
    Handle handle{key_of("EC", builder)};
    if (!handle || !is_consistent(handle.get())) {
        return Error{Errc::invalid_input, "no point of P-256"};
    }
    return PublicKey{SignatureAlgorithm::es256, std::move(handle)};
}

Result<PublicKey> PublicKey::eddsa(std::string_view x)
{
    const ErrorsForgotten forgotten;
    if (x.size() != k_number_bytes) {
        return Error{Errc::invalid_input, "a key of Ed25519 is 32 bytes"};
    }
    Handle handle{
        EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes_of(x), k_number_bytes)};
    if (!handle) {
        return Error{Errc::invalid_input, "no key of Ed25519"};
    }
    return PublicKey{SignatureAlgorithm::eddsa, std::move(handle)};
}

bool PublicKey::verifies(std::string_view message, std::string_view signature) const
{
    const ErrorsForgotten forgotten;
    std::optional<std::string> der;
    if (algorithm_ == SignatureAlgorithm::es256) {
        der = der_of(signature);
        if (!der) {
            return false;
        }
        signature = *der;
    }
    const EVP_MD* const digest =
        algorithm_ == SignatureAlgorithm::eddsa ? nullptr : EVP_sha256();  // Ed25519 has its own
    const auto context = made<DigestContext>(EVP_MD_CTX_new());
    return EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, handle_.get()) == 1 &&
           EVP_DigestVerify(
               context.get(),
               bytes_of(signature),
               signature.size(),
               bytes_of(message),
               message.size()
           ) == 1;
}

}  // namespace libra
