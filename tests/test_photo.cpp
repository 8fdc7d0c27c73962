// Known answers for the door between files and photos: formats, orientation, limits, damage and safe writing.
#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmath>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <string>
#include <vector>

#include "sim/core/error.h"
#include "sim/photo/exif.h"
#include "sim/photo/file.h"
#include "sim/photo/packing.h"
#include "sim/photo/photo.h"
#include "sim/photo/sha256.h"
#include "tests/photo_samples.h"

using namespace stipple;
using namespace stipple::testing;
namespace fs = std::filesystem;

namespace {

/// A folder of its own for each test, removed afterwards.
struct Folder {
  fs::path path;
  Folder() {
    std::string name = (fs::temp_directory_path() / "stipple-photo-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~Folder() { fs::remove_all(path); }
  std::string file(const std::string& name) const { return (path / name).string(); }
  size_t entries() const { return static_cast<size_t>(std::distance(fs::directory_iterator(path), {})); }
};

}  // namespace

TEST_CASE("files are read whole, and what is no readable file is refused by name") {
  const Folder folder;
  const std::string path = folder.file("a.bin");
  write_file_atomically(path, std::string("a\0b", 3));
  CHECK(read_file(path, 100) == std::string("a\0b", 3));
  CHECK(contains(error_of([&] { read_file(path, 2); }), "larger than"));
  CHECK(contains(error_of([&] { read_file(folder.file("none"), 2); }), "unreadable|" + folder.file("none")));
  CHECK(contains(error_of([&] { read_file(folder.path.string(), 2); }), "is a folder"));
  REQUIRE(::mkfifo(folder.file("pipe").c_str(), 0600) == 0);
  CHECK(contains(error_of([&] { read_file(folder.file("pipe"), 2); }), "not a regular file"));
  CHECK(contains(error_of([&] { read_file("/dev/zero", 2); }), "not a regular file"));
  write_file_atomically(folder.file("empty"), "");
  CHECK(contains(error_of([&] { read_file(folder.file("empty"), 2); }), "is empty"));
  if (::geteuid() != 0) {
    ::chmod(path.c_str(), 0);
    CHECK(contains(error_of([&] { read_file(path, 100); }), "may not be read"));
  }
}

TEST_CASE("writing replaces a file in one step, keeps its mode and follows links") {
  const Folder folder;
  const std::string path = folder.file("a.bin");
  write_file_atomically(path, "old");
  ::chmod(path.c_str(), 0640);
  fs::create_symlink("a.bin", folder.file("link"));
  write_file_atomically(folder.file("link"), "new");
  CHECK(read_file(path, 100) == "new");
  CHECK(fs::is_symlink(folder.file("link")));
  CHECK(fs::status(path).permissions() == fs::perms(0640));
  CHECK(folder.entries() == 2);
}

TEST_CASE("a failed write leaves the old file and nothing else") {
  const Folder folder;
  const std::string path = folder.file("a.bin");
  write_file_atomically(path, "old");
  // A limit on file sizes stands in for a full disk: writing stops half-way in the same manner.
  rlimit old_limit{};
  ::getrlimit(RLIMIT_FSIZE, &old_limit);
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{1000, old_limit.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &small);
  const std::string full = error_of([&] { write_file_atomically(path, std::string(5000, 'x')); });
  ::setrlimit(RLIMIT_FSIZE, &old_limit);
  std::signal(SIGXFSZ, old_handler);
  CHECK(contains(full, "internal|" + path));
  CHECK(contains(full, "free some space"));
  CHECK(read_file(path, 100) == "old");

  CHECK(contains(error_of([&] { write_file_atomically(folder.file("no/such/a"), "x"); }), "make the folder first"));
  CHECK(contains(error_of([&] { write_file_atomically(folder.path.string(), "x"); }), "internal|"));
  REQUIRE(::mkfifo(folder.file("pipe").c_str(), 0600) == 0);
  CHECK(contains(error_of([&] { write_file_atomically(folder.file("pipe"), "x"); }), "not a regular file"));
  CHECK(folder.entries() == 2);
}

TEST_CASE("lossless formats give every pixel back, in 8 and 16 bit, with and without alpha") {
  for (const int depth : {CV_8U, CV_16U})
    for (const bool with_alpha : {false, true})
      for (const char* extension : {".png", ".tiff"}) {
        CAPTURE(depth);
        CAPTURE(with_alpha);
        CAPTURE(std::string(extension));
        Photo photo = made_photo({61, 43}, depth);
        if (with_alpha) cv::extractChannel(photo.rgb, photo.alpha, 1);
        const Photo back = decode_photo(encode_photo(photo, extension, true), "a");
        CHECK(same(back.rgb, photo.rgb));
        CHECK(back.alpha.empty() != with_alpha);
        if (with_alpha) CHECK(same(back.alpha, photo.alpha));
        CHECK(back.profile == "sRGB");
      }
}

TEST_CASE("lossy formats stay close and the quality counts") {
  const Photo photo = made_photo({320, 240});
  for (const char* extension : {"jpg", ".JPEG", "webp"}) {
    CAPTURE(std::string(extension));
    const std::string fine = encode_photo(photo, extension, false, 97),
                      coarse = encode_photo(photo, extension, false, 40);
    CHECK(fine.size() > 2 * coarse.size());
    const Photo back = decode_photo(fine, "a");
    REQUIRE(back.rgb.type() == CV_8UC3);
    const double rms = cv::norm(back.rgb, photo.rgb, cv::NORM_L2) / std::sqrt(3.0 * 320 * 240);
    CHECK(rms < 2.5);
    CHECK(back.sha256 == sha256_hex(fine));
  }
}

TEST_CASE("16-bit pictures are rounded for 8-bit formats") {
  Photo deep = made_photo({64, 64}, CV_16U), flat = deep;
  deep.rgb.convertTo(flat.rgb, CV_8U, 1.0 / 257);
  CHECK(encode_photo(deep, "jpg", false) == encode_photo(flat, "jpg", false));
  CHECK(encode_photo(deep, "webp", false) == encode_photo(flat, "webp", false));
}

TEST_CASE("the simulation note is the only text in a file, and only when asked for") {
  const Photo photo = made_photo({40, 30});
  for (const char* extension : {"png", "jpg"}) {
    CHECK(contains(encode_photo(photo, extension, true), "Simulation made with Stipple"));
    CHECK(!contains(encode_photo(photo, extension, false), "Stipple"));
    CHECK(same(decode_photo(encode_photo(photo, extension, true), "a").rgb,
               decode_photo(encode_photo(photo, extension, false), "a").rgb));
  }
}

TEST_CASE("all eight orientations come out upright in every format, turned once") {
  const Photo upright = made_photo({37, 22});
  for (int orientation = 1; orientation <= 8; ++orientation)
    for (const bool little : {false, true}) {
      CAPTURE(orientation);
      CAPTURE(little);
      const std::string exif = exif_block(orientation, 26, little);
      Photo stored;
      stored.rgb = as_stored(upright.rgb, orientation);

      const Photo png = decode_photo(png_with(encode_photo(stored, "png", false), png_chunk("eXIf", exif)), "a");
      CHECK(same(png.rgb, upright.rgb));
      CHECK(png.focal_length_35mm_mm == 26);

      const std::string jpeg = encode_photo(stored, "jpg", false, 100);
      const Photo turned = decode_photo(jpeg_with(jpeg, jpeg_segment(0xE1, std::string("Exif\0\0", 6) + exif)), "a");
      CHECK(same(as_stored(turned.rgb, orientation), decode_photo(jpeg, "a").rgb));
      CHECK(turned.focal_length_35mm_mm == 26);

      const std::string webp = encode_photo(stored, "webp", false, 90);
      const Photo web = decode_photo(extended_webp(webp, stored.size(), 8, "", webp_chunk("EXIF", exif)), "a");
      CHECK(same(as_stored(web.rgb, orientation), decode_photo(webp, "a").rgb));
      CHECK(web.focal_length_35mm_mm == 26);
    }
}

TEST_CASE("a TIFF is turned once, in 8 and 16 bit, grey and colour") {
  for (const int depth : {CV_8U, CV_16U})
    for (int orientation = 1; orientation <= 8; ++orientation) {
      CAPTURE(depth);
      CAPTURE(orientation);
      const Photo upright = made_photo({37, 22}, depth);
      CHECK(same(decode_photo(made_tiff(as_stored(upright.rgb, orientation), {{274, orientation}}), "a").rgb,
                 upright.rgb));
      cv::Mat grey, three;
      cv::extractChannel(upright.rgb, grey, 0);
      cv::merge(std::vector<cv::Mat>{grey, grey, grey}, three);
      CHECK(same(decode_photo(made_tiff(as_stored(grey, orientation), {{274, orientation}}), "a").rgb, three));
    }
}

TEST_CASE("TIFFs that would be misread are refused by kind") {
  const Photo photo = made_photo({16, 8});
  const auto refusal = [&](std::map<size_t, size_t> fields) {
    return error_of([&] { decode_photo(made_tiff(photo.rgb, std::move(fields)), "t.tif"); });
  };
  CHECK(contains(refusal({{339, 3}}), "unreadable|t.tif: holds pixels that are no unsigned integers"));
  CHECK(contains(refusal({{262, 5}}), "neither RGB nor grey"));
  CHECK(contains(refusal({{254, 1}}), "raw file"));
  CHECK(contains(refusal({{50706, 1}}), "raw file"));
  CHECK(contains(refusal({{258, 12}}), "12 bits"));
  CHECK(contains(refusal({{256, 30'001}}), "too large"));
  CHECK(contains(refusal({{256, 0}}), "damaged"));
  CHECK(contains(refusal({{256, 15'000}, {257, 15'000}}), "too large"));
  CHECK(contains(error_of([] { decode_photo("II+\0\x08", "big.tif"); }), "unreadable|big.tif"));
}

TEST_CASE("grey, palette and shallow pictures become RGB") {
  cv::Mat1b grey(20, 30);
  for (int y = 0; y < 20; ++y)
    for (int x = 0; x < 30; ++x) grey(y, x) = static_cast<uint8_t>(8 * x + y);
  cv::Mat three;
  cv::merge(std::vector<cv::Mat>{grey, grey, grey}, three);
  std::vector<uint8_t> bytes;
  cv::imencode(".png", grey, bytes);
  CHECK(same(decode_photo({bytes.begin(), bytes.end()}, "a").rgb, three));
  cv::imencode(".jpg", grey, bytes, {cv::IMWRITE_JPEG_QUALITY, 100});
  CHECK(cv::norm(decode_photo({bytes.begin(), bytes.end()}, "a").rgb, three, cv::NORM_INF) <= 2);

  // A 2 x 1 picture of 1 bit with a palette of blue and orange: filter 0, then the bits 0 and 1.
  const std::string palette = png_chunk("PLTE", std::string("\x00\x00\xFF\xFF\x80\x00", 6));
  const std::string png = "\x89PNG\r\n\x1A\n" +
                          png_chunk("IHDR", number(2, 4) + number(1, 4) + std::string("\1\3\0\0\0", 5)) + palette +
                          png_chunk("IDAT", stored_zlib(std::string("\0\x40", 2))) + png_chunk("IEND", "");
  const Photo photo = decode_photo(png, "a");
  REQUIRE(photo.rgb.type() == CV_8UC3);
  CHECK(photo.rgb.at<cv::Vec3b>(0, 0) == cv::Vec3b(0, 0, 255));
  CHECK(photo.rgb.at<cv::Vec3b>(0, 1) == cv::Vec3b(255, 128, 0));
}

TEST_CASE("sizes are refused before anything is decoded, and one pixel is a picture") {
  const Photo dot = made_photo({1, 1});
  for (const char* extension : {"png", "jpg", "tiff", "webp"}) {
    CAPTURE(std::string(extension));
    CHECK(decode_photo(encode_photo(dot, extension, false), "a").size() == cv::Size(1, 1));
  }
  const auto png_of = [](size_t width, size_t height) {
    return "\x89PNG\r\n\x1A\n" +
           png_chunk("IHDR", number(width, 4) + number(height, 4) + std::string("\x8\2\0\0\0", 5)) +
           png_chunk("IEND", "");
  };
  const auto refusal = [](const std::string& bytes) { return error_of([&] { decode_photo(bytes, "x.png"); }); };
  CHECK(contains(refusal(png_of(30'001, 1)), "unreadable|x.png: is too large (30001 x 1 px"));
  CHECK(contains(refusal(png_of(12'000, 10'001)), "too large"));
  CHECK(contains(refusal(png_of(0xFFFFFFFF, 0xFFFFFFFF)), "too large"));
  CHECK(contains(refusal(png_of(0, 5)), "damaged"));
  CHECK(contains(refusal(png_of(40, 40)), "damaged"));
  const std::string webp = encode_photo(dot, "webp", false);
  CHECK(contains(refusal(extended_webp(webp, {1 << 24, 1 << 24}, 0, "", "")), "too large"));

  // A JPEG whose frame header states more than it holds: too large is refused, plausible is found to be cut off.
  std::string jpeg = encode_photo(made_photo({64, 64}), "jpg", false);
  const size_t frame = jpeg.find("\xFF\xC0");
  REQUIRE(frame != std::string::npos);
  CHECK(contains(refusal(jpeg.replace(frame + 5, 4, number(40'000, 2) + number(40'000, 2))), "too large"));
  CHECK(contains(refusal(jpeg.replace(frame + 5, 4, number(10'000, 2) + number(10'000, 2))), "damaged or cut off"));
  CHECK(contains(refusal(jpeg.replace(frame + 5, 4, number(0, 2) + number(64, 2))), "unreadable|"));
}

TEST_CASE("a file cut off anywhere is an error, never half a picture") {
  const Photo photo = made_photo({97, 61});
  for (const char* extension : {"png", "jpg", "tiff", "webp"}) {
    const std::string whole = encode_photo(photo, extension, true);
    for (size_t eighth = 0; eighth < 40; ++eighth) {
      const size_t size = eighth * whole.size() / 40;
      CAPTURE(std::string(extension));
      CAPTURE(size);
      CHECK(contains(error_of([&] { decode_photo(whole.substr(0, size), "c"); }), "unreadable|c: "));
    }
    // Only the end-of-image marker of a JPEG may be missing by a byte or two without loss; all else must be noticed.
    CHECK(contains(error_of([&] { decode_photo(whole.substr(0, whole.size() - 3), "c"); }), "unreadable|c: "));
  }
}

TEST_CASE("what is no photo is refused with a remedy") {
  for (const std::string& bytes : {std::string(), std::string("hello, this is text"), std::string(64, '\0'),
                                   std::string("GIF89a......"), std::string("%PDF-1.4")}) {
    const std::string error = error_of([&] { decode_photo(bytes, "x"); });
    CHECK(contains(error, "unreadable|x: "));
    CHECK(contains(error, "; "));
  }
}

TEST_CASE("progressive JPEGs decode, and padding that cameras leave behind is no damage") {
  const Photo photo = made_photo({64, 48});
  std::vector<uint8_t> bytes;
  cv::imencode(".jpg", photo.rgb, bytes, {cv::IMWRITE_JPEG_PROGRESSIVE, 1, cv::IMWRITE_JPEG_QUALITY, 98});
  const std::string progressive(bytes.begin(), bytes.end());
  CHECK(decode_photo(progressive, "a").size() == cv::Size(64, 48));
  CHECK(
      contains(error_of([&] { decode_photo(progressive.substr(0, progressive.size() / 2), "c"); }), "unreadable|c: "));

  const std::string jpeg = encode_photo(photo, "jpg", false), plain_end = jpeg.substr(jpeg.size() - 2);
  const std::string padded = jpeg.substr(0, jpeg.size() - 2) + std::string(16, '\0') + plain_end + "trailer";
  CHECK(same(decode_photo(padded, "a").rgb, decode_photo(jpeg, "a").rgb));
}

TEST_CASE("of an animated WebP the first frame is taken") {
  const Photo first = made_photo({40, 30});
  Photo second = first;
  second.rgb = cv::Mat(30, 40, CV_8UC3, cv::Scalar::all(0));
  const auto frame = [](const Photo& photo) {
    return webp_chunk("ANMF", number(0, 6) + number(39, 3, true) + number(29, 3, true) + number(100, 3, true) +
                                  number(0, 1) + encode_photo(photo, "webp", false, 90).substr(12));
  };
  const std::string head = webp_chunk("VP8X", number(2, 4, true) + number(39, 3, true) + number(29, 3, true)) +
                           webp_chunk("ANIM", number(0, 6));
  const std::string body = "WEBP" + head + frame(first) + frame(second);
  const Photo photo = decode_photo("RIFF" + number(body.size(), 4, true) + body, "a");
  CHECK(same(photo.rgb, decode_photo(encode_photo(first, "webp", false, 90), "a").rgb));
}

TEST_CASE("colour under half-transparent alpha of a TIFF stays as stored") {
  const cv::Mat pixels(8, 8, CV_8UC4, cv::Scalar(200, 100, 50, 128));
  const Photo photo = decode_photo(made_tiff(pixels, {{338, 2}}), "a");
  CHECK(photo.rgb.at<cv::Vec3b>(4, 4) == cv::Vec3b(200, 100, 50));
  CHECK(photo.alpha.at<uint8_t>(4, 4) == 128);
}
