// Reads and writes whole files through POSIX calls, because only these tell pipes from files before blocking and flush
// a file before it is renamed.
#include "sim/photo/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <utility>

#include "sim/core/error.h"

namespace stipple {
namespace {

namespace fs = std::filesystem;

struct Descriptor {
  int fd;
  explicit Descriptor(int fd_) : fd(fd_) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd >= 0) ::close(fd);
  }
};

/// Removes the temporary file unless it was renamed.
struct TemporaryFile {
  std::string path;
  bool kept = false;
  ~TemporaryFile() {
    if (!kept) ::unlink(path.c_str());
  }
};

[[noreturn]] void fail_reading(const std::string& path, const std::string& problem, const std::string& remedy) {
  throw Error(ErrorKind::unreadable, path, problem, remedy);
}

[[noreturn]] void fail_opening(const std::string& path, int error) {
  if (error == ENOENT || error == ENOTDIR) fail_reading(path, "there is no such file", "check the name and the folder");
  if (error == EACCES || error == EPERM)
    fail_reading(path, "may not be read", "give yourself the permission to read it");
  fail_reading(path, std::string("cannot be opened (") + std::strerror(error) + ")", "check the name and the disk");
}

[[noreturn]] void fail_writing(const std::string& path, int error) {
  const std::string reason = std::strerror(error);
  const char* remedy = "choose another folder";
  if (error == ENOENT || error == ENOTDIR) remedy = "make the folder first or choose another one";
  if (error == EACCES || error == EPERM || error == EROFS) remedy = "choose a folder that you may write to";
  if (error == ENOSPC || error == EDQUOT || error == EFBIG) remedy = "free some space or choose another disk";
  throw Error(ErrorKind::internal, path, "cannot be written (" + reason + ")", remedy);
}

/// The file that a link points at, so that saving through a link keeps the link.
fs::path link_target(const std::string& path) {
  std::error_code error;
  const fs::path resolved = fs::is_symlink(path, error) ? fs::weakly_canonical(path, error) : fs::path(path);
  return error ? fs::path(path) : resolved;
}

void write_all(int fd, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail_writing(path, errno);
    bytes.remove_prefix(static_cast<size_t>(n));
  }
}

}  // namespace

std::string read_file(const std::string& path, int64_t max_bytes) {
  // Opening without blocking keeps a pipe that nobody writes to from hanging the program.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
  if (file.fd < 0) fail_opening(path, errno);
  struct stat info {};
  if (::fstat(file.fd, &info) != 0) fail_opening(path, errno);
  if (S_ISDIR(info.st_mode)) fail_reading(path, "is a folder", "name a file inside it");
  if (!S_ISREG(info.st_mode)) fail_reading(path, "is not a regular file", "save it to a file first");
  if (info.st_size == 0) fail_reading(path, "is empty", "copy the file again from where it came");
  if (info.st_size > max_bytes)
    fail_reading(path, "is larger than " + std::to_string(max_bytes >> 20) + " MiB", "choose a smaller file");

  // A file that shrinks while it is read ends early; one that grows is taken at the size it had.
  std::string bytes(static_cast<size_t>(info.st_size), '\0');
  size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t n = ::read(file.fd, bytes.data() + done, bytes.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail_opening(path, errno);
    if (n == 0) break;
    done += static_cast<size_t>(n);
  }
  bytes.resize(done);
  return bytes;
}

void write_file_atomically(const std::string& path, std::string_view bytes) {
  const fs::path target = link_target(path);
  struct stat old {};
  const bool replaces = ::stat(target.c_str(), &old) == 0;
  if (replaces && S_ISDIR(old.st_mode)) fail_writing(path, EISDIR);
  if (replaces && !S_ISREG(old.st_mode))
    throw Error(ErrorKind::internal, path, "is not a regular file", "choose the name of a file");

  // The temporary name is short, so that it fits wherever the target's does, and unique within and between processes.
  static std::atomic<unsigned> counter{0};
  const fs::path folder = target.has_parent_path() ? target.parent_path() : fs::path(".");
  TemporaryFile temporary{
      (folder / (".stipple-" + std::to_string(::getpid()) + "-" + std::to_string(counter++) + ".tmp")).string()};
  Descriptor file(::open(temporary.path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  if (file.fd < 0) {
    const int error = errno;
    temporary.kept = true;  // it is not ours
    fail_writing(path, error);
  }
  write_all(file.fd, bytes, path);
  if (replaces && ::fchmod(file.fd, old.st_mode & 07777) != 0) fail_writing(path, errno);
  if (::fsync(file.fd) != 0) fail_writing(path, errno);
  const int closing = std::exchange(file.fd, -1);
  if (::close(closing) != 0) fail_writing(path, errno);
  if (::rename(temporary.path.c_str(), target.c_str()) != 0) fail_writing(path, errno);
  temporary.kept = true;

  // The rename itself reaches the disk with the folder; where folders cannot be flushed it is safe a moment later.
  const Descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.fd >= 0) ::fsync(directory.fd);
}

}  // namespace stipple
