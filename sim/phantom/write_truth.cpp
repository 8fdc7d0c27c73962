// Truth as files that other programs read: class numbers, 16-bit normals, float maps and one JSON.
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "sim/core/error.h"
#include "sim/phantom/phantom.h"

namespace stipple {
namespace {

void write_map(const std::string& path, const cv::Mat& map) {
  bool written = false;
  try {
    // Left to itself OpenCV would store three floats as LogLuv, which loses signs and digits.
    written = cv::imwrite(path, map, {cv::IMWRITE_TIFF_COMPRESSION, 1});
  } catch (const cv::Exception&) {
  }
  if (!written) throw Error(ErrorKind::internal, path, "could not be written", "check space and rights of the folder");
}

nlohmann::json list(const auto& values) {
  nlohmann::json out = nlohmann::json::array();
  for (Eigen::Index i = 0; i < values.size(); ++i) out.push_back(values.data()[i]);
  return out;
}

nlohmann::json camera_json(const HeadModel& camera) {
  const Mat3 by_row = camera.head_to_camera.transpose();  // Eigen stores by column
  return {{"semi_axes_mm", list(camera.semi_axes_mm)},
          {"form", {camera.form.front, camera.form.back, camera.form.upright, camera.form.underside}},
          {"head_to_camera_rows", list(by_row)},
          {"centre_camera_mm", list(camera.centre_camera_mm)},
          {"focal_px", camera.focal_px},
          {"principal_px", list(camera.principal_px)}};
}

}  // namespace

void write_truth(const PhantomTruth& truth, const std::string& folder) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) throw Error(ErrorKind::internal, folder, "could not be made", "choose a folder that can be written");
  write_map(folder + "/labels.png", truth.classes);

  // Normals as 16-bit RGB, -1..1 onto 0..65535.
  cv::Mat normals;
  cv::Mat(0.5 * (truth.normal + cv::Scalar::all(1))).convertTo(normals, CV_16UC3, 65535);
  cv::cvtColor(normals, normals, cv::COLOR_RGB2BGR);
  write_map(folder + "/normals.png", normals);
  cv::Mat points;
  cv::cvtColor(truth.head_mm, points, cv::COLOR_RGB2BGR);
  write_map(folder + "/head_mm.tiff", points);
  write_map(folder + "/area.tiff", truth.area_mm2_per_px);

  nlohmann::json json{
      {"px_per_mm", truth.px_per_mm}, {"scalp_area_cm2", truth.scalp_area_cm2}, {"camera", camera_json(truth.camera)}};
  for (size_t i = 0; i < truth.landmarks.size(); ++i)
    json["landmarks"][std::string(landmark_names[i])] = {{"photo_px", list(truth.landmarks[i].photo_px)},
                                                         {"confidence", truth.landmarks[i].confidence}};
  for (const Vec2& p : truth.hairline_px) json["hairline_px"].push_back(list(p));
  const std::string path = folder + "/truth.json";
  std::ofstream file(path);
  file << json.dump(2) << '\n';
  if (!file.flush())
    throw Error(ErrorKind::internal, path, "could not be written", "check space and rights of the folder");
}

}  // namespace stipple
