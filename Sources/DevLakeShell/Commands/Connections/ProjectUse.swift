import DevLakeKit
import ShellLanguage

/// The connections a project or a blueprint collects from: `test --project NAME`.
struct ProjectUse {
  /// Which scopes of a connection count.
  enum Scopes: Sendable {
    case all
    case some(Set<String>)

    /// Their ids; `nil`: all of them.
    var ids: Set<String>? { if case .some(let ids) = self { ids } else { nil } }
  }

  private(set) var targets: [ConnectionTarget] = []
  private(set) var scopes: [ConnectionKey: Scopes] = [:]

  /// `nil` where the call names neither.
  init?(_ call: Call, _ session: Session) async throws(Failure) {
    let given = [call.option("project"), call.option("blueprint")].compactMap(\.self)
    guard let name = given.first else { return nil }
    try Self.checkAlone(name, call, isBoth: given.count > 1)
    let isProject = call.option("project") != nil
    let administrator = try await session.administrator()
    let blueprints: [BlueprintUse]
    do throws(APIError) {
      blueprints = try await BlueprintUses(by: administrator).all
    } catch {
      throw Failure(error, doing: "the blueprints")
    }
    let meant = blueprints.filter { blueprint in
      isProject
        ? blueprint.project == name.text
        : blueprint.name == name.text || String(blueprint.id) == name.text
    }
    if meant.isEmpty {
      try await Self.checkExists(name, isProject, blueprints, administrator)
    }
    for use in meant.flatMap(\.connections) { add(use, session) }
  }

  private mutating func add(_ use: BlueprintUse.Use, _ session: Session) {
    let known = scopes[use.key]
    switch (known, use.scopes) {
    case (.some(let ids)?, let more?): scopes[use.key] = .some(ids.union(more))
    case (.all?, _), (_, nil): scopes[use.key] = .all
    case (nil, let ids?): scopes[use.key] = .some(Set(ids))
    }
    guard known == nil else { return }
    targets.append(ConnectionTarget(plugin: session.plugin(use.key.plugin), id: use.key.id))
  }

  private static func checkAlone(
    _ name: ArgumentValue,
    _ call: Call,
    isBoth: Bool
  ) throws(Failure) {
    let others = ["plugin", "id", "where"].contains { call.option($0) != nil }
    guard isBoth || others || !call.all(argument: "SEL").isEmpty else { return }
    throw .usage(
      "a project or a blueprint says itself which connections are meant",
      at: name,
      help: isBoth ? "give one of --project and --blueprint" : "leave out the other selection"
    )
  }

  private static func checkExists(
    _ name: ArgumentValue,
    _ isProject: Bool,
    _ blueprints: [BlueprintUse],
    _ administrator: Administrator
  ) async throws(Failure) {
    if isProject {
      let isThere: Bool
      do throws(APIError) {
        isThere = try await administrator.hasProject(name.text)
      } catch {
        throw Failure(error, doing: "the project")
      }
      if isThere { return }
    }
    let names = blueprints.map { isProject ? $0.project : $0.name }.filter { !$0.isEmpty }
    let what = isProject ? "project" : "blueprint"
    throw .notFound(
      "no \(what) named '\(ServerText.line(name.text))'",
      at: name,
      help: Suggestion.closest(to: name.text, among: names)
        .map { "did you mean '\(ServerText.line($0))'?" }
        ?? "'api /\(what)s' lists them"
    )
  }
}
