import DevLakeKit

/// Reads data from a file or standard input: `read teams.csv`.
struct ReadCommand: Command {
  let signature = Signature(
    name: "read",
    abstract: "Read data from a file, or from standard input with -",
    discussion: """
      A file's ending says what it holds: .csv, .json, .ndjson, .yaml; any other is a text, without \
      its last line end. Lines and the rows of a CSV file become a list, a row a record by the names \
      of the header. A cell under a secret's name, as token or password, is a secret. A text with \
      --as: 'parse'.
      """,
    arguments: [.init(name: "FILE", kind: .file)],
    options: [DataFormat.option],
    examples: [
      .init(
        input: "for team in $(read teams.csv) { echo ${team.name} }",
        purpose: "once for each row"
      ),
      .init(input: "read hosts.txt --as lines", purpose: "the lines as a list"),
    ],
    topic: .shell
  )

  func run(_ call: Call, in session: Session) async throws(Failure) -> CommandResult {
    guard let file = call.argument("FILE") else {
      throw .usage("'read' needs FILE", at: call.whole)
    }
    let named = DataFormat(of: call)
    guard file.text == "-" else {
      let format = named ?? DataFormat(ending: file.text) ?? .text
      let path = session.secretSources().path(file.text)
      let text: String
      do throws(Failure) {
        text = try ScriptFile.read(path, shownAs: file.text, mustBeUTF8: true)
      } catch {
        throw error.placed(at: file)
      }
      return try format.result(of: text, from: file.text, at: file, in: session)
    }
    guard let format = named else {
      throw .usage(
        "the format of standard input is unknown",
        at: file,
        help: "use --as \(DataFormat.names.joined(separator: "|"))"
      )
    }
    return try format.result(
      of: try await input(file, session),
      from: "standard input",
      at: file,
      in: session
    )
  }

  private func input(_ given: ArgumentValue, _ session: Session) async throws(Failure) -> String {
    guard let read = session.world.readStandardInput else {
      throw .usage("'-' reads standard input, which contains the commands here", at: given)
    }
    guard session.takeInput() else {
      throw .usage(
        "standard input was read already",
        at: given,
        help: "store it: let input = $(read - --as lines)"
      )
    }
    let bytes: [UInt8]
    do throws(SecretReferenceError) {
      bytes = try await read(true) ?? []
    } catch {
      throw .invalid(error.description, at: given)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .invalid("standard input is not UTF-8", at: given)
    }
    return text
  }
}

/// Makes data of a text: `parse $(!kubectl get secret …) --as json`.
struct ParseCommand: Command {
  let signature = Signature(
    name: "parse",
    abstract: "Parse text into data",
    discussion: "The format is never guessed: --as names it. 'read' does the same with a file.",
    arguments: [.init(name: "TEXT", kind: .text)],
    options: [DataFormat.option],
    examples: [
      .init(
        input: "let answer = $(parse '{\"teams\":[\"core\"]}' --as json); echo ${answer.teams[0]}",
        purpose: "writes core"
      ),
      .init(
        input: "for line in $(parse $(!seq 3) --as lines) { echo $line }",
        purpose: "once for each line that a program prints"
      ),
    ],
    topic: .shell
  )

  func run(_ call: Call, in session: Session) async throws(Failure) -> CommandResult {
    guard let given = call.argument("TEXT") else {
      throw .usage("'parse' needs TEXT", at: call.whole)
    }
    guard let format = DataFormat(of: call) else {
      throw .usage(
        "'parse' needs --as",
        at: call.whole,
        help: "use --as \(DataFormat.names.joined(separator: "|"))"
      )
    }
    return try format.result(of: given.text, from: "TEXT", at: given, in: session)
  }
}
