extension EndpointRules {
  /// The kind of service `endpoint` surely is, by its host; `nil`: it can be any.
  ///
  /// `https://acme.atlassian.net/rest/` is Jira Cloud, whose ``Choice/authMethod`` is BasicAuth.
  public func choice(for endpoint: String) -> Choice? {
    // What is not an address is not a service's.
    guard let host = (try? ServerURL(endpoint))?.host else { return nil }
    return choices.first { $0.hostSuffix.map(host.hasSuffix) ?? false }
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

  /// The endpoint with the usual path behind its own; `nil`: it looks as usual.
  ///
  /// What is there is kept, as a service may live below a path: `https://host/gitlab/` becomes
  /// `https://host/gitlab/api/v4/`; but for the beginning of the usual path itself, as `/api/`.
  public func proposal(for endpoint: String) -> String? {
    guard hint(for: endpoint) != nil, let suffix = usualSuffix,
      let url = try? ServerURL(endpoint)
    else { return nil }
    let usual = suffix.split(separator: "/")
    var path = Self.withSlash(endpoint).dropFirst(url.origin.count).split(separator: "/")
    for count in (1...max(1, usual.count)).reversed()
    where path.count >= count && path.suffix(count).elementsEqual(usual.prefix(count)) {
      path.removeLast(count)
      break
    }
    return url.origin + (path + usual).map { "/" + $0 }.joined() + "/"
  }

  private static func withSlash(_ text: String) -> String {
    text.hasSuffix("/") ? text : text + "/"
  }
}
