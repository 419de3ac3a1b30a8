// The end-of-day order file `orders_YYYYMMDD.csv` that a desk sends on:
// Ticker,Side,Quantity,PriceType,Comment. The caller sizes and checks the orders; an empty list
// leaves a file with its header only.
#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "tickwerk/base/time.h"

namespace tickwerk::report {

struct OrderLine {
  std::string ticker;
  double quantity = 0;  // signed shares: buys > 0
  std::string comment;
};

/// `orders_20241231.csv`, the date being that of the decision.
std::string orders_file_name(Date date);

/// Lines in the order given; Quantity is unsigned, PriceType is MOO (market on open). Returns the
/// file's name, without the folder. Throws Error kIo.
std::filesystem::path write_orders_file(std::span<const OrderLine> lines,
                                        Date date,
                                        const std::filesystem::path& folder);

}  // namespace tickwerk::report
