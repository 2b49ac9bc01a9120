#ifndef CSPAWN_H
#define CSPAWN_H

#include <stdbool.h>
#include <sys/types.h>

/// What a child is started with.
struct csp_request {
  /// The program's path, its arguments and its variables; both lists end with NULL.
  const char *path;
  char *const *arguments;
  char *const *variables;
  /// The folder it starts in; NULL: ours.
  const char *folder;
  /// The descriptors that become its standard streams; -1: /dev/null for input, ours for the others.
  int input, output, error;
  /// A descriptor of the terminal that becomes the child's before it runs, with a group of its own;
  /// -1: none does.
  int terminal;
};

/// The processes a child is one of.
enum csp_kin {
  /// Ours: on a terminal it is in the foreground.
  CSP_OUR_GROUP,
  /// A group of its own, so that a signal reaches all of it.
  CSP_OWN_GROUP,
  /// A session of its own, without a terminal.
  CSP_OWN_SESSION,
};

/// Starts a child, which has no descriptor of ours but its standard streams, no signal blocked and
/// none ignored. Returns 0, or why it could not be started as errno has it.
///
/// What ends this process ends the child too, until `csp_forget`.
int csp_spawn(pid_t *id, struct csp_request request, enum csp_kin kin);

/// Hands nothing on to a child any more; to be called while its number is surely still its own.
/// Does not return where the child has ended of what ends this process.
void csp_forget(pid_t id, enum csp_kin kin);

/// Keeps the memory of this process, which has secrets in it, out of core dumps and from other
/// processes of the same user.
void csp_forbid_dumps(void);

#endif
