// What the client takes home: films whose frames and times come back from the file, many clients at once, reports.
#include <doctest/doctest.h>
#include <webp/demux.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <opencv2/imgproc.hpp>
#include <sstream>

#include "sim/consult/ageing.h"
#include "sim/consult/animation.h"
#include "sim/consult/house_style.h"
#include "sim/consult/report.h"
#include "sim/consult/report_access.h"
#include "sim/core/error.h"
#include "sim/phantom/phantom.h"
#include "sim/pigment/ageing.h"
#include "tests/scratch.h"

namespace fs = std::filesystem;
using namespace stipple;
using nlohmann::json;

namespace {

struct Shown {
  cv::Mat rgb;
  int end_ms;
};

/// The frames of an animated WebP by libwebp's own reader.
std::vector<Shown> frames_of(const std::string& file) {
  const WebPData data{reinterpret_cast<const uint8_t*>(file.data()), file.size()};
  const std::unique_ptr<WebPAnimDecoder, decltype(&WebPAnimDecoderDelete)> decoder(WebPAnimDecoderNew(&data, nullptr),
                                                                                   WebPAnimDecoderDelete);
  REQUIRE(decoder);
  WebPAnimInfo info;
  REQUIRE(WebPAnimDecoderGetInfo(decoder.get(), &info));
  CHECK(info.loop_count == 0);
  std::vector<Shown> frames;
  while (WebPAnimDecoderHasMoreFrames(decoder.get())) {
    uint8_t* rgba = nullptr;
    int end_ms = 0;
    REQUIRE(WebPAnimDecoderGetNext(decoder.get(), &rgba, &end_ms));
    const cv::Mat whole(static_cast<int>(info.canvas_height), static_cast<int>(info.canvas_width), CV_8UC4, rgba);
    cv::Mat rgb;
    cv::extractChannel(whole, rgb, 1);  // green alone is enough to compare
    frames.push_back({rgb.clone(), end_ms});
  }
  return frames;
}

std::shared_ptr<const Photo> small_client() {
  PhantomParams params;
  params.width_px = 240, params.height_px = 320;
  Job job;
  return std::make_shared<const Photo>(make_phantom(params, job).photo);
}

std::vector<json> lines_of(const std::string& jsonl) {
  std::vector<json> records;
  std::istringstream lines(jsonl);
  for (std::string line; std::getline(lines, line);) records.push_back(json::parse(line));
  return records;
}

/// How often `part` stands in `text` without `next` right behind it.
int count_of(const std::string& text, const std::string& part, char next = '\0') {
  int count = 0;
  for (size_t at = text.find(part); at != text.npos; at = text.find(part, at + 1)) {
    const size_t behind = at + part.size();
    count += behind >= text.size() || text[behind] != next;
  }
  return count;
}

}  // namespace

TEST_CASE("a range of years gives its frames, and nothing without end") {
  const PigmentParams usual;
  CHECK(film_years("0:8:0.25", usual).size() == 33);
  CHECK(film_years("0:8:0.25", usual).back() == 8);
  CHECK(film_years("0:0.3:0.1", usual).size() == 4);  // three steps, though 3 * 0.1 is not 0.3 in binary
  const std::vector<double> uneven = film_years("1:2:0.4", usual);
  REQUIRE(uneven.size() == 4);
  CHECK(uneven[2] == doctest::Approx(1.8));
  CHECK(uneven[3] == 2);
  CHECK(film_years("0:19.9:0.1", usual).size() == most_film_frames);
  for (const char* bad : {"", "0", "0:", ":8", "8:0", "0:31", "8:0:1", "3:3:1", "0:8:0", "0:8:-1", "nan:8:1", "0:inf:1",
                          "0:31:1", "-1:8:1", "0:8:1e-300", "0:20:0.1", "0:8:1x", "0:8:1:1", "::"})
    CHECK_THROWS_AS(film_years(bad, usual), Error);
}

TEST_CASE("frames without a stated step are those between which the pigment fades by one share") {
  PigmentParams pigment;
  // Settled pigment decays exponentially, so equal steps to the eye are equal steps in time.
  const std::vector<double> settled = film_years("1:9", pigment);
  REQUIRE(settled.size() == 33);
  for (size_t i = 0; i < settled.size(); ++i) CHECK(settled[i] == doctest::Approx(1 + 0.25 * static_cast<double>(i)));
  // From the first day on, most is lost in the first month.
  const std::vector<double> whole = film_years("0:8", pigment);
  CHECK(whole.front() == 0);
  CHECK(whole.back() == 8);
  CHECK(std::is_sorted(whole.begin(), whole.end()));
  CHECK(whole[8] < 0.1);
  CHECK(whole[31] > 7);
}

TEST_CASE("the days after a touch-up get frames of their own") {
  PigmentParams pigment;
  pigment.touch_ups = {4};
  const std::vector<double> years = film_years("1:8", pigment);
  REQUIRE(years.size() == 33);
  CHECK(std::is_sorted(years.begin(), years.end()));
  const auto within = [&](double from, double to) {
    return std::count_if(years.begin(), years.end(), [&](double at) { return at > from && at < to; });
  };
  CHECK(within(4, 4 + healed_years) >= 3);
  CHECK(within(4 - healed_years, 4) <= 1);
}

TEST_CASE("dates read as people say them") {
  CHECK(date_caption(0) == "Same day");
  CHECK(date_caption(3 / 365.25) == "3 days");
  CHECK(date_caption(0.0767) == "4 weeks");
  CHECK(date_caption(0.25) == "3 months");
  CHECK(date_caption(1) == "1 year");
  CHECK(date_caption(1.25) == "1 year 3 months");
  CHECK(date_caption(2.0833) == "2 years 1 month");
  CHECK(date_caption(0.999) == "1 year");
  CHECK(touch_up_caption(2.9, {3}).empty());
  CHECK(touch_up_caption(3, {3}) == "touch-up");
  CHECK(touch_up_caption(3 + 7 / 365.25, {1, 3}) == "touch-up healing");
  CHECK(touch_up_caption(3.2, {3}).empty());
}

TEST_CASE("an animation comes back with its frames, colours and times") {
  WebpAnimation animation({96, 64});
  const std::vector<int> greens{40, 120, 200}, shown_ms{300, 50, 900};
  for (size_t i = 0; i < greens.size(); ++i) {
    Photo picture;
    picture.rgb = cv::Mat(64, 96, CV_8UC3, cv::Scalar(90, greens[i], 90));
    animation.add(picture, shown_ms[i]);
  }
  Photo wrong;
  wrong.rgb = cv::Mat(64, 97, CV_8UC3, cv::Scalar::all(0));
  CHECK_THROWS_AS(animation.add(wrong, 10), Error);
  const std::vector<Shown> frames = frames_of(animation.finish());
  REQUIRE(frames.size() == greens.size());
  int end_ms = 0;
  for (size_t i = 0; i < frames.size(); ++i) {
    end_ms += shown_ms[i];
    CHECK(frames[i].end_ms == end_ms);
    CHECK(std::abs(cv::mean(frames[i].rgb)[0] - greens[i]) < 3);
  }
}

TEST_CASE("the treatment grows lighter along the film, and the bands keep their order") {
  Pipeline pipeline(small_client());
  Settings settings;
  Job job;
  const auto tones = [&](Band band, const std::vector<double>& years) {
    settings.pigment.band = band;
    std::vector<double> out;
    std::vector<int> shown_ms;
    cv::Size size;
    film_ageing(pipeline, settings, years, 200, job, [&](const FilmFrame& frame) {
      if (out.empty()) size = frame.picture.size();
      CHECK(frame.picture.size() == size);
      CHECK(size.width == 200);
      // The picture without the caption below it, which is 19 % of the width.
      out.push_back(cv::mean(frame.picture.rgb(cv::Rect(0, 0, size.width, size.height - 38)))[1]);
      shown_ms.push_back(frame.milliseconds);
    });
    CHECK(shown_ms.front() > shown_ms[1]);
    CHECK(shown_ms.back() > shown_ms[1]);
    return out;
  };
  const std::vector<double> years{0.25, 1, 3, 5, 8};
  const std::vector<double> low = tones(Band::low, years), typical = tones(Band::typical, years),
                            high = tones(Band::high, years);
  for (size_t i = 1; i < years.size(); ++i) {
    CHECK(typical[i] > typical[i - 1]);
    CHECK(low[i] > typical[i]);
    CHECK(typical[i] > high[i]);
  }
}

TEST_CASE("a touch-up is a frame of its own, held for a moment and marked on the line below") {
  Pipeline pipeline(small_client());
  Settings settings;
  settings.pigment.sessions = 0;  // so that only the strip below the picture differs
  Job job;
  const auto film = [&](const std::vector<double>& touch_ups) {
    std::vector<FilmFrame> frames;
    settings.pigment.touch_ups = touch_ups;
    film_ageing(pipeline, settings, {0.25, 2, 4}, 200, job, [&](const FilmFrame& frame) { frames.push_back(frame); });
    return frames;
  };
  const std::vector<FilmFrame> plain = film({}), marked = film({0.1, 3, 9});
  REQUIRE(plain.size() == 3);
  REQUIRE(marked.size() == 4);  // those beyond the film are left out
  CHECK(marked[2].years == 3);
  CHECK(marked[2].milliseconds > 3 * marked[1].milliseconds);
  // The stroke stands at 2.75 / 3.75 of the line, above and below it, in every frame.
  cv::Mat difference;
  cv::absdiff(plain[0].picture.rgb, marked[0].picture.rgb, difference);
  const cv::Rect box = cv::boundingRect(cv::Mat1b(difference.reshape(1) > 40));
  CHECK(std::abs(box.x / 3 - (8 + 184 * 2.75 / 3.75)) < 3);
  CHECK(box.width < 3 * 6);
  CHECK(box.height >= 5);
}

TEST_CASE("stipple age writes a film or a folder of frames, the same bytes each time") {
  const Scratch scratch;
  scratch.client("client.png");
  const std::string options = "age client.png --years 0:4:1 --width 200 -o ";
  REQUIRE(scratch.run(options + "film.webp").code == 0);
  CHECK(frames_of(content(scratch / "film.webp")).size() == 5);
  REQUIRE(scratch.run(options + "again.webp --threads 1").code == 0);
  CHECK(content(scratch / "film.webp") == content(scratch / "again.webp"));
  REQUIRE(scratch.run(options + "frames").code == 0);
  for (const char* name : {"frames/frame_0000.png", "frames/frame_0004.png"})
    CHECK(cv::imread((scratch / name).string()).cols == 200);
  CHECK(!fs::exists(scratch / "frames/frame_0005.png"));
  scratch.refused(options + "frames", 2, "not empty");
}

TEST_CASE("a film that cannot be leaves nothing behind") {
  const Scratch scratch;
  scratch.grey_picture("grey.png");
  store(scratch / "text.jpg", "this is no picture\n");
  const auto before = scratch.files();
  for (const Refusal& one : std::vector<Refusal>{{"grey.png -o film.avi", 2, ".mp4"},
                                                 {"grey.png -o film.webp --years 0:8:0.01", 2, "200 frames"},
                                                 {"grey.png -o film.webp --years 8", 2, "FROM:TO"},
                                                 {"grey.png -o film.webp --width 10", 2, "--width"},
                                                 {"grey.png -o film.gif --max-mb 0", 2, "--max-mb"},
                                                 {"grey.png -o film.webp --band middle", 2, "typical"},
                                                 {"text.jpg -o film.webp", 3, "text.jpg"},
                                                 {"grey.png -o film.mp4", 4, "grey.png"},
                                                 {"grey.png -o frames", 4, "grey.png"},
                                                 {"grey.png -o missing/frames", 1, "missing"}})
    scratch.refused("age " + one.arguments, one.code, one.part);
  CHECK(scratch.files() == before);
}

TEST_CASE("a batch goes on past bad photos, knows repeats, and gives what single runs give") {
  const Scratch scratch;
  fs::create_directory(scratch / "in");
  scratch.client("in/a.png");
  scratch.client("in/b.png");  // the same file under another name
  scratch.grey_picture("in/no_head.png");
  store(scratch / "in/text.jpg", "this is no picture\n");
  store(scratch / "in/notes.txt", "not a client\n");
  const Run first = scratch.run("batch in -o out --format png --years 3");
  CAPTURE(first.err);
  REQUIRE(first.code == 0);
  const std::vector<json> summary = lines_of(content(scratch / "out/summary.jsonl"));
  REQUIRE(summary.size() == 4);
  CHECK(summary[0]["photo"] == "in/a.png");
  CHECK(summary[0]["status"] == "done");
  CHECK(summary[0]["dots"].get<double>() > 1000);
  CHECK(summary[1]["same_as"] == "in/a.png");
  CHECK(summary[1]["after"] == summary[0]["after"]);
  CHECK(summary[2]["exit_code"] == 4);
  CHECK(summary[3]["exit_code"] == 3);
  CHECK(summary[3]["error"].get<std::string>().find("text.jpg") != std::string::npos);
  REQUIRE(scratch.run("render in/a.png -o single.png --years 3").code == 0);
  const fs::path after = scratch.folder / "out" / summary[0]["after"].get<std::string>();
  CHECK(content(after) == content(scratch / "single.png"));
  CHECK(fs::exists(scratch.folder / "out" / summary[0]["pair"].get<std::string>()));

  // Run again: what stands is left alone, a lost picture is made again, other settings are other work.
  const auto written = fs::last_write_time(after);
  CHECK(scratch.run("batch in -o out --format png --years 3").out.find("2 done before") != std::string::npos);
  CHECK(fs::last_write_time(after) == written);
  fs::remove(after);
  REQUIRE(scratch.run("batch in -o out --format png --years 3 --jobs 1").code == 0);
  CHECK(content(after) == content(scratch / "single.png"));
  store(scratch / "list.txt", "# one client\nin/a.png\r\n\nin/missing.png\n");
  REQUIRE(scratch.run("batch list.txt -o out --format png --years 5").code == 0);
  CHECK(content(after) == content(scratch / "single.png"));
  CHECK(lines_of(content(scratch / "out/summary.jsonl")).size() == 6);
}

TEST_CASE("a batch that cannot be is refused before any work") {
  const Scratch scratch;
  scratch.grey_picture("grey.png");
  fs::create_directory(scratch / "empty");
  store(scratch / "blank.txt", "\n# nothing\n");
  const auto before = scratch.files();
  for (const Refusal& one : std::vector<Refusal>{{"missing -o out", 3, "missing"},
                                                 {"grey.png -o out", 3, "list"},
                                                 {"empty -o out", 3, "empty"},
                                                 {"blank.txt -o out", 3, "blank.txt"},
                                                 {"empty -o out --years nan", 2, "0 to 30"},
                                                 {". -o .", 2, "own photos"},
                                                 {". -o grey.png", 1, "grey.png"}})
    scratch.refused("batch " + one.arguments, one.code, one.part);
  CHECK(scratch.files() == before);
}

TEST_CASE("a report has its pages, embedded fonts and JPEGs, and the checksum that repeats it") {
  const Scratch scratch;
  scratch.client("client.png");
  store(
      scratch / "clinic.json",
      R"({"name": "Praxis \u00d6", "address": "Street 1", "logo": "client.png", "currency": "EUR", "price_per_session": [900, 600, 400]})");
  const std::string options = "report client.png --config clinic.json --paper letter -o ";
  REQUIRE(scratch.run(options + "one.pdf").code == 0);
  const std::string pdf = content(scratch / "one.pdf");
  CHECK(pdf.starts_with("%PDF"));
  CHECK(count_of(pdf, "/Type /Page", 's') == 4);
  CHECK(count_of(pdf, "612 792") >= 1);
  CHECK(count_of(pdf, "/DCTDecode") == 12);  // the pair, the plan, five years, the logo on each page
  CHECK(count_of(pdf, "/Alt (") == 12);
  CHECK(count_of(pdf, "/Lang (en)") == 1);
  CHECK(count_of(pdf, "/OutputIntent /") == 1);
  CHECK(count_of(pdf, "/FontFile") >= 2);
  CHECK(count_of(pdf, "/Marked true") > 0);  // tagged for screen readers
  REQUIRE(scratch.run(options + "two.pdf").code == 0);
  CHECK(content(scratch / "two.pdf") == pdf);

  if (std::system("pdftotext -v >/dev/null 2>&1") != 0) return;
  const std::string read = "cd '" + scratch.folder.string() + "' && pdftotext -layout one.pdf one.txt";
  REQUIRE(std::system(read.c_str()) == 0);
  const std::string text = content(scratch / "one.txt");
  CAPTURE(text);
  CHECK(text.find(decode_photo(content(scratch / "client.png"), "client").sha256) != text.npos);
  for (const char* part : {"Praxis \u00d6", "EUR 900", "EUR 1,900", "Simulation \u2013 results vary", "page 4 of 4",
                           "Keloids", "seed 1", "middle", "None is planned"})
    CHECK(text.find(part) != text.npos);
  CHECK(std::system(("cd '" + scratch.folder.string() + "' && pdfinfo one.pdf >info.txt 2>&1").c_str()) == 0);
  CHECK(content(scratch / "info.txt").find("rror") == std::string::npos);  // the appended objects read as they should
}

TEST_CASE("bytes that are no PDF of cairo's come back as they were") {
  for (const std::string& odd : {std::string(), std::string("startxref\n"), std::string("xref\n0 3\nstartxref\n0\n"),
                                 std::string("xref\n0 9999999\ntrailer\n<< >>\nstartxref\n0\n")})
    CHECK(described(odd, "en", {"a"}) == odd);
}

TEST_CASE("a report that cannot be leaves nothing behind, and a clinic file's slips are named") {
  const Scratch scratch;
  scratch.grey_picture("grey.png");
  store(scratch / "typo.json", R"({"nmae": "A"})");
  store(scratch / "type.json", R"({"name": 3})");
  store(scratch / "price.json", R"({"price_per_session": [1, 2]})");
  store(scratch / "negative.json", R"({"price_per_session": -1})");
  store(scratch / "broken.json", R"({"name": )");
  store(scratch / "deep.json", std::string(100000, '['));
  store(scratch / "logo.json", R"({"logo": "missing.png"})");
  const auto before = scratch.files();
  scratch.refused("report grey.png -o out.txt", 2, ".pdf");
  scratch.refused("report grey.png -o out.pdf --paper a3", 2, "--paper");
  scratch.refused("report grey.png -o out.pdf", 4, "grey.png");
  scratch.refused("report typo.json -o out.pdf", 3, "typo.json");
  for (const auto& [config, part] :
       {std::pair{"typo.json", "nmae"}, std::pair{"type.json", "name"}, std::pair{"price.json", "2 prices"},
        std::pair{"negative.json", "price"}, std::pair{"broken.json", "JSON"}, std::pair{"deep.json", "deep.json"},
        std::pair{"logo.json", "missing.png"}, std::pair{"none.json", "none.json"}})
    scratch.refused(std::string("report grey.png -o out.pdf --config ") + config, 3, part);
  CHECK(scratch.files() == before);
}
