// The clinic's own lines for the report. The file is written by hand, so every slip is named.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <opencv2/imgproc.hpp>

#include "sim/consult/canvas.h"
#include "sim/consult/report.h"
#include "sim/core/error.h"
#include "sim/photo/file.h"

namespace stipple {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr int64_t most_bytes = 1 << 20;
constexpr size_t longest_line = 200, most_prices = 3;
constexpr double highest_price = 1e9;

struct Source {
  const std::string& path;
  [[noreturn]] void refuse(const std::string& problem, const std::string& remedy) const {
    throw Error(ErrorKind::unreadable, path, problem, remedy);
  }
};

std::string one_line(const Source& source, const std::string& key, const json& value) {
  if (!value.is_string()) source.refuse("\"" + key + "\" is no text", "write it in quotes");
  std::string text = value.get<std::string>();
  if (text.size() > longest_line) source.refuse("\"" + key + "\" is too long", "give at most 200 bytes");
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < 32 || c == 127; }, ' ');
  return text;
}

double price(const Source& source, const json& value) {
  if (!value.is_number() || !(value.get<double>() >= 0 && value.get<double>() <= highest_price))
    source.refuse("a price is no amount", "write \"price_per_session\" as a number, or a list of three");
  return value.get<double>();
}

std::vector<double> prices(const Source& source, const json& value) {
  std::vector<double> out;
  if (!value.is_array()) return {price(source, value)};
  if (value.size() != 1 && value.size() != most_prices)
    source.refuse("\"price_per_session\" has " + std::to_string(value.size()) + " prices", "give one, or three");
  for (const json& each : value) out.push_back(price(source, each));
  return out;
}

Photo print_size(const Photo& logo) {
  constexpr int most_px = 480;  // 300 dpi at the width it is printed
  return logo.rgb.cols > most_px ? scaled_to_width(logo, most_px) : logo;
}

/// Paper is white: what is see-through in the logo shows it.
Photo on_white(const Photo& logo) {
  if (logo.alpha.empty()) return logo;
  cv::Mat rgb, alpha, cover;
  const double full = logo.rgb.depth() == CV_16U ? 65535 : 255;
  logo.rgb.convertTo(rgb, CV_32F, 1 / full);
  logo.alpha.convertTo(alpha, CV_32F, 1 / full);
  cv::merge(std::vector<cv::Mat>{alpha, alpha, alpha}, cover);
  const cv::Mat shown = rgb.mul(cover) + (cv::Scalar::all(1) - cover);
  Photo out;
  shown.convertTo(out.rgb, CV_8U, 255);
  return out;
}

json parse_config(const Source& source) {
  const std::string text = read_file(source.path, most_bytes);
  // Nesting is refused before parsing, which recurses by it.
  if (std::count(text.begin(), text.end(), '[') + std::count(text.begin(), text.end(), '{') > 100)
    source.refuse("is no clinic file", "write one JSON object; the README shows it");
  json config = json::parse(text, nullptr, false);
  if (!config.is_object()) source.refuse("is no JSON object", "check quotes and commas; the README shows one");
  return config;
}

}  // namespace

Clinic read_clinic(const std::string& path) {
  const Source source{path};
  Clinic clinic;
  const json config = parse_config(source);
  for (const auto& [key, value] : config.items()) {
    if (key == "name")
      clinic.name = one_line(source, key, value);
    else if (key == "address")
      clinic.address = one_line(source, key, value);
    else if (key == "contact")
      clinic.contact = one_line(source, key, value);
    else if (key == "currency")
      clinic.currency = one_line(source, key, value);
    else if (key == "logo")
      clinic.logo =
          print_size(on_white(read_photo((fs::path(path).parent_path() / one_line(source, key, value)).string())));
    else if (key == "price_per_session")
      clinic.price_per_session = prices(source, value);
    else
      source.refuse("\"" + key.substr(0, 40) + "\" is no key of a clinic file",
                    "use name, address, contact, currency, logo, price_per_session");
  }
  return clinic;
}

}  // namespace stipple
