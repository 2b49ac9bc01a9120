import DevLakeKit

extension Failure {
  /// The job went wrong between here and DevLake.
  init(_ error: APIError, doing what: String? = nil) {
    let prefix = what.map { "\($0): " } ?? ""
    self.init(
      Diagnostic(
        code: error.code,
        message: prefix + error.description,
        help: error.optionHelp ?? error.help,
        detail: [error.call, error.detail].compactMap(\.self).joined(separator: "\n")
      ),
      exitCode: error.exitCode
    )
    diagnostic.status = error.status
  }
}

extension APIError {
  /// What to try where an option or a command helps; `nil` where DevLakeKit's own words say all.
  fileprivate var optionHelp: String? {
    switch kind {
    case .transport(.unresolved), .transport(.refused), .transport(.unconnectable):
      "check the URL, or name another with --url"
    case .transport(.timedOut): "try again, or wait longer with --timeout SECONDS"
    case .transport(.noDescriptors):
      "allow more of them: 'ulimit -n 1024' before the shell is started"
    case .transport(.tls(.unknownAuthority(_, nil))):
      "name the certificate of that CA with --ca-cert FILE"
    case .transport(.tls(.unknownAuthority(let issuer, _?))):
      "name the certificate of \(issuer.map { "'\($0)'" } ?? "the CA that signed it") with --ca-cert FILE"
    case .migration(isRunning: false): "run 'connect --migrate', or open config-ui and confirm it"
    case .unauthorized(status: 401, _):
      "give --api-key REF, or --user NAME --password REF where a gateway asks for them"
    default: nil
    }
  }

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

extension LoginAdvice {
  /// The advice with the options that follow it.
  var options: String {
    switch self {
    case .forwardedUser:
      "update DevLake, or reach it through a proxy that logs people in: "
        + "--header 'X-Forwarded-User: NAME' --header 'X-Forwarded-User-Secret: env:NAME'"
    case .keyFromBrowser:
      "log in with a browser and make an API key there, then give it with --api-key REF"
    case .setup:
      "\(self); give a key with --api-key REF, headers with --header or in instances.yaml"
    }
  }
}
