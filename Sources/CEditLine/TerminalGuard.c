#define _GNU_SOURCE
#include "CEditLine.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

// Everything a handler reads is static: handlers get no context.
// The modes to restore. A handler may run on another thread while new ones are noted, so those in use
// are never overwritten: each note takes the next of several places, and then says which it is.
static struct termios modes[8];
static volatile sig_atomic_t newest;
static volatile sig_atomic_t terminal = -1;
static volatile sig_atomic_t is_editing, has_paste_mode;
static volatile sig_atomic_t watcher = -1;
static volatile sig_atomic_t resized, continued;
static struct termios hidden_modes;
static volatile sig_atomic_t is_hidden;
// Whether the other screen is shown, which must be left whatever ends or stops the process.
static volatile sig_atomic_t has_screen;
static const char enter_screen[] = "\033[?1049h\033[?25l", leave_screen[] = "\033[?25h\033[?1049l";

static const int ending[] = {SIGTERM, SIGHUP, SIGQUIT};
static const int crashing[] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT, SIGSYS};
static struct sigaction before_crash[sizeof crashing / sizeof *crashing];

static void restore_terminal(void) {
  if (terminal < 0) return;
  // In the background the modes belong to whoever is in front.
  pid_t front = tcgetpgrp(terminal);
  if (front >= 0 && front != getpgrp()) return;
  tcsetattr(terminal, TCSANOW, &modes[newest]);
  if (has_screen) (void)!write(terminal, leave_screen, sizeof leave_screen - 1);
  if (!is_editing) return;
  if (has_paste_mode) (void)!write(terminal, "\033[?2004l", 8);
  (void)!write(terminal, "\r\n", 2);
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
  // One that another process sent is no fault to report: a reporter would let the process live.
  if (info->si_code == SI_USER) signal(number, SIG_DFL);
  for (size_t i = 0; i < sizeof crashing / sizeof *crashing; i++) {
    if (crashing[i] == number && info->si_code != SI_USER) {
      sigaction(number, &before_crash[i], NULL);
    }
  }
  // A fault of the processor happens again on return, with its own place and registers.
  if (info->si_code <= 0) raise(number);
}

static void on_stop(int number) {
  int kept = errno;
  bool was_editing = is_editing;
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
  int kept = errno;
  // What is typed must not be shown after a stop, although the shell outside has turned the echo on.
  if (is_hidden && terminal >= 0 && tcgetpgrp(terminal) == getpgrp()) {
    tcsetattr(terminal, TCSANOW, &hidden_modes);
    if (has_screen) (void)!write(terminal, enter_screen, sizeof enter_screen - 1);
    if (has_paste_mode) (void)!write(terminal, "\033[?2004h", 8);
  }
  errno = kept;
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
  if (is_editing || is_hidden || has_screen) restore_terminal();
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

static void note_modes(const struct termios *now) {
  int next = (newest + 1) % (int)(sizeof modes / sizeof *modes);
  modes[next] = *now;
  newest = next;
}

void cel_guard(int descriptor) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  struct termios now;
  if (tcgetattr(descriptor, &now) != 0) return;
  note_modes(&now);
  terminal = descriptor;
  pthread_once(&once, install);
}

void cel_guard_refresh(void) {
  struct termios now;
  if (terminal >= 0 && tcgetattr(terminal, &now) == 0) note_modes(&now);
}

void cel_guard_editing(bool editing, bool paste_mode) {
  has_paste_mode = paste_mode;
  is_editing = editing;
}

bool cel_guards(void) { return terminal >= 0; }

bool cel_hides_typing(void) { return is_hidden; }

bool cel_hide_typing(int descriptor) {
  struct termios hidden;
  // In the background the modes belong to whoever is in front.
  if (tcgetpgrp(descriptor) != getpgrp()) return false;
  if (terminal < 0) cel_guard(descriptor); else cel_guard_refresh();
  if (terminal < 0 || tcgetattr(terminal, &hidden) != 0) return false;
  hidden.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
  if (tcsetattr(terminal, TCSANOW, &hidden) != 0) return false;
  hidden_modes = hidden;
  is_hidden = 1;
  return true;
}

void cel_show_typing(void) {
  is_hidden = 0;
  if (terminal < 0 || tcgetpgrp(terminal) != getpgrp()) return;
  tcsetattr(terminal, TCSADRAIN, &modes[newest]);
}

bool cel_take_screen(void) {
  struct termios now;
  // In the background the modes belong to whoever is in front.
  if (!is_hidden || terminal < 0 || tcgetpgrp(terminal) != getpgrp()) return false;
  if (tcgetattr(terminal, &now) != 0) return false;
  now.c_lflag &= ~(tcflag_t)ICANON;
  now.c_cc[VMIN] = 1;
  now.c_cc[VTIME] = 0;
  if (tcsetattr(terminal, TCSANOW, &now) != 0) return false;
  hidden_modes = now;
  has_screen = 1;
  (void)!write(terminal, enter_screen, sizeof enter_screen - 1);
  return true;
}

void cel_leave_screen(void) {
  if (!has_screen) return;
  has_screen = 0;
  if (terminal < 0 || tcgetpgrp(terminal) != getpgrp()) return;
  (void)!write(terminal, leave_screen, sizeof leave_screen - 1);
  hidden_modes.c_lflag |= ICANON;
  tcsetattr(terminal, TCSANOW, &hidden_modes);
}

void cel_restore_terminal(void) { restore_terminal(); }

void cel_unguard(void) {
  is_editing = is_hidden = 0;
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
  struct sigaction stop = {.sa_handler = SIG_DFL}, mine;
  sigaction(SIGTSTP, NULL, &mine);
  // Whoever started the shell so wants no stops.
  if (mine.sa_handler == SIG_IGN) return;
  continued = 0;
  sigaction(SIGTSTP, &stop, NULL);
  // To the group, as from the terminal: a script around the shell stops with it.
  kill(0, SIGTSTP);
  // Another thread may serve the signal while this one runs on for a moment; it must not touch
  // the terminal before the SIGCONT. A group nobody could wake is never stopped: hence the limit.
  for (int i = 0; !continued && i < 20; i++) poll(NULL, 0, 10);
  sigaction(SIGTSTP, &mine, NULL);
}
