import DevLakeKit

/// Explains commands and the language: `help`, `help rotate`, `help language`.
struct HelpCommand: Command {
  let signature = Signature(
    name: "help",
    abstract: "Show the commands, the help of one, or a page about the language",
    arguments: [.init(name: "TOPIC", kind: .topic, isRequired: false, isRepeated: true)],
    examples: [
      .init(input: "help", purpose: "the commands"),
      .init(input: "help rotate", purpose: "the options of rotate"),
      .init(input: "help language", purpose: "how to write scripts"),
    ],
    topic: .shell
  )

  func run(_ call: Call, in session: Session) async throws(Failure) -> CommandResult {
    let registry = SignatureRegistry.standard
    let words = call.all(argument: "TOPIC")
    guard let first = words.first else { return CommandResult(HelpText.overview(registry)) }
    if let signature = registry[first.text] {
      return CommandResult(HelpText.command(signature))
    }
    if let command = session.definitions[first.text] {
      return CommandResult(HelpText.command(command.signature))
    }
    let spoken = words.map(\.text)
    if let phrase = registry.phrases.filter({ spoken.starts(with: $0.words) })
      .max(by: { $0.words.count < $1.words.count }), let signature = registry[phrase.command]
    {
      return CommandResult(HelpText.command(signature))
    }
    if registry.isPhraseStart(first.text) { return CommandResult(HelpText.phrases(registry)) }
    if let topic = LanguageTopic.named(first.text) { return CommandResult(HelpText.topic(topic)) }
    // Words are whole where the check asks for that.
    if let page = HelpText.page(beginning: first.text, registry) {
      if let signature = registry[page] { return CommandResult(HelpText.command(signature)) }
      if let topic = LanguageTopic.named(page) { return CommandResult(HelpText.topic(topic)) }
    }
    throw .unknownTopic(first, registry)
  }
}
