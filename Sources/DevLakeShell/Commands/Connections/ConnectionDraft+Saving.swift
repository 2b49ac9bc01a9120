import DevLakeKit

extension ConnectionDraft {
  /// What the test of the unsaved connection gets.
  var testBody: RequestBody {
    var body = body
    if !plugin.test.needsName { body["name"] = nil }
    return body
  }

  /// What would be sent, in order.
  func requests(tests: Bool) -> [(method: String, path: String, body: RequestBody?)] {
    var requests: [(method: String, path: String, body: RequestBody?)] = []
    if tests, plugin.test.isAvailable {
      requests.append(("POST", "/plugins/\(plugin.id)/test", testBody))
    }
    requests.append(("POST", "/plugins/\(plugin.id)/connections", body))
    return requests
  }

  /// The fields of the new connection, all of them changed.
  var changes: [FieldChange] {
    body.members.map { member in
      switch member.value {
      case .secret: FieldChange(field: member.name, before: .null, after: "***")
      // A proxy's URL may hold a password.
      case .json(let value):
        FieldChange(
          field: member.name,
          before: .null,
          after: value.string.map { .string(ServerText.withoutCredentials($0)) } ?? value
        )
      }
    }
  }
}

extension ConnectionDraft {
  /// The connection of that name, if DevLake has one; names that differ by trailing blanks count as
  /// the same, as on MySQL, and one that differs by letter case is warned about.
  func existing() async throws(Failure) -> Connection? {
    let connections = try await session.connections(of: plugin, at: call.option("plugin"))
    if let found = connections.first(where: { ConnectionName.collides($0.name, name) }) {
      return found
    }
    if let near = connections.first(where: { ConnectionName.resembles($0.name, name) }) {
      session.conversation.warn(
        "\(near.key) is named \"\(ServerText.line(near.name))\", which differs by letter case only"
      )
    }
    return nil
  }

  func nameTaken(by existing: Connection) -> Failure {
    .conflict(
      "\(existing.key) is named \"\(ServerText.line(existing.name))\" already",
      at: call.option("name") ?? call.whole,
      help: "choose another name with --name, or give --if-not-exists"
    )
  }

  func skipped(_ existing: Connection) -> ChangeReport.Entry {
    ChangeReport.Entry(
      plugin: plugin.id,
      id: existing.key.id,
      name: existing.name,
      action: .skipped,
      message: "it exists",
      lines: ["✅ \(existing.key) \"\(existing.name)\" exists, nothing to do"]
    )
  }

  /// A test that failed: nothing is saved.
  func untested(_ verdict: Verdict, _ lines: [String]) -> CommandResult {
    var entry = ChangeReport.Entry(
      plugin: plugin.id,
      name: name,
      action: .failed,
      message: verdict.message,
      lines: lines
    )
    entry.test = verdict
    entry.failure = Failure(
      Diagnostic(
        code: .testFailed,
        message: "nothing was saved: \(verdict.message)",
        help: verdict.hint
      ),
      exitCode: .failure
    )
    entry.notes = verdict.hint.map { ["   💡 \($0)"] } ?? []
    entry.notes.append("   nothing was saved; --no-test saves without a test")
    session.audit(entry, command: call.signature.name)
    return ChangeReport(entries: [entry], place: session.placeOfChanges).result
  }

  func refused(_ error: APIError) -> Failure {
    if error.kind == .noRoute { return session.listFailure(error, plugin, call.option("plugin")) }
    return Failure(error, doing: plugin.id)
  }

  /// What becomes of it when all goes well.
  var entry: ChangeReport.Entry {
    ChangeReport.Entry(plugin: plugin.id, name: name, action: .created, changes: changes)
  }

  /// Saves it, notes that in the audit log, and says in words what became of it when DevLake did not.
  func save(_ administrator: Administrator) async throws(Failure) -> Written {
    do throws(WriteError) {
      let written = try await administrator.create(body, of: plugin)
      var entry = entry
      entry.id = written.connection.key.id
      entry.name = written.connection.name
      session.audit(entry, command: call.signature.name)
      return written
    } catch {
      let failure = await failure(error)
      session.audit(failure, of: entry, command: call.signature.name)
      throw failure
    }
  }

  private func failure(_ failed: WriteError) async -> Failure {
    if case .poisoned = failed.effect {
      var failure = await session.brokenListFailure(failed.error, plugin)
      failure.diagnostic.message =
        "DevLake broke down and has stored a connection that breaks its list: "
        + failure.diagnostic.message
      return failure
    }
    return .uncreated(
      failed,
      refused(failed.error),
      name,
      of: plugin,
      at: call.option("name") ?? call.whole
    )
  }
}
