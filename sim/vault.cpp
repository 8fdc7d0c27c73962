// Thin use of libsodium: crypto_pwhash for the key, crypto_secretstream in one message, because a client file fits in
// memory.
#include "sim/vault.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <vector>

#include "sim/core/error.h"

namespace stipple {
namespace {

constexpr std::string_view magic = "STIPPLE LOCKED 1\n";
constexpr size_t salt_bytes = crypto_pwhash_SALTBYTES, header_bytes = crypto_secretstream_xchacha20poly1305_HEADERBYTES,
                 tag_bytes = crypto_secretstream_xchacha20poly1305_ABYTES;
constexpr size_t piece_bytes = 1 << 20;

void start_sodium() {
  if (sodium_init() < 0)
    throw Error(ErrorKind::internal, "encryption", "cannot be started", "check that this computer has random numbers");
}

/// A key that is wiped when it is no longer needed.
struct Key {
  std::array<unsigned char, crypto_secretstream_xchacha20poly1305_KEYBYTES> bytes{};
  Key(const std::string& passphrase, const unsigned char* salt) {
    if (crypto_pwhash(bytes.data(), bytes.size(), passphrase.data(), passphrase.size(), salt,
                      crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE,
                      crypto_pwhash_ALG_ARGON2ID13) != 0)
      throw Error(ErrorKind::internal, "encryption", "has too little memory", "close other programs");
  }
  Key(const Key&) = delete;
  Key& operator=(const Key&) = delete;
  ~Key() { sodium_memzero(bytes.data(), bytes.size()); }
};

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

Error refused(const std::string& name) {
  return {ErrorKind::unreadable, name, "does not open with this passphrase, or was changed or cut off",
          "try another passphrase or a backup"};
}

}  // namespace

bool is_locked(std::string_view bytes) { return bytes.starts_with(magic); }

std::string lock_bytes(std::string_view bytes, const std::string& passphrase) {
  if (passphrase.empty()) throw Error(ErrorKind::usage, "passphrase", "is empty", "choose one of several words");
  start_sodium();
  std::string salt(salt_bytes, '\0'), header(header_bytes, '\0');
  randombytes_buf(salt.data(), salt.size());
  const Key key(passphrase, bytes_of(std::string_view(salt)));
  crypto_secretstream_xchacha20poly1305_state state;
  crypto_secretstream_xchacha20poly1305_init_push(&state, bytes_of(header), key.bytes.data());
  std::string out = std::string(magic) + salt + header;
  for (size_t at = 0;; at += piece_bytes) {
    const std::string_view piece = bytes.substr(at, piece_bytes);
    const bool last = at + piece.size() == bytes.size();
    std::string sealed(piece.size() + tag_bytes, '\0');
    crypto_secretstream_xchacha20poly1305_push(
        &state, bytes_of(sealed), nullptr, bytes_of(piece), piece.size(), nullptr, 0,
        last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : crypto_secretstream_xchacha20poly1305_TAG_MESSAGE);
    out += sealed;
    if (last) break;
  }
  sodium_memzero(&state, sizeof state);
  return out;
}

std::string unlock_bytes(std::string_view locked, const std::string& passphrase, const std::string& name) {
  if (!is_locked(locked) || locked.size() < magic.size() + salt_bytes + header_bytes + tag_bytes) throw refused(name);
  start_sodium();
  locked.remove_prefix(magic.size());
  const Key key(passphrase, bytes_of(locked));
  locked.remove_prefix(salt_bytes);
  crypto_secretstream_xchacha20poly1305_state state;
  if (crypto_secretstream_xchacha20poly1305_init_pull(&state, bytes_of(locked), key.bytes.data()) != 0)
    throw refused(name);
  locked.remove_prefix(header_bytes);
  std::string out;
  unsigned char tag = 0;
  while (!locked.empty()) {
    const std::string_view sealed = locked.substr(0, piece_bytes + tag_bytes);
    if (sealed.size() < tag_bytes) throw refused(name);
    std::string piece(sealed.size() - tag_bytes, '\0');
    if (crypto_secretstream_xchacha20poly1305_pull(&state, bytes_of(piece), nullptr, &tag, bytes_of(sealed),
                                                   sealed.size(), nullptr, 0) != 0)
      throw refused(name);
    out += piece;
    locked.remove_prefix(sealed.size());
  }
  // Without the mark of the last piece something is missing behind it.
  if (tag != crypto_secretstream_xchacha20poly1305_TAG_FINAL) throw refused(name);
  return out;
}

void shred_file(const std::string& path) {
  start_sodium();
  const Error failed(ErrorKind::internal, path, "cannot be overwritten", "check its permissions; it was not removed");
  const int file = ::open(path.c_str(), O_WRONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) throw failed;
  struct stat facts {};
  bool done = ::fstat(file, &facts) == 0 && S_ISREG(facts.st_mode);
  std::vector<unsigned char> noise(piece_bytes);
  for (off_t left = done ? facts.st_size : 0; left > 0 && done;) {
    const size_t count = std::min<size_t>(noise.size(), static_cast<size_t>(left));
    randombytes_buf(noise.data(), count);
    const ssize_t written = ::write(file, noise.data(), count);
    done = written > 0;
    left -= written;
  }
  done = done && ::fsync(file) == 0;
  ::close(file);
  if (!done || ::unlink(path.c_str()) != 0) throw failed;
}

}  // namespace stipple
