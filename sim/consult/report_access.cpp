// Based on: ISO 32000-1: 7.5.6 (incremental updates), 7.5.4 (cross-reference tables), 14.9 (accessibility), 14.11.5
// (output intents); IEC 61966-2-1 and Rec. 709 for the primaries of sRGB.
#include "sim/consult/report_access.h"

#include <charconv>
#include <cstdio>
#include <optional>
#include <string_view>

#include "sim/photo/colour.h"

namespace stipple {
namespace {

/// Where the objects of a file start, by number; its last table and what its trailer says.
struct Layout {
  std::vector<size_t> at;
  size_t table = 0;
  std::string trailer;  // entries without the brackets
};

size_t number_at(std::string_view pdf, size_t at) {
  size_t value = 0;
  if (at < pdf.size()) std::from_chars(pdf.data() + at, pdf.data() + pdf.size(), value);
  return value;
}

/// Cairo writes one table over all objects, from number 0 on, in lines of 20 bytes.
std::optional<Layout> layout_of(std::string_view pdf) {
  constexpr std::string_view start = "startxref\n", table = "xref\n0 ", trailer = "trailer\n<<";
  constexpr size_t line = 20;
  const size_t last = pdf.rfind(start);
  if (last == pdf.npos) return {};
  Layout layout;
  layout.table = number_at(pdf, last + start.size());
  if (pdf.substr(std::min(layout.table, pdf.size()), table.size()) != table) return {};
  const size_t count = number_at(pdf, layout.table + table.size()), first = pdf.find('\n', layout.table + 5) + 1;
  const size_t entries = pdf.find(trailer, first), end = entries == pdf.npos ? entries : pdf.find(">>", entries);
  if (end == pdf.npos || count > (pdf.size() - first) / line) return {};
  for (size_t i = 0; i < count; ++i) {
    const size_t offset = first + i * line;
    size_t at = offset;
    while (at < offset + 9 && pdf[at] == '0') ++at;
    layout.at.push_back(std::min(number_at(pdf, at), pdf.size()));
  }
  layout.trailer = pdf.substr(entries + trailer.size(), end - entries - trailer.size());
  return layout;
}

/// The object at an offset, up to the brackets that close its dictionary; "" where it does not start with `head`.
std::string open_object(std::string_view pdf, size_t at, std::string_view head) {
  const size_t body = pdf.find('\n', at);
  if (body == pdf.npos || pdf.substr(body + 1, head.size()) != head) return "";
  const size_t end = pdf.find("\nendobj", body), close = end == pdf.npos ? end : pdf.rfind(">>", end);
  return close == pdf.npos || close < body ? "" : std::string(pdf.substr(at, close - at));
}

/// A string as it stands in a PDF.
std::string literal(const std::string& text) {
  std::string out = "(";
  for (const char c : text) {
    if (c == '(' || c == ')' || c == '\\') out += '\\';
    out += c;
  }
  return out + ")";
}

/// Printers and viewers take plain RGB for what they please unless the document says whose it is.
std::string srgb_intent(size_t profile) {
  return "   /OutputIntents [ << /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB IEC61966-2.1)\n"
         "      /Info (sRGB IEC61966-2.1) /DestOutputProfile " +
         std::to_string(profile) + " 0 R >> ]\n";
}

/// Object `number`: the profile as a stream.
std::string srgb_profile(size_t number) {
  std::string icc = make_rgb_profile({{0.64, 0.33}, {0.30, 0.60}, {0.15, 0.06}, {0.3127, 0.3290}}, "sRGB");
  // The day it was made; the same report shall give the same bytes.
  constexpr std::string_view day{"\x07\xD0\0\1\0\1\0\0\0\0\0\0", 12};
  constexpr size_t day_at = 24;
  if (icc.size() > day_at + day.size()) icc.replace(day_at, day.size(), day);
  return std::to_string(number) + " 0 obj\n<< /N 3 /Length " + std::to_string(icc.size()) + " >>\nstream\n" + icc +
         "\nendstream\nendobj\n";
}

/// The trailer's entries with room for one object more.
std::string with_one_more(std::string trailer, size_t count) {
  const std::string size = "/Size " + std::to_string(count);
  if (const size_t at = trailer.find(size); at != trailer.npos)
    trailer.replace(at, size.size(), "/Size " + std::to_string(count + 1));
  return trailer;
}

}  // namespace

std::string described(std::string pdf, const std::string& language, const std::vector<std::string>& figures) {
  const std::optional<Layout> layout = layout_of(pdf);
  if (!layout) return pdf;
  std::string objects, table;
  const auto add = [&](size_t number, const std::string& object) {
    char entry[64];
    std::snprintf(entry, sizeof entry, "%zu 1\n%010zu 00000 n \n", number, pdf.size() + objects.size());
    table += entry;
    objects += object;
  };
  const auto rewrite = [&](size_t number, const std::string& opened, const std::string& more) {
    add(number, opened + more + " >>\nendobj\n");
  };
  const size_t profile = layout->at.size();
  size_t figure = 0;
  for (size_t number = 1; number < layout->at.size(); ++number) {
    const size_t at = layout->at[number];
    if (const std::string catalog = open_object(pdf, at, "<< /Type /Catalog"); !catalog.empty())
      rewrite(number, catalog,
              "   /Lang " + literal(language) + "\n   /ViewerPreferences << /DisplayDocTitle true >>\n" +
                  srgb_intent(profile));
    const std::string opened = open_object(pdf, at, "<< /Type /StructElem\n   /S /Figure\n");
    if (opened.empty()) continue;
    if (figure < figures.size()) rewrite(number, opened, "   /Alt " + literal(figures[figure]) + "\n");
    ++figure;
  }
  add(profile, srgb_profile(profile));
  const size_t start = pdf.size() + objects.size();
  return pdf + objects + "xref\n" + table + "trailer\n<<" + with_one_more(layout->trailer, layout->at.size()) +
         "   /Prev " + std::to_string(layout->table) + "\n>>\nstartxref\n" + std::to_string(start) + "\n%%EOF\n";
}

}  // namespace stipple
