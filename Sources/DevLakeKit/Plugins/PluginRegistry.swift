/// The plugins that are known: the catalog, and what a server has besides.
public struct PluginRegistry: Sendable {
  /// The descriptors, in the order menus and help show them.
  public let plugins: [PluginDescriptor]

  /// The names of the fields that hold a secret in one of them.
  public let secretFields: Set<String>

  /// How the secrets of one of them begin, where a service made them recognisable.
  public let secretBeginnings: [String]

  /// Those of them that are JSON of their own shape, sent as it and not as a text.
  public let structuredSecretFields: Set<String>

  /// Creates a plugin registry with the descriptors in the order they are shown.
  public init(plugins: [PluginDescriptor]) {
    self.plugins = plugins
    secretFields = Set(plugins.flatMap(\.secretFields))
    secretBeginnings = Set(plugins.flatMap(\.secretBeginnings)).sorted()
    structuredSecretFields = Set(
      plugins.flatMap(\.fields).filter { $0.isSecret && $0.kind == .json }.map(\.name)
    )
  }

  /// The catalog: the documented plugins in the documents' order, then the others by name.
  ///
  /// A new plugin is one line here.
  public static let standard = PluginRegistry(plugins: [
    .github,
    .ghCopilot,
    .jenkins,
    .circleci,
    .gitlab,
    .bitbucket,
    .azureDevOps,
    .jira,
    .pagerDuty,
    .sonarQube,
    .argoCD,
    .ae,
    .asana,
    .azureDevOpsPython,
    .bamboo,
    .bitbucketServer,
    .claudeCode,
    .clickUp,
    .cursor,
    .feishu,
    .gitee,
    .grafanaIRM,
    .incidentIO,
    .kiro,
    .linear,
    .opsgenie,
    .qDeveloper,
    .rootly,
    .slack,
    .taiga,
    .tapd,
    .teambition,
    .tempo,
    .testmo,
    .trello,
    .webhook,
    .zenTao,
  ])

  /// What DevLake ships besides, asked for connections with the catalog's plugins.
  ///
  /// None has any today, but only the server knows, and first looking which plugins there are would
  /// cost a round trip.
  public static let others: [PluginDescriptor] = [
    "customize", "dbt", "dora", "gitextractor", "github_graphql", "icla", "issue_trace", "linker",
    "org", "refdiff", "starrocks",
  ].map { .generic($0) }

  /// Finds a plugin by its exact name or an alias.
  public subscript(name: String) -> PluginDescriptor? {
    plugins.first { $0.id == name || $0.aliases.contains(name) }
  }

  /// The plugin of that name; one the catalog lacks gets the generic form.
  public func descriptor(for name: String) -> PluginDescriptor {
    self[name] ?? .generic(name)
  }

  /// Every name and alias, for completion and suggestions.
  public var names: [String] { plugins.flatMap { [$0.id] + $0.aliases } }
}
