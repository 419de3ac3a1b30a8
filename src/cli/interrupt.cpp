#include "cli/interrupt.h"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <deque>

#include "tickwerk/io/unfinished.h"

namespace tickwerk::cli {
namespace {

// A handler may run at any moment, on any thread: what it reads is never changed nor freed.
std::atomic<const std::string*> last_words{nullptr};

extern "C" void end_at_once(int) {
  io::remove_unfinished_files();
  if (const std::string* const words = last_words.load()) {
    // A full pipe that nobody reads must not keep the process from ending.
    struct pollfd out{.fd = STDERR_FILENO, .events = POLLOUT, .revents = 0};
    if (::poll(&out, 1, 0) != 1 || (out.revents & POLLOUT) == 0) ::_exit(kExitInterrupted);
    [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, words->data(), words->size());
  }
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

void set_last_words(std::string text) {
  static std::deque<std::string>& kept = *new std::deque<std::string>;
  last_words.store(text.empty() ? nullptr : &kept.emplace_back(std::move(text)));
}

}  // namespace tickwerk::cli
