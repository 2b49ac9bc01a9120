import DevLakeKit

/// What the process's options say about the session.
struct SessionOptions: Sendable {
  var settings = Settings()
  var url: ServerURL?
  var instanceName: String?
  var apiKey: String?
  var user: String?
  var password: String?
  var headers: [String] = []
  var certificateFile: String?
  var isInsecure = false
  var envFile: String?
  var answersYes = false
  var isRestricted = false
  /// Whether nothing is sent that may change a DevLake.
  var isReadOnly = false
  var isNonInteractive = false
  var requiresAudit = false
  /// Whether it is one of several that are asked at once: nothing meant for one DevLake is shown to it
  /// but what its own entry names.
  var isFleetMember = false
  /// Whether a program decides what is asked, and not who started the shell: it only reads, and
  /// references in what it gives are not followed.
  var isAgent = false
}
