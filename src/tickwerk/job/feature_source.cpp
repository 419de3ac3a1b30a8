#include "tickwerk/job/feature_source.h"

#include "tickwerk/io/mapped_file.h"

namespace tickwerk::job {

model::FeatureSource feature_source(const factor::Selection& selection,
                                    const std::map<std::string, double, std::less<>>& params) {
  model::FeatureSource source{.catalogue = selection.catalogue, .language = {}, .params = params};
  if (!selection.file.empty()) source.language = io::MappedFile(selection.file).bytes();
  if (!source.language.empty() && !source.language.ends_with('\n')) source.language += '\n';
  source.language += selection.lines;
  return source;
}

factor::Selection selection_of(const model::FeatureSource& source) {
  return {.catalogue = source.catalogue, .file = {}, .lines = source.language, .horizons = {}};
}

}  // namespace tickwerk::job
