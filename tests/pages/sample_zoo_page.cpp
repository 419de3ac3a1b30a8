// Writes the report of a model zoo on made-up rows to the folder it is given, with a model that
// predicts a constant and a feature whose name looks like HTML; the pages tests open its page in a
// browser.
#include <exception>
#include <filesystem>

#include "tickwerk/report/zoo_report_fixture.h"

int main(int argc, char** argv) {
  using namespace tickwerk;
  if (argc != 2) return 2;
  try {
    const report::SampleZoo sample =
        report::sample_zoo({.num_bars = 2400,
                            .signal = 0.1,
                            .models = {"linear", "ridge_0.1", "ridge_1", "ridge_10", "lasso_9"}});
    report::write_zoo_report(sample.report(), std::filesystem::path(argv[1]));
  } catch (const std::exception&) {
    return 1;
  }
  return 0;
}
