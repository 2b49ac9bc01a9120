import DevLakeKit
import DevLakeSimulator

@testable import DevLakeShell
@testable import LineEditing

/// A session whose cache holds the simulator's connections, for what completes from it.
@MainActor
struct CompletionFixture {
  let session: Session
  let place: ShellFixture

  var completer: Completer { Completer(session: session, registry: .standard) }

  static func with(
    seed: Seed = .demo,
    faults: [String] = [],
    isConnected: Bool = true,
    _ body: @MainActor (CompletionFixture) async throws -> Void
  ) async throws {
    try await ShellFixture.with(seed: seed, faults: faults) { place in
      let fixture = make(at: place)
      if isConnected { _ = try await fixture.session.survey() }
      try await body(fixture)
    }
  }

  private static func make(at place: ShellFixture) -> CompletionFixture {
    var variables = place.variables
    variables["TEAM_TOKEN"] = "geheim"
    variables["TEAM_NAME"] = "platform"
    variables["HOME"] = place.folder.path
    variables["PATH"] = place.folder.path
    var world = World(
      environment: variables,
      workingDirectory: place.folder.path,
      transport: place.transport
    )
    world.probesLocalAddresses = false
    world.configurationFolder = place.folder.path
    let console = Console(results: CollectedText(), messages: CollectedText())
    let session = Session(
      world: world,
      options: SessionOptions(),
      conversation: ScriptedConversation(console, Settings(), nil)
    )
    return CompletionFixture(session: session, place: place)
  }

  /// What Tab makes of a line with `|` where the cursor is: the lines it may become, `|` again at
  /// the cursor; a blank stands behind a word that is finished.
  func completed(_ marked: String) -> [String] {
    // The last one is the cursor: a pipe is written the same way.
    let cursor = marked.lastIndex(of: "|") ?? marked.endIndex
    let (before, after) = (String(marked[..<cursor]), String(marked[cursor...].dropFirst()))
    let answer = completer.answer(before + after, cursor: before.utf8.count)
    return answer.candidates.map { candidate in
      let bytes = Array((before + after).utf8)
      let start = String(decoding: bytes[..<answer.replaced.lowerBound], as: UTF8.self)
      let end = String(decoding: bytes[answer.replaced.upperBound...], as: UTF8.self)
      return start + candidate.text + (candidate.appendsBlank ? " |" : "|") + end
    }
  }
}
