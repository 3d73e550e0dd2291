#pragma once

#include "shared/base/result.hpp"

#include <memory>
#include <string_view>
#include <utility>

/// @file Signatures of others, checked with their public keys.

struct evp_pkey_st;  // OpenSSL; its headers stay out of ours

namespace libra {

/// By the names of RFC 7518 and RFC 8037.
enum class SignatureAlgorithm {
    rs256,  // RSASSA-PKCS1-v1_5 with SHA-256
    es256,  // ECDSA on P-256 with SHA-256
    eddsa,  // Ed25519
};

/// A key for one algorithm and for no other, so that nobody who makes a signature can choose how it
/// is checked. Thread-safe.
class PublicKey {
public:
    /// Numbers are bytes, the highest first, as a JWK has them.
    /// @return `invalid_input` for what is no key, or too weak or too large a one: `rs256` takes
    ///         2,048 to 8,192 bits and an odd exponent of up to 64.
    static Result<PublicKey> rs256(std::string_view modulus, std::string_view exponent);

    /// @param x,y  32 bytes each. @return `invalid_input` unless they are a point of the curve.
    static Result<PublicKey> es256(std::string_view x, std::string_view y);

    /// @param x  32 bytes.
    static Result<PublicKey> eddsa(std::string_view x);

    SignatureAlgorithm algorithm() const { return algorithm_; }

    /// @param signature  of `es256` the two numbers of 32 bytes, one after the other (RFC 7518,
    ///        section 3.4).
    bool verifies(std::string_view message, std::string_view signature) const;

private:
    struct Free {
        void operator()(evp_pkey_st* key) const noexcept;
    };

    using Handle = std::unique_ptr<evp_pkey_st, Free>;

    PublicKey(SignatureAlgorithm algorithm, Handle handle)
        : algorithm_{algorithm}, handle_{std::move(handle)}
    {
    }

    SignatureAlgorithm algorithm_;
    Handle handle_;
};

}  // namespace libra
