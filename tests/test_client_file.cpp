// Client files between consultations: later visits, locks that hold, files that are gone.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "sim/core/error.h"
#include "sim/project.h"
#include "sim/vault.h"
#include "tests/scratch.h"

namespace fs = std::filesystem;
using namespace stipple;
using nlohmann::json;

namespace {

std::string made_bytes(size_t size) {
  std::string bytes(size, '\0');
  for (size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 131 >> 3);
  return bytes;
}

void check_refused(const std::string& locked, const std::string& passphrase) {
  try {
    unlock_bytes(locked, passphrase, "c.stipple");
    FAIL("opened");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::unreadable);
    CHECK(std::string(error.what()).starts_with("c.stipple: "));
  }
}

// Few dots and no hair cut: a quick picture, as good as any to tell files apart.
constexpr const char* quick = " -q --set density=30 --set shave=0";

}  // namespace

TEST_CASE("what is locked opens with its passphrase alone, whole or not at all") {
  for (const size_t size : {size_t{0}, size_t{1}, size_t{1} << 20, (size_t{1} << 20) + 1}) {
    const std::string bytes = made_bytes(size), locked = lock_bytes(bytes, "three words here");
    CHECK(is_locked(locked));
    CHECK(unlock_bytes(locked, "three words here", "c") == bytes);
  }
  const std::string bytes = made_bytes((size_t{1} << 20) + 5), locked = lock_bytes(bytes, "right");
  CHECK(lock_bytes(bytes, "right") != locked);
  CHECK(locked.find(bytes.substr(0, 64)) == locked.npos);
  check_refused(locked, "wrong");
  check_refused(locked, "");
  // Cut at the end of a whole piece, in the middle of one, in the header; a byte changed; bytes behind the end.
  for (const size_t size : {locked.size() - 5 - 17, locked.size() - 1, size_t{30}})
    check_refused(locked.substr(0, size), "right");
  for (const size_t at : {size_t{20}, size_t{45}, locked.size() - 1}) {
    std::string changed = locked;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    check_refused(changed, "right");
  }
  check_refused(locked + locked.substr(100, 200), "right");
  CHECK_THROWS_AS(lock_bytes(bytes, ""), Error);
}

TEST_CASE("visits are kept with the project, and only well-formed ones are read") {
  Project project;
  project.photo_path = "a.png";
  project.photo_sha256 = "0";
  project.visits = {{"2031-05-01", "3 months", "b.png", "1", ""}, {"2032-05-01", "", "c.png", "2", made_bytes(77)}};
  const std::string text = format_project(project);
  const Project read = parse_project(text, "p");
  CHECK(read.visits == project.visits);
  CHECK(read.later_keys.empty());
  CHECK(format_project(read) == text);
  for (const json& bad :
       {json(5), json{{"a", 1}}, json::array({5}), json::array({{{"date", 5}}}), json::array({{{"data", "A"}}})}) {
    json stored = json::parse(text);
    stored["visits"] = bad;
    CHECK_THROWS_AS(parse_project(stored.dump(), "p"), Error);
  }
}

TEST_CASE("a client's file goes through visits, lock, another folder, unlock and forget") {
  const Scratch scratch;
  scratch.client("client.png");
  REQUIRE(scratch.run("phantom -q --width 200 --height 280 --seed 2 -o later.png").code == 0);
  REQUIRE(scratch.run(std::string("render client.png -o one.png --project-out c.stipple") + quick).code == 0);
  REQUIRE(scratch.run(std::string("render later.png -o two.png") + quick).code == 0);
  REQUIRE(scratch.run("visit c.stipple later.png --date 2031-05-01 --label \"3 months\" -q").code == 0);
  CHECK(scratch.run("visit c.stipple").out.find("1  2031-05-01  3 months") != std::string::npos);
  REQUIRE(scratch.run("render c.stipple -q --visit 1 -o visit.png").code == 0);
  CHECK(content(scratch / "visit.png") == content(scratch / "two.png"));

  REQUIRE(scratch.run("photo c.stipple later.png -q").code == 0);
  CHECK(scratch.run("photo c.stipple").out.find("2  later.png") != std::string::npos);
  REQUIRE(scratch.run("render c.stipple -q --photo 2 -o side.png --project-out d.stipple").code == 0);
  CHECK(content(scratch / "side.png") == content(scratch / "two.png"));
  CHECK(content(scratch / "d.stipple") == content(scratch / "c.stipple"));
  scratch.refused("render c.stipple -o out.png --photo 3", 2, "holds 2");
  scratch.refused("render client.png -o out.png --photo 2", 2, "projects");

  store(scratch / "key", "a long passphrase\nsecond line\n");
  store(scratch / "wrong", "another\n");
  store(scratch / "blank", "\n");
  fs::create_hard_link(scratch / "c.stipple", scratch / "open");  // a second name shows what became of the open bytes
  REQUIRE(scratch.run("lock c.stipple --passphrase-file key -q").code == 0);
  CHECK(content(scratch / "open").find("settings") == std::string::npos);
  CHECK(!fs::exists(scratch / "c.stipple.open"));
  CHECK(content(scratch / "c.stipple").find("settings") == std::string::npos);
  for (const Refusal& one :
       std::vector<Refusal>{{"render c.stipple -o out.png", 3, "--passphrase-file"},
                            {"render c.stipple -o out.png --passphrase-file wrong", 3, "passphrase"},
                            {"render c.stipple -o out.png --passphrase-file blank", 3, "blank"},
                            {"render c.stipple -o out.png --passphrase-file missing", 3, "missing"},
                            {"lock c.stipple --passphrase-file key", 2, "locked already"},
                            {"unlock c.stipple --passphrase-file wrong", 3, "passphrase"},
                            {"render c.stipple -o out.png --passphrase-file key --visit 2", 2, "holds 1"},
                            {"render client.png -o out.png --visit 1", 2, "projects"},
                            {"visit c.stipple later.png --date 2031-13-01 --passphrase-file key", 2, "2031-05-01"},
                            {"visit client.png", 3, "client.png"},
                            {"unlock client.png", 2, "not locked"},
                            {"forget client.png --yes", 3, "client.png"},
                            {"forget c.stipple", 2, "--yes"}})
    scratch.refused(one.arguments, one.code, one.part);
  CHECK(!fs::exists(scratch / "out.png"));

  // Its photos are inside: it needs nothing beside it, and stays locked when it is saved again.
  fs::create_directory(scratch / "moved");
  fs::rename(scratch / "c.stipple", scratch / "moved/c.stipple");
  REQUIRE(scratch.run("render moved/c.stipple -q --passphrase-file key -o moved/one.png --project-out again.stipple")
              .code == 0);
  CHECK(content(scratch / "moved/one.png") == content(scratch / "one.png"));
  CHECK(is_locked_project((scratch / "again.stipple").string()));
  REQUIRE(scratch.run("unlock again.stipple -q --passphrase-file key").code == 0);
  REQUIRE(scratch.run("render again.stipple -q --visit 1 -o visit.png").code == 0);
  CHECK(content(scratch / "visit.png") == content(scratch / "two.png"));

  REQUIRE(scratch.run(std::string("render client.png -o one.png --project-out f.stipple") + quick).code == 0);
  REQUIRE(scratch.run("visit f.stipple later.png --date 2031-05-01 -q").code == 0);
  REQUIRE(scratch.run("forget f.stipple --photos --yes -q").code == 0);
  for (const char* gone : {"f.stipple", "client.png", "later.png"}) CHECK(!fs::exists(scratch / gone));
  CHECK(fs::exists(scratch / "one.png"));
}

TEST_CASE("a file is overwritten where it lies before its name goes") {
  const Scratch scratch;
  const std::string secret = made_bytes(3000);
  store(scratch / "a", secret);
  fs::create_hard_link(scratch / "a", scratch / "b");  // a second name shows what became of the bytes
  shred_file((scratch / "a").string());
  CHECK(!fs::exists(scratch / "a"));
  const std::string left = content(scratch / "b");
  CHECK(left.size() == secret.size());
  CHECK(left.find(secret.substr(100, 50)) == left.npos);
  CHECK_THROWS_AS(shred_file((scratch / "missing").string()), Error);
  CHECK_THROWS_AS(shred_file(scratch.folder.string()), Error);
}
