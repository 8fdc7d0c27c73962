// Known answers for the door between files and photos: formats, orientation, colour, limits, damage and safe writing.
#include <doctest/doctest.h>
#include <lcms2.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <turbojpeg.h>
#include <unistd.h>

#include <cmath>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <map>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <string>
#include <vector>

#include "sim/core/error.h"
#include "sim/core/random.h"
#include "sim/photo/checksum.h"
#include "sim/photo/colour.h"
#include "sim/photo/exif.h"
#include "sim/photo/file.h"
#include "sim/photo/photo.h"
#include "sim/photo/sha256.h"

using namespace stipple;
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

/// The message of the Error that `action` throws, its kind prefixed as "unreadable|...".
template <class Action>
std::string error_of(Action&& action) {
  static constexpr const char* kinds[] = {"internal|", "usage|", "unreadable|", "no_scalp|"};
  try {
    action();
  } catch (const Error& e) {
    return kinds[static_cast<int>(e.kind())] + std::string(e.what());
  }
  return "nothing was thrown";
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

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

namespace {

/// A picture with smooth colour, sharp detail and no symmetry, the same on every machine.
Photo made_photo(cv::Size size, int depth = CV_8U) {
  Photo photo;
  photo.rgb.create(size, CV_MAKETYPE(depth, 3));
  const double top = depth == CV_8U ? 255 : 65535;
  for (int y = 0; y < size.height; ++y)
    for (int x = 0; x < size.width; ++x)
      for (int c = 0; c < 3; ++c) {
        const double noise = uniform(5, static_cast<uint64_t>(y * size.width + x), static_cast<uint64_t>(c)) - 0.5;
        const double v = 0.45 + 0.28 * std::sin(0.05 * x + c) + 0.14 * std::cos(0.03 * y + 0.02 * x) + 0.02 * noise;
        if (depth == CV_8U)
          photo.rgb.at<cv::Vec3b>(y, x)[c] = static_cast<uint8_t>(std::lround(v * top));
        else
          photo.rgb.at<cv::Vec3w>(y, x)[c] = static_cast<uint16_t>(std::lround(v * top));
      }
  return photo;
}

bool same(const cv::Mat& a, const cv::Mat& b) {
  return a.size() == b.size() && a.type() == b.type() && cv::norm(a, b, cv::NORM_INF) == 0;
}

std::string number(size_t value, int width, bool little = false) {
  std::string bytes;
  for (int i = 0; i < width; ++i) bytes += static_cast<char>(value >> 8 * (little ? i : width - 1 - i) & 255);
  return bytes;
}

/// An EXIF block with an orientation and a 35 mm focal length.
std::string exif_block(int orientation, int focal_mm, bool little = false) {
  const auto n = [&](size_t v, int w) { return number(v, w, little); };
  const auto short_field = [&](size_t tag, size_t value) {
    return n(tag, 2) + n(3, 2) + n(1, 4) + n(value, 2) + n(0, 2);
  };
  return (little ? "II" : "MM") + n(42, 2) + n(8, 4) +                   //
         n(2, 2) + short_field(274, static_cast<size_t>(orientation)) +  //
         n(34665, 2) + n(4, 2) + n(1, 4) + n(38, 4) + n(0, 4) +          //
         n(1, 2) + short_field(41989, static_cast<size_t>(focal_mm)) + n(0, 4);
}

std::string jpeg_segment(int marker, const std::string& body) {
  return number(0xFF00u + static_cast<size_t>(marker), 2) + number(body.size() + 2, 2) + body;
}
std::string jpeg_with(std::string jpeg, const std::string& segments) { return jpeg.insert(2, segments); }

std::string png_chunk(const std::string& kind, const std::string& body) {
  return number(body.size(), 4) + kind + body + number(crc32(kind + body), 4);
}
std::string png_with(std::string png, const std::string& chunks) { return png.insert(33, chunks); }

/// A zlib stream of stored blocks.
std::string stored_zlib(const std::string& bytes) {
  constexpr size_t block = 60'000;
  std::string stream = number(0x7801, 2);
  for (size_t at = 0; at == 0 || at < bytes.size(); at += block) {
    const std::string body = bytes.substr(at, block);
    stream +=
        number(at + block >= bytes.size(), 1) + number(body.size(), 2, true) + number(~body.size(), 2, true) + body;
  }
  return stream + number(adler32(bytes), 4);
}
std::string iccp_chunk(const std::string& icc) { return png_chunk("iCCP", std::string("p\0\0", 3) + stored_zlib(icc)); }

/// The simple WebP `webp` in the extended container, with chunks before and after the picture.
std::string extended_webp(const std::string& webp, cv::Size size, int flags, const std::string& before,
                          const std::string& after) {
  const auto n = [](size_t v, int w) { return number(v, w, true); };
  const std::string body = "WEBPVP8X" + n(10, 4) + n(static_cast<size_t>(flags), 4) +
                           n(static_cast<size_t>(size.width - 1), 3) + n(static_cast<size_t>(size.height - 1), 3) +
                           before + webp.substr(12) + after;
  return "RIFF" + n(body.size(), 4) + body;
}
std::string webp_chunk(const std::string& kind, const std::string& body) {
  return kind + number(body.size(), 4, true) + body + (body.size() % 2 ? std::string(1, '\0') : "");
}

/// How a camera holds an upright picture when it says `orientation`, by the definition of EXIF: row 0 and column 0 of
/// what is stored lie at the named sides of what was seen.
cv::Mat as_stored(const cv::Mat& upright, int orientation) {
  const bool swapped = orientation >= 5;
  const int rows = upright.rows, cols = upright.cols;
  cv::Mat stored(swapped ? cols : rows, swapped ? rows : cols, upright.type());
  for (int r = 0; r < stored.rows; ++r)
    for (int c = 0; c < stored.cols; ++c) {
      const int row_x[] = {0, 0, 0, 0, 0, r, cols - 1 - r, cols - 1 - r, r};
      const int row_y[] = {0, r, r, rows - 1 - r, rows - 1 - r, 0, 0, 0, 0};
      const int col_x[] = {0, c, cols - 1 - c, cols - 1 - c, c, 0, 0, 0, 0};
      const int col_y[] = {0, 0, 0, 0, 0, c, c, rows - 1 - c, rows - 1 - c};
      const auto o = static_cast<size_t>(orientation);
      const int y = swapped ? col_y[o] : row_y[o], x = swapped ? row_x[o] : col_x[o];
      std::memcpy(stored.ptr(r, c), upright.ptr(y, x), upright.elemSize());
    }
  return stored;
}

}  // namespace

TEST_CASE("checksums and hashes give the published values") {
  CHECK(crc32("123456789") == 0xCBF43926u);
  CHECK(crc32("6789", crc32("12345")) == 0xCBF43926u);
  CHECK(adler32("Wikipedia") == 0x11E60398u);
  CHECK(adler32("pedia", adler32("Wiki")) == 0x11E60398u);
  // FIPS 180-4 examples and the million-a vector.
  CHECK(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(sha256_hex(std::string(1'000'000, 'a')) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
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

namespace {

/// An uncompressed TIFF of one strip; every field can be overridden or added by tag (LONG values), `icc` by its bytes.
std::string made_tiff(const cv::Mat& pixels, std::map<size_t, size_t> fields = {}, const std::string& icc = "") {
  const size_t channels = static_cast<size_t>(pixels.channels()), depth = 8 * pixels.elemSize1();
  const std::string data(reinterpret_cast<const char*>(pixels.data), pixels.total() * pixels.elemSize());
  std::string tail = number(depth, 2, true) + number(depth, 2, true) + number(depth, 2, true) + number(depth, 2, true);
  const size_t bits_at = 8, data_at = bits_at + tail.size(), icc_at = data_at + data.size();
  tail += data + icc;
  std::map<size_t, size_t> all{{256, static_cast<size_t>(pixels.cols)},
                               {257, static_cast<size_t>(pixels.rows)},
                               {258, depth},
                               {259, 1},
                               {262, channels == 1 ? 1 : 2},
                               {273, data_at},
                               {277, channels},
                               {278, static_cast<size_t>(pixels.rows)},
                               {279, data.size()}};
  if (!icc.empty()) all[34675] = icc_at;
  for (const auto& [tag, value] : fields) all[tag] = value;
  std::string directory = number(all.size(), 2, true);
  for (const auto& [tag, value] : all) {
    const bool bits = tag == 258 && channels > 1 && value == depth, profile = tag == 34675;
    directory += number(tag, 2, true) +
                 number(profile ? 7
                        : bits  ? 3
                                : 4,
                        2, true) +
                 number(profile ? icc.size()
                        : bits  ? channels
                                : 1,
                        4, true) +
                 number(bits ? bits_at : value, 4, true);
  }
  return "II" + number(42, 2, true) + number(8 + tail.size(), 4, true) + tail + directory + number(0, 4, true);
}

}  // namespace

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

namespace {

double decoded(double v) { return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4); }
double encoded(double v) { return v <= 0.0031308 ? v * 12.92 : 1.055 * std::pow(v, 1 / 2.4) - 0.055; }

const Primaries display_p3{{0.680, 0.320}, {0.265, 0.690}, {0.150, 0.060}, {0.3127, 0.3290}};

/// Display P3 to sRGB by the published matrix (both D65, both with the sRGB curve); nothing outside the sRGB gamut.
std::optional<std::array<double, 3>> p3_to_srgb(const std::array<double, 3>& p3) {
  constexpr double m[3][3] = {
      {1.2249402, -0.2249402, 0}, {-0.0420570, 1.0420570, 0}, {-0.0196376, -0.0786361, 1.0982736}};
  std::array<double, 3> srgb{};
  for (size_t row = 0; row < 3; ++row) {
    double sum = 0;
    for (size_t c = 0; c < 3; ++c) sum += m[row][c] * decoded(p3[c]);
    if (sum < 0 || sum > 1) return {};
    srgb[row] = encoded(sum);
  }
  return srgb;
}

template <class Pixel>
double largest_p3_error(const cv::Mat& converted, const cv::Mat& p3, double top) {
  double largest = 0;
  int compared = 0;
  for (int y = 0; y < p3.rows; ++y)
    for (int x = 0; x < p3.cols; ++x) {
      const auto from = p3.at<Pixel>(y, x), to = converted.at<Pixel>(y, x);
      const auto expected = p3_to_srgb({from[0] / top, from[1] / top, from[2] / top});
      for (int c = 0; expected && c < 3; ++c, ++compared)
        largest = std::max(largest, std::abs(to[c] - top * (*expected)[static_cast<size_t>(c)]));
    }
  CHECK(compared > 3000);
  return largest;
}

/// A press profile whose ink only darkens: L* = 100 (1 - k) (1 - (c + m + y) / 3).
std::string grey_ink_profile() {
  const cmsHPROFILE profile = cmsCreateProfilePlaceholder(nullptr);
  cmsSetProfileVersion(profile, 2.1);
  cmsSetDeviceClass(profile, cmsSigOutputClass);
  cmsSetColorSpace(profile, cmsSigCmykData);
  cmsSetPCS(profile, cmsSigLabData);
  cmsPipeline* const pipeline = cmsPipelineAlloc(nullptr, 4, 3);
  cmsStage* const table = cmsStageAllocCLut16bit(nullptr, 9, 4, 3, nullptr);
  cmsStageSampleCLut16bit(
      table,
      [](const cmsUInt16Number in[], cmsUInt16Number out[], void*) -> cmsInt32Number {
        const double ink = (in[0] + in[1] + in[2]) / 3.0 / 65535, black = in[3] / 65535.0;
        out[0] = static_cast<cmsUInt16Number>(std::lround(65280 * (1 - black) * (1 - ink)));
        out[1] = out[2] = 0x8000;
        return 1;
      },
      nullptr, 0);
  cmsPipelineInsertStage(pipeline, cmsAT_END, table);
  cmsWriteTag(profile, cmsSigAToB0Tag, pipeline);
  cmsWriteTag(profile, cmsSigAToB1Tag, pipeline);
  cmsUInt32Number size = 0;
  cmsSaveProfileToMem(profile, nullptr, &size);
  std::string bytes(size, '\0');
  cmsSaveProfileToMem(profile, bytes.data(), &size);
  cmsPipelineFree(pipeline);
  cmsCloseProfile(profile);
  return bytes;
}

/// A JPEG of one CMYK colour, as Adobe writes it (255 = bare paper).
std::string cmyk_jpeg(const cv::Vec4b& ink) {
  const cv::Mat4b paper(16, 16, cv::Vec4b::all(255) - ink);
  unsigned char* data = nullptr;
  unsigned long size = 0;
  const tjhandle turbo = tjInitCompress();
  REQUIRE(tjCompress2(turbo, paper.data, 16, 0, 16, TJPF_CMYK, &data, &size, TJSAMP_444, 100, 0) == 0);
  std::string jpeg(reinterpret_cast<const char*>(data), size);
  tjFree(data);
  tjDestroy(turbo);
  return jpeg;
}

/// APP2 segments of at most `part_size` bytes of profile.
std::string icc_segments(const std::string& icc, size_t part_size) {
  const size_t count = (icc.size() + part_size - 1) / part_size;
  std::string segments;
  for (size_t i = count; i-- > 0;)  // last first: the order must come from the numbers
    segments += jpeg_segment(0xE2, std::string("ICC_PROFILE\0", 12) + number(i + 1, 1) + number(count, 1) +
                                       icc.substr(i * part_size, part_size));
  return segments;
}

}  // namespace

TEST_CASE("Display P3 becomes sRGB by the published matrix, in every container") {
  const std::string icc = make_rgb_profile(display_p3, "Display P3");
  const Photo p3 = made_photo({64, 64});
  const auto check = [&](const std::string& bytes, const cv::Mat& before) {
    const Photo photo = decode_photo(bytes, "a");
    CHECK(photo.profile == "Display P3");
    CHECK(largest_p3_error<cv::Vec3b>(photo.rgb, before, 255) <= 1.0);  // half a code of rounding, half of lcms' tables
  };
  check(png_with(encode_photo(p3, "png", false), iccp_chunk(icc)), p3.rgb);
  check(made_tiff(p3.rgb, {}, icc), p3.rgb);
  const std::string jpeg = encode_photo(p3, "jpg", false, 100), webp = encode_photo(p3, "webp", false, 90);
  check(jpeg_with(jpeg, icc_segments(icc, 60'000)), decode_photo(jpeg, "a").rgb);
  check(jpeg_with(jpeg, icc_segments(icc, 100)), decode_photo(jpeg, "a").rgb);
  check(extended_webp(webp, p3.size(), 0x20, webp_chunk("ICCP", icc), ""), decode_photo(webp, "a").rgb);

  const Photo deep = made_photo({64, 64}, CV_16U);
  const Photo converted = decode_photo(png_with(encode_photo(deep, "png", false), iccp_chunk(icc)), "a");
  // Profiles store numbers in steps of 1/65536; three of them, off by half a step each, on the slope 12.92 near black.
  CHECK(largest_p3_error<cv::Vec3w>(converted.rgb, deep.rgb, 65535) <= 0.5 + 12.92 * 3 * 0.5);
}

TEST_CASE("grey stays grey and white stays white under a wide profile") {
  Photo photo;
  photo.rgb.create(1, 256, CV_8UC3);
  for (int v = 0; v < 256; ++v) photo.rgb.at<cv::Vec3b>(0, v) = cv::Vec3b::all(static_cast<uint8_t>(v));
  const std::string icc = make_rgb_profile(display_p3, "Display P3");
  const Photo converted = decode_photo(png_with(encode_photo(photo, "png", false), iccp_chunk(icc)), "a");
  CHECK(cv::norm(converted.rgb, photo.rgb, cv::NORM_INF) <= 1);
  CHECK(converted.rgb.at<cv::Vec3b>(0, 255) == cv::Vec3b::all(255));
}

TEST_CASE("an sRGB profile leaves every pixel as it is") {
  const Primaries bt709{{0.64, 0.33}, {0.30, 0.60}, {0.15, 0.06}, {0.3127, 0.3290}};
  const std::string icc = make_rgb_profile(bt709, "some sRGB");
  for (const int depth : {CV_8U, CV_16U}) {
    const Photo photo = made_photo({64, 64}, depth);
    const Photo back = decode_photo(png_with(encode_photo(photo, "png", false), iccp_chunk(icc)), "a");
    CHECK(same(back.rgb, photo.rgb));
    CHECK(back.profile == "sRGB");
  }
}

TEST_CASE("damaged profiles and profiles for other channels are ignored") {
  const Photo photo = made_photo({64, 64});
  const std::string png = encode_photo(photo, "png", false), icc = make_rgb_profile(display_p3, "Display P3");
  const auto decoded_with = [&](const std::string& profile) {
    return decode_photo(png_with(png, iccp_chunk(profile)), "a");
  };
  CHECK(same(decoded_with(grey_ink_profile()).rgb, photo.rgb));
  CHECK(same(decoded_with("").rgb, photo.rgb));
  CHECK(same(decoded_with("no profile at all").rgb, photo.rgb));
  CHECK(same(decoded_with(icc.substr(0, 200)).rgb, photo.rgb));
  // A part that is missing makes the whole profile of a JPEG void.
  const std::string jpeg = encode_photo(photo, "jpg", false);
  const std::string last_part_missing = icc_segments(icc, 300).substr(icc.size() % 300 + 18);
  CHECK(same(decode_photo(jpeg_with(jpeg, last_part_missing), "a").rgb, decode_photo(jpeg, "a").rgb));
  // Whatever byte is changed, a picture of the same size comes out.
  for (uint64_t i = 0; i < 1500; ++i) {
    std::string hostile = icc;
    for (uint64_t k = 0; k < 3; ++k)
      hostile[static_cast<size_t>(uniform(1, i, 2 * k) * static_cast<double>(icc.size()))] =
          static_cast<char>(uniform(1, i, 2 * k + 1) * 256);
    cv::Mat pixels = photo.rgb(cv::Rect(0, 0, 8, 8)).clone();
    to_srgb(pixels, hostile);
    REQUIRE(pixels.size() == cv::Size(8, 8));
    REQUIRE(pixels.type() == CV_8UC3);
  }
}

TEST_CASE("the profile of a grey picture sets its tones") {
  cv::Mat grey(1, 256, CV_8UC1);
  for (int v = 0; v < 256; ++v) grey.at<uint8_t>(0, v) = static_cast<uint8_t>(v);
  cmsToneCurve* const straight = cmsBuildGamma(nullptr, 1.0);
  const cmsHPROFILE profile = cmsCreateGrayProfile(cmsD50_xyY(), straight);
  cmsUInt32Number size = 0;
  cmsSaveProfileToMem(profile, nullptr, &size);
  std::string icc(size, '\0');
  cmsSaveProfileToMem(profile, icc.data(), &size);
  cmsCloseProfile(profile);
  cmsFreeToneCurve(straight);
  const Photo photo = decode_photo(made_tiff(grey, {}, icc), "a");
  for (int v = 0; v < 256; ++v)
    for (int c = 0; c < 3; ++c) CHECK(std::abs(photo.rgb.at<cv::Vec3b>(0, v)[c] - 255 * encoded(v / 255.0)) <= 1.0);
}

TEST_CASE("CMYK pictures follow their profile, or plain inks without one") {
  const cv::Vec4b ink(51, 102, 153, 64);
  const cv::Vec3b plain = decode_photo(cmyk_jpeg(ink), "a").rgb.at<cv::Vec3b>(8, 8);
  const cv::Vec3b managed =
      decode_photo(jpeg_with(cmyk_jpeg(ink), icc_segments(grey_ink_profile(), 60'000)), "a").rgb.at<cv::Vec3b>(8, 8);
  const double lightness = 100 * (1 - 64 / 255.0) * (1 - (51 + 102 + 153) / 3.0 / 255);
  const double grey = 255 * encoded(std::pow((lightness + 16) / 116, 3));
  for (int c = 0; c < 3; ++c) {
    CHECK(std::abs(plain[c] - 255 * (1 - ink[c] / 255.0) * (1 - ink[3] / 255.0)) <= 2);
    CHECK(std::abs(managed[c] - grey) <= 2);
  }
}

TEST_CASE("linear light follows the sRGB definition, and every code survives the round trip") {
  for (const int depth : {CV_8U, CV_16U}) {
    const int codes = depth == CV_8U ? 256 : 65536;
    Photo photo;
    photo.rgb.create(1, codes, CV_MAKETYPE(depth, 3));
    for (int v = 0; v < codes; ++v) {
      if (depth == CV_8U)
        photo.rgb.at<cv::Vec3b>(0, v) = cv::Vec3b::all(static_cast<uint8_t>(v));
      else
        photo.rgb.at<cv::Vec3w>(0, v) = cv::Vec3w::all(static_cast<uint16_t>(v));
    }
    const cv::Rect all(0, 0, codes, 1);
    const cv::Mat3f linear = linear_light(photo, all);
    for (int v = 0; v < codes; v += codes / 256)
      CHECK(linear(0, v)[1] == static_cast<float>(decoded(v / (codes - 1.0))));
    Photo back = photo;
    back.rgb = cv::Mat::zeros(photo.rgb.size(), photo.rgb.type());
    store_linear(back, all, linear);
    CHECK(same(back.rgb, photo.rgb));
  }
}

TEST_CASE("storing rounds to the nearest code and clamps") {
  for (const int depth : {CV_8U, CV_16U}) {
    const double top = depth == CV_8U ? 255 : 65535;
    const int n = 200'000;
    Photo photo;
    photo.rgb.create(1, n, CV_MAKETYPE(depth, 3));
    cv::Mat3f linear(1, n);
    for (int i = 0; i < n; ++i)
      for (int c = 0; c < 3; ++c)
        linear(0, i)[c] =
            static_cast<float>(std::pow(uniform(3, static_cast<uint64_t>(i), static_cast<uint64_t>(c)), 3));
    store_linear(photo, {0, 0, n, 1}, linear);
    double largest = 0;
    for (int i = 0; i < n; ++i)
      for (int c = 0; c < 3; ++c) {
        const double code = depth == CV_8U ? photo.rgb.at<cv::Vec3b>(0, i)[c] : photo.rgb.at<cv::Vec3w>(0, i)[c];
        largest = std::max(largest, std::abs(code - top * encoded(linear(0, i)[c])));
      }
    CHECK(largest <= 0.5 + top * 1e-7);  // the sRGB definition's own two branches meet only to 1e-7
  }
  Photo photo = made_photo({4, 2});
  const cv::Mat before = photo.rgb.clone();
  cv::Mat3f odd(1, 2);
  odd(0, 0) = cv::Vec3f(-1, 2, NAN);
  odd(0, 1) = cv::Vec3f(-INFINITY, INFINITY, 1);
  store_linear(photo, {1, 1, 2, 1}, odd);
  CHECK(photo.rgb.at<cv::Vec3b>(1, 1) == cv::Vec3b(0, 255, 0));
  CHECK(photo.rgb.at<cv::Vec3b>(1, 2) == cv::Vec3b(0, 255, 255));
  CHECK(same(photo.rgb.row(0), before.row(0)));
}
