#include "tickwerk/lab/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>

#include "tickwerk/base/error.h"

namespace tickwerk::lab {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::array<int, 4> kSignals{SIGINT, SIGTERM, SIGHUP, SIGCHLD};
constexpr int kResultDescriptor = 3;
constexpr auto kGrace = std::chrono::seconds(2);

// A handler reaches only what is static.
volatile std::sig_atomic_t g_interrupted = 0;
std::array<int, 2> g_pipe{-1, -1};

extern "C" void notice(int signal) {
  const int saved = errno;
  if (signal != SIGCHLD) g_interrupted = 1;
  [[maybe_unused]] const ssize_t written = write(g_pipe[1], "", 1);
  errno = saved;
}

class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  ~Descriptor() {
    if (value_ >= 0) close(value_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const noexcept { return value_; }

 private:
  int value_;
};

Error system_error(std::string_view rule, int error) {
  return {Code::kIo, fmt::format("{}, found: {}", rule, std::strerror(error))};
}

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
}

/// Starts the process in a group of its own, with default signals.
pid_t spawn(const fs::path& executable, const std::vector<std::string>& arguments, int result) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_adddup2(&actions, result, kResultDescriptor);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
  sigset_t none;
  sigset_t defaults;
  sigemptyset(&none);
  sigemptyset(&defaults);
  for (const int signal : kSignals) sigaddset(&defaults, signal);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);

  std::string name = executable.string();
  std::vector<std::string> copies = arguments;
  std::vector<char*> argv{name.data()};
  for (std::string& argument : copies) argv.push_back(argument.data());
  argv.push_back(nullptr);
  pid_t pid = 0;
  const int error =
      posix_spawn(&pid, executable.c_str(), &actions, &attributes, argv.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    throw system_error(fmt::format("a measured process must start ({})", executable.string()),
                       error);
  }
  return pid;
}

std::string read_all(int descriptor) {
  std::string bytes;
  const off_t size = lseek(descriptor, 0, SEEK_END);
  bytes.resize(static_cast<std::size_t>(std::max<off_t>(size, 0)));
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t got =
        pread(descriptor, bytes.data() + done, bytes.size() - done, static_cast<off_t>(done));
    if (got <= 0) break;
    done += static_cast<std::size_t>(got);
  }
  bytes.resize(done);
  return bytes;
}

}  // namespace

Interrupts::Interrupts() {
  g_interrupted = 0;
  if (pipe2(g_pipe.data(), O_CLOEXEC | O_NONBLOCK) != 0) {
    throw system_error("a pipe must open", errno);
  }
  struct sigaction action{};
  action.sa_handler = notice;
  action.sa_flags = SA_RESTART;
  for (std::size_t i = 0; i < kSignals.size(); ++i) {
    sigaction(kSignals[i], &action, &before_[i]);
    // Who starts us with a signal ignored (nohup) means it; without SIGCHLD nothing could be waited
    // for.
    const bool ignored = before_[i].sa_handler == SIG_IGN;
    if (ignored && kSignals[i] != SIGCHLD) sigaction(kSignals[i], &before_[i], nullptr);
  }
}

Interrupts::~Interrupts() {
  for (std::size_t i = 0; i < kSignals.size(); ++i) sigaction(kSignals[i], &before_[i], nullptr);
  for (int& end : g_pipe) {
    close(end);
    end = -1;
  }
}

bool Interrupts::pending() const noexcept { return g_interrupted != 0; }

void Interrupts::wait(int timeout_ms) noexcept {
  pollfd ready{.fd = g_pipe[0], .events = POLLIN, .revents = 0};
  if (poll(&ready, 1, timeout_ms) <= 0) return;
  std::array<char, 64> drained;
  while (read(g_pipe[0], drained.data(), drained.size()) > 0) {
  }
}

ChildOutcome run_child(const fs::path& executable,
                       const std::vector<std::string>& arguments,
                       Interrupts& interrupts) {
  const Descriptor result(memfd_create("tickwerk-run", MFD_CLOEXEC));
  if (result.get() < 0) throw system_error("a result must have room in memory", errno);

  const auto begin = Clock::now();
  ChildOutcome outcome;
  outcome.pid = spawn(executable, arguments, result.get());
  rusage use{};
  int status = 0;
  std::optional<Clock::time_point> asked;  // when the child was told to end
  for (;;) {
    const pid_t ended = wait4(outcome.pid, &status, WNOHANG, &use);
    if (ended == outcome.pid) break;
    if (ended < 0 && errno != EINTR) throw system_error("a child must be waited for", errno);
    if (interrupts.pending() && !asked) {
      asked = Clock::now();
      kill(-outcome.pid, SIGTERM);
    } else if (asked && Clock::now() - *asked > kGrace) {
      kill(-outcome.pid, SIGKILL);
    }
    interrupts.wait(asked ? 50 : -1);
  }
  outcome.use = {
      .wall_sec = std::chrono::duration<double>(Clock::now() - begin).count(),
      .user_sec = seconds(use.ru_utime),
      .system_sec = seconds(use.ru_stime),
      .minor_faults = use.ru_minflt,
      .major_faults = use.ru_majflt,
      .voluntary_switches = use.ru_nvcsw,
      .involuntary_switches = use.ru_nivcsw,
      .blocks_read = use.ru_inblock,
      .blocks_written = use.ru_oublock,
  };
  if (asked || interrupts.pending()) {
    kill(-outcome.pid, SIGKILL);  // what the child itself had started
    outcome.end = ChildEnd::kInterrupted;
  } else if (WIFSIGNALED(status)) {
    outcome.end = ChildEnd::kKilled;
    outcome.status = WTERMSIG(status);
  } else {
    outcome.status = WEXITSTATUS(status);
  }
  outcome.result = read_all(result.get());
  return outcome;
}

void end_with_parent() noexcept { prctl(PR_SET_PDEATHSIG, SIGKILL); }

void remove_unfinished_files(const fs::path& folder, pid_t pid) {
  std::error_code error;
  const std::string owner = fmt::format(".{}-", pid);
  const auto options = fs::directory_options::skip_permission_denied;
  for (auto entry = fs::recursive_directory_iterator(folder, options, error);
       !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (name.starts_with('.') && name.ends_with(".tmp") && name.find(owner) != std::string::npos) {
      std::error_code ignored;
      fs::remove(entry->path(), ignored);
    }
  }
}

}  // namespace tickwerk::lab
