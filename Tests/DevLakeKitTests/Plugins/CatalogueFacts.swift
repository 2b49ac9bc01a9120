import Foundation
import Testing

/// What was found out about one plugin in DevLake's source and on a real server.
///
/// `plugins.json` beside this file; the catalogue is compared with it, so a slip in a descriptor
/// shows up here and not on somebody's server.
struct CatalogueFacts: Decodable, Sendable, CustomTestStringConvertible {
  let slug: String
  let displayName: String
  let status: String
  let confirmed: Confirmation
  let endpointDefault: String?
  let rateLimitDefault: Int?
  let scopeIdField: String?
  let inInterface: Bool
  let fields: [Field]
  let patch: String?
  let maskEcho: String?
  let deleteGuards: [String]?
  let nonJsonUpstream: String?

  var testDescription: String { slug }

  struct Field: Decodable, Sendable {
    let name: String
    let required: Required
    let mask: String?
  }

  /// `true`, `false`, or `"authMethod=BasicAuth"`.
  enum Required: Decodable, Sendable, Equatable {
    case flag(Bool)
    case condition(String)

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let flag = try? container.decode(Bool.self) {
        self = .flag(flag)
      } else {
        self = .condition(try container.decode(String.self))
      }
    }
  }

  /// `false`, `"basic"` or `"full"`.
  enum Confirmation: Decodable, Sendable, Equatable {
    case none
    case by(String)

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let word = try? container.decode(String.self) {
        self = .by(word)
      } else {
        _ = try container.decode(Bool.self)
        self = .none
      }
    }
  }

  /// Every plugin of the file; empty when it cannot be read, which a test notices.
  static let all: [CatalogueFacts] = {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "plugins.json")
    guard let data = try? Data(contentsOf: file),
      let facts = try? JSONDecoder().decode([CatalogueFacts].self, from: data)
    else { return [] }
    return facts
  }()
}
