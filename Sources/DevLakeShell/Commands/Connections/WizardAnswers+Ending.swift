import DevLakeKit

/// What comes after the questions of a wizard.
extension WizardAnswers {
  /// What a person wants done.
  enum Wish {
    case goOn
    /// The questions are gone through again, to give an answer again.
    case answerAgain
    case anotherSecret
    case saveUntested
    case leave
  }

  /// Shows what will be done, before anything is sent, and lets the person change it.
  ///
  /// One answer need not be looked at again.
  func confirm(
    _ title: String,
    _ lines: [String],
    _ question: String
  ) async throws(Failure) -> Wish {
    guard order.count > 1 else { return .goOn }
    conversation.note("   \(title)")
    for line in lines { conversation.note("     " + line) }
    while true {
      let answer = try await conversation.ask(
        "\(question) (Enter: yes, c: change an answer, \(Self.back): back, n: no): "
      )
      guard let answer else { throw ended }
      switch answer.lowercased() {
      case "", "y", "yes": return .goOn
      case "n", "no", "q", "quit": return .leave
      case "c", "change", "e", "edit":
        try await pickToChange()
        return .answerAgain
      case Self.back, "back": try takeBack()
      default: conversation.note("   '\(answer)' is none of these")
      }
    }
  }

  /// Asks what to do where something went wrong, so that no answer is lost.
  ///
  /// - Parameter canSave: Whether it can be saved all the same.
  func wish(afterFailure title: String, canSave: Bool) async throws(Failure) -> Wish {
    var items: [(item: Menu.Item, wish: Wish)] = []
    if hasSecret { items.append((.init(label: "type the secret again"), .anotherSecret)) }
    if !order.isEmpty { items.append((.init(label: "change an answer"), .answerAgain)) }
    items.append((.init(label: "try the same again"), .goOn))
    if canSave { items.append((.init(label: "save it without a test"), .saveUntested)) }
    items.append((.init(label: "leave", names: ["q", "quit", "n"]), .leave))
    let menu = Menu(title: title, items: items.map(\.item))
    guard let index = try await menu.choose(with: conversation) else { return .leave }
    let wish = items[index].wish
    if case .answerAgain = wish { try await pickToChange() }
    return wish
  }
}
