// Typography of the report over cairo's PDF surface. Fonts are embedded by cairo; JPEGs go in as they are.
#include "sim/consult/report_page.h"

#include <cairo-pdf.h>

#include <algorithm>
#include <sstream>

#include "sim/consult/report_access.h"
#include "sim/core/error.h"

namespace stipple {
namespace {

constexpr double leading = 1.38, row_height = 17;

cairo_status_t append(void* bytes, const unsigned char* data, unsigned int size) {
  static_cast<std::string*>(bytes)->append(reinterpret_cast<const char*>(data), size);
  return CAIRO_STATUS_SUCCESS;
}

void check(cairo_status_t status) {
  if (status == CAIRO_STATUS_SUCCESS) return;
  throw Error(ErrorKind::internal, "report", std::string("cannot be drawn (") + cairo_status_to_string(status) + ")",
              "free some memory and try again");
}

/// What is drawn while it lives belongs to this element of the document's structure.
class Tag {
 public:
  Tag(cairo_t* cairo, const char* name) : cairo_(cairo), name_(name) { cairo_tag_begin(cairo_, name_, nullptr); }
  ~Tag() { cairo_tag_end(cairo_, name_); }
  Tag(const Tag&) = delete;
  Tag& operator=(const Tag&) = delete;

 private:
  cairo_t* cairo_;
  const char* name_;
};

constexpr const char* whole_document = "Document";

}  // namespace

void ReportPages::Release::operator()(_cairo* context) const { cairo_destroy(context); }
void ReportPages::Release::operator()(_cairo_surface* surface) const { cairo_surface_destroy(surface); }

ReportPages::ReportPages(Paper paper, const std::string& title, const std::string& creator)
    : width_(paper == Paper::a4 ? 595.276 : 612),
      height_(paper == Paper::a4 ? 841.89 : 792),
      bytes_(std::make_unique<std::string>()),
      surface_(cairo_pdf_surface_create_for_stream(append, bytes_.get(), width_, height_)),
      context_(cairo_create(surface_.get())) {
  check(cairo_status(context()));
  cairo_pdf_surface_set_metadata(surface_.get(), CAIRO_PDF_METADATA_TITLE, title.c_str());
  cairo_pdf_surface_set_metadata(surface_.get(), CAIRO_PDF_METADATA_CREATOR, creator.c_str());
  // Cairo would write the time of day; the same input shall give the same bytes.
  cairo_pdf_surface_set_metadata(surface_.get(), CAIRO_PDF_METADATA_CREATE_DATE, "");
  cairo_tag_begin(context(), whole_document, nullptr);
}

void ReportPages::use(const TextStyle& style) const {
  select_font(context(), style.weight, style.size);
  cairo_set_source_rgba(context(), style.colour.r, style.colour.g, style.colour.b, style.colour.a);
}

double ReportPages::text_width(const std::string& utf8, const TextStyle& style) const {
  use(style);
  cairo_text_extents_t extents;
  cairo_text_extents(context(), utf8.c_str(), &extents);
  return extents.x_advance;
}

void ReportPages::show(const std::string& utf8, double x, double y, const TextStyle& style, double most) const {
  const double wanted = text_width(utf8, style);
  if (most > 0 && wanted > most) use({style.weight, style.size * most / wanted, style.colour});
  cairo_move_to(context(), x, y);
  cairo_show_text(context(), utf8.c_str());
}

void ReportPages::line(const std::string& utf8, double x, double y, const TextStyle& style, double most) const {
  const Tag paragraph(context(), "P");
  show(utf8, x, y, style, most);
}

void ReportPages::line_right(const std::string& utf8, double x, double y, const TextStyle& style, double most) const {
  const double wanted = text_width(utf8, style);
  line(utf8, x - (most > 0 ? std::min(wanted, most) : wanted), y, style, most);
}

double ReportPages::paragraph(const std::string& utf8, double x, double y, double width, const TextStyle& style) const {
  const Tag paragraph(context(), "P");
  std::istringstream words(utf8);
  std::string current;
  for (std::string word; words >> word;) {
    const std::string longer = current.empty() ? word : current + " " + word;
    if (!current.empty() && text_width(longer, style) > width) {
      show(current + " ", x, y, style);  // the blank parts the words for those who copy or listen
      y += leading * style.size;
      current = word;
    } else {
      current = longer;
    }
  }
  if (!current.empty()) show(current, x, y, style, width);
  return y + leading * style.size;
}

void ReportPages::fill(double x, double y, double width, double height, const Ink& colour) const {
  cairo_set_source_rgba(context(), colour.r, colour.g, colour.b, colour.a);
  cairo_rectangle(context(), x, y, width, height);
  cairo_fill(context());
}

void ReportPages::rule(double x, double y, double width) const { fill(x, y, width, 0.6, page_ink::rule); }

double ReportPages::picture(const Photo& photo, const std::string& description, double x, double y, double width) {
  descriptions_.push_back(description);
  constexpr int quality = 93;
  const std::string jpeg = encode_photo(photo, ".jpg", true, quality);
  const double scale = width / photo.rgb.cols;
  // The surface stands for the picture's size; its pixels come from the JPEG, which the surface keeps until the end.
  const std::unique_ptr<cairo_surface_t, decltype(&cairo_surface_destroy)> image(
      cairo_image_surface_create(CAIRO_FORMAT_RGB24, photo.rgb.cols, photo.rgb.rows), cairo_surface_destroy);
  auto* kept = new std::string(jpeg);
  const cairo_status_t status = cairo_surface_set_mime_data(
      image.get(), CAIRO_MIME_TYPE_JPEG, reinterpret_cast<const unsigned char*>(kept->data()), kept->size(),
      [](void* data) { delete static_cast<std::string*>(data); }, kept);
  if (status != CAIRO_STATUS_SUCCESS) delete kept;
  check(status);
  const Tag figure(context(), "Figure");
  cairo_save(context());
  cairo_translate(context(), x, y);
  cairo_scale(context(), scale, scale);
  cairo_set_source_surface(context(), image.get(), 0, 0);
  cairo_paint(context());
  cairo_restore(context());
  return photo.rgb.rows * scale;
}

void ReportPages::title(const std::string& utf8) const {
  const Tag heading(context(), "H1");
  show(utf8, left(), 92, {Weight::semibold, 22});
}

double ReportPages::heading(const std::string& utf8, double x, double y, double width) const {
  rule(x, y, width);
  const Tag heading(context(), "H2");
  show(utf8, x, y + 17, {Weight::semibold, 10.5, page_ink::dark});
  return y + 33;
}

double ReportPages::table(const std::vector<std::vector<std::string>>& rows, const std::vector<double>& shares,
                          double x, double y, double width) const {
  for (size_t r = 0; r < rows.size(); ++r) {
    const TextStyle style{r == 0 ? Weight::medium : Weight::regular, r == 0 ? 8 : 9.2,
                          r == 0 ? page_ink::muted : page_ink::dark};
    double edge = x;
    for (size_t c = 0; c < rows[r].size(); ++c) {
      const double column = shares[c] * width;
      if (c == 0)
        line(rows[r][c], edge, y, style, column);
      else
        line_right(rows[r][c], edge + column, y, style);
      edge += column;
    }
    rule(x, y + 5.4, width);
    y += row_height;
  }
  return y;
}

void ReportPages::next_page() const { cairo_show_page(context()); }

std::string ReportPages::finish() {
  cairo_tag_end(context(), whole_document);
  cairo_surface_finish(surface_.get());
  check(cairo_status(context()));
  check(cairo_surface_status(surface_.get()));
  return described(std::move(*bytes_), "en", descriptions_);
}

}  // namespace stipple
