import Glibc
import Testing

/// Keeps the input that is being tried in a file that survives the process, for what ends it.
final class InputRecorder {
  private static let size = 1 << 20
  private let memory: UnsafeMutableRawPointer

  /// Makes the file.
  init(path: String) throws {
    let descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    try #require(descriptor >= 0 && ftruncate(descriptor, off_t(Self.size)) == 0, "\(path)")
    defer { close(descriptor) }
    let mapped = mmap(nil, Self.size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
    memory = try #require(mapped != MAP_FAILED ? mapped : nil)
  }

  deinit { munmap(memory, Self.size) }

  /// Notes the input: its length in eight bytes, then its bytes.
  func note(_ input: [UInt8]) {
    let kept = input.prefix(Self.size - 8)
    memory.storeBytes(of: UInt64(kept.count).littleEndian, as: UInt64.self)
    kept.withUnsafeBytes { bytes in
      if let base = bytes.baseAddress { memcpy(memory + 8, base, bytes.count) }
    }
  }
}
