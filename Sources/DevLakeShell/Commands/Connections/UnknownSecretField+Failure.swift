import DevLakeKit

extension Failure {
  /// The field a secret belongs in is not known; nothing was sent.
  init(_ error: UnknownSecretField, at given: ArgumentValue? = nil) {
    self.init(
      Diagnostic(
        code: .refused,
        message: error.description,
        span: given?.span,
        source: given?.source,
        help: error.usesHeaders
          ? "name it: 'update \(error.key) --header-secret NAME=REF'"
          : "name the field: 'update \(error.key) --field \(error.candidates.first ?? "NAME")=REF'"
      ),
      exitCode: .failure
    )
  }

  /// DevLake would lose or confuse the secrets it has.
  static func obstacle(_ reason: String, to key: ConnectionKey, at place: ArgumentValue?) -> Failure
  {
    .conflict(
      "\(key): \(reason)",
      at: place,
      help: "--token REF sets a new secret, --token TOKEN,TOKEN several"
    )
  }
}

extension Signature.Option {
  /// Where the new secret belongs, of connections whose plugin the catalog does not know.
  static let secretField = Signature.Option(
    name: "secret-field",
    kind: .text,
    placeholder: "NAME",
    help: "DevLake's name of the field the secret belongs in, where the catalogue does not know"
  )
}
