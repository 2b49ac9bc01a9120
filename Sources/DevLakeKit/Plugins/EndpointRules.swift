/// What the endpoint of a plugin's connections must look like.
///
/// DevLake itself accepts any text (measured); these rules keep the common mistakes from being
/// sent. What is only a likely mistake is a hint after a failed test.
public struct EndpointRules: Sendable, Equatable {
  /// The endpoint used when none is given; `nil`: one must be given.
  public var standard: String?
  /// How one looks, for messages.
  public var example: String
  /// How it must end, for example `/rest/`; without it no request could work.
  public var requiredSuffix: String?
  /// What it must not contain, for example `/api` (DevLake refuses it for Jenkins).
  public var forbiddenPart: String?
  /// How it usually ends; said after a failed test only.
  public var usualSuffix: String?
  /// Whether a missing final `/` is added.
  public var endsInSlash: Bool
  /// What to offer a person, in order; empty when ``standard`` is all there is.
  public var choices: [Choice]
  /// Where the endpoint follows from another field; `nil`: nowhere.
  package var derivation: EndpointDerivation?

  /// One kind of service a person can choose, such as cloud or own server.
  public struct Choice: Sendable, Equatable {
    /// What a menu shows, for example `GitHub Enterprise Server`.
    public let label: String
    /// The endpoint it means; `nil`: the person gives one.
    public let endpoint: String?
    /// The authentication it needs, where that differs.
    public let authMethod: String?
    /// How the names of its hosts end, for example `.atlassian.net`; such an endpoint is surely of
    /// this kind.
    public let hostSuffix: String?
    /// How its endpoints look; `nil`: as those of the others.
    public let example: String?
    /// Whether the service has organizations, and a connection is to one of them.
    public var needsOrganization = false
    /// Whether its endpoint follows from a field such as a region, whatever the authentication.
    public var isGateway = false

    /// Creates a choice with the label and what it means.
    public init(
      _ label: String,
      endpoint: String? = nil,
      example: String? = nil,
      authMethod: String? = nil,
      hostSuffix: String? = nil,
      needsOrganization: Bool = false,
      isGateway: Bool = false
    ) {
      self.needsOrganization = needsOrganization
      self.isGateway = isGateway
      self.label = label
      self.endpoint = endpoint
      self.example = example
      self.authMethod = authMethod
      self.hostSuffix = hostSuffix
    }
  }

  /// Creates endpoint rules with the usual endpoint, or an example where there is none, and the rules.
  package init(
    standard: String? = nil,
    example: String? = nil,
    requiredSuffix: String? = nil,
    forbiddenPart: String? = nil,
    usualSuffix: String? = nil,
    endsInSlash: Bool = true,
    choices: [Choice] = [],
    derivation: EndpointDerivation? = nil
  ) {
    self.standard = standard
    self.example = example ?? standard ?? "https://host/"
    self.requiredSuffix = requiredSuffix
    self.forbiddenPart = forbiddenPart
    self.usualSuffix = usualSuffix
    self.endsInSlash = endsInSlash
    self.choices = choices
    self.derivation = derivation
  }
}

/// Why an endpoint is not accepted; the sentence says what to write.
public struct EndpointMistake: Error, Equatable, CustomStringConvertible {
  /// What is wrong, one line.
  public let description: String
}

extension EndpointRules {
  /// Checks `text`, as ``normalized(_:)`` does.
  public func check(_ text: String) throws(FieldMistake) {
    do throws(EndpointMistake) {
      _ = try normalized(text)
    } catch {
      throw .endpoint(error)
    }
  }

  /// Checks `text` and completes it.
  ///
  /// - Returns: The endpoint to send, with the final `/` where the plugin wants one.
  /// - Throws: ``EndpointMistake``: no `http://` or `https://`, blanks, no host, no port where one
  ///   stands, a missing ``requiredSuffix`` or a ``forbiddenPart``.
  public func normalized(_ text: String) throws(EndpointMistake) -> String {
    try checkAddress(text)
    let complete = endsInSlash && !text.hasSuffix("/") ? text + "/" : text
    if let forbiddenPart, complete.contains(forbiddenPart) {
      throw EndpointMistake(
        description: "the endpoint '\(text)' must not contain '\(forbiddenPart)'; "
          + "write it like \(example)"
      )
    }
    if let requiredSuffix, !complete.hasSuffix(requiredSuffix) {
      throw EndpointMistake(
        description: "the endpoint '\(text)' does not end in '\(requiredSuffix)'; "
          + "write it like \(example)"
      )
    }
    return complete
  }

  /// Scheme, host and port; what is behind them is between DevLake and the service.
  private func checkAddress(_ text: String) throws(EndpointMistake) {
    let problem: String
    do throws(ServerURLMistake) {
      guard try ServerURL(text).credentials != nil else { return }
      problem = "contains a user name or password; remove it from the URL"
    } catch {
      switch error.fault {
      // DevLake converts a name that is not ASCII.
      case .query, .fragment, .path, .nonASCII: return
      case .blanks: problem = "contains spaces; write it like \(example)"
      case .scheme:
        problem = "'\(text)' does not start with https:// or http://; write it like \(example)"
      case .noHost: problem = "'\(text)' has no host; write it like \(example)"
      case .at, .credentials:
        problem =
          ServerURL.credentials(in: text[...]) == nil
          ? "cannot be used: '@' after the host; write it like \(example)"
          : "contains a user name or password; remove it from the URL"
      case .backslash, .host, .port:
        problem =
          (error.shown.map { "'\($0)' " } ?? "")
          + "cannot be used: \(error.reason); write it like \(example)"
      }
    }
    throw EndpointMistake(description: "the endpoint \(problem)")
  }
}
