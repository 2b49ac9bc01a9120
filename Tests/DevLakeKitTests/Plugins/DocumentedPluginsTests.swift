import DevLakeKit
import Testing

@Suite("The documented plugins are as documented")
struct DocumentedPluginsTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let plugin: String
    let token: [String]
    var user: [String] = []
    var scopes: [String] = []
    var note: String?
    var needsOrganization = false
    var needsEndpoint = false
    var testDescription: String { plugin }
  }

  static let cases: [Case] = [
    Case(
      plugin: "github",
      token: ["GITHUB_PAT", "GITHUB_TOKEN", "GH_TOKEN"],
      scopes: ["repo", "read:org", "read:user"],
      needsOrganization: true
    ),
    Case(
      plugin: "gh-copilot",
      token: ["GITHUB_PAT", "GITHUB_TOKEN", "GH_TOKEN"],
      scopes: ["manage_billing:copilot", "read:org"],
      note: "+ read:enterprise for enterprise metrics"
    ),
    Case(
      plugin: "jenkins",
      token: ["JENKINS_TOKEN", "JENKINS_PASSWORD"],
      user: ["JENKINS_USER", "JENKINS_USERNAME"],
      note: "Username + API token/password (BasicAuth)",
      needsEndpoint: true
    ),
    Case(
      plugin: "circleci",
      token: ["CIRCLECI_TOKEN", "CIRCLE_TOKEN"],
      note: "Personal API token (Circle-Token header)"
    ),
    Case(
      plugin: "gitlab",
      token: ["GITLAB_TOKEN", "GITLAB_PAT"],
      scopes: ["read_api", "read_repository"],
      needsOrganization: true
    ),
    Case(
      plugin: "bitbucket",
      token: ["BITBUCKET_TOKEN", "BITBUCKET_APP_PASSWORD"],
      user: ["BITBUCKET_USER", "BITBUCKET_USERNAME"],
      note: "App password (BasicAuth; no scopes)"
    ),
    Case(
      plugin: "azuredevops_go",
      token: ["AZURE_DEVOPS_PAT", "AZDO_PAT"],
      note: "Azure DevOps PAT (no scopes)",
      needsOrganization: true
    ),
    Case(
      plugin: "jira",
      token: ["JIRA_TOKEN", "JIRA_API_TOKEN"],
      user: ["JIRA_USERNAME", "JIRA_USER", "JIRA_EMAIL"],
      note: "API token (no scopes)",
      needsEndpoint: true
    ),
    Case(
      plugin: "pagerduty",
      token: ["PAGERDUTY_TOKEN", "PAGERDUTY_API_KEY"],
      note: "API key (sent as Token token=<key>)"
    ),
    Case(
      plugin: "sonarqube",
      token: ["SONARQUBE_TOKEN", "SONAR_TOKEN"],
      note: "API token (no scopes)",
      needsEndpoint: true
    ),
    Case(
      plugin: "argocd",
      token: ["ARGOCD_TOKEN", "ARGOCD_AUTH_TOKEN"],
      note: "Auth token (no scopes)",
      needsEndpoint: true
    ),
  ]

  @Test(arguments: cases)
  func `credentials and requirements`(_ expected: Case) throws {
    let plugin = try #require(PluginRegistry.standard[expected.plugin])
    #expect(plugin.tokenVariables == expected.token)
    #expect(plugin.usernameVariables == expected.user)
    #expect(plugin.requiredScopes == expected.scopes)
    #expect(plugin.credentialNote == expected.note)
    #expect(plugin.requiresOrganization == expected.needsOrganization)
    let endpoint = plugin.endpoint
    #expect((endpoint != nil && endpoint?.standard == nil) == expected.needsEndpoint)
  }

  @Test func `only Copilot can do with an enterprise instead of an organization`() {
    let plugins = PluginRegistry.standard.plugins
    #expect(plugins.filter(\.needsOrganizationOrEnterprise).map(\.id) == ["gh-copilot"])
    #expect(plugins.filter { $0.field("enterprise") != nil }.map(\.id) == ["gh-copilot"])
  }

  @Test(
    arguments: [
      ("azure-devops", "azuredevops_go"),
      ("azuredevops", "azuredevops"),
      ("copilot", "gh-copilot"),
      ("bitbucket-server", "bitbucket_server"),
    ]
  )
  func `an alias finds the plugin, and azuredevops stays another plugin`(name: String, id: String) {
    #expect(PluginRegistry.standard[name]?.id == id)
    #expect(PluginRegistry.standard.descriptor(for: name).isKnown)
  }

  @Test func `names are matched exactly, and an unknown plugin gets the generic form`() {
    #expect(PluginRegistry.standard["GitHub"] == nil)
    let plugin = PluginRegistry.standard.descriptor(for: "my-plugin")
    #expect(plugin.id == "my-plugin")
    #expect(!plugin.isKnown)
    #expect(plugin.tokenVariables == ["MY_PLUGIN_TOKEN"])
    #expect(plugin.secretFields == ["token", "password"])
  }

  @Test(
    arguments: [
      ("github", "my-org", nil, "GitHub - my-org"),
      ("gh-copilot", "my-org", "my-enterprise", "GitHub Copilot - my-org"),
      ("gh-copilot", nil, "my-enterprise", "GitHub Copilot - my-enterprise"),
      ("bitbucket", nil, nil, "Bitbucket Cloud"),
      ("azuredevops_go", "my-azure-org", nil, "Azure DevOps - my-azure-org"),
      ("argocd", "", nil, "ArgoCD"),
    ] as [(String, String?, String?, String)]
  )
  func `the default name is the plugin and its owner`(
    id: String,
    organization: String?,
    enterprise: String?,
    name: String
  ) throws {
    let plugin = try #require(PluginRegistry.standard[id])
    #expect(plugin.defaultName(organization: organization, enterprise: enterprise) == name)
  }

  @Test(
    arguments: [
      ("github", [], "AccessToken"),
      ("github", ["appId"], "AppKey"),
      ("jira", [], "AccessToken"),
      ("jira", ["username"], "BasicAuth"),
      ("jenkins", [], "BasicAuth"),
      ("q_dev", [], "AccessKey"),
      ("claude_code", ["organization"], "AccessToken"),
    ] as [(String, [String], String)]
  )
  func `what is given decides how a new connection authenticates`(
    id: String,
    given: [String],
    method: String
  ) throws {
    let plugin = try #require(PluginRegistry.standard[id])
    #expect(plugin.authMethod(given: given)?.name == method)
  }

  @Test func `a plugin without secrets has no way to authenticate`() {
    #expect(PluginDescriptor.webhook.authMethod(given: ["name"]) == nil)
  }

  @Test(
    arguments: [
      ("https://dev.azure.com/acme", "acme"),
      ("https://DEV.azure.com/acme/", "acme"),
      ("https://dev.azure.com/", nil),
      ("https://dev.azure.com/acme/project", nil),
      ("https://acme.visualstudio.com/", nil),
    ] as [(String, String?)]
  )
  func `an Azure DevOps address names the organization`(address: String, organization: String?) {
    #expect(PluginDescriptor.azureDevOps.organization(inAddress: address) == organization)
  }

  @Test func `a plugin with an endpoint takes no organization from it`() {
    #expect(PluginDescriptor.gitlab.organization(inAddress: "https://gitlab.com/acme") == nil)
  }
}
