extension PluginDescriptor {
  /// The form of a plugin the catalog does not know.
  ///
  /// The fields every plugin has, a token, user name and password; whatever else it needs is given
  /// by `--field NAME=VALUE`. Nothing but the name is required: DevLake says what is missing.
  public static func generic(_ name: String) -> PluginDescriptor {
    var plugin = PluginDescriptor(
      id: name,
      displayName: name,
      fields: [
        .connectionName,
        PluginField("endpoint", option: "endpoint", help: "address of the service's API"),
        .proxy,
        .rateLimit,
        .token(.optional),
        .username(.optional),
        .password(.optional),
      ],
      authMethods: [.accessToken, .basicAuth],
      endpoint: EndpointRules(example: "https://host/", endsInSlash: false)
    )
    plugin.evidence = .newer
    plugin.isKnown = false
    // Some demand a name for the test of a new connection, and none refuses one (measured).
    plugin.test = TestBehaviour(needsName: true)
    plugin.tokenVariables = [variable(name, "TOKEN")]
    plugin.usernameVariables = [variable(name, "USERNAME")]
    return plugin
  }

  /// `my-plugin`, `TOKEN` → `MY_PLUGIN_TOKEN`.
  private static func variable(_ name: String, _ suffix: String) -> String {
    let letters = name.uppercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" }
    return String(letters) + "_" + suffix
  }
}
