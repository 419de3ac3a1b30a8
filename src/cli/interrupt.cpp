#include "cli/interrupt.h"

#include <signal.h>
#include <unistd.h>

#include "tickwerk/io/unfinished.h"

namespace tickwerk::cli {
namespace {

extern "C" void end_at_once(int) {
  io::remove_unfinished_files();
  ::_exit(kExitInterrupted);
}

void handle(int signal, void (*handler)(int)) {
  struct sigaction old{};
  ::sigaction(signal, nullptr, &old);
  // Who starts us with a signal ignored (nohup, a background job of a shell) means it.
  if (handler == end_at_once && old.sa_handler == SIG_IGN) return;
  struct sigaction action{};
  action.sa_handler = handler;
  ::sigemptyset(&action.sa_mask);
  ::sigaction(signal, &action, nullptr);
}

}  // namespace

void handle_signals(Interruption interruption) {
  if (interruption == Interruption::kTidies) {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) handle(signal, end_at_once);
  }
  handle(SIGXFSZ, SIG_IGN);
  handle(SIGPIPE, SIG_IGN);
}

}  // namespace tickwerk::cli
