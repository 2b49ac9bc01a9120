import DevLakeSimulator
import Dispatch

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// `devlake-simulator`: serves a simulated DevLake until it is told to end.
@main
enum SimulatorProgram {
  static func main() async {
    let options: Options
    do {
      options = try Options(Array(CommandLine.arguments.dropFirst()))
    } catch {
      end(2, "devlake-simulator: \(error); see --help\n")
    }
    if options.wantsHelp {
      print(Options.help)
      return
    }
    let ending = EndingSignals()
    do {
      let simulator = try await Simulator.start(
        port: options.port,
        seed: options.seed,
        era: options.era,
        login: options.login,
        latency: .milliseconds(options.latency),
        faults: options.faults,
        log: options.log
      )
      print(simulator.url)
      fflush(nil)
      await ending.wait()
      await simulator.stop()
    } catch {
      end(2, "devlake-simulator: \(error)\n")
    }
  }

  private static func end(_ status: Int32, _ message: String) -> Never {
    _ = message.withCString { write(STDERR_FILENO, $0, strlen($0)) }
    exit(status)
  }
}

/// SIGTERM and SIGINT as something to wait for.
struct EndingSignals {
  private let stream: AsyncStream<Int32>
  private let sources: [any DispatchSourceSignal]

  init() {
    let (stream, continuation) = AsyncStream.makeStream(of: Int32.self)
    self.stream = stream
    sources = [SIGTERM, SIGINT].map { number in
      // The default action would end the process before the source is asked.
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number)
      source.setEventHandler { continuation.yield(number) }
      source.resume()
      return source
    }
  }

  /// Waits for the first of them.
  func wait() async {
    for await _ in stream { break }
    for source in sources { source.cancel() }
  }
}
