// Folds of a training as files, so that one that was interrupted goes on where it was. A folder
// belongs to one dataset, one scheme of splits and one set of parameters: its name is their hash.
// Used by jobs that train for long; whoever finishes removes the folder.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "tickwerk/model/validation.h"

namespace tickwerk::model {

class FoldFiles final : public FoldKeeper {
 public:
  /// None at all, until another is assigned.
  FoldFiles() = default;
  /// Folds below `root`/`key`; nothing is made before the first is kept. A key is a hash.
  FoldFiles(std::filesystem::path root, const std::string& key);

  /// A file that is damaged counts as none.
  std::optional<Fold> find(const std::string& model, std::size_t split) override;
  /// Throws kIo.
  void keep(const std::string& model, const Fold& fold) override;

  std::size_t num_found() const noexcept { return num_found_; }
  /// Those found and those kept since.
  std::size_t num_kept() const noexcept { return num_kept_; }
  const std::filesystem::path& folder() const noexcept { return folder_; }

  /// Removes the folder, and `root` when it is empty.
  void remove();

 private:
  std::filesystem::path path_of(const std::string& model, std::size_t split) const;

  std::filesystem::path root_;
  std::filesystem::path folder_;
  std::size_t num_found_ = 0;
  std::size_t num_kept_ = 0;
};

/// Of everything that folds depend on: the dataset, the splits, all parameters, the release.
std::string fold_key(std::string_view dataset_fingerprint,
                     const ValidationConfig& config,
                     const SplitConfig& splits,
                     std::string_view weights);

}  // namespace tickwerk::model
