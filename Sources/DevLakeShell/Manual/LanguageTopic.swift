import ShellLanguage

/// One page about the language, as `help NAME` and the manual show it.
struct LanguageTopic: Sendable {
  /// What is typed after `help`.
  let name: String
  /// One line, no full stop, shown in lists.
  let abstract: String
  /// Words of the language it explains, which `help` takes, too.
  var keywords: [String] = []
  /// Paragraphs; a line that begins with a blank stands as it is.
  let text: [String]
  /// Scripts that do what the text says; the tests run each against the simulator's sample data.
  let examples: [Example]

  struct Example: Sendable {
    let script: String
    /// What it writes to standard output, where that is the point.
    let output: String?

    init(_ script: String, _ output: String? = nil) {
      self.script = script
      self.output = output
    }
  }
}

extension LanguageTopic {
  /// Every page, in the order they are best read.
  static let all: [LanguageTopic] = [
    .language, .variables, .values, .numbers, .conditions, .loops, .definitions, .errors, .data,
    .redirection, .include, .arguments, .secrets, .selectors, .output, .checking, .exitCodes,
    .envFile, .keys,
  ]

  /// The page of that name, or that explains that word of the language.
  static func named(_ name: String) -> LanguageTopic? {
    all.first { $0.name == name } ?? all.first { $0.keywords.contains(name) }
  }

  static let language = LanguageTopic(
    name: "language",
    abstract: "How to write scripts",
    keywords: ["#", ";", "\\", "'", "\"", "--"],
    text: [
      "A script is a list of commands, one per line or separated by ';'. The same text does the "
        + "same at the prompt, in a file, after -c and through a pipe.",
      "'…' is literal. \"…\" expands $names and these escapes: "
        + "\\n \\t \\\\ \\\" \\$ \\e \\u{…}. Outside quotes \\ escapes one character. '#' at the "
        + "start of a word begins a comment. A '\\' at the end of a line, an open quote, "
        + "bracket or brace continues a statement on the next line.",
      "Quote the characters { } ( ) < > | & ` unless they are operators.",
      "A word is an option only if it is written as one: a value that starts with '-' never becomes "
        + "one, and '--' ends the options.",
      "At the prompt a command's name can be shortened to an unambiguous prefix.",
    ],
    examples: [
      Example("use github; list --json # two commands"),
      Example(
        "echo 'as it is: $x' \"two columns\" one\\ word",
        "as it is: $x two columns one word\n"
      ),
    ]
  )

  static let variables = LanguageTopic(
    name: "variables",
    abstract: "let, $name, ${name.path}, ${name:-default}",
    keywords: ["let", "$", "$(", "${", "env", "$status", "$now", "$today"],
    text: [
      "'let NAME = VALUE' sets a variable, 'unset NAME' removes it. There is one scope, shared by "
        + "included files. $NAME is always one word, whatever its value.",
      "A path and a default need braces: ${c.name}, ${list[0].id}, ${list[$i]}, ${record[$key]}, "
        + "${team:-core}, ${1:-$team}. The default replaces what is undefined, missing, null or "
        + "empty. Without a default that is an error.",
      "$status is the exit code of the last command, ${error.…} describes the last failure, "
        + "${env.NAME} is an environment variable, $1, $2, … are the arguments of a script, $args is "
        + "their list, $now the time in UTC, $today the date.",
      "$(COMMAND) is the result of a command, as data. A statement that is one expansion gives its "
        + "value as a result.",
    ],
    examples: [
      Example("let team = platform; echo $team ${lead:-nobody}", "platform nobody\n"),
      Example("let c = $(show github/1); echo \"${c.name} at ${c.endpoint}\""),
    ]
  )

  static let values = LanguageTopic(
    name: "values",
    abstract: "Texts, numbers, lists, records and secrets",
    keywords: ["true", "false", "null", "$["],
    text: [
      "A value is a text, a number, true or false, null, a list, a record, or a secret. After "
        + "'let' and in comparisons an unquoted 5, -1.5, true, false or null has its type; a word "
        + "consisting only of $name keeps that value's type; every other word is text. Quote what must "
        + "keep leading zeros: 007 is the number 7.",
      "A path unwraps a list with one element, so ${c.name} works on the result of "
        + "'show github/1'. In a longer list use an index: ${c[0].name}.",
      "In $( ), several results become a list, one result is itself, none is null. $[ … ] is always a list "
        + "of all results, and a result that is a list adds its elements: "
        + "$[ list ] has an element for each connection. $(!COMMAND) is always text.",
      "null is a missing value: a missing field of a row, or null in JSON. It prints as nothing, "
        + "${x:-default} replaces it, and 'if $x == null' detects it. Dates are text; in --where "
        + "they compare as times.",
    ],
    examples: [
      Example("let ids = $(for i in 1 2 3 { echo $i }); echo ${ids[2]}", "3\n"),
      Example("let n = 5; let c = $(list --plugin github); echo $n ${c[1].id}", "5 2\n"),
      Example("let bad = $[ for c in $(list) { if not test $c { $c } } ]; echo ${#bad}", "1\n"),
    ]
  )

  static let numbers = LanguageTopic(
    name: "arithmetic",
    abstract: "$(( … )) and ${#name}",
    keywords: ["$((", "${#", "+", "-", "*", "%"],
    text: [
      "$(( … )) calculates with whole numbers: + - * / % and parentheses; '/' drops the "
        + "fraction. Variables keep their '$'. Text that is a number is a number. A result above "
        + "9223372036854775807 and division by zero are errors.",
      "${#x} is the number of a list's elements, of a record's keys, of a text's characters, and 0 for "
        + "null.",
    ],
    examples: [
      Example("let n = 4; let n = $(( $n + 1 )); echo $n $(( ($n - 1) * 2 ))", "5 8\n"),
      Example("let l = $(list --plugin github); echo ${#l}", "2\n"),
    ]
  )

  static let conditions = LanguageTopic(
    name: "conditions",
    abstract: "if, comparisons, && and ||",
    keywords: ["if", "else", "not", "and", "or", "&&", "||"]
      + Comparison.allCases.map(\.rawValue)
      .filter { $0 != ">" },
    text: [
      "'if' takes a command, which is true if it succeeds, or a comparison, which starts with a "
        + "$name, a quote, a number, true, false or null. Join them with 'not', 'and', 'or'. 'else' "
        + "must be on the line of the preceding '}'.",
      "== != compare values; < <= > >= two numbers (or text that is a number) or two strings; "
        + "~ searches text, ignoring case, with * and ?.",
      "Between commands, 'a && b' runs b if a succeeded, 'a || b' if it failed. If a chain of && "
        + "and || ends in failure, the statement fails.",
      "A command in a condition has no result, only success or failure. It is false for a verdict: "
        + "a failed test, a missing connection. An outage, a usage error or a timeout "
        + "is not a verdict and stops the script, as anywhere else.",
    ],
    examples: [
      Example("if test github/1 { echo fine } else { echo broken }", "fine\n"),
      Example("let n = 3; if $n > 2 and not $n == 5 { echo some }", "some\n"),
      Example("show github/1 > /dev/null && echo there || echo missing", "there\n"),
    ]
  )

  static let loops = LanguageTopic(
    name: "loops",
    abstract: "for NAME in …, while, break, continue",
    keywords: ["for", "in", "while", "{", "}"],
    text: [
      "'for NAME in LIST { … }' runs the block for each element of a list, 'for NAME in a b c "
        + "{ … }' for each word. A failure in the block ends the loop and the script; with "
        + "--keep-going the loop continues.",
      "'for KEY, VALUE in RECORD { … }' iterates over a record; for a list the names get index and element. "
        + "'while CONDITION { … }' repeats while the condition is true, as for 'if'. 'break' "
        + "leaves the loop, 'continue' starts the next iteration, 'sleep SECONDS' waits.",
      "The results of a loop, an 'if', a 'try' or a bare '{ … }' can be redirected as a command's: "
        + "'for … { … } > FILE', '{ … } | COMMAND'.",
    ],
    examples: [
      Example("for c in $(list --plugin github) { echo \"${c.id} ${c.name}\" }"),
      Example("for team in core data { echo \"$team\" }", "core\ndata\n"),
      Example(
        "let s = $(status); for plugin, count in ${s.connections} { if $count > 1 { echo $plugin } }"
      ),
      Example(
        "let n = 0; while not test github/1 { let n = $(( $n + 1 )); if $n > 5 { break }; sleep 1 }"
      ),
    ]
  )

  static let definitions = LanguageTopic(
    name: "definitions",
    abstract: "def NAME PARAMETER … { … }: commands of your own",
    keywords: ["def"],
    text: [
      "'def NAME PARAMETER … { … }' defines a command from there on, also for a script that includes the "
        + "file; in rc.lake for every session. It takes its parameters, --help, --output and --json, and "
        + "returns the results of its statements in order. 'return VALUE' adds one more result and ends "
        + "it. Its name must be literal and must not be one of the shell's commands.",
      "Parameters are local; all other variables, $1 and $args belong to the script.",
    ],
    examples: [
      Example("def double N { return $(( $N * 2 )) }; let x = $(double 21); echo $x", "42\n"),
      Example(
        "def broken PLUGIN { for c in $(list --plugin $PLUGIN) { if not test $c { $c } } }; let b = $[ broken jenkins ]; echo ${#b}",
        "1\n"
      ),
    ]
  )

  static let data = LanguageTopic(
    name: "data",
    abstract: "read FILE, parse TEXT: lines, CSV, JSON, YAML",
    keywords: ["--as", "csv", "json", "ndjson", "yaml", "lines"],
    text: [
      "'read FILE' reads a file, 'read -' standard input (with -f and -c, once), "
        + "'parse TEXT' parses text such as $(!COMMAND). --as names the format:",
      "  lines   a list of texts",
      "  csv     a list of records, with the names of the header; all cells are text",
      "  json    one value; ndjson: a list, one element per line; yaml: one document",
      "  text    the text, without its last line end",
      "Without --as the file's extension decides; other extensions are text. Nothing is guessed from the "
        + "content: text that is not JSON is an error with its line.",
      "A CSV cell in a column with a secret's name, such as token or password, is a secret.",
    ],
    examples: [
      Example("for line in $(parse $(!seq 2) --as lines) { echo \"<$line>\" }", "<1>\n<2>\n"),
      Example(
        "let r = $(parse '{\"team\":{\"name\":\"core\"}}' --as json); echo ${r.team.name}",
        "core\n"
      ),
      Example(
        "echo 'name,org' > t.csv; echo 'A,a' >> t.csv; for r in $(read t.csv) { echo ${r.org} }",
        "a\n"
      ),
    ]
  )

  static let errors = LanguageTopic(
    name: "errors",
    abstract: "try, ${error.…}, --keep-going",
    keywords: ["try", "error", "--keep-going", "-k"],
    text: [
      "A script stops at the first command that fails, with that command's exit code. With "
        + "--keep-going it continues, reports at its end how many failed, and exits with 4. At the "
        + "prompt a failure is reported and the session continues.",
      "'try { … } else { … }' does not stop: the first failure ends the block, and the else block "
        + "runs without showing the failure (several mistakes are all shown). Without "
        + "'else' it is shown, and the script continues. The result of a failed command such as 'test' is "
        + "still available: $(try { test all }) returns it as data.",
      "Whatever stops a script is reported in one line on standard error, with its position, also with -q and "
        + "if its result goes to a file; with --output json the report is an object.",
      "${error.code} is one of not-found, refused, unauthorized, unreachable, timeout, conflict, "
        + "invalid, usage, test-failed, interrupted. ${error.message} is the sentence, "
        + "${error.status} the HTTP status or null, ${error.exit} the exit code; of '!COMMAND' and "
        + "'| COMMAND' that program's own.",
      "Ctrl-C ends the running request and the script with 130, even inside 'try'.",
    ],
    examples: [
      Example("try { show github/99 } else { echo ${error.code} }", "not-found\n"),
      Example("show github/99 || echo 'never mind'", "never mind\n"),
    ]
  )

  static let redirection = LanguageTopic(
    name: "redirection",
    abstract: "> FILE, >> FILE, | COMMAND, !COMMAND",
    keywords: [">", ">>", "|", "!", "--restricted"],
    text: [
      "'COMMAND > FILE' writes the result to a file, '>>' appends to it. A new file can be read by "
        + "its owner only. A command that fails before it has a result leaves the file unchanged.",
      "'COMMAND | TEXT' passes the result to /bin/sh, which runs all of TEXT: its own pipes and "
        + "&& work. The command's exit status counts, and the reader's only if the command succeeded; a "
        + "reader that closes the pipe early is not a failure.",
      "'!TEXT' runs a command of the system. Children read /dev/null. $names in TEXT are sh's; "
        + "variables that contain a text, a number or a boolean are in its environment, secrets are "
        + "not, nor are environment variables that were used as secrets. ';' ends TEXT: write !( a; b ). "
        + "$1 and ${c.name} in TEXT are sh's: assign them to a variable first.",
      "Output to a file, a program or $( ) is unchanged, byte for byte; control characters are "
        + "removed only for terminals.",
      "All of these are refused with --restricted, as 'cmd:' is and every option that writes a "
        + "file (--raw, --secret-file). An env file is read then, and never changed. The shell goes "
        + "on keeping its own records: history, audit log, state file.",
    ],
    examples: [
      Example("list -o ndjson > c.ndjson; list --plugin jira -o ndjson >> c.ndjson"),
      Example(
        "for p in github gitlab { echo $p } > plugins; let l = $(read plugins --as lines); echo ${l[1]}",
        "gitlab\n"
      ),
      Example("let x = 5; let y = $(!echo \"got $x\"); echo $y", "got 5\n"),
      Example(
        "let n = $(list --plugin github --output csv | tail -n +2 | wc -l); if $n == 2 { echo two }",
        "two\n"
      ),
    ]
  )

  static let include = LanguageTopic(
    name: "scripts",
    abstract: "Files, include, idioms, driving the shell from a program",
    keywords: ["#!", "-f", "--file"],
    text: [
      "'devlake-shell -f FILE ARG…' runs a file; a first line '#!/usr/bin/env -S devlake-shell "
        + "-f' makes it a program. 'include FILE' runs another one, found relative to the "
        + "including file, in the same scope. A file that includes itself is refused.",
      "'exit N' ends the script from anywhere in it.",
      "Idioms: $(try { test all }) is a failing result as data. $[ for c in $(list) { if not test $c "
        + "{ $c } } ] collects what fails. '{ … } > FILE' writes what several commands give. "
        + "${1:-github} is an argument that may be missing. 'A || exit 3' ends with a code of your own.",
      "A program that drives the shell writes statements to 'devlake-shell -k -q -o ndjson' and after "
        + "each one 'echo \"@@END $status\"': what comes before that line is the answer. Each statement "
        + "runs as soon as it is complete.",
    ],
    examples: [
      Example(
        "let failed = $[ for r in $(try { test all }) { if ${r.verdict} == failed { $r } } ]; echo ${failed[0].plugin}",
        "jenkins\n"
      ),
      Example("let x = 1; if $x == 1 { echo done; exit 0 }; echo never", "done\n"),
    ]
  )

  static let arguments = LanguageTopic(
    name: "arguments",
    abstract: "$1, $2, … and --set",
    keywords: ["$1", "$args", "--set"],
    text: [
      "$1 is the first word after 'devlake-shell -f FILE', or after 'include FILE'. A missing one "
        + "is an error before anything runs, unless there is a default: ${1:-github}. $args is the list of all.",
      "'devlake-shell --set NAME=VALUE' sets a variable before the script begins.",
    ],
    examples: [Example("echo ${1:-github}", "github\n")]
  )

  static let checking = LanguageTopic(
    name: "checking",
    abstract: "What is checked before anything runs",
    keywords: ["--check"],
    text: [
      "Files and -c are read whole before the first command runs: syntax, commands, options, "
        + "values, plugins, variables, in every branch and every included file. All mistakes are "
        + "told at once, with their places, nothing is sent, and the exit code is 2. --check does "
        + "only that and needs no DevLake.",
      "What is piped in runs statement by statement, so a program can drive the shell: each is "
        + "checked before it runs, and its result is written before the next is awaited.",
    ],
    examples: [Example("let plugin = github; list --plugin $plugin")]
  )
}
