import DevLakeKit

extension Failure {
  /// The job went wrong between here and DevLake.
  init(_ error: APIError, doing what: String? = nil) {
    let prefix = what.map { "\($0): " } ?? ""
    self.init(
      Diagnostic(
        code: error.code,
        message: prefix + error.description,
        help: error.help,
        detail: [error.call, error.detail].compactMap(\.self).joined(separator: "\n")
      ),
      exitCode: error.exitCode
    )
    diagnostic.status = error.status
  }
}

extension APIError {
  /// The slug scripts see.
  var code: Diagnostic.Code {
    switch kind {
    case .transport(.cancelled): .interrupted
    case .transport(.timedOut): .timeout
    case .transport(.readOnly): .refused
    case .transport, .migration, .databaseAway, .foreign, .gateway: .unreachable
    case .unauthorized: .unauthorized
    case .noRoute: .notFound
    case .refused(status: 404, _, _): .notFound
    case .refused(status: 409, _, _): .conflict
    case .refused(status: 400, _, _): .invalid
    case .refused, .brokenDown, .unexpected: .refused
    }
  }

  /// The exit code of a command that ends with this.
  var exitCode: ExitCode {
    switch kind {
    case .transport(.cancelled): .interrupted
    case .transport(.timedOut): .timeout
    case .transport(.readOnly): .unasked
    case .transport(.lost), .transport(.garbled), .transport(.tooLarge), .transport(.encoded),
      .transport(.failed):
      .failure
    case .transport, .unauthorized, .migration, .foreign, .gateway, .databaseAway: .unreachable
    case .refused, .noRoute, .brokenDown, .unexpected: .failure
    }
  }
}
