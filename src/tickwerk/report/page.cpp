#include "tickwerk/report/page.h"

#include <fmt/format.h>

#include <span>

#include "tickwerk/base/embedded_text.h"
#include "tickwerk/base/error.h"
#include "tickwerk/base/version.h"
#include "tickwerk/report/page_text.h"

namespace tickwerk::report {

std::span<const EmbeddedText> embedded_texts();

namespace {

constexpr std::size_t kSectionsWithContents = 3;

std::string_view embedded(std::string_view name) {
  for (const EmbeddedText& text : embedded_texts()) {
    if (text.name == name) return text.text;
  }
  TW_CHECK(name, ==, "");
  return {};
}

std::string_view class_of(Align align) { return align == Align::kRight ? " class=\"n\"" : ""; }

}  // namespace

void Page::section(std::string_view title) {
  if (!sections_.empty()) body_ += "</section>\n";
  sections_.push_back({fmt::format("section-{}", sections_.size() + 1), std::string(title)});
  body_ += fmt::format("<section id=\"{0}\" aria-labelledby=\"{0}-title\">\n", sections_.back().id);
  body_ += fmt::format("<h2 id=\"{}-title\">{}</h2>\n", sections_.back().id, html_text(title));
}

void Page::paragraph(std::string_view text) {
  body_ += fmt::format("<p>{}</p>\n", html_text(text));
}

void Page::list(const std::vector<std::string>& items) {
  if (items.empty()) return;
  body_ += "<ul>\n";
  for (const std::string& item : items) body_ += fmt::format("<li>{}</li>\n", html_text(item));
  body_ += "</ul>\n";
}

void Page::figures(const std::vector<KeyFigure>& figures) {
  if (figures.empty()) return;
  body_ += "<dl class=\"figures\">\n";
  for (const auto& [label, value, note] : figures) {
    body_ +=
        fmt::format("<div><dt>{}</dt><dd>{}", html_text(label), html_text(with_minus_sign(value)));
    if (!note.empty()) body_ += fmt::format("<small>{}</small>", html_text(note));
    body_ += "</dd></div>\n";
  }
  body_ += "</dl>\n";
}

void Page::table(std::string_view caption, const Table& table) {
  body_ += fmt::format(
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{0}\">\n"
      "<table><caption>{0}</caption>\n<thead><tr>",
      html_text(caption));
  for (const Column& column : table.columns()) {
    body_ +=
        fmt::format("<th scope=\"col\"{}>{}</th>", class_of(column.align), html_text(column.title));
  }
  body_ += "</tr></thead>\n<tbody>\n";
  for (const auto& row : table.rows()) {
    body_ += "<tr>";
    for (std::size_t i = 0; i < row.size(); ++i) {
      body_ += fmt::format("<td{}>", class_of(table.columns()[i].align));
      const bool figure = table.columns()[i].align == Align::kRight;
      append_html(body_, figure ? with_minus_sign(row[i]) : row[i]);
      body_ += "</td>";
    }
    body_ += "</tr>\n";
  }
  body_ += "</tbody></table></div>\n";
}

std::string Page::html() const {
  std::string out =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
      "style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n";
  out += fmt::format("<title>{}</title>\n<style>\n{}</style>\n</head>\n<body>\n",
                     html_text(head_.title), embedded("style"));
  out += fmt::format("<header>\n<h1>{}</h1>\n", html_text(head_.title));
  if (!head_.lead.empty()) out += fmt::format("<p>{}</p>\n", html_text(head_.lead));
  if (sections_.size() >= kSectionsWithContents) {
    out += "<nav aria-label=\"Contents\"><ul>\n";
    for (const auto& [id, title] : sections_) {
      out += fmt::format("<li><a href=\"#{}\">{}</a></li>\n", id, html_text(title));
    }
    out += "</ul></nav>\n";
  }
  out += "</header>\n<main>\n";
  if (num_drawn_ > 0) {
    out +=
        "<noscript><p>The charts are drawn by a script, which does not run here; the table "
        "behind each chart is complete without it.</p></noscript>\n";
  }
  out += body_;
  if (!sections_.empty()) out += "</section>\n";
  out += "</main>\n<footer>";
  if (num_drawn_ > 0) {
    out +=
        "<p class=\"hint\">Charts: point to read values, drag to zoom, double-click for the "
        "whole. With the keyboard: arrow keys, Home and End move; + and \u2212 zoom; Esc "
        "shows the whole.</p>";
  }
  out += fmt::format("<p>tickwerk {}</p></footer>\n", kVersion);
  if (num_drawn_ > 0) {
    out += fmt::format("<script>\n(function () {{\n'use strict';\n{}{}}})();\n</script>\n",
                       embedded("axes"), embedded("charts"));
  }
  return out + "</body>\n</html>\n";
}

}  // namespace tickwerk::report
