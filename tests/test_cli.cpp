// The program as scripts meet it: exit codes, one-line errors, nothing half-written, the same bytes for the same seed.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "sim/settings.h"
#include "tests/scratch.h"

namespace fs = std::filesystem;
using namespace stipple;

TEST_CASE("help teaches and costs nothing") {
  const Scratch scratch;
  for (const char* command : {"--help", "demo --help", "detect --help", "render --help", "compare --help",
                              "phantom --help", "age --help", "batch --help", "report --help", "validate --help",
                              "visit --help", "forget --help", "help", "help render", "completion --help"}) {
    const Run run = scratch.run(command);
    CHECK(run.code == 0);
    CHECK(run.out.find("stipple") != std::string::npos);
    CHECK(run.err.empty());
  }
  CHECK(scratch.run("render --help").out.find("stipple render client.jpg -o after.png") != std::string::npos);
  CHECK(scratch.run("help settings").out.find(describe_settings()) != std::string::npos);
  CHECK(scratch.run("--version").out.starts_with("stipple "));
}

TEST_CASE("wrong usage ends with 2 and says what was meant") {
  const Scratch scratch;
  scratch.grey_picture("grey.png");
  const auto before = scratch.files();
  CHECK(scratch.run("").code == 2);
  for (const Refusal& one :
       std::vector<Refusal>{{"rendr grey.png -o a.png", 2, "did you mean render"},
                            {"render grey.png -o a.png --finnish shaven", 2, "did you mean --finish"},
                            {"render grey.png", 2, "--output"},
                            {"render grey.png other.png -o a.png", 2, "other.png"},
                            {"render grey.png -o a.png --years nan", 2, "0 to 30"},
                            {"render grey.png -o a.png --years inf", 2, "0 to 30"},
                            {"render grey.png -o a.png --set density=1e9", 2, "5 to 300"},
                            {"render grey.png -o a.png --set dencity=100", 2, "density"},
                            {"render grey.png -o a.png --set density", 2, "key=value"},
                            {"render grey.png -o a.png --finish bald", 2, "shaven"},
                            {"render grey.png -o a.png --shade purple", 2, "purple"},
                            {"render grey.png -o a.png --scale-mm-per-px -1", 2, "0 to 50"},
                            {"render grey.png -o a.png --threads 0", 2, "--threads"},
                            {"render grey.png -o grey.png", 2, "own file"},
                            {"compare grey.png -o a.png --years 0,abc", 2, "abc"},
                            {"compare grey.png -o a.png --hairlines natural,nope", 2, "nope"},
                            {"phantom -o a.png --tone 11", 2, "1 to 10"},
                            {"help nothing", 2, "did you mean"}})
    scratch.refused(one.arguments, one.code, one.part);
  CHECK(scratch.files() == before);
}

TEST_CASE("inputs that are no photo end with 3") {
  const Scratch scratch;
  store(scratch / "empty.jpg", "");
  store(scratch / "text.jpg", "this is no picture\n");
  store(scratch / "broken.stipple", "{\"format\": \"stipple project\", ");
  store(scratch / "other.json", "{\"a\": 1}");
  fs::create_directory(scratch / "folder");
  const auto before = scratch.files();
  for (const char* command : {"render", "compare"})
    for (const char* input :
         {"missing.jpg", "empty.jpg", "text.jpg", "broken.stipple", "other.json", "folder", "/dev/zero"})
      scratch.refused(std::string(command) + " " + input + " -o out.png", 3, input);
  scratch.refused("detect text.jpg --labels l.png", 3, "text.jpg");
  CHECK(scratch.files() == before);
}

TEST_CASE("a photo without a head ends with 4 and names the manual way; detect still answers programs") {
  const Scratch scratch;
  scratch.grey_picture("grey.png");
  scratch.refused("render grey.png -o out.png", 4, "grey.png");
  CHECK(!fs::exists(scratch / "out.png"));
  scratch.refused("detect grey.png --labels l.png --json j.json", 4, "labels");
  const cv::Mat labels = cv::imread((scratch / "l.png").string(), cv::IMREAD_UNCHANGED);
  CHECK(labels.type() == CV_8UC1);
  CHECK(labels.size() == cv::Size(320, 240));
  CHECK(cv::countNonZero(labels) == 0);
  CHECK(nlohmann::json::parse(content(scratch / "j.json"))["found"] == false);
}

TEST_CASE("an output that cannot be written ends with 1 or 2 and leaves nothing behind") {
  const Scratch scratch;
  scratch.client("client.png");
  const auto before = scratch.files();
  scratch.refused("render client.png -o missing/out.png", 1, "missing");
  scratch.refused("render client.png -o out.xyz", 2, "out.xyz");
  scratch.refused("detect client.png --json client.png/j.json", 1, "client.png/j.json");
  scratch.refused("demo -o client.png", 1, "client.png");
  CHECK(scratch.files() == before);
}

TEST_CASE("same input, settings and seed: same bytes, whatever the number of threads" *
          doctest::test_suite("many heads")) {
  const Scratch scratch;
  scratch.client("client.png");
  CHECK(scratch.run("phantom --threads 1 --width 240 --height 320 -o again.png").code == 0);
  CHECK(content(scratch / "client.png") == content(scratch / "again.png"));
  const auto render = [&](const std::string& options, const char* out) {
    const Run run = scratch.run("render client.png -o " + std::string(out) + " " + options);
    CAPTURE(run.err);
    REQUIRE(run.code == 0);
    return content(scratch / out);
  };
  const std::string one = render("--threads 1 --project-out c.stipple", "one.png");
  CHECK(render("--threads 2", "two.png") == one);
  CHECK(render("--seed 2", "other.png") != one);
  CHECK(render("--sessions 0", "none.png") != one);

  // A project gives the bytes it was saved with, by reference and embedded, and later choices apply over it.
  CHECK(scratch.run("render c.stipple -o project.png --embed-photo --project-out e.stipple").code == 0);
  CHECK(content(scratch / "project.png") == one);
  fs::rename(scratch / "client.png", scratch / "moved.png");
  scratch.refused("render c.stipple -o gone.png", 3, "client.png");
  CHECK(scratch.run("render e.stipple -o embedded.png").code == 0);
  CHECK(content(scratch / "embedded.png") == one);
  fs::rename(scratch / "moved.png", scratch / "client.png");
  CHECK(scratch.run("render c.stipple -o later.png --seed 2").code == 0);
  CHECK(content(scratch / "later.png") == content(scratch / "other.png"));
}

TEST_CASE("a changed photo is noticed") {
  const Scratch scratch;
  scratch.client("client.png");
  REQUIRE(scratch.run("render client.png -o out.png --project-out c.stipple").code == 0);
  fs::rename(scratch / "out.png", scratch / "client.png");
  scratch.refused("render c.stipple -o again.png", 3, "not the one this project was made with");
}

TEST_CASE("detect answers with labels, numbers and a picture") {
  const Scratch scratch;
  scratch.client("client.png");
  REQUIRE(scratch.run("detect client.png --labels l.png --json j.json --overlay o.png --scale-mm-per-px 1").code == 0);
  const cv::Mat labels = cv::imread((scratch / "l.png").string(), cv::IMREAD_UNCHANGED);
  CHECK(labels.type() == CV_8UC1);
  CHECK(labels.size() == cv::Size(240, 320));
  const nlohmann::json numbers = nlohmann::json::parse(content(scratch / "j.json"));
  CHECK(numbers["px_per_mm"] == doctest::Approx(1));
  for (const char* key : {"view", "confidence", "notes", "px_per_mm_relative_error", "scalp_area_cm2",
                          "treatable_area_cm2", "hairline_px", "boxes"})
    CHECK(numbers.contains(key));
  CHECK(!cv::imread((scratch / "o.png").string()).empty());
  CHECK(nlohmann::json::accept(scratch.run("detect client.png --json -").out));
}

TEST_CASE("compare puts every choice on one sheet") {
  const Scratch scratch;
  scratch.client("client.png");
  REQUIRE(scratch.run("compare client.png -o phone.png --looks photo,changes,1m --size phone").code == 0);
  const cv::Mat phone = cv::imread((scratch / "phone.png").string());
  CHECK(std::abs(phone.cols - 1080) <= 6);  // as wide as a phone's screen, in whole px per picture
  REQUIRE(scratch.run("compare client.png -o grid.png --shades 9,20 --years 0,3 --cell-width 200").code == 0);
  // Two rows of before and two years: wider than three cells, higher than two.
  const cv::Mat grid = cv::imread((scratch / "grid.png").string());
  CHECK(grid.cols > 600);
  CHECK(grid.cols < 800);
  CHECK(grid.rows > 400);
}

TEST_CASE("every command tells programs what it wrote") {
  const Scratch scratch;
  scratch.client("client.png");
  fs::create_directory(scratch / "in");
  scratch.client("in/a.png");
  for (const auto& [command, key] :
       {std::pair{"render client.png -o o.png", "dots"}, std::pair{"compare client.png -o o.png --years 1", "pictures"},
        std::pair{"report client.png -o o.pdf", "photo_sha256"}, std::pair{"batch in -o out", "clients"},
        std::pair{"phantom -o p.png --width 120 --height 160", "px_per_mm"}}) {
    const std::string arguments = command;
    CAPTURE(arguments);
    const Run run = scratch.run(arguments + " --json -");
    REQUIRE(run.code == 0);
    const nlohmann::json told = nlohmann::json::parse(run.out);  // nothing else on standard output
    CHECK(told.contains(key));
    CHECK(arguments.starts_with(told["command"].get<std::string>()));
    CHECK(told["seconds"].get<double>() > 0);
    REQUIRE(told["wrote"].size() == 1);
    CHECK(fs::exists(scratch.folder / told["wrote"][0].get<std::string>()));
  }
  REQUIRE(scratch.run("phantom -o p.png --width 120 --height 160 -q --json told.json").code == 0);
  CHECK(nlohmann::json::parse(content(scratch / "told.json")).contains("px_per_mm"));
  scratch.refused("render client.png -o o.png --json client.png", 2, "own file");
}

TEST_CASE("the manual page names every command and option, and man reads it without complaint") {
  const Scratch scratch;
  const Run run = scratch.run("help man");
  REQUIRE(run.code == 0);
  for (const char* part : {".SS stipple render", ".SS stipple validate", "\\-\\-max\\-mb", "density", "Exit codes"})
    CHECK(run.out.find(part) != std::string::npos);
  // The completion script lists "COMMAND:-*) ... -W "--option ..."" from the same tree; the manual must not lag behind.
  std::istringstream script(scratch.run("completion bash").out);
  int commands = 0;
  for (std::string line; std::getline(script, line);) {
    const size_t name_end = line.find(":-*)"), first = line.find("-W \"");
    if (name_end == line.npos || first == line.npos) continue;
    ++commands;
    const std::string name = line.substr(4, name_end - 4);
    const size_t section = run.out.find(".SS stipple " + name + "\n");
    REQUIRE(section != std::string::npos);
    const std::string told = run.out.substr(section, run.out.find("\n.S", section + 4) - section);
    std::istringstream options(line.substr(first + 4, line.find('"', first + 4) - first - 4));
    for (std::string option; options >> option;) {
      if (option == "--help") continue;
      std::string escaped;  // as roff writes it
      for (const char c : option) c == '-' ? escaped.append("\\-") : escaped.append(1, c);
      CAPTURE(name + " " + option);
      CHECK(told.find(escaped) != std::string::npos);
    }
  }
  CHECK(commands >= 15);
  CHECK(run.out.find("130 stopped") != std::string::npos);
  if (std::system("man --version >/dev/null 2>&1") != 0) return;
  store(scratch / "stipple.1", run.out);
  const std::string read = "LC_ALL=C.UTF-8 MANROFFSEQ='' MANWIDTH=80 man --warnings -l '" +
                           (scratch / "stipple.1").string() + "' 2>'" + (scratch / "complaints").string() +
                           "' >/dev/null </dev/null";
  CHECK(std::system(read.c_str()) == 0);
  CHECK(content(scratch / "complaints") == "");
}

TEST_CASE("the completion script is bash and knows every command") {
  const Scratch scratch;
  const Run run = scratch.run("completion bash");
  CHECK(run.code == 0);
  store(scratch / "complete.sh", run.out);
  const std::string ask = "bash -c 'source " + (scratch / "complete.sh").string() +
                          " && COMP_WORDS=(stipple render --finish s) COMP_CWORD=3 && _stipple && "
                          "[ \"${COMPREPLY[*]}\" = \"shaven scar\" ]'";
  CHECK(std::system(ask.c_str()) == 0);
}
