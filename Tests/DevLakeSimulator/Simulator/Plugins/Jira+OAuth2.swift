import DevLakeKit

extension ConnectionKind {
  /// Jira since September 2026: OAuth2 beside the older ways, through Atlassian's gateway.
  static let jiraWithOAuth2: ConnectionKind = {
    var kind = ConnectionKind(
      plugin: jira.plugin,
      model: jira.model,
      fields: jira.fields.map { field in
        guard field.name == "authMethod" else { return field }
        return field.required(.oneOf(["BasicAuth", "AccessToken", "AppKey", "OAuth2"]))
      } + [
        .text("clientId", "ClientId"),
        .text("clientSecret", "ClientSecret", secret: .init(mask: .generic)),
        .text("cloudId", "CloudId"),
      ],
      table: jira.table
    )
    kind.restoresOnlyWithSameAuthMethod = true
    kind.adapt = jiraGateway
    kind.test = .custom(jiraAnswer)
    kind.scopes = jira.scopes
    return kind
  }()
}

/// The fields OAuth2 needs, and the endpoint that follows from them.
private func jiraGateway(
  _ values: inout JSONObject,
  _ purpose: ConnectionKind.Purpose
) -> Failure? {
  guard values.text("authMethod") == "OAuth2" else { return nil }
  func isBlank(_ field: String) -> Bool { values.text(field).allSatisfy(\.isWhitespace) }
  if purpose == .saving, isBlank("name") { return Failure(400, "name is required") }
  guard !["clientId", "clientSecret", "cloudId"].contains(where: isBlank) else {
    return Failure(400, "clientId, clientSecret and cloudId are required for OAuth2")
  }
  let id = values.text("cloudId").split(separator: " ").joined(separator: " ")
  guard id.utf8.count <= 64,
    id.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") })
  else { return Failure(400, "cloudId must contain only letters, digits, and hyphens") }
  values["endpoint"] = .string("https://api.atlassian.com/ex/jira/\(id)/rest/")
  return nil
}

private func jiraAnswer(_ subject: ConnectionTest.Subject) -> Answer {
  if let complaints = FieldValidator(kind: subject.kind)
    .complaints(testing: subject.values, includesName: false)
  {
    return Failure(500, [.own(complaints), .foreign(complaints)]).answer
  }
  let endpoint = subject.text("endpoint")
  let secret: String
  switch subject.text("authMethod") {
  case "AppKey": return Failure(500, "connection doesn't support AppKey Authentication").answer
  case "OAuth2":
    secret = subject.text("clientSecret")
    if let failure = mintFailure(secret) { return failure.answer }
  case "BasicAuth": secret = subject.text("password")
  default: secret = subject.text("token")
  }
  // The gateway that the recorder's proxy played; its words stand in the secret.
  if endpoint.hasPrefix("https://api.atlassian.com/ex/jira/") {
    return gatewayAnswer(endpoint, secret, subject)
  }
  let call = Upstream(
    endpoint: endpoint,
    path: "api/2/serverInfo",
    proxy: subject.text("proxy"),
    secret: secret
  )
  switch call.reply {
  case .never:
    var answer = Answer.panic
    answer.hangs = true
    return answer
  case .unreachable(let failure): return failure.answer
  case .broken(let reason):
    let request = "Get \"\(call.url)\""
    return Failure(
      500,
      [.own("\(request): \(reason)"), .foreign(request), .foreign(reason)]
    ).answer
  case .other(let body): return ConnectionTest.unreadable(body, url: call.url).answer
  case .json(200, _):
    var answer = subject.successWithConnection
    answer.delay = call.delay
    return answer
  case .json(let status, let detail):
    return jiraFailure(status, detail, call.url, endpoint).answer
  }
}

private func jiraFailure(
  _ status: Int,
  _ detail: String,
  _ url: String,
  _ endpoint: String
) -> Failure {
  if status == 401 || status == 403 {
    return Failure(400, "Please check your credential: \(detail)")
  }
  if status == 404, !endpoint.hasSuffix("/rest/"), !endpoint.contains("api.atlassian.com") {
    let address = EndpointAddress(endpoint)
    let port = address.port.isEmpty ? "" : ":\(address.port)"
    let place = "\(address.scheme)://\(address.host)\(port)/rest/"
    return .passing(404, "Seems like an invalid Endpoint URL, please try \(place)")
  }
  return .passing(
    status,
    "Failed testing the serverInfo: [ \(url) ] unexpected status code: \(status): \(detail)"
  )
}

private func gatewayAnswer(
  _ endpoint: String,
  _ secret: String,
  _ subject: ConnectionTest.Subject
) -> Answer {
  let url = endpoint + "api/2/serverInfo"
  if endpoint.contains("/nosuch") {
    return jiraFailure(404, "No message available", url, endpoint).answer
  }
  if secret.contains("FORB") { return jiraFailure(403, "Forbidden", url, endpoint).answer }
  if secret.contains("SCOPE") {
    return Failure(
      400,
      "Jira accepted the connection (serverInfo OK) but GET \(endpoint)agile/1.0/board returned "
        + "401: Unauthorized; scope does not match"
    ).answer
  }
  if secret.contains("BAD") || secret.contains("***") {
    return jiraFailure(401, "Unauthorized", url, endpoint).answer
  }
  return subject.successWithConnection
}

/// What keeps Atlassian from giving a token.
private func mintFailure(_ secret: String) -> Failure? {
  if secret.contains("BAD") || secret.contains("***") {
    return Failure(500, "failed to mint oauth2 access token: 401: access_denied: Unauthorized")
  }
  if secret.contains("BOOM") {
    return Failure(500, "failed to mint oauth2 access token: 500: server_error")
  }
  if secret.contains("HTML") {
    return Failure(
      500,
      [
        .own("decoding oauth2 token response (14 bytes)"),
        .foreign("invalid character '<' looking for beginning of value"),
      ]
    )
  }
  if secret.contains("EMPTY") {
    return Failure(500, "oauth2 token endpoint returned an empty body")
  }
  return secret.contains("NOTOK") ? Failure(500, "empty oauth2 access token returned") : nil
}
