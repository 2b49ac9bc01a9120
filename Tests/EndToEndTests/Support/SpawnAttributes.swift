import Glibc

/// How a child is started so that nothing of the test runner's signals reaches it.
///
/// The runner's threads block most signals. A tmux that inherits that cannot be ended, not even by
/// its own `kill-server`.
enum SpawnAttributes {
  /// Runs `body` with attributes that give a child every signal's usual effect.
  static func withFreshSignals<Answer>(
    flags: CInt = 0,
    _ body: (inout posix_spawnattr_t) throws -> Answer
  ) rethrows -> Answer {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var defaults = sigset_t()
    sigfillset(&defaults)
    for signal in [SIGKILL, SIGSTOP] { sigdelset(&defaults, signal) }
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    var mask = sigset_t()
    sigemptyset(&mask)
    posix_spawnattr_setsigmask(&attributes, &mask)
    let all = CInt(POSIX_SPAWN_SETSIGDEF) | CInt(POSIX_SPAWN_SETSIGMASK) | flags
    posix_spawnattr_setflags(&attributes, Int16(all))
    return try body(&attributes)
  }
}
