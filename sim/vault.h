// Client files that only a passphrase opens, and files that are really gone.
#pragma once
#include <string>
#include <string_view>

namespace stipple {

/// True for bytes that lock_bytes() made.
bool is_locked(std::string_view bytes);

/// Encrypted and authenticated with a key derived from the passphrase (Argon2id, XChaCha20-Poly1305). Never the same
/// bytes twice. Throws Error{usage} for an empty passphrase.
std::string lock_bytes(std::string_view bytes, const std::string& passphrase);

/// The bytes that were locked. Throws Error{unreadable} with `name` as subject when the passphrase is another one or
/// the file was changed or cut off.
std::string unlock_bytes(std::string_view locked, const std::string& passphrase, const std::string& name);

/// Overwrites a regular file with random bytes, flushes it to disk and removes it. What copies the file system or a
/// drive keeps of earlier versions is out of any program's reach. Throws Error{internal} when it cannot be written.
void shred_file(const std::string& path);

}  // namespace stipple
