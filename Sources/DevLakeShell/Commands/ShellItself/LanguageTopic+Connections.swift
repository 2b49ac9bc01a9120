/// The pages about what scripts do with connections and secrets.
extension LanguageTopic {
  static let secrets = LanguageTopic(
    name: "secrets",
    abstract: "REF, let --secret, what is never shown",
    keywords: ["--secret", "--token", "env:", "file:", "cmd:", "text:", "prompt"],
    text: [
      "A secret is given as a REF:",
      "  env:NAME        an environment variable",
      "  file:PATH       a file; a warning when others can read it",
      "  cmd:COMMAND     what a command prints: gh auth token, vault kv get, op read, pass",
      "  -               standard input, of a call with one command",
      "  prompt          a question on the terminal",
      "  text:SECRET     the secret itself; so is anything else",
      "'let --secret NAME = REF' keeps one. It shows as ***, also inside \"…\", and can be given "
        + "only where a secret is wanted. ${env.NAME} is one where NAME is a key of a plugin or "
        + "says that it is a token, secret or password.",
      "A REF is followed only where it is written: what a variable holds is never run or read, "
        + "so no name on a server can become a command. In cmd:… expanded parts are quoted for sh; "
        + "no secret can stand there, as everybody could see it in the list of processes.",
    ],
    examples: [
      Example("let --secret t = text:abc; echo \"token: $t\"", "***\n"),
      Example(
        "let --secret t = 'cmd:printf ghp_0123456789012345678901234567890123456789'; rotate github/1 --token $t --dry-run"
      ),
    ]
  )

  static let selectors = LanguageTopic(
    name: "selectors",
    abstract: "How connections are named",
    keywords: ["all", "--where", "--plugin", "--id", "name:"],
    text: [
      "Where a command takes connections:",
      "  3               an id of the plugin in use",
      "  github/3        an id of a plugin",
      "  1-5  1,3,5      ids; gaps in a range are skipped, a missing one of a list is an error",
      "  github/*  all   all of a plugin; all of the plugin in use, or of every plugin",
      "  \"GitHub - x\"    a name; github/NAME, name:TEXT",
      "  'GitHub*'       a pattern",
      "  $c $(list …)    a value: a connection, or a list of them",
      "--where 'FIELD OP VALUE' keeps only those of which it is true; it can be repeated. All "
        + "fields of a connection and 'plugin' can be asked. --plugin P --id N means P/N.",
    ],
    examples: [
      Example("for c in $(list --where 'name ~ my-org') { echo ${c.name} }"),
      Example("test $(list --plugin gitlab)"),
      Example("show github/1-5 --output csv --where 'id > 1'"),
    ]
  )

  static let exitCodes = LanguageTopic(
    name: "exit-codes",
    abstract: "What the exit code says",
    keywords: ["exit-code", "codes"],
    text: ["The exit code of devlake-shell, and $status of a command:"]
      + ExitCode.table.map { code, meaning in
        let number = "\(code.rawValue)"
        return String(repeating: " ", count: 5 - number.count) + "\(number)  \(meaning)"
      },
    examples: [
      Example("if not show github/99 { echo $status }", "1\n")
    ]
  )

  static let envFile = LanguageTopic(
    name: "env-file",
    abstract: ".devlake.env: tokens that are used once",
    text: [
      "Without --token a command looks for the plugin's keys in --env-file PATH or .devlake.env "
        + "of the folder, then in the environment, then asks on the terminal. 'plugins NAME' "
        + "shows the keys.",
      "The file has lines KEY=VALUE or export KEY=VALUE, with quotes and comments. After a run "
        + "that succeeded the keys that were used are taken out, and the file is deleted when no "
        + "key is left; --skip-cleanup keeps them. In a script that happens once, at its end.",
    ],
    examples: [Example("plugins github")]
  )
}
