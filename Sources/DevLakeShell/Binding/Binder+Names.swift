import DevLakeKit
import ShellLanguage

/// Which command the words of a statement name.
extension Binder {
  /// Finds the command the words name: its own name, or a phrase of the documents.
  func resolve(
    _ simple: SimpleCommand
  ) throws(Failure) -> (Signature, ArraySlice<Word>, isPhrase: Bool) {
    let name = simple.name.value
    if let signature = registry[name] { return (signature, simple.words[...], false) }
    if let signature = definitions[name] { return (signature, simple.words[...], false) }
    if registry.isPhraseStart(name) { return try phrase(simple) }
    if allowsAbbreviations {
      if let meant = SignatureRegistry.typedWords[name], let signature = registry[meant] {
        return (signature, simple.words[...], false)
      }
      // A 'q' typed too late for a pager must not end the session.
      let matches = registry.names.filter { $0.hasPrefix(name) && name != "q" }
      if matches.count == 1, let only = matches.first, let signature = registry[only] {
        return (signature, simple.words[...], false)
      }
      if matches.count > 1 {
        throw usage(
          "'\(name)' is ambiguous",
          simple.name.span,
          help: "it can be \(matches.joined(separator: ", "))"
        )
      }
    }
    throw unknown(simple.name)
  }

  /// Programs people type who think of another shell.
  private static let programs: Set<String> = [
    "awk", "basename", "bash", "cat", "cd", "chmod", "cp", "curl", "cut", "date", "docker", "env",
    "expr",
    "false", "find", "gh", "git", "grep", "head", "hostname", "jq", "kubectl", "make",
    "mkdir",
    "mktemp", "mv", "op", "pass", "printf", "pwd", "python3", "sed", "seq", "sh", "sort",
    "ssh",
    "tail", "tee", "touch", "tr", "uname", "uniq", "vault", "wc", "which", "whoami", "xargs", "yq",
  ]

  /// What is meant by words of other shells that are better not guessed.
  private static let habits = [
    "rm": "'delete SEL' deletes connections", "q": "'quit' leaves the shell",
    "version": "'status' shows DevLake's version, '!devlake-shell --version' the shell's",
  ]

  func unknown(_ name: Located<String>) -> Failure {
    let full = registry.names.filter { $0.hasPrefix(name.value) }
    let help: String?
    if let known = Self.habits[name.value] {
      help = known
    } else if let meant = SignatureRegistry.typedWords[name.value] {
      help = "write '\(meant)'"
    } else if Self.programs.contains(name.value) {
      help =
        "run programs of the system with '!': !\(name.value) …, and $(!\(name.value) …) for its output"
    } else if name.value.contains(where: { $0 == " " || $0 == ";" }) {
      help = "run lines with -c '…'; pass the words of one command as separate arguments"
    } else if full.count == 1, !registry.destructive.contains(full[0]), !name.value.isEmpty {
      help = "write the full word '\(full[0])'"
    } else {
      help =
        nearest(to: name.value).map { "did you mean '\($0)'?" } ?? "see 'help'"
    }
    return usage("no command named '\(name.value)'", name.span, help: help)
  }

  private func nearest(to name: String) -> String? {
    let find = {
      Suggestion.closest(
        to: name,
        among: registry.names + definitions.keys.sorted() + ["configure"],
        avoiding: registry.destructive
      )
    }
    guard let suggestions else { return find() }
    return suggestions.found(name, find)
  }

  /// `configure connection update …` → `update …`; without a verb it creates.
  func phrase(
    _ simple: SimpleCommand
  ) throws(Failure) -> (Signature, ArraySlice<Word>, isPhrase: Bool) {
    let spoken = [simple.name.value] + simple.words.map { $0.plain ?? "" }
    let candidates = registry.phrases.filter { spoken.starts(with: $0.words) }
    guard let best = candidates.max(by: { $0.words.count < $1.words.count }) else {
      throw usage(
        "'\(simple.name.value)' must be followed by 'connection'",
        simple.words.first?.span ?? simple.name.span,
        help: "write: configure connection create|list|test|update|delete"
      )
    }
    let rest = simple.words.dropFirst(best.words.count - 1)
    if best.words.count == 2, let next = rest.first, !next.isOptionLike {
      let verbs = registry.phrases.filter { $0.words.count == 3 }.map { $0.words[2] }
      let near = Suggestion.closest(
        to: next.plain ?? "",
        among: verbs,
        avoiding: registry.destructive
      )
      throw usage(
        "'configure connection' has no '\(next.plain ?? "…")'",
        next.span,
        help: near.map { "did you mean '\($0)'?" }
          ?? "write: configure connection create|list|test|update|delete"
      )
    }
    guard let signature = registry[best.command] else { throw unknown(simple.name) }
    return (signature, rest, true)
  }
}
