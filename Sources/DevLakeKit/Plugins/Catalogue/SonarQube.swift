extension PluginDescriptor {
  /// SonarQube and SonarCloud projects and their issues.
  public static let sonarQube: PluginDescriptor = {
    var plugin = PluginDescriptor(
      id: "sonarqube",
      displayName: "SonarQube",
      fields: PluginField.common + [
        .token(),
        PluginField("org", option: "org", standard: "", help: "organization key on SonarCloud"),
      ],
      authMethods: [.accessToken],
      // The documents want an endpoint; SonarCloud is one of the choices, not the default.
      endpoint: EndpointRules(
        example: "https://sonarqube.example.com/api/",
        usualSuffix: "/api/",
        choices: [
          .init(
            "SonarCloud",
            endpoint: "https://sonarcloud.io/api/",
            hostSuffix: "sonarcloud.io",
            needsOrganization: true
          ),
          .init("SonarQube Server"),
        ]
      )
    )
    plugin.aliases = ["sonarcloud"]
    plugin.isDocumented = true
    plugin.evidence = .measured
    plugin.organization = .stored(field: "org", isRequired: false)
    plugin.test = TestBehaviour(
      sentences: [
        .init("DevLake requires a User token", .credential),
        .init("Authentication failed", .credential),
      ],
      statusMarkers: ["unexpected status code: "]
    )
    plugin.tokenVariables = ["SONARQUBE_TOKEN", "SONAR_TOKEN"]
    plugin.credentialReports = [
      CredentialReport(path: "user_tokens/search", list: "userTokens", expiry: "expirationDate")
    ]
    plugin.credentialNote = "API token (no scopes)"
    plugin.interfaceRateLimit = 10000
    plugin.scopeIdField = "projectKey"
    plugin.notes = [
      "every failed test answers 500, and a refused token is worded as status 400",
      "since July 2026 the test takes user tokens (squ_) only, but for SonarCloud",
    ]
    plugin.secretBeginnings = ["squ_", "sqp_", "sqa_"]
    plugin.deadlines = [
      ServiceDeadline(
        "2026-07-01",
        "tokens that are no user tokens (squ_)",
        .secretBeginsOtherThan("squ_", shown: 2, exceptAt: "https://sonarcloud.io/api/"),
        fix: .rotate,
        remark: "newer DevLakes refuse them in every test, but for SonarCloud"
      )
    ].compactMap(\.self)
    return plugin
  }()
}
