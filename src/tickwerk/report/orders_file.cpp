#include "tickwerk/report/orders_file.h"

#include <fmt/format.h>

#include <cmath>

#include "tickwerk/io/atomic_file.h"
#include "tickwerk/io/number.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::report {

std::string orders_file_name(Date date) {
  const YearMonthDay day = year_month_day(date);
  return fmt::format("orders_{:04}{:02}{:02}.csv", day.year, day.month, day.day);
}

std::filesystem::path write_orders_file(std::span<const OrderLine> lines,
                                        Date date,
                                        const std::filesystem::path& folder) {
  TW_ZONE("write_orders_file");
  std::string text = "Ticker,Side,Quantity,PriceType,Comment\n";
  for (const OrderLine& line : lines) {
    io::append_csv_field(text, line.ticker);
    text += line.quantity < 0 ? ",SELL," : ",BUY,";
    io::append_number(text, std::abs(line.quantity));
    text += ",MOO,";
    io::append_csv_field(text, line.comment);
    text += '\n';
  }
  const std::string name = orders_file_name(date);
  io::write_file(folder / name, text);
  return name;
}

}  // namespace tickwerk::report
