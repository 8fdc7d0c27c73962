// The frames of a film in one file: WebP, GIF or MP4, as small as asked.
#pragma once
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/job.h"
#include "sim/photo/photo.h"

namespace stipple {

enum class FilmKind { webp, gif, mp4 };

/// By the extension of a name; nothing for any other.
std::optional<FilmKind> film_kind(const std::string& name);

/// A frame waiting to be encoded, without loss.
struct KeptFrame {
  std::string png;
  int milliseconds;
};
KeptFrame keep_frame(const Photo& picture, int milliseconds);

/// How much a film may lose: quality 0..100, width against the frames' own, every `every`-th frame.
struct FilmRung {
  int quality = 90;
  double width = 1;
  int every = 1;
};

struct Film {
  std::string bytes;
  cv::Size size;
  int frames = 0;
  FilmRung rung;
};

/// All frames have one size; at least one. Left-out frames give their time to the one before; first and last are kept.
Film encode_film(const std::vector<KeptFrame>& frames, FilmKind kind, const FilmRung& rung, Job& job);

/// The best film of at most `most_bytes`: quality falls first, then width, then every second frame goes. Throws
/// Error{usage} naming the least size when even the poorest is larger.
Film fit_film(const std::vector<KeptFrame>& frames, FilmKind kind, size_t most_bytes, Job& job);

}  // namespace stipple
