/// The pages about what scripts do with connections and secrets.
extension LanguageTopic {
  static let secrets = LanguageTopic(
    name: "secrets",
    abstract: "REF, let --secret, hidden values",
    keywords: ["--secret", "--token", "env:", "file:", "cmd:", "text:", "prompt"],
    text: [
      "A secret is written as a REF:",
      "  env:NAME        an environment variable",
      "  file:PATH       a file, with a warning if others can read it",
      "  cmd:COMMAND     what a command prints: gh auth token, vault kv get, op read, pass",
      "  -               standard input, of a call with one command",
      "  prompt          a question on the terminal",
      "  text:SECRET     the secret itself; so is anything else",
      "'let --secret NAME = REF' stores one. It prints as ***, also inside \"…\", and can be used "
        + "only where a secret is expected. ${env.NAME} is a secret if NAME is a key of a plugin or "
        + "contains 'token', 'secret' or 'password'.",
      "Only a REF written literally in the command is resolved; the value of a variable is plain text, "
        + "so no name on a server can become a command. In cmd:… expansions are quoted for sh; "
        + "secrets are not allowed there, because everyone could see them in the process list.",
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
    abstract: "How to select connections",
    keywords: ["all", "--where", "--plugin", "--id", "name:"],
    text: [
      "Where a command takes connections:",
      "  3               an ID of the selected plugin",
      "  github/3        an ID of a plugin",
      "  1-5, 1,3,5      IDs; those missing from a range are ignored, one missing from a list is an error",
      "  github/*, all   all of a plugin; all of the selected plugin, or of every plugin",
      "  \"GitHub - x\"    a name; github/NAME, name:TEXT",
      "  'GitHub*'       a pattern",
      "  $c $(list …)    a value: a connection, or a list of them",
      "--where 'FIELD OP VALUE' keeps only those that match. Join tests with and, or, not "
        + "and ( ); OP is == != < <= > >= ~ (contains, ignoring case, with * and ?); quote a VALUE with spaces; "
        + "null matches missing fields; numbers compare as numbers, dates as times "
        + "(2026-11-01 is midnight UTC). An expansion in it is one VALUE, whatever it contains. Several "
        + "--where must all match. --plugin P --id N means P/N.",
      "Patterns, ranges, lists and 'all' work only where they are written: in the script, in $1 and in "
        + "--set. Text from DevLake, a file or a program selects one ID or one exact name.",
      "An empty selection is valid for list, test and show, and an error for commands that change something.",
    ],
    examples: [
      Example("for c in $(list --where 'name ~ my-org') { echo ${c.name} }"),
      Example("test $(list --plugin gitlab)"),
      Example("list --where 'plugin == github or (name ~ team and not endpoint == null)'"),
      Example("show github/1-5 --output csv --where 'id > 1'"),
    ]
  )

  static let output = LanguageTopic(
    name: "output",
    abstract: "Formats, JSON shapes, verdicts, errors",
    keywords: ["--output", "-o", "--json", "--fields", "--safe"],
    text: [
      "Results go to standard output, everything else to standard error. --output is table, vertical, "
        + "json, ndjson (the elements of a list, one per line), csv, tsv (tabs, line ends and backslashes "
        + "escaped) or yaml (documents between ---). --fields a,b.c selects fields; --safe quotes CSV "
        + "cells that a spreadsheet would run.",
      "Programs can rely on these shapes:",
      "  list, show       [{plugin, id, name, endpoint, organization, enterprise, …}], DevLake's fields",
      "  test             [{plugin, id, name, verdict, message, hint, login?, elapsedMs}]",
      "  create, update, rotate, delete",
      "                   [{plugin, id, name, action, changes: [{field, before, after}], test?, message?}]",
      "  impact           [{plugin, id, name, deletable, blockedBy, blueprints, projects, scopes, …}]",
      "  plan, apply      {changes: [{action, plugin, name, id?, fields}], summary}",
      "  doctor           [{check, severity, plugin?, id?, message, fix?}]",
      "  status           {url, version, ready, migrationPending, plugins, connections: {github: 2}, …}",
      "A verdict is passed, failed, unverified (DevLake did not ask the service; not a failure) or timeout. "
        + "An action is created, updated, rotated, deleted, unchanged, skipped, refused, failed or "
        + "unknown. A severity is ok, warning or error.",
      "With json and ndjson an error is one object on standard error: "
        + "{\"error\":{code, message, detail, help, source: {name, line, column, endColumn}}}. A plugin "
        + "whose list fails is such an error, exit code 4, and in json and ndjson lists an element "
        + "{plugin, error} after the others; csv, tsv, yaml and table contain only connections.",
      "Keys may be added; the sentences in message, hint and help may change, and so may the texts of "
        + "table and vertical.",
    ],
    examples: [
      Example(
        "list --plugin github --output csv --fields plugin,id",
        "plugin,id\ngithub,1\ngithub,2\n"
      ),
      Example("test github/1 --json"),
    ]
  )

  static let exitCodes = LanguageTopic(
    name: "exit-codes",
    abstract: "The exit codes",
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
    abstract: ".devlake.env: tokens for one use",
    text: [
      "Without --token a command looks up the plugin's keys in --env-file PATH or .devlake.env "
        + "of the current folder, then in the environment, then asks on the terminal. 'plugins NAME' "
        + "shows the keys.",
      "The file has lines KEY=VALUE or export KEY=VALUE, with quotes and comments. After a run "
        + "that succeeded, keys that were used are REMOVED from the file, and the file is deleted when no "
        + "key is left; --skip-cleanup keeps them. A script does this once, at its end.",
    ],
    examples: [Example("plugins github")]
  )
}
