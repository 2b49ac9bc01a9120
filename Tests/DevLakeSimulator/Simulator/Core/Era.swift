/// Which DevLake is played.
public enum Era: String, Sendable, CaseIterable {
  /// The server of May 2026: 38 plugins, commit 420e494b.
  case may2026 = "2026-05"
  /// The server of September 2026: 46 plugins, Jira with OAuth2, the login door.
  case september2026 = "2026-09"
}
