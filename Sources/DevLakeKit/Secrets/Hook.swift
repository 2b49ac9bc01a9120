/// A command of the person's that is run when something is done: it reads nothing, writes to standard
/// error, and is ended with all its children when its time is over.
package struct Hook: Sendable {
  private let command: SecretCommand

  /// Takes the command for `/bin/sh`.
  ///
  /// - Parameters:
  ///   - command: Its text.
  ///   - environment: All of its variables.
  ///   - folder: Where it runs.
  ///   - deadline: How long it may take.
  package init(
    command: String,
    environment: [String: String],
    folder: String,
    deadline: Duration
  ) {
    self.command = SecretCommand(
      // What it says is no result of the shell's.
      text: Secret("exec 1>&2\n" + command),
      sources: SecretSources(
        environment: environment,
        workingDirectory: folder,
        commandDeadline: deadline
      )
    )
  }

  /// Runs it.
  ///
  /// - Returns: Why it failed; `nil` when it did not.
  package func run() async -> String? {
    do throws(SecretReferenceError) {
      _ = try await command.run()
      return nil
    } catch {
      return error.description.replacing("the command of cmd:", with: "the command")
    }
  }
}
