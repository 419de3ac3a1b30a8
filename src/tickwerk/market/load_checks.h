// What `load` refuses beyond single rows, and what it says about input it accepted. Only load.cpp
// uses it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tickwerk/market/duplicates.h"
#include "tickwerk/market/input_files.h"
#include "tickwerk/market/load.h"
#include "tickwerk/market/long_form.h"

namespace tickwerk::market {

/// Fields of the configuration that contradict each other or are out of range.
void check_config(const LoadConfig& config);

/// All files have an adjusted close next to their close, or none has.
void check_price_columns(const InputFiles& input);

/// Epoch numbers of one file have one unit; numbers and text do not mix.
void check_time_forms(const std::vector<Piece>& pieces, const InputFiles& input);

/// Five-minute bars are whole multiples of five minutes apart, and nearer than a day.
void check_spacing(const Bars& bars, const std::filesystem::path& prices);

/// Several times of day under one daily key mean intraday bars.
void check_one_bar_a_day(const LongForm& form,
                         const std::vector<Piece>& pieces,
                         const InputFiles& input);

void check_some_price(const Bars& bars, const std::filesystem::path& prices);

/// A bar must be left after masking.
void check_some_bar(const LoadedBars& loaded, const std::filesystem::path& prices);

void check_no_finding(const LoadedBars& loaded, const std::filesystem::path& prices);

/// First row at or after `from`, which must not lie after the last bar.
std::size_t first_row(const Bars& bars, const LoadConfig& config);

/// What was accepted and done, one sentence each.
void note_input(const InputFiles& input,
                const std::vector<Piece>& pieces,
                const LongForm& form,
                const ResolvedDuplicates& duplicates,
                std::vector<std::string>& notes);
void note_bars(LoadedBars& loaded, const LoadConfig& config);

}  // namespace tickwerk::market
