/// What a service itself tells of a connection's credential, asked through DevLake's `proxy/rest`.
///
/// DevLake passes a `GET` on to the service with the stored secret, and back comes the status, the
/// body if it is JSON, and of the header fields those that begin with `x-`.
package struct CredentialReport: Sendable, Equatable {
  /// What is asked for, relative to the connection's endpoint.
  package let path: String
  /// The member that lists all tokens of the user, of which the connection's is one; `nil`: the
  /// answer is about the connection's own token.
  package var list: String?
  /// The member with the day or time the token ends.
  package var expiry: String?
  /// The member that says whether the token was taken back.
  package var revocation: String?
  /// The member with the token's scopes, a list.
  package var scopes: String?
  /// The header field with the token's scopes, joined by commas.
  package var scopesHeader: String?
  /// The object with `limit`, `remaining` and `reset` of the requests, from the outside in.
  package var quota: [String] = []

  /// Creates a credential report with what is asked for; the rest is set as the service has it.
  package init(
    path: String,
    list: String? = nil,
    expiry: String? = nil,
    revocation: String? = nil,
    scopes: String? = nil,
    scopesHeader: String? = nil,
    quota: [String] = []
  ) {
    self.path = path
    self.list = list
    self.expiry = expiry
    self.revocation = revocation
    self.scopes = scopes
    self.scopesHeader = scopesHeader
    self.quota = quota
  }
}

extension PluginDescriptor {
  /// The required scopes that `granted` does not give; a wider one counts for those it includes.
  public func missingScopes(in granted: [String]) -> [String] {
    let covered = Set(granted + granted.flatMap { includedScopes[$0] ?? [] })
    return requiredScopes.filter { !covered.contains($0) }
  }
}
