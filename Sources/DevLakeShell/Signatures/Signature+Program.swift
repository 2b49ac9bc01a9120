extension Signature {
  /// What the program itself takes: the options that are before the first word.
  static let program = Signature(
    name: "devlake-shell",
    abstract: "A scriptable shell for the connections of Apache DevLake",
    options: [
      .init(
        name: "command",
        short: "c",
        kind: .text,
        placeholder: "LINES",
        help: "run these lines (repeatable, in order with -f)",
        isRepeated: true
      ),
      .init(
        name: "file",
        short: "f",
        kind: .file,
        placeholder: "FILE",
        help: "run this file; the words after it become $1, $2, …",
        isRepeated: true
      ),
      .init(
        name: "interactive",
        short: "i",
        kind: .flag,
        help: "stay interactive after -c and -f"
      ),
      .init(name: "check", kind: .flag, help: "check -c and -f, and run nothing"),
      .init(
        name: "keep-going",
        short: "k",
        kind: .flag,
        help: "continue after a failed command"
      ),
      .init(
        name: "url",
        kind: .url,
        placeholder: "URL",
        help: "URL of the DevLake to use; overrides $DEVLAKE_URL and state files"
      ),
      .init(
        name: "instance",
        kind: .instance,
        placeholder: "NAME",
        help: "DevLake of that name in instances.yaml, instead of --url"
      ),
      .init(
        name: "output",
        short: "o",
        kind: .choice(OutputFormat.allCases.map(\.rawValue)),
        placeholder: "FORMAT",
        help: OutputFormat.allCases.map(\.rawValue).joined(separator: ", ")
      ),
      .init(name: "json", kind: .flag, help: "the same as --output json"),
      .init(name: "quiet", short: "q", kind: .flag, help: "do not write notes to standard error"),
      .init(
        name: "verbose",
        short: "v",
        kind: .flag,
        help: "log each request on standard error"
      ),
      .init(
        name: "color",
        kind: .choice(ColorChoice.allCases.map(\.rawValue)),
        placeholder: "WHEN",
        help: "auto, always or never"
      ),
      .init(name: "non-interactive", kind: .flag, help: "never ask a question"),
      .init(
        name: "yes",
        short: "y",
        kind: .flag,
        help: "answer yes to all questions but the one about a state file's address"
      ),
      .init(
        name: "timeout",
        kind: .seconds,
        placeholder: "SECONDS",
        help: "time limit of a request"
      ),
      .init(
        name: "parallel",
        kind: .integer(1...256),
        placeholder: "N",
        help: "number of parallel requests, 16 by default"
      ),
      .init(
        name: "api-key",
        kind: .secret,
        placeholder: "REF",
        help: "DevLake API key (also $DEVLAKE_API_KEY)"
      ),
      .init(
        name: "user",
        kind: .text,
        placeholder: "NAME",
        help: "user name for HTTP Basic (config-ui)"
      ),
      .init(
        name: "password",
        kind: .secret,
        placeholder: "REF",
        help: "password for HTTP Basic"
      ),
      .init(
        name: "header",
        kind: .secret,
        placeholder: "'NAME: VALUE'",
        help: "extra HTTP header (repeatable); VALUE or env:NAME, file:PATH, cmd:COMMAND",
        isRepeated: true
      ),
      .init(
        name: "ca-cert",
        kind: .file,
        placeholder: "FILE",
        help: "CA certificates to trust instead of the system's"
      ),
      .init(name: "insecure", kind: .flag, help: "accept any certificate"),
      .init(
        name: "audit-required",
        kind: .flag,
        help: "make no change that the audit log cannot record"
      ),
      .init(
        name: "env-file",
        kind: .file,
        placeholder: "PATH",
        help: "file with tokens, .devlake.env by default"
      ),
      .init(
        name: "set",
        kind: .field,
        placeholder: "NAME=VALUE",
        help: "set a variable (repeatable)",
        isRepeated: true
      ),
      .init(name: "no-rc", kind: .flag, help: "do not read the start-up file"),
      .init(name: "read-only", kind: .flag, help: "send no request that could change a DevLake"),
      .init(
        name: "restricted",
        kind: .flag,
        help: "start no programs and write no files: no !, |, >, cmd:, --raw, --secret-file"
      ),
      .init(name: "version", kind: .flag, help: "show the version"),
      .init(name: "help", short: "h", kind: .flag, help: "show this help"),
    ],
    topic: .shell,
    takesCommonOptions: false
  )
}
