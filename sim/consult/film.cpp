// One film from kept frames. What a size limit takes away is decided on a fixed ladder, so that the same frames and
// limit give the same film.
#include "sim/consult/film.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <filesystem>

#include "sim/consult/animation.h"
#include "sim/consult/canvas.h"
#include "sim/consult/gif.h"
#include "sim/consult/mp4.h"
#include "sim/core/error.h"

namespace stipple {
namespace {

constexpr std::array<FilmRung, 12> ladder{{{90, 1, 1},
                                           {75, 1, 1},
                                           {75, 0.8, 1},
                                           {65, 0.8, 1},
                                           {65, 0.65, 1},
                                           {55, 0.65, 1},
                                           {65, 0.65, 2},
                                           {55, 0.5, 2},
                                           {45, 0.4, 2},
                                           {55, 0.4, 4},
                                           {45, 0.33, 4},
                                           {30, 0.25, 8}}};
constexpr int least_width_px = 120;

/// What a rung is likely to leave of the best film's size.
double expected_share(const FilmRung& rung) {
  return rung.width * rung.width * std::exp(-0.035 * (90 - rung.quality)) / rung.every;
}

/// Frames of a rung, scaled, each with the time of those left out behind it.
template <class Take>
int for_frames(const std::vector<KeptFrame>& frames, const FilmRung& rung, Job& job, Take&& take) {
  int count = 0;
  for (size_t i = 0; i < frames.size();) {
    job.step("encoding", static_cast<double>(i) / static_cast<double>(frames.size()));
    // The last frame is always shown, for its own time.
    const size_t next =
        i + 1 == frames.size() ? frames.size() : std::min(i + static_cast<size_t>(rung.every), frames.size() - 1);
    int milliseconds = 0;
    for (size_t k = i; k < next; ++k) milliseconds += frames[k].milliseconds;
    Photo picture = decode_photo(frames[i].png, "frame");
    const int width = std::max(std::min(least_width_px, picture.rgb.cols),
                               static_cast<int>(std::lround(rung.width * picture.rgb.cols)));
    if (width != picture.rgb.cols) picture = scaled_to_width(picture, width);
    take(picture, milliseconds);
    ++count;
    i = next;
  }
  return count;
}

/// Colours of a picture on a grid, some thousands of them.
void sample_colours(const cv::Mat3b& rgb, size_t wanted, std::vector<cv::Vec3b>& out) {
  const int step =
      std::max(1, static_cast<int>(std::sqrt(static_cast<double>(rgb.total()) / static_cast<double>(wanted))));
  for (int y = step / 2; y < rgb.rows; y += step)
    for (int x = step / 2; x < rgb.cols; x += step) out.push_back(rgb(y, x));
}

std::vector<cv::Vec3b> film_palette(const std::vector<KeptFrame>& frames, int quality) {
  constexpr size_t samples = 40'000, looked_at = 9;
  std::vector<cv::Vec3b> colours;
  const size_t count = std::min(frames.size(), looked_at);
  for (size_t i = 0; i < count; ++i) {
    const size_t at = count == 1 ? 0 : i * (frames.size() - 1) / (count - 1);
    sample_colours(decode_photo(frames[at].png, "frame").rgb, samples / count, colours);
  }
  return make_palette(std::move(colours), most_palette_colours * quality / 90);
}

template <class Start>
Film encode_with(const std::vector<KeptFrame>& frames, const FilmRung& rung, Job& job, Start&& start) {
  Film film;
  film.rung = rung;
  decltype(start(cv::Size())) encoder;
  film.frames = for_frames(frames, rung, job, [&](const Photo& picture, int milliseconds) {
    if (!encoder) encoder = start(picture.size()), film.size = picture.size();
    encoder->add(picture.rgb, milliseconds);
  });
  film.bytes = encoder->finish();
  return film;
}

/// WebP's encoder behind the same two calls as the others.
struct WebpAt {
  WebpAnimation animation;
  float quality;
  void add(const cv::Mat& rgb, int milliseconds) {
    Photo picture;
    picture.rgb = rgb;
    animation.add(picture, milliseconds, quality);
  }
  std::string finish() { return animation.finish(); }
};

}  // namespace

std::optional<FilmKind> film_kind(const std::string& name) {
  std::string kind = std::filesystem::path(name).extension().string();
  std::transform(kind.begin(), kind.end(), kind.begin(), [](unsigned char c) { return std::tolower(c); });
  if (kind == ".webp") return FilmKind::webp;
  if (kind == ".gif") return FilmKind::gif;
  if (kind == ".mp4") return FilmKind::mp4;
  return std::nullopt;
}

KeptFrame keep_frame(const Photo& picture, int milliseconds) {
  return {encode_photo(picture, ".png", false), milliseconds};
}

Film encode_film(const std::vector<KeptFrame>& frames, FilmKind kind, const FilmRung& rung, Job& job) {
  if (kind == FilmKind::mp4)
    return encode_with(frames, rung, job, [&](cv::Size size) { return std::make_unique<Mp4Film>(size, rung.quality); });
  if (kind == FilmKind::gif) {
    const std::vector<cv::Vec3b> palette = film_palette(frames, rung.quality);
    return encode_with(frames, rung, job, [&](cv::Size size) { return std::make_unique<GifAnimation>(size, palette); });
  }
  return encode_with(frames, rung, job, [&](cv::Size size) {
    return std::unique_ptr<WebpAt>(new WebpAt{WebpAnimation(size), static_cast<float>(rung.quality)});
  });
}

Film fit_film(const std::vector<KeptFrame>& frames, FilmKind kind, size_t most_bytes, Job& job) {
  Film film = encode_film(frames, kind, ladder.front(), job);
  const auto best = static_cast<double>(film.bytes.size());
  for (size_t i = 1; film.bytes.size() > most_bytes && i < ladder.size(); ++i) {
    // Rungs that cannot be small enough are not tried, but the last always is.
    const bool hopeless = expected_share(ladder[i]) * best > 1.5 * static_cast<double>(most_bytes);
    if (hopeless && i + 1 < ladder.size()) continue;
    film = encode_film(frames, kind, ladder[i], job);
  }
  if (film.bytes.size() > most_bytes) {
    char problem[80];
    std::snprintf(problem, sizeof problem, "is too little: the poorest film takes %.2f MB",
                  std::ceil(static_cast<double>(film.bytes.size()) / 1e4) / 100);
    throw Error(ErrorKind::usage, "--max-mb", problem, "allow more, or ask for fewer years");
  }
  return film;
}

}  // namespace stipple
