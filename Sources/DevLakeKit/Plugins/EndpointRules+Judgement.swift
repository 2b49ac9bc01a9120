extension EndpointRules {
  /// The kind of service `endpoint` surely is, by its host; `nil`: it can be any.
  ///
  /// `https://acme.atlassian.net/rest/` is Jira Cloud, whose ``Choice/authMethod`` is BasicAuth.
  public func choice(for endpoint: String) -> Choice? {
    let host = Self.host(of: endpoint)
    return choices.first { choice in
      guard let suffix = choice.hostSuffix else { return false }
      return host.hasSuffix(suffix)
    }
  }

  /// What may be wrong with an endpoint whose test failed; `nil`: it looks as usual.
  ///
  /// Not an error: proxies and gateways serve an API under any path.
  public func hint(for endpoint: String) -> String? {
    guard let usualSuffix else { return nil }
    let known = ([standard] + choices.map(\.endpoint)).compactMap { $0.map(Self.withSlash) }
    let complete = Self.withSlash(endpoint)
    guard !known.contains(complete), !complete.hasSuffix(Self.withSlash(usualSuffix)) else {
      return nil
    }
    return "the endpoint usually ends in '\(usualSuffix)'"
  }

  /// The endpoint with the usual path in place of its own; `nil`: it looks as usual.
  public func proposal(for endpoint: String) -> String? {
    guard hint(for: endpoint) != nil, let suffix = usualSuffix,
      let scheme = endpoint.firstRange(of: "://")
    else { return nil }
    let host = endpoint[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" }
    return endpoint[..<scheme.upperBound] + host + suffix
  }

  private static func withSlash(_ text: String) -> String {
    text.hasSuffix("/") ? text : text + "/"
  }

  /// The host in lower case, without the port.
  private static func host(of endpoint: String) -> String {
    let lowered = endpoint.lowercased()
    let scheme = ["https://", "http://"].first(where: lowered.hasPrefix) ?? ""
    return String(lowered.dropFirst(scheme.count).prefix { $0 != "/" && $0 != ":" })
  }
}
