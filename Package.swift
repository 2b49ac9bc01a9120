// swift-tools-version: 6.3
import PackageDescription

/// One set of switches for every Swift target, so no target drifts.
let house: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .treatAllWarnings(as: .error),
]

let package = Package(
  name: "devlake-shell",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "devlake-shell", targets: ["DevLakeShell"]),
    .executable(name: "devlake-simulator", targets: ["DevLakeSimulatorProgram"]),
    .library(name: "DevLakeKit", targets: ["DevLakeKit"]),
  ],
  dependencies: [
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
  ],
  targets: [
    .target(name: "CEditLine", linkerSettings: [.linkedLibrary("edit")]),
    .target(
      name: "CLibYAML",
      path: "Sources/DevLakeKit/CLibYAML",
      exclude: ["License"],
      publicHeadersPath: "."
    ),
    .target(name: "CSpawn", path: "Sources/DevLakeKit/Processes/CSpawn"),
    .target(
      name: "DevLakeKit",
      dependencies: [
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        "CLibYAML", "CSpawn",
      ],
      exclude: ["CLibYAML", "Processes/CSpawn"],
      swiftSettings: house
    ),
    .target(
      name: "ShellLanguage",
      path: "Sources/DevLakeShell/Language",
      swiftSettings: house
    ),
    .target(
      name: "LineEditing",
      dependencies: ["CEditLine"],
      path: "Sources/DevLakeShell/LineEditing",
      swiftSettings: house
    ),
    .executableTarget(
      name: "DevLakeShell",
      dependencies: ["DevLakeKit", "LineEditing", "ShellLanguage"],
      exclude: ["Language", "LineEditing"],
      swiftSettings: house
    ),
    // The sample of a package that uses DevLakeKit, built here so that the tests run it.
    .executableTarget(
      name: "ConnectionReport",
      dependencies: ["DevLakeKit"],
      path: "scripts/examples/connection-report/Sources",
      swiftSettings: house
    ),
    .target(
      name: "DevLakeSimulator",
      dependencies: [
        "DevLakeKit",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
      ],
      path: "Tests/DevLakeSimulator/Simulator",
      swiftSettings: house
    ),
    .executableTarget(
      name: "DevLakeSimulatorProgram",
      dependencies: ["DevLakeSimulator"],
      path: "Tests/DevLakeSimulator/Program",
      swiftSettings: house
    ),
    .testTarget(
      name: "DevLakeKitTests",
      dependencies: [
        "DevLakeKit", "DevLakeSimulator",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
      ],
      exclude: ["Plugins/plugins.json", "Verdicts/tests-2026-05.txt", "Verdicts/tests-2026-09.md"],
      swiftSettings: house
    ),
    .testTarget(
      name: "DevLakeShellTests",
      dependencies: [
        "DevLakeShell", "DevLakeKit", "DevLakeSimulator", "LineEditing", "ShellLanguage",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
      ],
      exclude: [
        "Completion/hints.txt", "Fuzzing/Corpus", "Transcript/Jobs/login-2026-09.md",
      ],
      swiftSettings: house
    ),
    .testTarget(
      name: "EndToEndTests",
      dependencies: [
        "ConnectionReport", "DevLakeShell", "DevLakeKit", "DevLakeSimulator",
        "DevLakeSimulatorProgram", "ShellLanguage",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ],
      swiftSettings: house
    ),
  ]
)
