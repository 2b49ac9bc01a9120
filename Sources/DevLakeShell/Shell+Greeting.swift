import DevLakeKit
import LineEditing
import ShellLanguage

/// What a person is told of DevLake when their session begins.
extension Shell {
  /// One line on where the person is; a DevLake that is away is said, and the shell goes on.
  ///
  /// What takes longer than a moment is told above the line the person has begun to type.
  func greet(_ lines: any LineSource) async {
    let hello = "devlake-shell \(Self.version) · "
    let conversation = session.conversation
    let start: Result<StartupProbe.Start, Failure> = await interrupts.cancellable { [session] in
      // Where no address was given, a DevLake is looked for; one that hangs is passed over.
      let hurried = session.scoped { $0.timeout = .seconds(3) }
      conversation.progress?.begin()
      defer { conversation.progress?.end() }
      do throws(Failure) {
        return .success(try await hurried.startupProbeStart())
      } catch {
        return .failure(error)
      }
    }
    guard case .success(let start) = start else {
      if case .failure(let failure) = start { conversation.note(hello + Self.words(failure)) }
      return
    }
    let startupProbe = StartupProbe(
      at: start,
      parallel: session.settings.parallel,
      limit: session.settings.timeout ?? .seconds(10),
      generation: session.inventory.generation
    )
    session.server.begin(startupProbe)
    let (mailbox, medium) = (lines.mailbox, interpreter.saying)
    let isQuiet = session.settings.isQuiet
    let outcome = startupProbe.wait(mailbox == nil ? .seconds(10) : .milliseconds(300)) { outcome in
      // A failed look is told by the greeting itself.
      let warning = try? outcome.get().survey.warning
      let texts = [warning.map { "warning: \($0)" }, Self.words(outcome)].compactMap(\.self)
      guard !isQuiet else {
        mailbox?.refreshHint()
        return
      }
      for text in texts { mailbox?.post(medium.rows(text).joined(separator: "\n")) }
    }
    session.takeStartupProbe()
    guard let outcome else {
      let place =
        switch start {
        case .found(let found): "\(found.url) (\(found.source))"
        case .address(let client, let source): "\(client.baseURL) (\(source))"
        }
      return conversation.note(hello + "asking \(place)")
    }
    // A failed look is told by the greeting itself.
    if let warning = try? outcome.get().survey.warning { conversation.warn(warning) }
    conversation.note(hello + Self.words(outcome))
  }

  nonisolated private static func words(_ outcome: StartupProbe.Outcome) -> String {
    switch outcome {
    case .success(let found):
      let (instance, inventory) = found
      return "DevLake \(instance.version) at \(instance.url) (\(instance.source)) · "
        + "\(inventory.connections.count) connections" + missing(from: inventory)
    case .failure(let failure): return words(failure)
    }
  }

  nonisolated private static func words(_ failure: Failure) -> String {
    "not connected: \(failure.diagnostic.message)"
      + (failure.diagnostic.help.map { "; \($0)" } ?? "")
  }

  /// The plugins whose connections are not among those counted.
  nonisolated private static func missing(from inventory: Survey) -> String {
    guard !inventory.failures.isEmpty else { return "" }
    return " (without \(inventory.failures.map(\.plugin.id).joined(separator: ", ")))"
  }
}
