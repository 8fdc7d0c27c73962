// A scratch folder that the program runs in, for tests of the command line.
#pragma once
#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <opencv2/imgcodecs.hpp>
#include <string>
#include <vector>

namespace stipple {

inline std::string content(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline void store(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

struct Run {
  int code;
  std::string out, err;
};

/// What must fail: the arguments, the exit code, a part of the one line said.
struct Refusal {
  std::string arguments;
  int code;
  std::string part;
};

/// A scratch folder that the program runs in.
struct Scratch {
  std::filesystem::path folder = std::filesystem::temp_directory_path() / ("stipple_cli_" + std::to_string(getpid()));
  std::filesystem::path logs = folder.string() + "_logs";
  Scratch() { std::filesystem::create_directories(folder), std::filesystem::create_directories(logs); }
  ~Scratch() { std::filesystem::remove_all(folder), std::filesystem::remove_all(logs); }
  std::filesystem::path operator/(const char* name) const { return folder / name; }

  Run run(const std::string& arguments) const {
    const std::string command = "cd '" + folder.string() + "' && '" STIPPLE_PROGRAM "' " + arguments + " >'" +
                                (logs / "out").string() + "' 2>'" + (logs / "err").string() + "' </dev/null";
    const int status = std::system(command.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, content(logs / "out"), content(logs / "err")};
  }

  /// Runs what must fail: the code, and one line on standard error that holds `part`.
  void refused(const std::string& arguments, int code, const std::string& part) const {
    CAPTURE(arguments);
    const Run run = this->run(arguments + " -q");
    CAPTURE(run.err);
    CHECK(run.code == code);
    CHECK(run.err.starts_with("stipple: "));
    CHECK(std::count(run.err.begin(), run.err.end(), '\n') == 1);
    CHECK(run.err.find(part) != std::string::npos);
  }

  void grey_picture(const char* name) const {
    cv::imwrite((*this / name).string(), cv::Mat(240, 320, CV_8UC3, {128, 128, 128}));
  }
  /// A made client, made once for all tests.
  void client(const char* name) const {
    static const std::string made = [this] {
      REQUIRE(run("phantom -q --width 240 --height 320 -o made.png").code == 0);
      std::string bytes = content(*this / "made.png");
      std::filesystem::remove(*this / "made.png");
      return bytes;
    }();
    store(*this / name, made);
  }
  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
      names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
  }
};

}  // namespace stipple
