import CEditLine

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// One libedit editor: its line, its key maps and the terminal's modes.
///
/// The only file that imports the C target. It closes what it opened.
final class LineEditorHandle {
  /// Answers libedit's wish for a character; nil ends the input.
  var nextScalar: () -> Unicode.Scalar? = { nil }
  /// Does what a key is bound to; true ends ``read()``.
  var perform: (LineEditorAction) -> Bool = { _ in false }

  private let pointer: OpaquePointer
  /// The line at the last look: most looks find it unchanged, and it may be long.
  private var known: [Unicode.Scalar] = []

  /// Nil when the descriptors are not terminal.
  init?(program: String, input: CInt, output: CInt) {
    guard let pointer = cel_open(program, input, output) else { return nil }
    self.pointer = pointer
    let callbacks = cel_callbacks(
      // Unowned by C: it calls back inside `read()` only, which keeps this object alive.
      context: Unmanaged.passUnretained(self).toOpaque(),
      next: { context, out in
        let next = LineEditorHandle.from(context) { $0.nextScalar() }
        guard let next = next.flatMap(\.self) else { return 0 }
        out.pointee = next.value
        return 1
      },
      act: { context, slot in
        LineEditorHandle.from(context) { handle in
          LineEditorAction(rawValue: slot).map(handle.perform) ?? false
        } ?? true
      }
    )
    cel_set_callbacks(pointer, callbacks)
    for action in LineEditorAction.allCases {
      cel_add_action(pointer, action.name, action.rawValue)
    }
  }

  deinit { cel_close(pointer) }

  /// Blocks until an action ends the line or the input ends.
  func read() { cel_read(pointer) }

  /// Reads the person's editrc.
  func readPreferences() { cel_source(pointer) }

  var usesViKeys: Bool { cel_uses_vi_keys(pointer) }

  func bind(_ key: String, to function: String, inCommandMap: Bool = false) {
    cel_bind(pointer, key, function, inCommandMap)
  }

  /// Whether a key sequence means something to libedit or the person's editrc.
  func isBound(_ sequence: String) -> Bool { cel_is_bound(pointer, sequence) }

  /// Keeps an entry for libedit's own history functions.
  func remember(_ entry: String) { cel_remember(pointer, entry) }

  var line: EditedLine {
    get {
      let line = cel_get_line(pointer)
      let values = UnsafeBufferPointer(start: line.text, count: line.length)
      if !isSame(values) { known = values.map { Unicode.Scalar($0) ?? "\u{FFFD}" } }
      return EditedLine(scalars: known, cursor: line.cursor)
    }
    set { cel_set_line(pointer, Self.terminated(newValue.scalars), newValue.cursor) }
  }

  func insert(_ scalars: some Collection<Unicode.Scalar>) {
    cel_insert(pointer, Self.terminated(scalars))
  }

  func deleteBefore(_ count: Int) { cel_delete_before(pointer, CInt(clamping: count)) }

  func move(_ offset: Int) { cel_move(pointer, CInt(clamping: offset)) }

  func enterRawMode() { cel_raw_mode(pointer) }

  func leaveRawMode() { cel_cooked_mode(pointer) }

  private func isSame(_ values: UnsafeBufferPointer<UInt32>) -> Bool {
    guard values.count == known.count, let start = values.baseAddress else { return false }
    return known.withUnsafeBytes { bytes in
      bytes.baseAddress.map { memcmp($0, start, bytes.count) == 0 } ?? true
    }
  }

  private static func terminated(_ scalars: some Collection<Unicode.Scalar>) -> [UInt32] {
    scalars.lazy.map(\.value).filter { $0 != 0 } + [0]
  }

  /// C calls back on the thread that called ``read()``, and while that waits.
  private static func from<Answer>(
    _ context: UnsafeMutableRawPointer?,
    _ body: (LineEditorHandle) -> Answer
  ) -> Answer? {
    guard let context else { return nil }
    return body(Unmanaged<LineEditorHandle>.fromOpaque(context).takeUnretainedValue())
  }
}

/// The process's terminal as signals must leave it, whatever ends the process.
///
/// The modes found at ``protect(_:)`` and before each line are put back by the handlers of
/// SIGTERM, SIGHUP, SIGQUIT, SIGTSTP and crashes, while a line is edited and while a command
/// runs. Then the process ends by that very signal; no other process gets one.
package enum TerminalGuard {
  /// What a wake-up was for.
  struct Signals: OptionSet {
    let rawValue: CInt
    static let resized = Signals(rawValue: CInt(CEL_RESIZED))
    static let continued = Signals(rawValue: CInt(CEL_CONTINUED))
  }

  static var isOn: Bool { cel_guards() }

  static func protect(_ terminal: CInt) { cel_guard(terminal) }

  static func release() { cel_unguard() }

  /// Remembers the modes again and tells the handlers that a line is being edited.
  static func beginEditing(wakingThrough descriptor: CInt, isPasteBracketed: Bool) {
    // Where typing is hidden the modes of this moment are not the person's.
    if !cel_hides_typing() { cel_guard_refresh() }
    cel_watch(descriptor)
    cel_guard_editing(true, isPasteBracketed)
  }

  static func endEditing() {
    cel_guard_editing(false, false)
    cel_watch(-1)
  }

  /// Takes the echo off until ``showTyping()`` puts it back; false when it cannot be.
  ///
  /// What is typed is kept.
  package static func hideTyping(on terminal: CInt) -> Bool { cel_hide_typing(terminal) }

  package static func showTyping() { cel_show_typing() }

  /// Shows the terminal's other screen, while typing is hidden; keys come one by one there.
  package static func takeScreen() -> Bool { cel_take_screen() }

  /// Shows the screen from before again, with what stood there.
  package static func leaveScreen() { cel_leave_screen() }

  /// Leaves the terminal as it was found, before the process ends without a signal.
  package static func restore() { cel_restore_terminal() }

  static func takeSignals() -> Signals { Signals(rawValue: cel_take_signals()) }

  /// Stops the process group as Ctrl-Z does, and returns when it goes on.
  static func suspend() { cel_suspend() }
}
