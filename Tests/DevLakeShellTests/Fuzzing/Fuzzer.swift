@testable import DevLakeShell
@testable import ShellLanguage

/// Makes inputs that are nearly right: good ones from the corpus, bent a little.
struct Fuzzer {
  private var generator: Seeded
  private let corpus: [[UInt8]]
  private let words: [[UInt8]]

  /// - Parameter words: What means something where the inputs are read.
  init(seed: UInt64, corpus: [[UInt8]], words: [String]) {
    generator = Seeded(seed: seed)
    self.corpus = corpus
    self.words = words.map { Array($0.utf8) }
  }

  /// The next input.
  mutating func input() -> [UInt8] {
    switch Int.random(in: 0..<8, using: &generator) {
    case 0: (0..<number(1, 24)).flatMap { _ in word() }
    case 1: (0..<number(0, 60)).map { _ in byte() }
    default: bent(corpus.randomElement(using: &generator) ?? [])
    }
  }

  private mutating func bent(_ good: [UInt8]) -> [UInt8] {
    var bytes = good
    for _ in 0..<number(0, 4) {
      let lower = number(0, bytes.count)
      let upper = min(bytes.count, lower + number(0, 8))
      switch number(0, 8) {
      case 0: bytes.removeSubrange(lower..<upper)
      case 1: bytes.insert(contentsOf: Array(bytes[lower..<upper]), at: lower)
      case 2: bytes.replaceSubrange(lower..<upper, with: word())
      case 3: bytes.insert(byte(), at: lower)
      case 4: bytes.removeSubrange(lower...)
      case 5: repeatPiece(of: &bytes, lower..<upper)
      case 6: splice(&bytes, at: lower)
      default: bytes.insert(contentsOf: word(), at: lower)
      }
    }
    return bytes
  }

  /// Depth and length: a piece many times over.
  private mutating func repeatPiece(of bytes: inout [UInt8], _ range: Range<Int>) {
    let piece = Bool.random(using: &generator) ? Array(bytes[range]) : word()
    let pieces = (0..<number(2, 400)).flatMap { _ in piece }
    bytes.insert(contentsOf: pieces, at: range.lowerBound)
  }

  /// The beginning of one good input with the end of another.
  private mutating func splice(_ bytes: inout [UInt8], at place: Int) {
    let other = corpus.randomElement(using: &generator) ?? []
    bytes.replaceSubrange(place..., with: other[number(0, other.count)...])
  }

  private mutating func word() -> [UInt8] { words.randomElement(using: &generator) ?? [] }
  private mutating func byte() -> UInt8 { UInt8.random(in: 0...255, using: &generator) }
  private mutating func number(_ lower: Int, _ upper: Int) -> Int {
    Int.random(in: lower...upper, using: &generator)
  }
}
