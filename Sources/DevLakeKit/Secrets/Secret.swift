/// A value that is never shown.
///
/// Interpolating, dumping or reflecting a secret yields `***`, and ``reveal(_:)`` is the only way to
/// the value, so every use can be found by name. It is neither `Codable` nor `Hashable` on purpose:
/// both would hand the value on.
public struct Secret: Sendable, Equatable {
  private let value: String

  /// Wraps a value that must not be shown.
  public init(_ value: String) { self.value = value }

  /// Hands the value to a closure that needs it, such as one that writes a request's body.
  ///
  /// What the closure returns is no longer protected.
  public func reveal<Result, Failure: Error>(
    _ body: (String) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(value)
  }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// What is shown in place of every secret.
  public static let placeholder = "***"

  /// The placeholder.
  public var description: String { Self.placeholder }
  /// The placeholder.
  public var debugDescription: String { Self.placeholder }
  /// A mirror without children, so that `dump` shows nothing.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
