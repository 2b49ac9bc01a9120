// swift-tools-version: 6.3
import PackageDescription

// A program of its own that uses DevLakeKit: `swift run connection-report http://localhost:8080`.
let package = Package(
  name: "connection-report",
  dependencies: [
    // In a package of yours: .package(url: "https://…/devlake-shell", branch: "main")
    .package(name: "devlake-shell", path: "../../..")
  ],
  targets: [
    .executableTarget(
      name: "connection-report",
      dependencies: [.product(name: "DevLakeKit", package: "devlake-shell")],
      path: "Sources"
    )
  ]
)
