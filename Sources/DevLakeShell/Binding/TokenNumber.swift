import DevLakeKit

/// A value of `--replace`: a token's number, and perhaps the secret that takes its place.
struct TokenNumber {
  let number: Int
  /// What is behind the `=`; empty for a secret value of the language, which is in `given`.
  let reference: String?
  let given: ArgumentValue

  /// Reads `2`, or `2=env:NEW`; `nil` when it is neither.
  static func read(_ given: ArgumentValue) -> TokenNumber? {
    let parts = given.text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = given.fieldName ?? parts.first.map(String.init) ?? ""
    guard let id = ConnectionKey.id(name), id <= 100 else { return nil }
    let reference = given.fieldName != nil ? "" : parts.count > 1 ? String(parts[1]) : nil
    return TokenNumber(number: id, reference: reference, given: given)
  }
}
