import DevLakeKit
import Testing

@Suite("What is dangerous about a plugin is known")
struct DangersTests {
  private func ids(_ matches: (PluginDescriptor) -> Bool) -> [String] {
    PluginRegistry.standard.plugins.filter(matches).map(\.id)
  }

  @Test func `two plugins store a mask sent back as the secret`() {
    #expect(ids { $0.maskEcho == .stored } == ["azuredevops_go", "argocd"])
  }

  @Test func `plugins whose empty mask is refused`() {
    #expect(ids { $0.maskEcho == .refused } == ["azuredevops", "bitbucket_server", "tempo"])
    for plugin in PluginRegistry.standard.plugins where plugin.maskEcho == .refused {
      #expect(plugin.fields.contains { $0.mask == .empty })
    }
  }

  @Test func `a GitHub PATCH keeps only what is named`() {
    #expect(ids { $0.patch != .merge } == ["github"])
    #expect(
      PluginDescriptor.github.patch
        == .replace(
          except: ["enableGraphql", "refreshToken", "tokenExpiresAt", "refreshTokenExpiresAt"])
    )
  }

  @Test func `tests that do not ask the service are told from those that do`() {
    #expect(ids { $0.test.reach == .host } == ["slack"])
    #expect(ids { $0.test.reach == .nothing } == ["q_dev"])
    #expect(ids { !$0.test.isAvailable } == ["webhook"])
    #expect(ids { $0.test.ignoresCandidate } == ["azuredevops", "bitbucket_server"])
    #expect(
      ids { $0.test.needsName } == [
        "gh-copilot", "claude_code", "cursor", "kiro", "q_dev",
      ]
    )
    #expect(ids { $0.test.acceptsLogin } == ["github"])
    #expect(ids { $0.test.successMember != "success" } == ["ae"])
  }

  @Test func `tests that pass or fail wrongly have a caveat`() {
    let misleading = [
      "github", "jenkins", "circleci", "gitlab", "bitbucket", "azuredevops_go", "pagerduty",
      "argocd", "asana", "azuredevops", "clickup", "grafana_irm", "incidentio", "linear",
      "opsgenie",
      "q_dev", "rootly", "slack", "tempo", "testmo",
    ]
    #expect(ids { $0.test.caveat != nil } == misleading)
  }

  @Test func `only ZenTao's database address is cleared by an empty value`() {
    let fields = PluginRegistry.standard.plugins.flatMap(\.fields)
    #expect(fields.filter(\.isClearedByEmpty).map(\.name) == ["dbUrl"])
  }

  @Test func `a webhook's key is given once, and nothing keeps a webhook from being deleted`() {
    #expect(ids { !$0.issuedSecret.isEmpty } == ["webhook"])
    #expect(PluginDescriptor.webhook.issuedSecret == ["apiKey", "apiKey"])
    #expect(ids { !$0.deletion.blueprints } == ["webhook"])
    #expect(ids { $0.deletion.impossible != nil } == ["testmo"])
  }

  @Test func `names may be longer for Asana alone`() {
    #expect(ids { $0.nameLimit != 100 } == ["asana"])
  }

  @Test func `a secret is a secret even where DevLake shows it`() {
    #expect(PluginDescriptor.github.secretFields == ["token", "secretKey", "refreshToken"])
    #expect(PluginDescriptor.zenTao.secretFields == ["password", "dbUrl"])
    #expect(PluginDescriptor.claudeCode.secretFields == ["token", "customHeaders"])
  }
}
