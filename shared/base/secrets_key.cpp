#include "shared/base/secrets_key.hpp"

#include <utility>

namespace libra {

std::optional<SecretBox> read_secret_box(Environment& environment)
{
    const Secret keys = environment.secret("SECRETS_KEY");
    if (keys.empty()) {
        return std::nullopt;
    }
    Result<SecretBox> box = SecretBox::from_keys(keys);
    if (box.has_error()) {
        environment.complain("SECRETS_KEY", box.error().detail);
        return std::nullopt;
    }
    return *std::move(box);
}

}  // namespace libra
