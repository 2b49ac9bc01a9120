extension PluginDescriptor {
  /// GitHub repositories, pull requests and workflows.
  public static let github: PluginDescriptor = {
    var plugin = PluginDescriptor(
      id: "github",
      displayName: "GitHub",
      fields: PluginField.common + [
        PluginField(
          "authMethod",
          .choice(["AccessToken", "AppKey"]),
          .always,
          option: "auth-method",
          standard: "AccessToken",
          help: "how to authenticate"
        ),
        PluginField(
          "token",
          .text,
          .with(authMethod: "AccessToken"),
          mask: .githubToken,
          help: "personal access tokens, joined by commas"
        ),
        PluginField(
          "appId",
          .text,
          .with(authMethod: "AppKey"),
          option: "app-id",
          help: "id of the GitHub App"
        ),
        PluginField(
          "secretKey",
          .pem,
          .with(authMethod: "AppKey"),
          mask: .githubPEM,
          option: "secret-key",
          help: "private key of the GitHub App, a PEM"
        ),
        PluginField(
          "installationId",
          .integer,
          .with(authMethod: "AppKey"),
          option: "installation-id",
          help: "number of the GitHub App's installation"
        ),
        PluginField(
          "refreshToken",
          .text,
          mask: PluginField.Mask.none,
          help: "OAuth refresh token"
        ),
        PluginField("tokenExpiresAt", .date, help: "when the OAuth token ends"),
        PluginField("refreshTokenExpiresAt", .date, help: "when the refresh token ends"),
        PluginField(
          "enableGraphql",
          .boolean,
          option: "enable-graphql",
          standard: true,
          help: "collect through GraphQL"
        ),
      ],
      authMethods: [
        .accessToken,
        AuthMethod(
          "AppKey",
          secretField: "secretKey",
          identityFields: ["appId", "installationId"]
        ),
      ],
      endpoint: EndpointRules(
        standard: "https://api.github.com/",
        usualSuffix: "/api/v3/",
        choices: [
          .init("GitHub Cloud", endpoint: "https://api.github.com/"),
          .init("GitHub Enterprise Server", example: "https://github.example.com/api/v3/"),
        ]
      )
    )
    plugin.isDocumented = true
    plugin.evidence = .measured
    plugin.storesAuthMethod = true
    plugin.organization = .label(isRequired: true)
    plugin.patch = .replace(
      except: ["enableGraphql", "refreshToken", "tokenExpiresAt", "refreshTokenExpiresAt"])
    plugin.test = TestBehaviour(
      acceptsLogin: true,
      choice: .init(
        authMethod: "AppKey",
        list: "installations",
        field: "installationId",
        owner: ["account", "login"]
      ),
      caveat: "only classic tokens (ghp_) have their scopes checked"
    )
    plugin.listedByTest = .init(
      field: "installationId",
      list: "installations",
      value: "id",
      label: ["account", "login"]
    )
    plugin.tokenVariables = ["GITHUB_PAT", "GITHUB_TOKEN", "GH_TOKEN"]
    plugin.requiredScopes = ["repo", "read:org", "read:user"]
    plugin.includedScopes = [
      "admin:org": ["read:org"], "write:org": ["read:org"], "user": ["read:user"],
    ]
    plugin.credentialReports = [
      CredentialReport(path: "user", scopesHeader: "X-OAuth-Scopes"),
      CredentialReport(path: "rate_limit", quota: ["resources", "core"]),
    ]
    plugin.reach = ReachRules(
      scopePath: "repos/{fullName}",
      explanations: [
        .init(
          [401],
          authMethod: "AppKey",
          .credential,
          "the App's installation token is not accepted any more, which DevLake does not notice",
          hint: "save its key again"
        ),
        .init(
          [403, 404],
          authMethod: "AppKey",
          .permission,
          "the App's installation does not let it list repositories",
          hint: "name another installation"
        ),
      ],
      authMethodThatSees: "AppKey"
    )
    plugin.expiryFields = ["refreshTokenExpiresAt", "tokenExpiresAt"]
    plugin.secretLabel = "Token"
    plugin.interfaceRateLimit = 4500
    plugin.scopeIdField = "githubId"
    plugin.secretBeginnings = ["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"]
    return plugin
  }()
}
