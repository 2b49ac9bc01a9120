/// An endpoint that follows from another field of the connection.
///
/// Jira's OAuth2 connections go through Atlassian's gateway: DevLake makes the endpoint of the
/// `cloudId` and ignores any other that is sent, with status 200 (measured).
package struct EndpointDerivation: Sendable, Equatable {
  /// The authentication with which DevLake makes the endpoint itself.
  package let authMethod: String
  /// The field it is made of.
  package let field: String
  /// What is before the field's value.
  package let prefix: String
  /// What is behind it.
  package let suffix: String

  /// Creates an endpoint derivation with the authentication, the field, and what is around its value.
  package init(authMethod: String, field: String, prefix: String, suffix: String) {
    self.authMethod = authMethod
    self.field = field
    self.prefix = prefix
    self.suffix = suffix
  }

  /// The endpoint of an id: letters, digits and hyphens, at most 64, blanks around them dropped.
  package func endpoint(for id: String) throws(FieldMistake) -> String {
    prefix + (try checked(id)) + suffix
  }

  /// The id without blanks around it.
  package func checked(_ id: String) throws(FieldMistake) -> String {
    let bare = String(id.trimmingBlanks)
    guard (1...64).contains(bare.utf8.count),
      bare.utf8.allSatisfy({ byte in
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
          || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
          || byte == UInt8(ascii: "-")
      })
    else {
      throw .wrongKind(
        field: field,
        wanted: "up to 64 letters, digits and hyphens, not '\(ServerText.line(id))'"
      )
    }
    return bare
  }
}
