/// Looks at a DevLake as a whole.
package struct InstanceExamination: Sendable {
  private let client: DevLakeClient

  /// Creates an instance examination with the DevLake.
  package init(of client: DevLakeClient) { self.client = client }

  /// What was found: readiness, a pending migration, the database, what the caller may see.
  package func findings() async -> [Finding] {
    async let ready = readiness()
    async let database = databaseFinding()
    async let access = accessFindings()
    return await [ready] + database + access
  }

  /// The API keys that have ended or soon will; a caller who may not see the keys hears nothing.
  ///
  /// - Parameters:
  ///   - now: The time in seconds since 1970.
  ///   - days: How many days before the end it is told.
  package func keyFindings(now: Int, within days: Int) async -> [Finding] {
    guard let keys = try? await client.apiKeys() else { return [] }
    return keys.compactMap { key in
      guard let day = key.lastDay else { return nil }
      let name = "API key '\(ServerText.line(key.name))'"
      if key.hasEnded(at: now) {
        return Finding(
          .expiry,
          .warning,
          "\(name) has ended (\(day.text))",
          remedy: .deleteKey(key.id)
        )
      }
      let left = day.days(after: now)
      guard left <= days else { return nil }
      let when = left == 0 ? "today" : "in \(left) day\(left == 1 ? "" : "s")"
      return Finding(
        .expiry,
        .warning,
        "\(name) ends \(when) (\(day.text))",
        // The secret of a key can be changed, its end cannot.
        remedy: .replaceKey(allowedPath: key.allowedPath)
      )
    }
  }

  private func readiness() async -> Finding {
    do throws(APIError) {
      guard try await client.isReady() else {
        return Finding(.ready, .error, "DevLake is not ready to serve; look at its log")
      }
      return Finding(.ready, .ok, "DevLake is ready to serve")
    } catch {
      return Finding(
        .ready,
        .note,
        "cannot tell whether DevLake is ready: \(error)"
      )
    }
  }

  /// `/health` asks the database; `/ready` says yes without one (measured).
  private func databaseFinding() async -> [Finding] {
    guard let isHealthy = try? await client.isHealthy() else { return [] }  // config-ui has its own
    return isHealthy
      ? [] : [Finding(.database, .error, Self.databaseAway)]
  }

  private static let databaseAway = "DevLake cannot reach its database; look at its log"

  private func accessFindings() async -> [Finding] {
    do throws(APIError) {
      let count = try await client.plugins().count
      return [
        Finding(.migration, .ok, "no database migration is pending"),
        Finding(.access, .ok, "DevLake grants access; it has \(count) plugins"),
      ]
    } catch {
      var finding = Self.finding(for: error)
      if let help = await client.whatOpensLogin(error) { finding.message += "; \(help)" }
      return [finding]
    }
  }

  /// What keeps the plugins from being seen.
  static func finding(for error: APIError) -> Finding {
    switch error.kind {
    case .migration(let isRunning):
      return Finding(
        .migration,
        .error,
        error.description,
        remedy: isRunning ? .awaitMigration : .migrate
      )
    case .unauthorized(status: 403, let reason):
      return Finding(
        .access,
        .warning,
        "the caller may not see the plugins: \(reason); a key with the allowedPath .* may"
      )
    case .unauthorized(_, let reason): return Finding(.access, .error, reason)
    case .databaseAway: return Finding(.database, .error, databaseAway)
    case .foreign(let reason): return Finding(.reachable, .error, reason)
    default: return Finding(.reachable, .error, error.description)
    }
  }
}

extension Finding {
  /// What is to be said of lists of connections that are not available, those of one reason together.
  public static func failures(of lists: [(plugin: PluginDescriptor, error: APIError)]) -> [Finding]
  {
    var findings: [Finding] = []
    let hidden = lists.filter { $0.error.status == 403 }.map(\.plugin.id)
    if !hidden.isEmpty {
      findings.append(
        Finding(
          .access,
          .warning,
          "the API key may not see the connections of \(hidden.joined(separator: ", ")); one with "
            + "the allowedPath .* may"
        )
      )
    }
    if lists.contains(where: { $0.error.kind == .databaseAway }) {
      findings.append(
        InstanceExamination.finding(for: APIError(.databaseAway, call: "GET connections"))
      )
    }
    if lists.contains(where: \.error.isAboutEncryption) {
      findings.append(
        Finding(
          .database,
          .error,
          "\(APIError.otherEncryption); \(APIError.encryptionHelp)"
        )
      )
    }
    for (plugin, error) in lists
    where error.status != 403 && error.kind != .databaseAway && !error.isAboutEncryption {
      findings.append(
        Finding(
          .list,
          .error,
          plugin: plugin.id,
          "the connections cannot be listed: \(error.description)"
        )
      )
    }
    return findings
  }

  /// That a plugin's secrets are unencrypted in DevLake's database.
  public static func clearSecrets(of plugin: PluginDescriptor) -> Finding {
    Finding(
      .clearSecret,
      .warning,
      plugin: plugin.id,
      "DevLake stores the \(plugin.secretNoun) unencrypted in its database: anyone who can read it or a "
        + "backup of it has the secret"
    )
  }

  /// That a row breaks its plugin's list.
  public static func brokenRow(_ key: ConnectionKey) -> Finding {
    var finding = Finding(
      .brokenRow,
      .error,
      plugin: key.plugin,
      "its secret is too short for DevLake's masking, which breaks the list of \(key.plugin)'s "
        + "connections for everyone",
      remedy: .delete(key, isUnreadable: true)
    )
    finding.id = key.id
    return finding
  }
}
