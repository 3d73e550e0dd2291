#pragma once

namespace libra {

/// `libra-gateway reseal-secrets`: seals every secret variable anew that was not sealed under the
/// first key of SECRETS_KEY, so that the others can be taken away; may run while the platform does.
/// Prints how many there are; with `only_count` changes none. Names those that no key opens, which
/// stay. @return the exit code: 0 when there are none of these.
int reseal_secrets(bool only_count);

}  // namespace libra
