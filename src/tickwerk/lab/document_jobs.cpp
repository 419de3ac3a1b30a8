#include "tickwerk/lab/document_jobs.h"

#include <fmt/format.h>

#include <iterator>

#include "tickwerk/lab/run_table.h"

namespace tickwerk::lab {

std::string job_sections(std::span<const job::Job> jobs) {
  std::string text;
  const auto out = std::back_inserter(text);
  for (const job::Job& job : jobs) {
    if (!text.empty()) text += '\n';
    fmt::format_to(out, "### {}\n\n{}\n\n", job.name, job.description);
    fmt::format_to(out, "- Command: `tickwerk profile --job {} --with-cprofile`\n", job.name);
    fmt::format_to(out, "- Data: {}\n", job.data);
    fmt::format_to(out, "- Steps: `{}`\n", fmt::join(job.steps, "`, `"));
    fmt::format_to(out, "- Expected artefacts: `{}`\n", fmt::join(job.artefacts, "`, `"));
    fmt::format_to(out, "- Use case: {}\n\n", job.use_case);
    fmt::format_to(out, "| Parameter | Default |\n| --- | --- |\n");
    for (const auto& [name, value] : job.parameters(job.default_config())) {
      fmt::format_to(out, "| {} | {} |\n", cell(name), cell(value));
    }
  }
  return text;
}

}  // namespace tickwerk::lab
