extension PluginDescriptor {
  /// The authentication of a new connection for which none is named.
  ///
  /// What is given decides: a user name makes Jira use BasicAuth, an application's id makes GitHub
  /// use AppKey. Else the first that needs nothing but the secret, else the usual one.
  public func authMethod(given fields: some Collection<String>) -> AuthMethod? {
    decidedMethod(given: fields)
      ?? authMethods.first(where: \.identityFields.isEmpty)
      ?? authMethods.first
  }

  /// The authentication that what is given decides for; `nil`: it decides for none.
  public func decidedMethod(given fields: some Collection<String>) -> AuthMethod? {
    // The gateway's id goes with every authentication.
    let deciding = fields.filter { $0 != endpoint?.derivation?.field }
    return authMethods.first { $0.identityFields.contains(where: deciding.contains) }
      ?? authMethods.first { deciding.contains($0.secretField) }
  }

  /// The organization an address names, for plugins with an ``organizationAddress``.
  ///
  /// `https://dev.azure.com/acme/` → `acme`; `nil` when the address is of another host or shape.
  public func organization(inAddress address: String) -> String? {
    guard let organizationAddress,
      address.lowercased().hasPrefix(organizationAddress.lowercased())
    else { return nil }
    let parts = address.dropFirst(organizationAddress.count).split(separator: "/")
    return parts.count == 1 ? String(parts[0]) : nil
  }
}
