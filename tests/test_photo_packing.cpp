// Known answers for what lies under PNG: checksums, packing and unpacking.
#include <doctest/doctest.h>

#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "sim/core/random.h"
#include "sim/photo/packing.h"
#include "sim/photo/photo.h"
#include "sim/photo/sha256.h"
#include "tests/photo_samples.h"

using namespace stipple;
using namespace stipple::testing;

TEST_CASE("checksums and hashes give the published values") {
  CHECK(crc32("123456789") == 0xCBF43926u);
  CHECK(crc32("6789", crc32("12345")) == 0xCBF43926u);
  CHECK(adler32("Wikipedia") == 0x11E60398u);
  CHECK(adler32("pedia", adler32("Wiki")) == 0x11E60398u);
  CHECK(joined_adler32(adler32("Wiki"), adler32("pedia"), 5) == 0x11E60398u);
  // FIPS 180-4 examples and the million-a vector.
  CHECK(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(sha256_hex(std::string(1'000'000, 'a')) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("what is packed unpacks to the same bytes, in one piece or several") {
  std::vector<std::string> samples{"a", "aaaa", std::string(100'000, '\0'), std::string(259, 'x') + "y"};
  std::string noise, steps;
  for (uint64_t i = 0; i < 50'000; ++i) {
    noise += static_cast<char>(hash64(1, i, 0));
    steps.append(static_cast<size_t>(uniform(2, i, 0) * 9), static_cast<char>(uniform(2, i, 1) * 5));
  }
  samples.insert(samples.end(), {noise, steps});
  for (const std::string& sample : samples) {
    CAPTURE(sample.size());
    std::string stream = "\x78\x01";
    deflate_strip(sample, false, stream);
    deflate_strip(sample, true, stream);
    stream += number(adler32(sample + sample), 4);
    CHECK(inflate_zlib(stream, 2 * sample.size()) == sample + sample);
    CHECK(!inflate_zlib(stream, 2 * sample.size() - 1));
    CHECK(!inflate_zlib(stream.substr(0, stream.size() - 1), 1 << 20));
  }
}

TEST_CASE("the bytes of a PNG do not depend on the number of threads, and flat areas cost nothing") {
  const Photo photo = made_photo({900, 700});
  const int threads = cv::getNumThreads();
  cv::setNumThreads(1);
  const std::string alone = encode_photo(photo, "png", true);
  cv::setNumThreads(threads);
  CHECK(encode_photo(photo, "png", true) == alone);
  CHECK(same(decode_photo(alone, "a").rgb, photo.rgb));
  Photo white;
  white.rgb = cv::Mat(700, 900, CV_8UC3, cv::Scalar::all(255));
  CHECK(encode_photo(white, "png", false).size() < 20'000);
}
