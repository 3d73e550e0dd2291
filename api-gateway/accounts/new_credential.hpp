#pragma once

#include "shared/base/digest.hpp"
#include "shared/base/random.hpp"
#include "shared/base/secrets.hpp"

namespace libra {

/// The secret goes to its owner and nowhere else; what is kept is the digest.
struct NewCredential {
    Secret secret{};
    Digest digest{};
};

/// `libra_` and 256 random bits in base64url. The prefix lets scanners of leaked secrets find it.
NewCredential new_credential(Random& random);

}  // namespace libra
