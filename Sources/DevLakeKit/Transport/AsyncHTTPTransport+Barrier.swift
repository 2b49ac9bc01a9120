import NIOCore
import NIOPosix
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Lets a caller wait until the event loop has seen every connection that was closed before.
///
/// A write on a kept connection the server has closed is lost, and nobody can tell whether it
/// arrived. The kernel queues the close for `epoll_wait`; the loop learns of it at its next turn, and
/// on a busy machine a request may be taken on before that. A task given to the loop is not a barrier: it
/// runs in the turn that is going on, after an `epoll_wait` that may have returned before the close,
/// and a task submitted by a task, or a timer that is due by then, runs in the same turn (NIOPosix,
/// `SelectableEventLoop.runOneLoopTick`, takes tasks until there are none).
///
/// So this comes through `epoll` itself. A byte is written to a socket pair whose other end belongs to
/// the loop. The kernel reports descriptors in the order in which they became ready, and NIO handles
/// them in the order reported: when the byte is read, every close that was queued before it has been
/// handled. What such a close does to the pool of connections is in the loop's queue by then, and a
/// task behind it resumes the caller.
///
/// A close that is still on its way through the network cannot be seen by anyone.
final class LoopBarrier: Sendable {
  private let waiters = Waiters()
  /// Where bytes are written; `nil` where the pair could not be made.
  private let end: CInt?
  private let channel: EventLoopFuture<any Channel>

  /// Makes the socket pair; without descriptors left there is no barrier, and ``pass()`` says so.
  init(_ loops: any EventLoopGroup) {
    var ends: [CInt] = [-1, -1]
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
    guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
      let error = IOError(errnoCode: errno, reason: "socketpair")
      end = nil
      channel = loops.any().makeFailedFuture(error)
      return
    }
    end = ends[1]
    let waiters = waiters
    channel = ClientBootstrap(group: loops)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(BarrierHandler(waiters))
        }
      }
      .withConnectedSocket(ends[0])
  }

  /// Waits until the loop has handled all that the kernel had for it before the call.
  ///
  /// - Returns: Whether that is so; where it is not, only a new connection is a safe one.
  func pass() async -> Bool {
    // Why there is no channel does not matter: there is no barrier.
    guard let end, (try? await channel.get()) != nil else { return false }
    return await withCheckedContinuation { waiters.add($0, writingTo: end) }
  }
}

/// Who waits at the barrier, in the order of their bytes.
private final class Waiters: Sendable {
  private let queue = Mutex<[CheckedContinuation<Bool, Never>]>([])

  func add(_ waiter: CheckedContinuation<Bool, Never>, writingTo end: CInt) {
    let isWritten = queue.withLock { queue in
      queue.append(waiter)
      var byte: UInt8 = 0
      guard write(end, &byte, 1) != 1 else { return true }
      queue.removeLast()
      return false
    }
    if !isWritten { waiter.resume(returning: false) }
  }

  func take(_ count: Int) -> [CheckedContinuation<Bool, Never>] {
    queue.withLock { queue in
      let taken = Array(queue.prefix(count))
      queue.removeFirst(taken.count)
      return taken
    }
  }

  func letIn(_ count: Int, _ isSafe: Bool) {
    for waiter in take(count) { waiter.resume(returning: isSafe) }
  }
}

/// The loop's end of the socket pair: each byte lets one waiter in.
private final class BarrierHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let waiters: Waiters

  init(_ waiters: Waiters) { self.waiters = waiters }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let count = unwrapInboundIn(data).readableBytes
    let (loop, waiters) = (context.eventLoop, waiters)
    // A closed channel tells the pool in a task of its own, which may give the loop another one: both
    // were given before this one's.
    loop.execute { loop.execute { waiters.letIn(count, true) } }
  }

  func channelInactive(context: ChannelHandlerContext) {
    waiters.letIn(.max, false)
    context.fireChannelInactive()
  }
}
