/// Text that came from a server, made fit to be shown.
package enum ServerText {
  /// The text on one line: control characters become blanks, marks that mislead go.
  ///
  /// What is shown of it is what a person types who has to type it.
  package static func line(_ text: String) -> String {
    var result = ""
    var blank = false
    for scalar in text.unicodeScalars {
      if scalar.endsLineOrControls {
        blank = true
        continue
      }
      if scalar.misleads { continue }
      if blank, !result.isEmpty { result += " " }
      blank = false
      result.unicodeScalars.append(scalar)
    }
    return result
  }

  /// The text with every mask of DevLake's replaced by `***`: it shows up to 16 characters of a GitHub
  /// token.
  package static func withoutMasks(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "*")), text.contains("****") else { return text }
    return text.split(separator: " ", omittingEmptySubsequences: false)
      .map { $0.contains("****") ? hidingRuns(in: $0) : String($0) }
      .joined(separator: " ")
  }

  /// Replaces each run of letters, digits, `_`, `-` and `*` that has four stars in a row.
  private static func hidingRuns(in word: Substring) -> String {
    var result = ""
    var run = ""
    func flush() {
      result += run.contains("****") ? "***" : run
      run = ""
    }
    for character in word {
      if character.isLetter || character.isNumber || "_-*".contains(character) {
        run.append(character)
      } else {
        flush()
        result.append(character)
      }
    }
    flush()
    return result
  }
}

extension Unicode.Scalar {
  fileprivate var endsLineOrControls: Bool {
    value < 0x20 || (0x7F..<0xA0).contains(value) || value == 0x2028 || value == 0x2029
  }
}
