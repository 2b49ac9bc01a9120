#define _GNU_SOURCE
#include "CEditLine.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

// Everything a handler reads is static: handlers get no context.
static struct termios modes;
static volatile sig_atomic_t terminal = -1;
static volatile sig_atomic_t is_editing, is_asking;
static volatile sig_atomic_t watcher = -1;
static volatile sig_atomic_t resized, continued;

static const int ending[] = {SIGTERM, SIGHUP, SIGQUIT};
static const int crashing[] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT, SIGSYS};
static struct sigaction before_crash[sizeof crashing / sizeof *crashing];

static void restore_terminal(void) {
  if (terminal < 0) return;
  // In the background the modes belong to whoever is in front.
  pid_t front = tcgetpgrp(terminal);
  if (front >= 0 && front != getpgrp()) return;
  tcsetattr(terminal, TCSANOW, &modes);
  if (!is_editing) return;
  static const char leave[] = "\033[?2004l\r\n";
  (void)!write(terminal, leave, sizeof leave - 1);
}

/// Restores the terminal, then ends of the same signal; no other process is told.
static void on_ending(int number) {
  restore_terminal();
  signal(number, SIG_DFL);
  raise(number);
}

/// Restores the terminal, then leaves the crash to whoever handled it before.
static void on_crash(int number, siginfo_t *info, void *context) {
  (void)context;
  restore_terminal();
  for (size_t i = 0; i < sizeof crashing / sizeof *crashing; i++) {
    if (crashing[i] == number) sigaction(number, &before_crash[i], NULL);
  }
  // A fault of the processor happens again on return, with its own place and registers.
  if (info->si_code <= 0) raise(number);
}

static void on_stop(int number) {
  int kept = errno;
  bool was_editing = is_editing;
  struct termios asking;
  bool asked = is_asking && tcgetattr(terminal, &asking) == 0;
  restore_terminal();
  struct sigaction stop = {.sa_handler = SIG_DFL}, mine;
  sigaction(number, &stop, &mine);
  sigset_t set, old;
  sigemptyset(&set);
  sigaddset(&set, number);
  raise(number);
  pthread_sigmask(SIG_UNBLOCK, &set, &old);
  // Stopped here until SIGCONT.
  pthread_sigmask(SIG_SETMASK, &old, NULL);
  sigaction(number, &mine, NULL);
  is_editing = was_editing;
  // A question goes on where it was: what is typed next may be a secret.
  if (asked && tcgetpgrp(terminal) == getpgrp()) {
    tcsetattr(terminal, TCSANOW, &asking);
    static const char enter[] = "\033[?2004h";
    (void)!write(terminal, enter, sizeof enter - 1);
  }
  errno = kept;
}

static void wake(void) {
  int kept = errno;
  // A full pipe is no loss: the flag is set and a byte is waiting already.
  if (watcher >= 0) (void)!write(watcher, "s", 1);
  errno = kept;
}

static void on_resize(int number) {
  (void)number;
  resized = 1;
  wake();
}

static void on_continue(int number) {
  (void)number;
  continued = 1;
  wake();
}

static void handle(int number, void (*handler)(int)) {
  struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART | SA_ONSTACK}, now;
  sigemptyset(&action.sa_mask);
  // What the parent ignores stays ignored (nohup), what the program handles is its own.
  if (sigaction(number, NULL, &now) == 0 && now.sa_handler == SIG_DFL) {
    sigaction(number, &action, NULL);
  }
}

static void at_exit(void) {
  if (is_editing) restore_terminal();
}

static void install(void) {
  for (size_t i = 0; i < sizeof ending / sizeof *ending; i++) handle(ending[i], on_ending);
  for (size_t i = 0; i < sizeof crashing / sizeof *crashing; i++) {
    struct sigaction action = {.sa_sigaction = on_crash, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigemptyset(&action.sa_mask);
    sigaction(crashing[i], &action, &before_crash[i]);
  }
  handle(SIGTSTP, on_stop);
  handle(SIGWINCH, on_resize);
  handle(SIGCONT, on_continue);
  atexit(at_exit);
}

void cel_guard(int descriptor) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  struct termios now;
  if (tcgetattr(descriptor, &now) != 0) return;
  modes = now;
  terminal = descriptor;
  pthread_once(&once, install);
}

void cel_guard_refresh(void) {
  struct termios now;
  if (terminal >= 0 && tcgetattr(terminal, &now) == 0) modes = now;
}

void cel_guard_editing(bool editing) { is_editing = editing; }

bool cel_guard_asking(int descriptor, bool asking) {
  bool is_first = asking && terminal < 0;
  if (is_first) cel_guard(descriptor);
  if (asking && !is_first) cel_guard_refresh();
  is_asking = is_editing = asking;
  return is_first;
}

void cel_unguard(void) {
  is_editing = is_asking = 0;
  terminal = -1;
}

void cel_watch(int descriptor) { watcher = descriptor; }

int cel_take_signals(void) {
  int seen = (resized ? CEL_RESIZED : 0) | (continued ? CEL_CONTINUED : 0);
  if (seen & CEL_RESIZED) resized = 0;
  if (seen & CEL_CONTINUED) continued = 0;
  return seen;
}

void cel_suspend(void) {
  // Two steps: the group gets the signal as from the terminal, but this process ignores that
  // one and stops by `raise`, which returns only after SIGCONT. A signal to the process might
  // be served by another thread while this one already makes the terminal raw again.
  struct sigaction ignore = {.sa_handler = SIG_IGN}, stop = {.sa_handler = SIG_DFL}, mine;
  sigaction(SIGTSTP, &ignore, &mine);
  kill(0, SIGTSTP);
  sigaction(SIGTSTP, &stop, NULL);
  raise(SIGTSTP);
  sigaction(SIGTSTP, &mine, NULL);
}
