#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Edits the lines a person types at a terminal.
///
/// libedit holds the line, the keys and the person's editrc; reading keys and drawing are done
/// here. An editor belongs to whoever made it, and ``read(prompt:)`` blocks; other threads speak
/// through the ``mailbox``.
///
///     guard let editor = LineEditor(input: 0, output: 2, settings: settings) else { … }
///     while case .line(let line) = editor.read(prompt: "> ") { … }
package final class LineEditor {
  /// How a reading ended.
  package enum Input: Equatable, Sendable {
    /// What was entered, without the last newline; it may hold newlines and is one entry.
    case line(String)
    /// Ctrl-C: what was typed is gone.
    case interrupt
    /// Ctrl-D on an empty line, or the terminal is gone.
    case end
  }

  /// What Tab may insert into a line with the cursor at an offset in its UTF-8.
  ///
  /// Called while the person waits, and must answer from memory.
  package var completions: (_ line: String, _ cursor: Int) -> CompletionAnswer = { _, cursor in
    CompletionAnswer(replaced: cursor..<cursor, candidates: [])
  }
  /// What is shown grey behind a line when the cursor is at its end.
  package var hint: (_ line: String) -> Hint? = { _ in nil }
  /// How parts of a line stand out, on a terminal with colours.
  package var styles: (_ line: String) -> [LineStyle] = { _ in [] }
  /// How the beginning of a prompt stands out, on a terminal with colours.
  package var promptStyle: (_ prompt: String) -> PromptStyle? = { _ in nil }
  /// Lets the person change the line in another program; `nil`: it stays as it is.
  ///
  /// The terminal is as the person left it while it runs.
  package var editElsewhere: (_ line: String) -> String? = { _ in nil }
  /// Whether Enter ends the entry; else it begins another row of it.
  package var isComplete: (_ text: String) -> Bool = { _ in true }
  /// What is before the second row and the following ones; the last one is used again.
  package var continuationPrompts: (_ text: String) -> [String] = { _ in [] }
  /// What the prompt is after other threads had something to say; `nil`: as before.
  package var renewedPrompt: () -> String? = { nil }

  /// The list below the line, of which one item is picked; `nil`: there is none.
  var menu: MenuView?
  /// The item that was picked.
  var picked: Int?
  /// How many rows above the line belong to the question and should stay on the screen.
  var rowsAbove = 0

  /// What Up answers where nothing was typed; `nil`: it is no answer.
  var upAnswer: String?
  /// What stands for each character of a secret; `nil`: the line is shown.
  var dot: Character?

  /// Where other threads leave messages; `Sendable`, and safe after the editor is gone.
  package let mailbox: LineEditorMailbox
  let settings: LineEditorSettings

  let handle: LineEditorHandle
  let input: CInt
  let output: CInt
  let waker: LineEditorWaker
  var controls = LineEditorControls()

  /// Whether this editor has the terminal guarded; else another one does, which goes on.
  private let isGuard: Bool

  // The reading under way.
  var prompt = "" {
    didSet { shownPromptStyle = settings.hasColor ? promptStyle(prompt) : nil }
  }
  private(set) var shownPromptStyle: PromptStyle?
  /// What is in the line when the reading begins.
  package var prefilled = ""
  var outcome = Input.end
  var pendingBytes: ArraySlice<UInt8> = []
  var pendingScalars: [Unicode.Scalar] = []
  var decoder = KeyDecoder()
  /// What the paste brought that is to be inserted.
  var pastedText = ""
  /// A SIGINT was sent, or a paste without an end was given up.
  var wasInterrupted = false
  var isStopped = false
  var history = LineEditorHistory()
  var changes = LineEditorChanges()
  /// What the last Tab left, if nothing was typed since.
  var walk: CompletionWalk?
  /// The word that `insertLastWord` has put in, and the entry it came from.
  var lastWord: (entry: Int, line: EditedLine, start: Int)?

  // What is on the screen.
  var screen = LineEditorScreen()
  var firstRow = 0
  var top: LineEditorTop?
  var size: LineEditorSize
  var dumbWidth = 0
  var dumbFrame = ""
  var shownHint: Hint?
  var hintedLine: EditedLine?
  var styledLine: (line: [Unicode.Scalar], looks: LineLooks)?
  var overlay: (prompt: String, line: EditedLine)?
  /// What the overlay was before it told of a paste without an end; `nil`: it does not.
  var overlayBehindPaste: (prompt: String, line: EditedLine)??
  var continuation: (of: [Unicode.Scalar], prompts: [String]) = ([], [])

  static let pasteOn = "\u{1B}[?2004h"
  static let pasteOff = "\u{1B}[?2004l"

  /// Nil when the descriptors are not both terminals.
  ///
  /// - Parameter mailbox: For whoever must be able to interrupt before the editor is made.
  package init?(
    input: CInt,
    output: CInt,
    settings: LineEditorSettings,
    mailbox: LineEditorMailbox = LineEditorMailbox()
  ) {
    guard isatty(input) == 1, isatty(output) == 1, let waker = LineEditorWaker() else {
      return nil
    }
    isGuard = !TerminalGuard.isOn
    if isGuard { TerminalGuard.protect(input) }
    guard
      let handle = LineEditorHandle(program: settings.program, input: input, output: output)
    else {
      if isGuard { TerminalGuard.release() }
      waker.closeEnds()
      return nil
    }
    self.mailbox = mailbox
    (self.input, self.output, self.settings) = (input, output, settings)
    (self.handle, self.waker) = (handle, waker)
    size = LineEditorSize(of: output)
    handle.nextScalar = { [unowned self] in nextScalar() }
    handle.perform = { [unowned self] action in perform(action) }
    bindKeys(readsPreferences: settings.readsPreferences)
    mailbox.attach(waker.writing)
  }

  deinit {
    mailbox.attach(-1)
    if isGuard { TerminalGuard.release() }
    waker.closeEnds()
  }

  /// Reads one entry; blocks until it is there.
  ///
  /// The terminal is as the person left it before and after.
  package func read(prompt: String) -> Input {
    begin(prompt)
    handle.read()
    handle.leaveRawMode()
    if !settings.isDumb { send(Self.pasteOff) }
    TerminalGuard.endEditing()
    return outcome
  }

  /// Adds an entry to what Up, Down and the search find, unless it repeats the last one.
  package func remember(_ entry: String) {
    guard history.remember(entry) else { return }
    handle.remember(entry)
  }

  private func begin(_ prompt: String) {
    self.prompt = TerminalText.sanitized(prompt)
    outcome = .end
    (isStopped, wasInterrupted) = (false, false)
    pendingScalars = prefilled.isEmpty ? [] : LineEditorAction.prefill.scalars
    history.begin()
    (walk, lastWord) = (nil, nil)
    changes = LineEditorChanges()
    size = LineEditorSize(of: output)
    screen.forget()
    (firstRow, dumbWidth, dumbFrame, top) = (0, 0, "", nil)
    styledLine = nil
    (shownHint, hintedLine, overlay, overlayBehindPaste) = (nil, nil, nil, nil)
    controls = LineEditorControls(of: input)
    TerminalGuard.beginEditing(
      wakingThrough: waker.writing,
      isPasteBracketed: !settings.isDumb
    )
    _ = TerminalGuard.takeSignals()
    if !settings.isDumb {
      send(Self.pasteOn)
      goToNewRow()
    }
    // At the prompt an interrupt from before was for what ran then; a question is part of it.
    let isInterrupted = serveMailbox().isInterrupted
    wasInterrupted = isInterrupted && settings.isQuestion
  }
}

/// The control characters a person chose with `stty`.
struct LineEditorControls {
  var interrupt: UInt8 = 0x03
  var suspend: UInt8 = 0x1A
  var erase: UInt8 = 0x7F

  init() {}

  init(of terminal: CInt) {
    var modes = termios()
    guard tcgetattr(terminal, &modes) == 0 else { return }
    withUnsafeBytes(of: modes.c_cc) { characters in
      interrupt = Self.used(characters[Int(VINTR)], else: 0x03)
      suspend = Self.used(characters[Int(VSUSP)], else: 0x1A)
      erase = Self.used(characters[Int(VERASE)], else: 0x7F)
    }
  }

  /// A zero is `_POSIX_VDISABLE`: the person wants none.
  private static func used(_ character: UInt8, else standard: UInt8) -> UInt8 {
    character == 0 ? standard : character
  }
}
