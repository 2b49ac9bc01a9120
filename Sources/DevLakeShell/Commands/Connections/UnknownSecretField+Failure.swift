import DevLakeKit

extension Failure {
  /// The field a secret belongs in is not known; nothing was sent.
  init(_ error: UnknownSecretField, at given: Given? = nil) {
    self.init(
      Diagnostic(
        code: .refused,
        message: error.description,
        span: given?.span,
        source: given?.source,
        help: error.help
      ),
      exitCode: .failure
    )
  }
}

extension Signature.Option {
  /// Where the new secret belongs, of connections whose plugin the catalogue does not know.
  static let secretField = Signature.Option(
    name: "secret-field",
    kind: .text,
    placeholder: "NAME",
    help: "DevLake's name of the field the secret belongs in, where the catalogue does not know"
  )
}
