/// Why a reference gave no secret; nothing in it is secret, and `description` says what to do.
@nonexhaustive
public enum SecretReferenceError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What is wrong with the text that was found.
  @nonexhaustive
  public enum Fault: Sendable, Equatable {
    case empty
    case holdsLineBreak
    case holdsControlCharacter
    case hasBlanksAround
    case notText
    case tooLong
    case placeholder
  }

  /// A prefix without what belongs behind it; the payload is the form, such as `env:NAME`.
  case incomplete(String)
  /// The environment variable does not exist, and the env file, if there is one, has no such key.
  case variableUnset(String, envFile: String?)
  /// The file could not be read.
  case file(FileError)
  /// `cmd:` in a restricted shell.
  case commandRestricted
  /// The command ended with a status other than 0.
  case commandFailed(status: Int32)
  /// A signal ended the command.
  case commandKilled(signal: Int32)
  /// The command could not be started, with the system's reason.
  case commandNotStarted(reason: String)
  /// The place gave nothing in the seconds allowed.
  case timedOut(String, seconds: Int)
  /// Standard input carries commands, or was used up.
  case standardInputTaken
  /// There is nobody to ask.
  case nobodyToAsk
  /// A person stopped it.
  case interrupted
  /// The text found at the place cannot be a secret.
  case unusable(Fault, String)

  /// What happened and what to do, in one line.
  public var description: String {
    switch self {
    case .incomplete(let form): "nothing after '\(form.prefix { $0 != ":" }):'; write \(form)"
    case .variableUnset(let name, nil):
      "environment variable '\(name)' is not set; set and export it"
    case .variableUnset(let name, let path?):
      "environment variable '\(name)' is not set, and '\(path)' has no such key; set one of them"
    case .file(let error): error.description
    case .commandRestricted:
      "cmd: is not allowed in a restricted shell; use env:NAME or file:PATH"
    case .commandFailed(let status):
      "the command of cmd: exited with status \(status); run it separately to see why"
    case .commandKilled(let signal):
      "the command of cmd: was killed by signal \(signal); run it separately to see why"
    case .commandNotStarted(let reason): "cannot start the command of cmd:: \(reason)"
    case .timedOut(let place, let seconds): "\(place) returned nothing within \(seconds) s"
    case .standardInputTaken:
      "standard input contains the commands, so '-' cannot be read; use env:NAME or file:PATH"
    case .nobodyToAsk:
      "there is no terminal to ask on; use env:NAME, file:PATH or cmd:COMMAND"
    case .interrupted: "interrupted"
    case .unusable(let fault, let place): "\(place) \(fault.text)"
    }
  }
}

extension SecretReferenceError.Fault {
  /// What is said of the place, after its name.
  fileprivate var text: String {
    switch self {
    case .empty: "is empty; put the secret there"
    case .holdsLineBreak: "contains a line break; a secret here is one line"
    case .holdsControlCharacter: "contains a control character; copy the secret again"
    case .hasBlanksAround: "starts or ends with a space; remove it"
    case .notText: "is not UTF-8 text"
    case .tooLong: "is longer than 64 KiB, too long for a secret"
    case .placeholder: "is a placeholder, not a secret; enter the secret again"
    }
  }
}
