#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

extension LineEditor {
  /// The next byte from the terminal; serves other threads and signals in the meantime.
  func nextByte() -> UInt8? {
    while true {
      if wasInterrupted { return nil }
      if let byte = pendingBytes.popFirst() { return byte }
      if isStopped { return nil }
      let isDrawn = !decoder.isPasting || overlayBehindPaste != nil
      if isDrawn, !hasInput(within: 0) { draw() }
      let isInput = waitForInput()
      if isDrawn { redrawIfResized() }
      guard isInput else { continue }
      guard fill() else { return nil }
    }
  }

  /// Whether a byte can be read without waiting longer than this many milliseconds.
  func hasInput(within milliseconds: CInt) -> Bool {
    if !pendingBytes.isEmpty { return true }
    var waiter = pollfd(fd: input, events: Int16(POLLIN), revents: 0)
    return poll(&waiter, 1, milliseconds) > 0
  }

  /// Waits; false when something else was done first and the line must be drawn again.
  private func waitForInput() -> Bool {
    var waiters = [
      pollfd(fd: input, events: Int16(POLLIN), revents: 0),
      pollfd(fd: waker.reading, events: Int16(POLLIN), revents: 0),
    ]
    let isStalling = decoder.isPasting && overlayBehindPaste == nil
    let ready = poll(&waiters, 2, isStalling ? Self.pastePatience : -1)
    if ready == 0, isStalling { showStalledPaste() }
    guard ready > 0 else { return false }
    guard waiters[1].revents != 0 else { return true }
    waker.drain()
    serveSignals()
    if serveMailbox().isInterrupted { wasInterrupted = true }
    return false
  }

  private func serveSignals() {
    // A resize shows itself: the size is asked for after every wait.
    if TerminalGuard.takeSignals().contains(.continued) { resume() }
  }

  /// Shows messages that wait; also at the start of a line.
  @discardableResult
  func serveMailbox() -> LineEditorMailbox.Post {
    let post = mailbox.take()
    if !post.messages.isEmpty {
      write(above: post.messages.map { $0 + "\n" }.joined())
    }
    if post.isStale || !post.messages.isEmpty {
      hintedLine = nil
      if let renewed = renewedPrompt() { prompt = TerminalText.sanitized(renewed) }
    }
    return post
  }

  /// Takes the terminal back after a stop: the shell outside has changed its modes.
  func resume() {
    // libedit believes it still has them; only leaving makes it set them again.
    handle.leaveRawMode()
    handle.enterRawMode()
    if !settings.isDumb { send(Self.pasteOn) }
    screen.forget()
    (dumbWidth, top) = (0, nil)
  }

  /// Reads one byte, more only of a paste: what is typed behind a line belongs to its command.
  private func fill() -> Bool {
    let size = decoder.isPasting ? 65_536 : 1
    var buffer = [UInt8](repeating: 0, count: size)
    while true {
      let count = systemRead(input, &buffer, size)
      if count > 0 {
        let isGivenUp =
          overlayBehindPaste != nil && count == 1 && [0x03, controls.interrupt].contains(buffer[0])
        hideStalledPaste()
        if isGivenUp { wasInterrupted = true } else { pendingBytes += buffer[..<count] }
        return true
      }
      if count < 0, errno == EINTR || errno == EAGAIN { return true }
      isStopped = true
      return false
    }
  }
}

/// `read(2)`, which a method of the editor hides.
private let systemRead = read

/// A pipe whose reading end wakes the one that waits for the keyboard.
struct LineEditorWaker {
  let reading: CInt
  let writing: CInt

  init?() {
    var ends: [CInt] = [-1, -1]
    guard pipe(&ends) == 0 else { return nil }
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    (reading, writing) = (ends[0], ends[1])
  }

  func drain() {
    var buffer = [UInt8](repeating: 0, count: 512)
    while read(reading, &buffer, buffer.count) == buffer.count {}
  }

  func closeEnds() {
    close(reading)
    close(writing)
  }
}
