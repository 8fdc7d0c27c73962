// Pages of a PDF and what stands on them: text that wraps, pictures, tables. All text is tagged for screen readers.
// Lengths in points (1/72 inch), y downward.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "sim/consult/house_style.h"
#include "sim/consult/report.h"

namespace stipple {

struct TextStyle {
  Weight weight = Weight::regular;
  double size = 9;
  Ink colour = page_ink::dark;
};

class ReportPages {
 public:
  ReportPages(Paper paper, const std::string& title, const std::string& creator);
  _cairo* context() const { return context_.get(); }
  double width() const { return width_; }
  double height() const { return height_; }
  double left() const { return margin; }
  double right() const { return width_ - margin; }
  double inner_width() const { return width_ - 2 * margin; }

  double text_width(const std::string& utf8, const TextStyle& style) const;
  /// One line, made smaller where it is wider than `most` (0 = any width). Baseline at y.
  void line(const std::string& utf8, double x, double y, const TextStyle& style, double most = 0) const;
  void line_right(const std::string& utf8, double x, double y, const TextStyle& style, double most = 0) const;
  /// Lines broken at blanks, first baseline at y; returns the baseline after the last line.
  double paragraph(const std::string& utf8, double x, double y, double width, const TextStyle& style) const;
  void rule(double x, double y, double width) const;
  void fill(double x, double y, double width, double height, const Ink& colour) const;
  /// A picture as JPEG, `width` wide, with words for those who do not see it; returns its height.
  double picture(const Photo& photo, const std::string& description, double x, double y, double width);
  /// The page's title below its frame.
  void title(const std::string& utf8) const;
  /// A heading with a rule above; returns the baseline of what follows.
  double heading(const std::string& utf8, double x, double y, double width) const;
  /// Rows of cells, the first row as head, columns at shares of the width; numbers to the right from the second column
  /// on. Returns the y below.
  double table(const std::vector<std::vector<std::string>>& rows, const std::vector<double>& shares, double x, double y,
               double width) const;
  void next_page() const;
  /// The file, in English as far as its text goes. Call once, last.
  std::string finish();

  static constexpr double margin = 46;

 private:
  struct Release {
    void operator()(_cairo* context) const;
    void operator()(_cairo_surface* surface) const;
  };
  void use(const TextStyle& style) const;
  void show(const std::string& utf8, double x, double y, const TextStyle& style, double most = 0) const;

  double width_, height_;
  std::unique_ptr<std::string> bytes_;
  std::unique_ptr<_cairo_surface, Release> surface_;
  std::unique_ptr<_cairo, Release> context_;
  std::vector<std::string> descriptions_;  // of the pictures, in order
};

}  // namespace stipple
