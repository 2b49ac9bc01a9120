import Foundation
import Testing

/// Something that reads what others wrote, and what must hold for every input.
struct FuzzTarget: Sendable, CustomTestStringConvertible {
  /// Also the folder of its good inputs, in `Corpus`.
  let name: String
  /// What means something there, for the bending of inputs.
  let words: [String]
  /// Makes the check, which expects what must hold and shows the input where it does not.
  let check: @Sendable () throws -> ([UInt8]) -> Void

  var testDescription: String { name }

  static let all: [FuzzTarget] = [
    .script, .completion, .envFile, .stateFile, .yaml, .instances, .json, .serverMessage,
    .connectionsFile, .rotationFile, .auditLog, .keys, .typed, .redaction,
    .addresses,
  ]

  /// The good inputs, by name.
  func corpus() throws -> [[UInt8]] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Corpus/\(name)")
    let files = try FileManager.default.contentsOfDirectory(
      at: folder,
      includingPropertiesForKeys: nil
    )
    return try files.sorted { $0.path < $1.path }.map { try [UInt8](Data(contentsOf: $0)) }
  }
}

/// The input as a finding shows it, and for `base64 -d`.
func shown(_ input: [UInt8]) -> Comment {
  let text = String(decoding: input.prefix(300), as: UTF8.self).debugDescription
  return "\(text) = \(Data(input).base64EncodedString())"
}
