import DevLakeKit

/// The one question about the deletion of many connections.
///
///     github/2 "GitHub - my-org-labs"
///     jenkins/1 "Jenkins": 1 blueprint
///     left out, as DevLake would not delete it now:
///     github/1 "GitHub - my-org": blueprints list it: 'platform-Blueprint'
///     Delete these 2 connections? Type 2, Enter keeps them:
struct ManyDeletions {
  let session: Session
  let call: Call
  let subjects: [DeletionRun.Subject]

  /// More rows than this push the first ones off the screen.
  private static let mostRows = 40

  /// Asks once.
  ///
  /// - Returns: Those that are left out, with the reason; `nil` when the person keeps all.
  /// - Throws: Where DevLake would delete none of them.
  func ask() async throws(Failure) -> [ConnectionKey: Failure]? {
    let leftOut = leftOut
    let rest = subjects.filter { leftOut[$0.target.key] == nil }
    say(rest.map(Self.line), more: rest.count)
    if !leftOut.isEmpty {
      let them = leftOut.count == 1 ? "it" : "them"
      session.conversation.note("   left out, as DevLake would not delete \(them) now:")
      say(subjects.compactMap(blocked), more: leftOut.count)
      if let help = leftOut.values.compactMap(\.diagnostic.help).first {
        session.conversation.note("   💡 \(help)")
      }
    }
    guard !rest.isEmpty else {
      throw .conflict("DevLake would delete none of these \(subjects.count) connections now")
    }
    if session.scope.answersYes, rest.allSatisfy({ Self.isUnused($0.preview) }) { return leftOut }
    return try await isAgreed(rest.count) ? leftOut : nil
  }

  /// What is told where the person keeps all.
  var kept: CommandResult {
    var entries = subjects.map { target, preview in
      var entry = ChangeReport.Entry(
        plugin: target.plugin.id,
        id: target.id,
        name: target.connection?.name ?? "",
        action: .skipped,
        message: "not confirmed"
      )
      if case .report(let report) = preview { entry.name = report.connection.name }
      return entry
    }
    entries[0].lines = ["Deletion cancelled, all \(entries.count) connections are kept."]
    return ChangeReport(entries: entries, place: session.placeOfChanges).result
  }

  private func isAgreed(_ count: Int) async throws(Failure) -> Bool {
    let what = count == 1 ? "this connection" : "these \(count) connections"
    let with = call.flag("cascade") ? " and what depends on \(count == 1 ? "it" : "them")" : ""
    let question =
      "Delete \(what)\(with)? Type \(count), Enter keeps \(count == 1 ? "it" : "them"): "
    var asked = question
    while true {
      let answer: String?
      do throws(Failure) {
        answer = try await session.conversation.ask(asked)
      } catch {
        throw error.exitCode == .interrupted ? .interrupted.saying("nothing was deleted") : error
      }
      guard let answer, !answer.isEmpty, !["n", "no"].contains(answer.lowercased()) else {
        return false
      }
      if answer == "\(count)" { return true }
      asked = "'\(answer)' is not \(count), the number of what is deleted.\n\(question)"
    }
  }

  private func say(_ rows: [String], more count: Int) {
    for row in rows.prefix(Self.mostRows) { session.conversation.note("   " + row) }
    if count > Self.mostRows { session.conversation.note("   and \(count - Self.mostRows) more") }
  }

  private static func line(_ subject: DeletionRun.Subject) -> String {
    switch subject.preview {
    case .report(let report): report.brief
    case .broken(let key): "\(key), which DevLake cannot show"
    }
  }

  private func blocked(_ subject: DeletionRun.Subject) -> String? {
    guard case .report(let report) = subject.preview, !report.blockers(of: call).isEmpty else {
      return nil
    }
    return "\(report.title): \(report.impact.obstacles)"
  }

  private static func isUnused(_ preview: ImpactReport.Preview) -> Bool {
    guard case .report(let report) = preview else { return false }
    return !report.impact.isUsed && !report.impact.isPartial
  }

  private var leftOut: [ConnectionKey: Failure] {
    var leftOut: [ConnectionKey: Failure] = [:]
    for (target, preview) in subjects {
      guard case .report(let report) = preview else { continue }
      let blockers = report.blockers(of: call)
      guard !blockers.isEmpty else { continue }
      var help: String?
      if blockers == [.runningPipeline] {
        help = "try again when it has finished, or use --wait"
      } else if !blockers.contains(.impossible) {
        help = "--cascade deletes a connection with what depends on it"
      }
      leftOut[target.key] = .conflict(
        "\(target.key) was not deleted: \(report.impact.obstacles)",
        help: help
      )
    }
    return leftOut
  }
}
