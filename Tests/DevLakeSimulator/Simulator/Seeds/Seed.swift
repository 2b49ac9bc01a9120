public import DevLakeKit

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// What a simulator holds when it starts.
public enum Seed: Sendable {
  /// Nothing; ids start at 1.
  case empty
  /// Fourteen connections as a small company has them.
  case demo
  /// The same and one connection of each plugin that came in 2026.
  case demo2026
  /// What a JSON file says; the form is in ``SeedReader``.
  case file(String)
  /// The same, as a value.
  case json(JSONValue)

  /// The seed that `--seed` names.
  public init(argument: String) {
    switch argument {
    case "empty": self = .empty
    case "demo": self = .demo
    case "demo-2026": self = .demo2026
    default: self = .file(argument)
    }
  }

  /// A DevLake that holds the seed.
  func devLake(era: Era) throws(SimulatorError) -> DevLake {
    switch self {
    case .empty: return DevLake(era: era)
    case .demo: return try SeedReader.devLake(from: DemoSeed.json, era: era)
    case .demo2026: return try SeedReader.devLake(from: DemoSeed.json2026, era: era)
    case .json(let value): return try SeedReader.devLake(from: value, era: era)
    case .file(let path):
      do {
        return try SeedReader.devLake(
          from: JSONValue(parsing: Self.bytes(of: path)),
          era: era
        )
      } catch let error as JSONError {
        throw .unusableSeed("\(path): no JSON at byte \(error.offset)")
      } catch let error as SimulatorError {
        throw error
      } catch {
        throw .unusableSeed("\(path): \(error)")
      }
    }
  }

  private static func bytes(of path: String) throws(SimulatorError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw .unusableSeed("\(path): \(String(cString: strerror(errno)))")
    }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
      guard count >= 0 else {
        throw .unusableSeed("\(path): \(String(cString: strerror(errno)))")
      }
      if count == 0 { return bytes }
      bytes.append(contentsOf: buffer[..<count])
    }
  }
}
