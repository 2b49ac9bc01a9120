extension PluginDescriptor {
  /// GitLab projects, merge requests and pipelines.
  public static let gitlab: PluginDescriptor = {
    var plugin = PluginDescriptor(
      id: "gitlab",
      displayName: "GitLab",
      fields: PluginField.common + [.token()],
      authMethods: [.accessToken],
      endpoint: EndpointRules(
        standard: "https://gitlab.com/api/v4/",
        usualSuffix: "/api/v4/",
        choices: [
          .init("GitLab.com", endpoint: "https://gitlab.com/api/v4/"),
          .init("GitLab Self-Managed", example: "https://gitlab.example.com/api/v4/"),
        ]
      )
    )
    plugin.isDocumented = true
    plugin.evidence = .measured
    plugin.organization = .label(isRequired: true)
    plugin.test = TestBehaviour(
      caveat: "an error of GitLab's list of projects, other than 401 and 403, passes too"
    )
    plugin.tokenVariables = ["GITLAB_TOKEN", "GITLAB_PAT"]
    plugin.requiredScopes = ["read_api", "read_repository"]
    plugin.includedScopes = [
      "api": ["read_api", "read_repository"], "write_repository": ["read_repository"],
    ]
    plugin.credentialReports = [
      CredentialReport(
        path: "personal_access_tokens/self",
        expiry: "expires_at",
        revocation: "revoked",
        scopes: "scopes"
      )
    ]
    plugin.secretLabel = "Token"
    plugin.interfaceRateLimit = 12000
    plugin.reach = ReachRules(scopePath: "projects/{gitlabId}")
    plugin.scopeIdField = "gitlabId"
    plugin.secretBeginnings = [
      "glpat-", "gloas-", "gldt-", "glrt-", "glptt-", "glcbt-", "glft-", "glimt-", "glsoat-",
    ]
    return plugin
  }()
}
