extension PluginDescriptor {
  /// ZenTao projects, stories and bugs.
  public static let zenTao: PluginDescriptor = {
    var plugin = PluginDescriptor(
      id: "zentao",
      displayName: "ZenTao",
      fields: PluginField.common + [
        .username(),
        .password(),
        databaseURL,
        PluginField(
          "dbIdleConns",
          .integer,
          option: "db-idle-conns",
          help: "idle connections to the database"
        ),
        PluginField(
          "dbLoggingLevel",
          option: "db-logging-level",
          standard: "",
          help: "log level of the database connection"
        ),
        PluginField(
          "dbMaxConns",
          .integer,
          option: "db-max-conns",
          help: "connections to the database at most"
        ),
      ],
      authMethods: [.basicAuth],
      endpoint: EndpointRules(
        example: "https://zentao.example.com/api.php/v1/",
        usualSuffix: "/api.php/v1/"
      )
    )
    plugin.evidence = .measuredBriefly
    plugin.tokenVariables = ["ZENTAO_TOKEN", "ZENTAO_PASSWORD"]
    plugin.usernameVariables = ["ZENTAO_USERNAME", "ZENTAO_USER"]
    plugin.secretLabel = "Password"
    plugin.interfaceRateLimit = 10000
    plugin.scopeIdField = "id"
    return plugin
  }()

  /// Left out of a PATCH it is kept; sent empty it is gone, unlike every other secret.
  private static let databaseURL: PluginField = {
    var field = PluginField(
      "dbUrl",
      mask: .databaseURL,
      option: "db-url",
      standard: "",
      help: "ZenTao's database, mysql://user:password@host/name"
    )
    field.isClearedByEmpty = true
    return field
  }()
}
