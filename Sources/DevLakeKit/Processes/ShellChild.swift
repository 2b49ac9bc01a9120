internal import CSpawn

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A command for `/bin/sh`, and how it is started: every child of the shell is, in this one place.
///
/// It reads `/dev/null` by default, has no descriptor of ours but its standard streams, and finds no
/// signal blocked or ignored, as it would at a prompt. What ends this process ends it too, SIGKILL
/// included, until ``forget()``.
package struct ShellChild: Sendable {
  /// The processes it is one of.
  package enum Group: Sendable {
    /// Ours: on a terminal it is in the foreground.
    case ours
    /// A group of its own, so that a signal reaches all of it.
    case own
    /// A session of its own, without the terminal: what asks fails at once instead of being stopped.
    case session
  }

  /// What the shell is to run.
  package let command: String
  /// All of its variables.
  package let environment: [String: String]
  /// Where it runs; `nil`: where we do.
  package var folder: String?
  package var group = Group.own
  /// The descriptor it reads; `nil`: `/dev/null`.
  package var input: Int32?
  /// The descriptor it writes to; `nil`: where we write.
  package var output: Int32?
  /// The descriptor of the terminal that is the child's from its start; only with a group of its own.
  package var terminal: Int32?

  package init(command: String, environment: [String: String]) {
    self.command = command
    self.environment = environment
  }

  /// Starts it; `id` is its number then.
  ///
  /// - Returns: 0, or why it could not be started as `errno` has it.
  package func start(_ id: inout Int32) -> Int32 {
    // C keeps pointers, so everything it is given lives until it returns.
    // The command may begin with a dash, which is not an option of sh.
    let words = ["/bin/sh", "-c", "--", command]
    let arguments = words.map { strdup($0) as UnsafeMutablePointer<CChar>? }
    let variables = environment.map { strdup("\($0)=\($1)") as UnsafeMutablePointer<CChar>? }
    let place = folder.flatMap { strdup($0) }
    defer {
      for copy in arguments + variables { free(copy) }
      free(place)
    }
    return (arguments + [nil]).withUnsafeBufferPointer { words in
      (variables + [nil]).withUnsafeBufferPointer { variables in
        var request = csp_request()
        request.path = UnsafePointer(arguments[0])
        request.arguments = words.baseAddress
        request.variables = variables.baseAddress
        request.folder = UnsafePointer(place)
        request.input = input ?? -1
        request.output = output ?? -1
        request.error = -1
        request.terminal = terminal ?? -1
        return csp_spawn(&id, request, group.kin)
      }
    }
  }
}

/// What children are told.
package enum ChildSignals {
  /// A child is told no more; to be called while its number is surely still its own.
  ///
  /// Does not return where the child has ended of what ends this process: nothing is said about it.
  ///
  /// - Parameter target: The child, or its group as a negative number.
  package static func forget(_ target: Int32) {
    csp_forget(abs(target), target < 0 ? CSP_OWN_GROUP : CSP_OUR_GROUP)
  }
}

/// What is kept from whoever may look at the memory of this process.
package enum ProcessMemory {
  /// Forbids core dumps, and other processes of the same user to look: there are secrets in it.
  package static func keepToItself() { csp_forbid_dumps() }
}

extension ShellChild.Group {
  fileprivate var kin: csp_kin {
    switch self {
    case .ours: CSP_OUR_GROUP
    case .own: CSP_OWN_GROUP
    case .session: CSP_OWN_SESSION
    }
  }
}
