// swift-tools-version: 6.2
// SPDX-License-Identifier: GPL-3.0-or-later

import PackageDescription

/// Settings of every target: Swift 6 mode, strict visibility, warnings are errors.
let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

/// A module of the floor plan in `docs/ARCHITECTURE.md`; it may import only what it names here.
func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

/// The tests of a module, or of several together.
func tests(
  _ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []
) -> Target {
  .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: settings)
}

let orderedCollections = Target.Dependency.product(
  name: "OrderedCollections", package: "swift-collections")

let package = Package(
  name: "Rewind",
  products: [
    .executable(name: "rewind", targets: ["rewind"]),
    .executable(name: "rewind-simulate", targets: ["rewind-simulate"]),
    .executable(name: "rewind-fuzz", targets: ["rewind-fuzz"]),
    .executable(name: "rewind-bench", targets: ["rewind-bench"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
    .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
  ],
  targets: [
    // Floor 0: know nothing of the cloud.
    .systemLibrary(name: "CPrefetch"),
    module("PersistentCollections", ["CPrefetch"]),
    module("Simulation", ["PersistentCollections"]),
    module("Documents", [orderedCollections]),
    module("JMESPath", ["Documents", orderedCollections]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    module("CanonicalCoding", ["Documents", orderedCollections]),
    module("Digests", ["CZlib", .product(name: "Crypto", package: "swift-crypto")]),

    // Floor 1: one table.
    module("ItemModel", ["Documents"]),
    module("TableStore", ["CanonicalCoding", "ItemModel", "PersistentCollections", "Simulation"]),

    // Floor 2: the cloud.
    module("ServiceModel", ["Documents", orderedCollections]),
    module(
      "CloudEngine",
      [
        "CanonicalCoding", "Digests", "Documents", "ItemModel", "PersistentCollections",
        "ServiceModel", "Simulation", "TableStore",
      ]),

    module(
      "ReferenceModel",
      ["CloudEngine", "Documents", "ItemModel", "Simulation", "TableStore"]),

    // Floor 3: the ways in.
    module(
      "CommandLanguage",
      ["CloudEngine", "Documents", "JMESPath", "ServiceModel", "Simulation", orderedCollections]),
    module(
      "StateStore",
      [
        "CloudEngine", "Digests", "Documents", "Simulation",
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    module(
      "Endpoint",
      [
        "CloudEngine", "Digests", "Documents", "ItemModel", "ServiceModel", "Simulation",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ]),

    // Floor 4: content.
    module(
      "ContentFormat",
      [
        "Digests", "Documents", "Simulation", orderedCollections,
        .product(name: "Yams", package: "Yams"),
      ]),
    module(
      "Worlds",
      [
        "CloudEngine", "CommandLanguage", "ContentFormat", "Documents", "ItemModel", "JMESPath",
        "Simulation", "TableStore", orderedCollections,
      ]),
    module(
      "Scenarios",
      [
        "CloudEngine", "CommandLanguage", "ContentFormat", "Digests", "Documents", "Simulation",
        "Worlds",
      ]),
    module(
      "Quiz",
      [
        "CloudEngine", "CommandLanguage", "ContentFormat", "Digests", "Documents", "Simulation",
        "Worlds",
      ]),

    // Floor 5: the terminal and what is said there.
    .systemLibrary(name: "CReadline", providers: [.apt(["libreadline-dev"])]),
    module("Terminal", ["CReadline"]),
    module(
      "Prompt",
      [
        "CloudEngine", "CommandLanguage", "ContentFormat", "Digests", "Documents", "Endpoint",
        "Quiz",
        "Scenarios", "ServiceModel", "Simulation", "StateStore", "TableStore", "Terminal", "Worlds",
      ]),

    // Floor 6: argument parsing and wiring.
    .executableTarget(
      name: "rewind-simulate", dependencies: ["ReferenceModel"], swiftSettings: settings),
    .executableTarget(
      name: "rewind-fuzz",
      dependencies: [
        "CloudEngine", "CommandLanguage", "ContentFormat", "Digests", "Documents", "Endpoint",
        "ItemModel", "JMESPath", "Quiz", "Scenarios", "ServiceModel", "Simulation", "Terminal",
      ], swiftSettings: settings),
    .executableTarget(
      name: "rewind-bench",
      dependencies: [
        "CloudEngine", "Documents", "ItemModel", "PersistentCollections", "ReferenceModel",
        "Simulation", "StateStore", "TableStore", .product(name: "GRDB", package: "GRDB.swift"),
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "rewind",
      dependencies: [
        "ContentFormat", "Prompt", "Quiz", "Scenarios", "StateStore", "Terminal",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),

    // Tests, a target for each module.
    tests(
      "PersistentCollectionsTests", ["CanonicalCoding", "PersistentCollections", "Simulation"]),
    tests(
      "EndpointTests",
      ["CloudEngine", "Digests", "Documents", "Endpoint", "ServiceModel", "Simulation"]),
    tests("SimulationModuleTests", ["PersistentCollections", "Simulation"]),
    tests("DocumentsTests", ["Documents", orderedCollections]),
    tests("JMESPathTests", ["Documents", "JMESPath", orderedCollections]),
    tests("CanonicalCodingTests", ["CanonicalCoding", "Documents"]),
    tests("DigestsTests", ["Digests"]),
    tests("ItemModelTests", ["Documents", "ItemModel"]),
    tests(
      "TableStoreTests",
      ["CanonicalCoding", "ItemModel", "PersistentCollections", "Simulation", "TableStore"]),
    tests("ServiceModelTests", ["Documents", "ServiceModel", orderedCollections]),
    tests(
      "CloudEngineTests",
      [
        "CloudEngine", "Digests", "Documents", "ItemModel", "PersistentCollections", "Simulation",
        "TableStore",
      ]),
    tests("SimulationTests", ["ReferenceModel"]),
    tests(
      "CommandLanguageTests", ["CloudEngine", "CommandLanguage", "Documents", "Simulation"]),
    tests("StateStoreTests", ["CloudEngine", "Digests", "Documents", "Simulation", "StateStore"]),
    tests(
      "ContentFormatTests", ["ContentFormat", "Documents", "Simulation", orderedCollections]),
    tests(
      "WorldsTests",
      [
        "CloudEngine", "CommandLanguage", "ContentFormat", "Documents", "ItemModel", "Simulation",
        "TableStore", "Worlds",
      ]),
    tests("TerminalTests", ["Terminal"]),
    tests(
      "QuizTests",
      [
        "CloudEngine", "CommandLanguage", "ContentFormat", "Digests", "Documents", "Quiz",
        "Simulation", "Worlds",
      ]),
    tests(
      "ScenariosTests",
      ["CloudEngine", "ContentFormat", "Documents", "Scenarios", "Simulation", "Worlds"]),
    tests(
      "ContentTests", ["ContentFormat", "Documents", "Quiz", "Scenarios", "Simulation", "Worlds"],
      exclude: ["Broken", "OtherPaths"]),
    tests(
      "PromptTests", ["Prompt", "Simulation", "StateStore", "Terminal"], exclude: ["StudyGuide"]),
    tests("TidyTests", []),
  ]
)
