// Films as other programs see them: frames, colours, times and looping come back from GIF and MP4, and a size limit is
// kept.
#include <doctest/doctest.h>
#include <gif_lib.h>

#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>
#include <opencv2/imgproc.hpp>

#include "sim/consult/film.h"
#include "sim/consult/gif.h"
#include "sim/consult/mp4.h"
#include "sim/core/error.h"
#include "sim/core/random.h"
#include "tests/scratch.h"

using namespace stipple;
using nlohmann::json;

namespace {

/// Skin-like shading with a square that moves, so that most of a frame stays as it was.
cv::Mat3b frame_at(int step, cv::Size size = {96, 64}) {
  cv::Mat3b rgb(size);
  for (int y = 0; y < size.height; ++y)
    for (int x = 0; x < size.width; ++x) {
      const int shade = 90 + 100 * x / size.width + 20 * y / size.height;
      rgb(y, x) = cv::Vec3b(static_cast<uchar>(shade + 30), static_cast<uchar>(shade), static_cast<uchar>(shade - 30));
    }
  rgb(cv::Rect(8 * step, 20, 16, 16)).setTo(cv::Scalar(40, 30, 25));
  return rgb;
}

struct GifFrame {
  cv::Mat3b rgb;
  int centiseconds;
};

struct ReadGif {
  std::vector<GifFrame> frames;
  bool loops = false;
};

/// By giflib's own reader, each frame drawn over the one before.
ReadGif read_gif(const std::string& bytes) {
  struct Source {
    const std::string& bytes;
    size_t at;
  } source{bytes, 0};
  int fault = 0;
  GifFileType* gif = DGifOpen(
      &source,
      [](GifFileType* file, GifByteType* to, int count) {
        auto& from = *static_cast<Source*>(file->UserData);
        const size_t some = std::min(static_cast<size_t>(count), from.bytes.size() - from.at);
        std::memcpy(to, from.bytes.data() + from.at, some);
        from.at += some;
        return static_cast<int>(some);
      },
      &fault);
  REQUIRE(gif);
  REQUIRE(DGifSlurp(gif) == GIF_OK);
  ReadGif out;
  cv::Mat3b canvas(gif->SHeight, gif->SWidth, cv::Vec3b());
  for (int i = 0; i < gif->ImageCount; ++i) {
    const SavedImage& image = gif->SavedImages[i];
    for (int k = 0; k < image.ExtensionBlockCount; ++k)
      out.loops = out.loops || (image.ExtensionBlocks[k].Function == APPLICATION_EXT_FUNC_CODE &&
                                std::memcmp(image.ExtensionBlocks[k].Bytes, "NETSCAPE2.0", 11) == 0);
    GraphicsControlBlock control{};
    REQUIRE(DGifSavedExtensionToGCB(gif, i, &control) == GIF_OK);
    const GifImageDesc& d = image.ImageDesc;
    for (int y = 0; y < d.Height; ++y)
      for (int x = 0; x < d.Width; ++x) {
        const int index = image.RasterBits[y * d.Width + x];
        if (index == control.TransparentColor) continue;
        const GifColorType& c = gif->SColorMap->Colors[index];
        canvas(d.Top + y, d.Left + x) = {c.Red, c.Green, c.Blue};
      }
    out.frames.push_back({canvas.clone(), control.DelayTime});
  }
  DGifCloseFile(gif, &fault);
  return out;
}

double mean_difference(const cv::Mat3b& a, const cv::Mat3b& b) {
  cv::Mat3b blurred_a, blurred_b;
  cv::blur(a, blurred_a, {8, 8}), cv::blur(b, blurred_b, {8, 8});
  return cv::norm(blurred_a, blurred_b, cv::NORM_L1) / static_cast<double>(a.total() * 3);
}

bool installed(const char* tool) { return std::system((std::string(tool) + " -version >/dev/null 2>&1").c_str()) == 0; }

}  // namespace

TEST_CASE("a palette holds few colours exactly and many nearly") {
  std::vector<cv::Vec3b> four;
  for (int i = 0; i < 400; ++i) four.push_back(cv::Vec3b(static_cast<uchar>(60 * (i % 4)), 100, 50));
  std::vector<cv::Vec3b> palette = make_palette(four, 255);
  std::sort(palette.begin(), palette.end(), [](const auto& a, const auto& b) { return a[0] < b[0]; });
  REQUIRE(palette.size() == 4);
  for (int i = 0; i < 4; ++i) CHECK(palette[static_cast<size_t>(i)] == cv::Vec3b(static_cast<uchar>(60 * i), 100, 50));

  std::vector<cv::Vec3b> many;
  for (uint64_t i = 0; i < 5000; ++i)
    many.push_back(
        cv::Vec3b(static_cast<uchar>(255 * uniform(i, 0, 0)), static_cast<uchar>(255 * uniform(i, 0, 1)), 80));
  const std::vector<cv::Vec3b> spread = make_palette(many, 255);
  CHECK(spread.size() == 255);
  double sum = 0;
  for (const cv::Vec3b& colour : many) {
    double least = 1e9;
    for (const cv::Vec3b& entry : spread) least = std::min(least, cv::norm(colour, entry));
    sum += least;
  }
  // A square grid of 255 cells over 255 x 255 has a mean distance of 0.38 cells of 16.
  CHECK(sum / 5000 < 8);
}

TEST_CASE("a GIF comes back with its frames, times and loop, and shading without steps") {
  std::vector<cv::Vec3b> colours;
  for (int i = 0; i < 4; ++i)
    for (const cv::Vec3b& pixel : frame_at(i)) colours.push_back(pixel);
  GifAnimation animation({96, 64}, make_palette(colours, 64));
  CHECK_THROWS_AS(animation.add(cv::Mat3b(64, 97), 100), Error);
  const std::vector<int> shown_ms{300, 44, 44, 900};
  for (int i = 0; i < 4; ++i) animation.add(frame_at(i), shown_ms[static_cast<size_t>(i)]);
  const ReadGif read = read_gif(animation.finish());
  REQUIRE(read.frames.size() == 4);
  CHECK(read.loops);
  for (int i = 0; i < 4; ++i) CHECK(mean_difference(read.frames[static_cast<size_t>(i)].rgb, frame_at(i)) < 2);
  // 300, 344, 388, 1288 ms in hundredths: rounding does not add up.
  CHECK(read.frames[0].centiseconds == 30);
  CHECK(read.frames[1].centiseconds == 4);
  CHECK(read.frames[2].centiseconds == 5);
  CHECK(read.frames[3].centiseconds == 90);
}

TEST_CASE("an MP4 is the same each time and plays as long as asked, in the right colours") {
  const auto film = [] {
    Mp4Film made({97, 65}, 90);  // odd sides
    CHECK_THROWS_AS(made.add(cv::Mat3b(64, 97), 100), Error);
    for (int i = 0; i < 4; ++i) made.add(frame_at(i, {97, 65}), 200);
    return made.finish();
  };
  const std::string bytes = film();
  CHECK(bytes.substr(4, 4) == "ftyp");
  CHECK(bytes.find("moov") != bytes.npos);
  CHECK(film() == bytes);
  if (!installed("ffprobe") || !installed("ffmpeg")) return;
  const Scratch scratch;
  store(scratch / "film.mp4", bytes);
  const std::string in = "cd '" + scratch.folder.string() + "' && ";
  REQUIRE(
      std::system((in + "ffprobe -v error -show_streams -of json film.mp4 >probe.json && ffmpeg -v error -ss 0.3 -i "
                        "film.mp4 -frames:v 1 frame.png")
                      .c_str()) == 0);
  const json stream = json::parse(content(scratch / "probe.json"))["streams"][0];
  CHECK(stream["codec_name"] == "h264");
  CHECK(stream["pix_fmt"] == "yuv420p");
  CHECK(stream["color_space"] == "bt709");
  CHECK(stream["width"] == 98);
  CHECK(stream["height"] == 66);
  CHECK(std::stod(stream["duration"].get<std::string>()) == doctest::Approx(0.8));
  cv::Mat frame = cv::imread((scratch / "frame.png").string());
  cv::cvtColor(frame, frame, cv::COLOR_BGR2RGB);
  CHECK(mean_difference(frame(cv::Rect(0, 0, 97, 65)), frame_at(1, {97, 65})) < 3);
}

TEST_CASE(
    "a size limit is kept by giving up quality, width and frames, the first and last frame and the time staying") {
  std::vector<KeptFrame> frames;
  for (uint64_t i = 0; i < 9; ++i) {
    Photo noise;
    noise.rgb = frame_at(static_cast<int>(i), {240, 180});
    for (int y = 0; y < 180; ++y)
      for (int x = 0; x < 240; ++x)
        noise.rgb.at<cv::Vec3b>(y, x)[1] =
            static_cast<uchar>(255 * uniform(i, static_cast<uint64_t>(y), static_cast<uint64_t>(x)));
    frames.push_back(keep_frame(noise, 100));
  }
  Job job;
  for (const FilmKind kind : {FilmKind::webp, FilmKind::gif, FilmKind::mp4}) {
    CAPTURE(static_cast<int>(kind));
    const Film best = fit_film(frames, kind, 1 << 30, job);
    CHECK(best.frames == 9);
    CHECK(best.size == cv::Size(240, 180));
    const size_t limit = best.bytes.size() / 3;
    const Film small = fit_film(frames, kind, limit, job);
    CHECK(small.bytes.size() <= limit);
    CHECK(small.bytes.size() > limit / 20);
    CHECK_THROWS_WITH_AS(fit_film(frames, kind, 100, job), doctest::Contains("--max-mb"), Error);
  }
  const ReadGif halved = read_gif(encode_film(frames, FilmKind::gif, {90, 1, 4}, job).bytes);
  REQUIRE(halved.frames.size() == 3);  // the first, the fifth and the last
  CHECK(halved.frames[0].centiseconds == 40);
  CHECK(halved.frames[1].centiseconds == 40);
  CHECK(halved.frames[2].centiseconds == 10);
}

TEST_CASE("stipple age writes every kind of film and tells programs what is in it") {
  const Scratch scratch;
  scratch.client("client.png");
  for (const char* name : {"film.gif", "film.mp4"}) {
    const Run run = scratch.run(std::string("age client.png --years 0:4:1 --width 200 --json - -o ") + name);
    REQUIRE(run.code == 0);
    const json told = json::parse(run.out);
    CHECK(told["command"] == "age");
    CHECK(told["wrote"] == json::array({name}));
    CHECK(told["frames"] == 5);
    CHECK(told["width"] == 200);
    CHECK(told["bytes"] == std::filesystem::file_size(scratch / name));
    REQUIRE(told["course"].size() == 5);
    CHECK(told["course"][4]["retained"] < told["course"][1]["retained"]);
    CHECK(told["course"][4]["retained_low"] < told["course"][4]["retained_high"]);
  }
}
