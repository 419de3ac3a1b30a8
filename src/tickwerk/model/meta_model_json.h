// What a meta-model's `.json` says, as text and back. Internal to `model`; the keys stand in
// docs/formats/meta_model.md.
#pragma once

#include <string>
#include <string_view>

#include "tickwerk/model/meta_model_file.h"

namespace tickwerk::model {

/// Names and content hashes of the files beside the `.json`.
struct FileHashes {
  std::string model_name;
  std::string model_hash;
  std::string predictions_name;  // empty for none
  std::string predictions_hash;
};

/// Of the metrics the Brier score and the base rate are read back; the others stand for readers.
std::string meta_model_json(const MetaModelNotes& notes,
                            const MetaScores& scores,
                            const FileHashes& files);

struct ReadNotes {
  MetaModelNotes notes;
  FileHashes files;
};
/// Throws kCorruptData for text that is none, kUnsupported for one of a later version; `name` is
/// what errors call it.
ReadNotes parse_meta_model_json(std::string_view text, std::string_view name);

}  // namespace tickwerk::model
