/// Which requests meet which fault: `[METHOD ]PATH[#N]=FAULT`.
///
/// `PATH` is matched against the whole path without the query; `*` stands for anything but a slash
/// and `**` for anything, a lone `*` for every path. `#2` is the second matching request only,
/// `#2+` the second and all later ones.
///
///     try FaultRule(parsing: "POST /plugins/*/connections#1=lost")
public struct FaultRule: Sendable {
  /// Why a rule cannot be read.
  public struct Mistake: Error, Sendable, CustomStringConvertible {
    let message: String
    /// What is wrong, in one line.
    public var description: String { message }
  }

  /// Which of the matching requests, counted from 1.
  public enum Occurrence: Sendable, Equatable {
    /// All of them.
    case every
    /// Only that one.
    case only(Int)
    /// That one and all later ones.
    case from(Int)
  }

  /// The method, `nil` for any.
  public let method: String?
  /// The pattern of the path.
  public let path: String
  /// Which of the matching requests.
  public let occurrence: Occurrence
  /// What happens to them.
  public let fault: Fault

  /// A rule.
  public init(
    method: String? = nil,
    path: String = "*",
    occurrence: Occurrence = .every,
    fault: Fault
  ) {
    self.method = method
    self.path = path
    self.occurrence = occurrence
    self.fault = fault
  }

  /// Reads a rule as `--fault` takes it.
  ///
  /// - Throws: ``Mistake``, which says what is wrong.
  public init(parsing text: String) throws(Mistake) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else {
      throw Mistake(message: "a rule is [METHOD ]PATH[#N]=FAULT, not '\(text)'")
    }
    fault = try Fault(parsing: parts[1])
    let words = parts[0].split(separator: " ")
    guard let target = words.last, words.count <= 2 else {
      throw Mistake(message: "a rule starts with [METHOD ]PATH, not '\(parts[0])'")
    }
    method = words.count == 2 ? words[0].uppercased() : nil
    let place = target.split(separator: "#", maxSplits: 1)
    guard let pattern = place.first, pattern.hasPrefix("/") || pattern.hasPrefix("*") else {
      throw Mistake(message: "a path starts with / or *, not '\(target)'")
    }
    path = String(pattern)
    guard place.count == 2 else {
      occurrence = .every
      return
    }
    let isOpen = place[1].hasSuffix("+")
    guard let number = Int(isOpen ? place[1].dropLast() : place[1]), number > 0 else {
      throw Mistake(message: "after # stands a number from 1, not '\(place[1])'")
    }
    occurrence = isOpen ? .from(number) : .only(number)
  }

  /// Whether the rule is about requests of that method and path.
  func matches(method: String, path: String) -> Bool {
    if let wanted = self.method, wanted != method { return false }
    if self.path == "*" { return true }
    return Self.matches(Array(self.path.utf8)[...], Array(path.utf8)[...])
  }

  private static func matches(_ pattern: ArraySlice<UInt8>, _ text: ArraySlice<UInt8>) -> Bool {
    let star = UInt8(ascii: "*")
    guard let first = pattern.first else { return text.isEmpty }
    guard first == star else {
      return text.first == first && matches(pattern.dropFirst(), text.dropFirst())
    }
    let isDeep = pattern.dropFirst().first == star
    let rest = pattern.dropFirst(isDeep ? 2 : 1)
    var remaining = text
    while true {
      if matches(rest, remaining) { return true }
      guard let next = remaining.first, isDeep || next != UInt8(ascii: "/") else { return false }
      remaining = remaining.dropFirst()
    }
  }
}

/// The rules in force and how often each has matched.
struct FaultPlan: Sendable {
  private var rules: [(rule: FaultRule, matched: Int)]

  init(_ rules: [FaultRule]) { self.rules = rules.map { ($0, 0) } }

  /// The fault of a request: of the rules that are about it, the first that is due.
  mutating func fault(method: String, path: String) -> Fault? {
    var fault: Fault?
    for index in rules.indices where rules[index].rule.matches(method: method, path: path) {
      rules[index].matched += 1
      let isDue =
        switch rules[index].rule.occurrence {
        case .every: true
        case .only(let number): rules[index].matched == number
        case .from(let number): rules[index].matched >= number
        }
      if isDue, fault == nil { fault = rules[index].rule.fault }
    }
    return fault
  }
}
