import DevLakeKit

/// What a person has answered in a wizard, each answer under the name of its question.
///
/// The wizard goes through its questions from the first one again and again, and those that are
/// answered are not asked: so one answer can be taken back, and no other is lost. What was taken back
/// is in its question to be changed.
final class WizardAnswers {
  /// What a person types to come back to the question before.
  static let back = "<"

  let conversation: any Conversation
  private let unanswered: String
  /// The names of the questions that are answered, in their order.
  private(set) var order: [String] = []
  private var answers: [String: (label: String, text: String)] = [:]
  private var former: [String: String] = [:]
  /// The secrets among the answers.
  private(set) var secrets: [String: Secret] = [:]
  /// Whether the error that is on its way only leads to a question before.
  private(set) var goesBack = false
  /// Whether the person has typed a secret.
  var hasSecret = false
  private var hasBegun = false

  /// - Parameter unanswered: What is said where the person ends the input.
  init(_ conversation: any Conversation, unanswered: String) {
    self.conversation = conversation
    self.unanswered = unanswered
  }

  /// Whether a change was interrupted on its way, so that nobody can say that nothing was done.
  private var mayHaveChanged = false

  /// Runs a wizard from its first question to its end.
  ///
  /// Up goes a question back as ``back`` does, and whoever leaves by Ctrl-C is told what was not done.
  func lead<Answer>(
    _ body: () async throws(Failure) -> Answer
  ) async throws(Failure) -> Answer {
    conversation.answersUp(with: Self.back)
    defer { conversation.answersUp(with: nil) }
    do throws(Failure) {
      return try await body()
    } catch {
      guard error.diagnostic.code == .interrupted, !mayHaveChanged, !error.leavesUnknown else {
        throw error
      }
      var diagnostic = Diagnostic(.note, code: .interrupted, message: unanswered)
      // Nothing in the command is wrong.
      diagnostic.isBrief = true
      throw Failure(diagnostic, exitCode: .interrupted)
    }
  }

  /// Does what changes DevLake: how far an interrupted change got is told by itself.
  func changing<Answer>(
    _ body: () async throws(Failure) -> Answer
  ) async throws(Failure) -> Answer {
    do throws(Failure) {
      return try await body()
    } catch {
      mayHaveChanged = error.diagnostic.code == .interrupted
      throw error
    }
  }

  /// Runs the questions from the first one.
  func begin() { goesBack = false }

  /// Whether anything was asked, so that there is something to lose.
  var areTyped: Bool { !order.isEmpty || hasSecret }

  /// Says once how a wizard is used.
  private func explain() {
    guard !hasBegun else { return }
    hasBegun = true
    conversation.note(
      "   Enter accepts what is in brackets, \(Self.back) or Up goes back, Ctrl-C leaves"
    )
  }

  /// The answer to a question: the one that was given, or what the person types now.
  ///
  /// - Parameters:
  ///   - label: How the answer is called where it can be changed.
  ///   - standard: What is there to be changed; what was taken back comes first.
  ///   - complaint: What is wrong with an answer; it is asked again then.
  func ask(
    _ name: String,
    _ label: String,
    _ question: String,
    standard: String = "",
    completing: AnswerCompletion = .nothing,
    complaint: (String) async throws(Failure) -> String? = { _ in nil }
  ) async throws(Failure) -> String {
    if let given = answers[name] { return given.text }
    explain()
    var asked = question
    while true {
      let answer = try await conversation.askOpenly(
        asked,
        prefilled: former[name] ?? standard,
        completing: completing
      )
      guard let answer else { throw ended }
      if answer == Self.back {
        try takeBack()
        asked = "this is the first question\n\(question)"
        continue
      }
      if let mistake = try await complaint(answer) {
        asked = mistake.isEmpty ? question : "\(mistake)\n\(question)"
        continue
      }
      record(name, label, answer, shown: answer)
      return answer
    }
  }

  /// A secret that may be left out.
  ///
  /// - Parameter complaint: What is wrong with it; it is asked for again then.
  func askSecret(
    _ name: String,
    _ label: String,
    _ question: String,
    complaint: (Secret) -> String?
  ) async throws(Failure) -> Secret? {
    if answers[name] != nil { return secrets[name] }
    explain()
    var asked = question
    while let secret = try await conversation.askSecret(asked) {
      if secret.reveal({ $0 == Self.back }) {
        try takeBack()
      } else if let mistake = complaint(secret) {
        asked = "\(mistake)\n\(question)"
      } else {
        record(name, label, "", shown: Secret.placeholder)
        secrets[name] = secret
        hasSecret = true
        return secret
      }
    }
    record(name, label, "", shown: "as it is")
    return nil
  }

  /// The place of the answer in a list.
  func choose(
    _ name: String,
    _ label: String,
    _ menu: Menu
  ) async throws(Failure) -> Int {
    if let given = answers[name], let index = Int(given.text), menu.items.indices.contains(index) {
      return index
    }
    explain()
    var items = menu.items
    if !order.isEmpty {
      items.append(.init(label: "\(Self.back) back", names: [Self.back, "back"]))
    }
    let asked = Menu(title: menu.title, items: items)
    guard let index = try await asked.choose(with: conversation) else { throw ended }
    if index >= menu.items.count { try takeBack() }
    record(name, label, "\(index)", shown: menu.items[index].label)
    return index
  }

  /// An answer that stands.
  func given(_ name: String) -> String? { answers[name]?.text }

  /// An answer that was taken back.
  func former(_ name: String) -> String? { former[name] }

  /// Puts an answer there that was given in another way.
  func record(_ name: String, _ label: String, _ text: String, shown: String) {
    if answers.updateValue(("\(label): \(shown.isEmpty ? "none" : shown)", text), forKey: name)
      == nil
    {
      order.append(name)
    }
    former[name] = nil
  }

  /// Takes an answer back, to be given again.
  func forget(_ name: String) {
    guard let index = order.firstIndex(of: name), let given = answers.removeValue(forKey: name)
    else { return }
    order.remove(at: index)
    if secrets.removeValue(forKey: name) == nil { former[name] = given.text }
  }

  /// Takes back all answers but these, as they belong to another plugin.
  func keepOnly(_ names: Set<String>) {
    for name in order where !names.contains(name) { forget(name) }
    former = former.filter { names.contains($0.key) }
  }

  /// Goes to the question before; nothing happens at the first one.
  ///
  /// - Throws: What leads there; whoever runs the questions looks at ``goesBack``.
  func takeBack() throws(Failure) {
    guard let last = order.last else { return }
    forget(last)
    goesBack = true
    throw .interrupted
  }

  /// Lets the person pick the answer to change.
  func pickToChange() async throws(Failure) {
    let names = order
    let menu = Menu(
      title: "Which answer",
      items: names.map { .init(label: answers[$0]?.label ?? $0, names: [$0]) }
    )
    guard let index = try await menu.choose(with: conversation) else { throw ended }
    forget(names[index])
  }

  /// The person has ended the input.
  var ended: Failure {
    .unasked("the questions were not answered; \(unanswered)", flags: [])
  }
}
