#define _GNU_SOURCE
#include "CSpawn.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

// Signals that end this process are handed on to its children.
//
// They are in groups of their own, so whoever ends a job by its group, as `timeout` and the runners of
// CI do, would leave them behind. All of it is C: a handler runs on any thread at any time, so it may
// touch lock-free atomics and call async-signal-safe functions, and nothing else. In Swift even the
// first use of a static or of an array element can allocate or trap for exclusive access.

static const int ending[] = {SIGTERM, SIGHUP, SIGQUIT};
#define ENDING (sizeof ending / sizeof *ending)
static struct sigaction before[ENDING];

/// A child, or its group as a negative number; 0: free. As many as commands ever start at once.
static _Atomic int places[256];
#define PLACES (sizeof places / sizeof *places)

/// How many children are being started: nobody knows their numbers yet.
static _Atomic int starting;
/// The signal that came, 0 for none.
static _Atomic int arrived;
/// Whether this process is about to end of a signal its children were told of.
static _Atomic int is_ending;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
/// How many children there are, those that are being started included; guarded by the lock.
static int count;

/// The socket of the warden, below; -1: there is none.
static _Atomic int warden = -1;

static bool is_ignored(const struct sigaction *action) { return action->sa_handler == SIG_IGN; }

/// Tells the children, then leaves the signal to what handled it before: the guard of the terminal, or
/// the end of the process.
static void end_of(int number) {
  atomic_store(&is_ending, 1);
  for (size_t i = 0; i < PLACES; i++) {
    int target = atomic_load(&places[i]);
    if (target != 0) kill(target, number);
  }
  // They were told and end in their own way; the warden is for those that could not be told.
  (void)!send(atomic_load(&warden), "! 0\n", 4, MSG_NOSIGNAL | MSG_DONTWAIT);
  for (size_t i = 0; i < ENDING; i++) {
    if (ending[i] == number) sigaction(number, &before[i], NULL);
  }
  // Not `raise`: the threads of Dispatch, and those they start, take no signal.
  kill(getpid(), number);
}

static void hand_on(int number) {
  int kept = errno;
  atomic_store(&arrived, number);
  // Whoever starts a child goes on with it as soon as its number is known.
  if (atomic_load(&starting) == 0) end_of(number);
  errno = kept;
}

/// Called with the lock held and `starting` above zero: a signal that comes between two of these calls
/// finds a handler that only notes it, so `before` is never read half written.
static void install(void) {
  struct sigaction action = {.sa_handler = hand_on, .sa_flags = SA_RESTART | SA_ONSTACK};
  sigemptyset(&action.sa_mask);
  atomic_store(&arrived, 0);
  for (size_t i = 0; i < ENDING; i++) {
    sigaction(ending[i], NULL, &before[i]);
    // What whoever started us ignores (nohup) stays ignored.
    if (!is_ignored(&before[i])) sigaction(ending[i], &action, NULL);
  }
}

static void leave(void) {
  pthread_mutex_lock(&lock);
  if (--count == 0) {
    for (size_t i = 0; i < ENDING; i++) {
      if (!is_ignored(&before[i])) sigaction(ending[i], &before[i], NULL);
    }
  }
  pthread_mutex_unlock(&lock);
}

static void starts(void) {
  pthread_mutex_lock(&lock);
  atomic_fetch_add(&starting, 1);
  if (count++ == 0) install();
  pthread_mutex_unlock(&lock);
}

/// From now on `target` is told, also of what came meanwhile; 0: it could not be started.
static void started(int target) {
  bool is_placed = false;
  for (size_t i = 0; target != 0 && i < PLACES && !is_placed; i++) {
    int free_place = 0;
    is_placed = atomic_compare_exchange_strong(&places[i], &free_place, target);
  }
  atomic_fetch_sub(&starting, 1);
  if (!is_placed) leave();
  int number = atomic_load(&arrived);
  if (number != 0) end_of(number);
}

// A warden ends the children of a shell that was killed with SIGKILL, which no handler sees.
//
// PR_SET_PDEATHSIG would be the kernel's way, but it reaches the child alone and not what `sh` has
// started for it, and it fires when the *thread* that started the child ends, which those of a pool do
// while the process lives on. The warden is an `sh` in a session of its own that reads the numbers of
// children from a socket; when the socket ends, because the shell did in whatever way, it kills those
// that were not taken back. It is started with the first child and has no descriptor of ours.

static const char warden_script[] =
    "while read -r what target; do case $what in\n"
    "+) set -- \"$@\" \"$target\";;\n"
    "!) set --;;\n"
    "*) for each; do shift; [ \"$each\" = \"$target\" ] || set -- \"$@\" \"$each\"; done;;\n"
    "esac; done\n"
    "for each; do kill -s KILL -- \"$each\" 2>/dev/null; done";

static int spawn(pid_t *id, struct csp_request request, enum csp_kin kin, bool is_told);

/// Called with the lock held.
static void start_warden(void) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return;
  int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
  char *arguments[] = {"/bin/sh", "-c", (char *)warden_script, "sh", NULL};
  char *variables[] = {"PATH=/usr/bin:/bin", NULL};
  struct csp_request request = {
      .path = "/bin/sh",
      .arguments = arguments,
      .variables = variables,
      .folder = "/",
      .input = ends[0],
      .output = null,
      .error = null,
      .terminal = -1,
  };
  pid_t id;
  // Without a warden children are told of every signal but SIGKILL.
  if (null >= 0 && spawn(&id, request, CSP_OWN_SESSION, false) == 0) {
    atomic_store(&warden, ends[1]);
  } else {
    close(ends[1]);
  }
  close(ends[0]);
  if (null >= 0) close(null);
}

/// Before the first child: it may be gone with the shell before the next line here is reached.
static void need_warden(void) {
  pthread_mutex_lock(&lock);
  if (atomic_load(&warden) < 0) start_warden();
  pthread_mutex_unlock(&lock);
}

/// Only what a handler or a child before its exec may call is used: no lock, no allocation.
static void tell_warden(char what, int target) {
  char line[16] = {what, ' '};
  char digits[12];
  int count = 0, length = 2;
  unsigned rest = target < 0 ? -(unsigned)target : (unsigned)target;
  do digits[count++] = (char)('0' + rest % 10);
  while ((rest /= 10) != 0);
  if (target < 0) line[length++] = '-';
  while (count > 0) line[length++] = digits[--count];
  line[length++] = '\n';
  // A warden that was ended itself is no reason to end of SIGPIPE, nor to wait.
  (void)!send(atomic_load(&warden), line, (size_t)length, MSG_NOSIGNAL | MSG_DONTWAIT);
}

static int target_of(pid_t id, enum csp_kin kin) { return kin == CSP_OUR_GROUP ? id : -id; }

/// What the child does before it becomes the program. It runs in our memory while we stand still.
static void become(const struct csp_request *request, enum csp_kin kin, bool is_told) {
  if (kin == CSP_OWN_GROUP && setpgid(0, 0) != 0) return;
  if (kin == CSP_OWN_SESSION && setsid() < 0) return;
  if (is_told) tell_warden('+', target_of(getpid(), kin));
  // Here and not by us afterwards: a Ctrl-C in between would reach us and miss the child. SIGTTOU,
  // which this call would be answered with from the background, is blocked until the exec.
  if (request->terminal >= 0 && kin == CSP_OWN_GROUP) tcsetpgrp(request->terminal, getpid());
  // A handler of ours must not run in our memory here. Not SIGHUP: what runs under nohup goes on
  // ignoring it.
  const int usual[] = {SIGINT, SIGQUIT, SIGTERM, SIGPIPE, SIGTSTP, SIGTTIN, SIGTTOU, SIGXFSZ};
  struct sigaction standard = {.sa_handler = SIG_DFL}, now;
  for (int number = 1; number < NSIG; number++) {
    if (sigaction(number, NULL, &now) == 0 && now.sa_handler != SIG_IGN) {
      sigaction(number, &standard, NULL);
    }
  }
  for (size_t i = 0; i < sizeof usual / sizeof *usual; i++) sigaction(usual[i], &standard, NULL);
  int input = request->input >= 0 ? request->input : open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (input < 0 || dup2(input, STDIN_FILENO) < 0) return;
  if (request->output >= 0 && dup2(request->output, STDOUT_FILENO) < 0) return;
  if (request->error >= 0 && dup2(request->error, STDERR_FILENO) < 0) return;
  // Here, after everything another thread may have opened: a look through /proc/self/fd before the
  // start would miss the sockets opened in between.
  if (close_range(STDERR_FILENO + 1, ~0U, 0) != 0) {
    for (int descriptor = STDERR_FILENO + 1; descriptor < 65536; descriptor++) close(descriptor);
  }
  if (request->folder != NULL && chdir(request->folder) != 0) return;
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  execve(request->path, request->arguments, request->variables);
}

// Not posix_spawn: the child has to tell the warden its number before it runs anything. Told by us
// afterwards, a shell that is killed in between would leave it behind (measured: one time in three on a
// busy machine). `vfork` stops this thread until the child has become the program or has failed.
static int spawn(pid_t *id, struct csp_request request, enum csp_kin kin, bool is_told) {
  sigset_t all, before_it;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before_it);
  volatile int code = 0;
  pid_t child = vfork();
  if (child == 0) {
    become(&request, kin, is_told);
    code = errno;
    _exit(127);
  }
  if (child < 0) code = errno;
  if (child > 0 && code != 0) {
    if (is_told) tell_warden('-', target_of(child, kin));
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {}
  }
  pthread_sigmask(SIG_SETMASK, &before_it, NULL);
  *id = child;
  return code;
}

int csp_spawn(pid_t *id, struct csp_request request, enum csp_kin kin) {
  need_warden();
  starts();
  int code = spawn(id, request, kin, true);
  started(code == 0 ? target_of(*id, kin) : 0);
  return code;
}

void csp_forget(pid_t id, enum csp_kin kin) {
  while (atomic_load(&is_ending)) pause();
  int target = target_of(id, kin);
  for (size_t i = 0; i < PLACES; i++) {
    int expected = target;
    if (atomic_compare_exchange_strong(&places[i], &expected, 0)) {
      leave();
      break;
    }
  }
  tell_warden('-', target);
}

void csp_forbid_dumps(void) {
  // Only the soft limit: a child that is debugged may raise its own.
  struct rlimit limit;
  if (getrlimit(RLIMIT_CORE, &limit) == 0) {
    limit.rlim_cur = 0;
    setrlimit(RLIMIT_CORE, &limit);
  }
  // A core pattern that is a pipe ignores the limit; this it obeys.
  prctl(PR_SET_DUMPABLE, 0);
}
