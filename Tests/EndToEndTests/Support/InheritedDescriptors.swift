import Foundation
import Glibc

/// Keeps the runner's descriptors from its children.
///
/// Sockets of simulators among them: a connection that a child of another test holds open does not
/// end when the simulator closes it.
enum InheritedDescriptors {
  /// Closes all but the standard streams in the child; comes after every other action.
  static func close(in actions: inout posix_spawn_file_actions_t) {
    // Unreadable: then nothing is known of, and the standard ones stay.
    let open = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
    // Some more, as other tests go on meanwhile; to close what is not open is no failure.
    let last = (open.compactMap { CInt($0) }.max() ?? 2) + 64
    for descriptor in 3...max(3, last) {
      posix_spawn_file_actions_addclose(&actions, descriptor)
    }
  }
}
