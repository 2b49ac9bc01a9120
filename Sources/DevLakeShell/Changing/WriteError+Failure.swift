import DevLakeKit

/// A write that went wrong, with what is known of its effect, in words.
extension Failure {
  /// A creation.
  ///
  /// - Parameters:
  ///   - failure: What the error itself says.
  static func uncreated(
    _ failed: WriteError,
    _ failure: Failure,
    _ name: String,
    of plugin: PluginDescriptor,
    at given: ArgumentValue?
  ) -> Failure {
    var failure = failure
    switch failed.effect {
    case .none: failure.diagnostic.message += "; nothing was created"
    case .notYet:
      failure.leaveUnknown(failed.effect)
      failure.diagnostic.message += "; it is not created yet, but may still be"
      failure.diagnostic.help = "check with 'list --plugin \(plugin.id)' before trying again"
    case .unknown:
      failure.diagnostic.message += "; it is unknown whether the connection was created"
      failure.diagnostic.help = "check with 'list --plugin \(plugin.id)' before trying again"
      failure.leaveUnknown(failed.effect)
    case .nameTaken:
      failure = .conflict(
        "\(failure.diagnostic.message); a connection named \"\(ServerText.line(name))\" exists now",
        at: given,
        help:
          "inspect it with 'show \(plugin.id)/name:\(ServerText.line(name))', or choose another name"
      )
    case .poisoned:
      failure.diagnostic.message =
        "DevLake failed and may have stored a connection that breaks its list"
      failure.diagnostic.help =
        "find it with 'show \(plugin.id)/ID' for the newest ids, and delete it"
    }
    return failure
  }

  /// Nobody can say whether a write is done; one that was looked up in vain is called that.
  mutating func leaveUnknown(_ effect: WriteError.Effect) {
    leavesUnknown = true
    guard effect == .unknown, exitCode != .interrupted else { return }
    diagnostic.code = .unknown
    exitCode = .failure
  }

  /// A change.
  static func unchanged(_ failed: WriteError, _ key: String) -> Failure {
    var failure = Failure(failed.error, doing: key)
    switch failed.effect {
    case .none, .nameTaken, .poisoned: failure.diagnostic.message += "; nothing was changed"
    case .notYet:
      failure.leaveUnknown(failed.effect)
      failure.diagnostic.message += "; it is not changed yet, but may still be"
      failure.diagnostic.help = "check with 'show \(key)' and 'test \(key)'"
    case .unknown:
      failure.diagnostic.message += "; it is unknown whether it was changed"
      failure.diagnostic.help = "check with 'show \(key)' and 'test \(key)'"
      failure.leaveUnknown(failed.effect)
    }
    return failure
  }
}
