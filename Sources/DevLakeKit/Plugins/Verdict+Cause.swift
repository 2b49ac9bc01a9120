extension Verdict {
  /// Why a test failed, as far as DevLake's words and status tell.
  public enum Cause: String, Sendable {
    case nameResolution = "name-resolution"
    /// No connection to the host.
    case connection
    case tls
    case proxy
    /// The service does not know the credential.
    case credential
    /// The service knows it and does not allow what is needed.
    case permission
    /// What answers is not the API that is meant.
    case endpoint
    /// The App has no installation of that number.
    case installation
    case rateLimit = "rate-limit"
    /// The service is in trouble itself.
    case service
    /// DevLake cannot decrypt the credential it stored.
    case encryption
    /// No answer came.
    case timeout
    case unknown
  }
}

extension Verdict.Cause {
  /// Finds the cause by the plugin's own rules, then by DevLake's words and the status.
  ///
  /// - Parameters:
  ///   - status: What DevLake answered, or noted behind its sentence.
  ///   - text: DevLake's message, cleaned.
  ///   - whole: The same with every line of it.
  init(status: Int, text: String, whole: String, of test: TestBehaviour) {
    if let cause = Self.way(text) {
      self = cause
      return
    }
    let lines = [text[...]] + whole.split(separator: "\n")
    let sentence = test.sentences.first { sentence in
      lines.contains { $0.hasPrefix(sentence.beginning) }
    }
    switch sentence?.meaning {
    case .credential, .identity: self = .credential
    case .permission: self = .permission
    case .endpoint: self = .endpoint
    case .nameResolution: self = .nameResolution
    case .connection: self = .connection
    case .fields: self = .unknown
    case .status: self.init(status)
    case nil:
      if let number = Self.number(in: whole, after: test.statusMarkers) {
        self.init(number)
      } else if let cause = Self.listed(in: whole, after: test.statusMarkers) {
        self = cause
      } else {
        self.init(status: status, text: text)
      }
    }
  }

  /// What kept DevLake from reaching the service, as its own first words tell.
  private static func way(_ text: String) -> Verdict.Cause? {
    let beginnings: [(String, Verdict.Cause)] = [
      ("Failed to resolve DNS", .nameResolution), ("Invalid URL", .endpoint),
    ]
    return beginnings.first { text.hasPrefix($0.0) }?.1
  }

  /// What a status of the service means.
  init(_ status: Int) {
    switch status {
    case 400, 401: self = .credential
    case 403: self = .permission
    case 404, 410: self = .endpoint
    case 429: self = .rateLimit
    case 500...: self = .service
    default: self = .unknown
    }
  }

  private static func number(in text: String, after markers: [String]) -> Int? {
    for marker in markers {
      guard let found = text.firstRange(of: marker) else { continue }
      let digits = text[found.upperBound...].prefix { $0.isASCII && $0.isNumber }
      if digits.count == 3 { return Int(digits) }
    }
    return nil
  }

  /// The word behind a marker where a line for each of several endpoints says why.
  private static func listed(in text: String, after markers: [String]) -> Verdict.Cause? {
    for marker in markers {
      guard let found = text.firstRange(of: marker) else { continue }
      let rest = text[found.upperBound...]
      if rest.hasPrefix("unauthorized") { return .credential }
      if rest.hasPrefix("forbidden") { return .permission }
    }
    return nil
  }

  /// Finds the cause in DevLake's message and the status that goes with it.
  ///
  /// DevLake's words come first: its own 500 stands over a name that was not found (measured).
  init(status: Int, text: String) {
    let text = text.lowercased()
    func says(_ words: String...) -> Bool { words.contains { text.contains($0) } }
    if says("resolve dns", "no such host") {
      self = .nameResolution
    } else if says("proxyconnect", "socks connect") || (says("fail to connect to") && says(" via "))
    {
      self = .proxy
    } else if says("x509", "certificate", "tls:", "http response to https client") {
      self = .tls
    } else if says("failed to connect", "connection refused", "connection reset", "i/o timeout")
      || says("no route to host", "network is unreachable") || text.hasSuffix(": eof")
    {
      self = .connection
    } else if says(
      "raw response",
      "invalid character",
      "looking for beginning of value",
      "unsupported protocol scheme",
      "invalid url",
      "unexpected end of json"
    ) {
      self = .endpoint
    } else {
      self.init(status: Self.quoted(in: text) ?? status, words: text)
    }
  }

  private init(status: Int, words text: String) {
    func says(_ words: String...) -> Bool { words.contains { text.contains($0) } }
    switch status {
    case 429: self = .rateLimit
    case 404, 410: self = .endpoint
    case _ where says("missing", "scope", "permission", "forbidden"), 403: self = .permission
    case 400, 401: self = .credential
    case _ where says("unauthorized", "credential", "did not accept"): self = .credential
    case 502...504: self = .service
    case 500... where says("status code", "stub says", "answered 5"): self = .service
    default: self = .unknown
    }
  }

  /// The service's status where DevLake quotes it: `unexpected status code: 403`, `… (502)`.
  static func quoted(in text: String) -> Int? {
    for marker in ["status code: ", "status code ", "code: "] {
      guard let found = text.firstRange(of: marker) else { continue }
      let digits = text[found.upperBound...].prefix { $0.isASCII && $0.isNumber }
      if digits.count == 3 { return Int(digits) }
    }
    guard text.hasSuffix(")"), let open = text.lastIndex(of: "(") else { return nil }
    let digits = text[text.index(after: open)...].dropLast()
    return digits.count == 3 ? Int(digits) : nil
  }

  /// What it is in words, before the message itself.
  public var words: String {
    switch self {
    case .nameResolution: "the host name cannot be resolved"
    case .connection: "the host cannot be reached"
    case .tls: "the service's certificate or encryption is not accepted"
    case .proxy: "the proxy cannot be reached"
    case .credential: "the service does not accept the credential"
    case .permission: "the credential lacks permissions"
    case .endpoint: "the endpoint is not the service's API"
    case .installation: "the App is not installed there"
    case .rateLimit: "the service limits requests"
    case .service: "the service reports an internal error"
    case .encryption: "DevLake cannot read its secrets"
    case .timeout: "the test timed out"
    case .unknown: "the test fails"
    }
  }
}
