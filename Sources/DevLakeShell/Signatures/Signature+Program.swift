extension Signature {
  /// What the program itself takes: the options that stand before the first word.
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
        help: "run this file; the words after it are its $1, $2, …",
        isRepeated: true
      ),
      .init(
        name: "interactive",
        short: "i",
        kind: .flag,
        help: "stay for a person after -c and -f"
      ),
      .init(name: "check", kind: .flag, help: "check -c and -f, and run nothing"),
      .init(
        name: "keep-going",
        short: "k",
        kind: .flag,
        help: "go on after a failed command"
      ),
      .init(
        name: "url",
        kind: .url,
        placeholder: "URL",
        help: "the DevLake to talk to; comes before $DEVLAKE_URL and state files"
      ),
      .init(
        name: "instance",
        kind: .text,
        placeholder: "NAME",
        help: "the DevLake of that name in instances.yaml, instead of --url"
      ),
      .init(
        name: "output",
        short: "o",
        kind: .choice(OutputFormat.allCases.map(\.rawValue)),
        placeholder: "FORMAT",
        help: OutputFormat.allCases.map(\.rawValue).joined(separator: ", ")
      ),
      .init(name: "json", kind: .flag, help: "the same as --output json"),
      .init(name: "quiet", short: "q", kind: .flag, help: "no notes on standard error"),
      .init(
        name: "verbose",
        short: "v",
        kind: .flag,
        help: "a line on standard error per request"
      ),
      .init(
        name: "color",
        kind: .choice(ColorChoice.allCases.map(\.rawValue)),
        placeholder: "WHEN",
        help: "auto, always or never"
      ),
      .init(name: "non-interactive", kind: .flag, help: "ask nothing"),
      .init(
        name: "yes",
        short: "y",
        kind: .flag,
        help: "answer questions with yes, but for the address of a state file"
      ),
      .init(
        name: "timeout",
        kind: .seconds,
        placeholder: "SECONDS",
        help: "how long one request may take"
      ),
      .init(
        name: "parallel",
        kind: .integer(1...256),
        placeholder: "N",
        help: "how many requests of a command run at once, 16 unless told"
      ),
      .init(
        name: "api-key",
        kind: .secret,
        placeholder: "REF",
        help: "an API key of DevLake (also $DEVLAKE_API_KEY)"
      ),
      .init(
        name: "user",
        kind: .text,
        placeholder: "NAME",
        help: "user of HTTP Basic (config-ui)"
      ),
      .init(
        name: "password",
        kind: .secret,
        placeholder: "REF",
        help: "password of HTTP Basic"
      ),
      .init(
        name: "header",
        kind: .secret,
        placeholder: "'NAME: VALUE'",
        help: "a further header field (repeatable)",
        isRepeated: true
      ),
      .init(
        name: "ca-cert",
        kind: .file,
        placeholder: "FILE",
        help: "certificates to trust instead of the system's"
      ),
      .init(name: "insecure", kind: .flag, help: "accept any certificate"),
      .init(
        name: "audit-required",
        kind: .flag,
        help: "change nothing that the audit log cannot keep"
      ),
      .init(
        name: "env-file",
        kind: .file,
        placeholder: "PATH",
        help: "file with tokens, .devlake.env unless told"
      ),
      .init(
        name: "set",
        kind: .field,
        placeholder: "NAME=VALUE",
        help: "a variable (repeatable)",
        isRepeated: true
      ),
      .init(name: "no-rc", kind: .flag, help: "do not read the start-up file"),
      .init(name: "read-only", kind: .flag, help: "send nothing that may change a DevLake"),
      .init(
        name: "restricted",
        kind: .flag,
        help: "start no program and write no file: no !, |, >, cmd:, --raw, --secret-file"
      ),
      .init(name: "version", kind: .flag, help: "show the version"),
      .init(name: "help", short: "h", kind: .flag, help: "show this"),
    ],
    topic: .shell,
    takesCommonOptions: false
  )
}
