// SPDX-License-Identifier: GPL-3.0-or-later

import CloudEngine
import Documents

extension CommandRun {
  /// `aws s3 rm`. [CLI.s3]
  mutating func remove(_ call: StorageCall, _ storage: Storage) throws(CommandError) {
    let path = StoragePath(call.paths[0])
    guard case .object(let bucket, let key) = path else { throw Self.wrongPaths(call) }
    let isTrial = call.has("--dryrun")
    if call.has("--recursive") {
      let folder = key.isEmpty || key.hasSuffix("/") ? key : key + "/"
      removeAll(
        in: bucket, under: folder, quietly: call.isQuiet, isTrial: isTrial, storage)
      return
    }
    guard !key.isEmpty else {
      return fail(
        "delete failed: \(path.shown) Parameter validation failed:\n"
          + "Invalid length for parameter Key, value: 0, valid min length: 1")
    }
    remove(path, bucket, key, quietly: call.isQuiet, isTrial: isTrial, storage)
  }

  /// Deletes every object under a prefix, each with a line of its own.
  mutating func removeAll(
    in bucket: String, under prefix: String, quietly: Bool, isTrial: Bool, _ storage: Storage
  ) {
    do throws(StorageFailure) {
      for object in try objects(in: bucket, under: prefix, storage) {
        remove(
          .object(bucket: bucket, key: object.key), bucket, object.key, quietly: quietly,
          isTrial: isTrial, storage)
      }
    } catch {
      fail("fatal error: \(error.text)")
    }
  }

  private mutating func remove(
    _ path: StoragePath, _ bucket: String, _ key: String, quietly: Bool, isTrial: Bool,
    _ storage: Storage
  ) {
    do throws(StorageFailure) {
      if !isTrial {
        _ = try ask(
          storage, "DeleteObject", ["Bucket": .string(bucket), "Key": .string(key)])
      }
      if !quietly { outcome.stdout += (isTrial ? "(dryrun) " : "") + "delete: \(path.shown)\n" }
    } catch {
      fail("delete failed: \(path.shown) \(error.text)")
    }
  }

  // MARK: Copying

  /// `aws s3 cp`: up from a file, from bucket to bucket, or down to a file or standard output.
  /// [CLI.s3]
  mutating func copy(_ call: StorageCall, _ storage: Storage) throws(CommandError) {
    let (source, target) = (StoragePath(call.paths[0]), StoragePath(call.paths[1]))
    if source == .stream || target == .stream, call.has("--recursive") {
      throw .parameter("Streaming currently is only compatible with non-recursive cp commands")
    }
    switch (source, target) {
    case (.object, .stream): download(source, storage)
    case (.object(let bucket, let key), .object):
      if call.has("--recursive") {
        copyAll(in: bucket, under: key, to: target, call, storage)
      } else {
        copyOne(source, to: target.receiving(source), call, storage)
      }
    case (.file(let path), .object): try upload(path, to: target, call, storage)
    case (.object, .file(let path)): try download(source, to: path, call, storage)
    case (.stream, .object):
      throw .general(
        "aws s3 cp from standard input is not simulated by Rewind. Name a file instead.")
    default: throw Self.wrongPaths(call)
    }
  }

  private static func wrongPaths(_ call: StorageCall) -> CommandError {
    .parameter(
      "usage: aws s3 \(call.command.rawValue) \(call.command.usage)\n"
        + "Error: Invalid argument type")
  }

  private mutating func download(_ source: StoragePath, _ storage: Storage) {
    do throws(StorageFailure) {
      _ = try look(at: source, storage)
      printBody(try contents(of: source, storage).bytes)
    } catch {
      fail("download failed: \(source.shown) to - \(error.text)")
    }
  }

  /// Copies one object into a file; a path that is a folder gets a file of the object's name.
  private mutating func download(
    _ source: StoragePath, to path: String, _ call: StorageCall, _ storage: Storage
  ) throws(CommandError) {
    guard let write = context.writeFile else {
      throw .general(
        "aws s3 cp to a file is not simulated by Rewind here. "
          + "Print the object: aws s3 cp \(source.shown) -")
    }
    guard !call.has("--recursive") else {
      throw .general(
        "aws s3 cp --recursive to a folder is not simulated by Rewind. Copy object by object.")
    }
    let inside = (path.hasSuffix("/") ? path : path + "/") + source.lastComponent
    var target = path.hasSuffix("/") ? inside : path
    do throws(StorageFailure) {
      guard try canRead(source, as: "download", call, storage) else { return }
      let bytes = try contents(of: source, storage).bytes
      if !call.has("--dryrun") {
        do throws(FileFailure) {
          do throws(FileFailure) {
            try write(target, bytes)
          } catch .isDirectory {
            target = inside
            try write(target, bytes)
          }
        } catch {
          return fail(
            "download failed: \(source.shown) to \(StoragePath.file(target).shown) "
              + error.message(path: target))
        }
      }
      guard !call.isQuiet else { return }
      outcome.stdout +=
        (call.has("--dryrun") ? "(dryrun) " : "")
        + "download: \(source.shown) to \(StoragePath.file(target).shown)\n"
    } catch {
      fail(Self.missingSource(error, source))
    }
  }

  /// What is said of a source that cannot be read: the 404 of the first look is put into words.
  private static func missingSource(_ error: StorageFailure, _ source: StoragePath) -> String {
    let isMissing = error.error.code == "404" && error.operation == "HeadObject"
    guard isMissing, case .object(_, let key) = source else { return "fatal error: \(error.text)" }
    return "fatal error: An error occurred (404) when calling the HeadObject operation: "
      + "Key \"\(key)\" does not exist"
  }

  private mutating func upload(
    _ path: String, to target: StoragePath, _ call: StorageCall, _ storage: Storage
  ) throws(CommandError) {
    guard !call.has("--recursive") else {
      throw .general(
        "aws s3 cp --recursive from a folder is not simulated by Rewind. Copy file by file.")
    }
    let bytes: [UInt8]
    do throws(FileFailure) {
      bytes = try context.readFile(path)
    } catch .notFound {
      throw .general("The user-provided path \(path) does not exist.")
    } catch {
      return fail("upload failed: \(StoragePath.file(path).shown) \(error.message(path: path))")
    }
    let source = StoragePath.file(path)
    put(
      bytes, from: source, to: target.receiving(source), kind: "upload",
      type: StorageText.contentType(of: path), call, storage)
  }

  private mutating func copyAll(
    in bucket: String, under prefix: String, to target: StoragePath, _ call: StorageCall,
    _ storage: Storage
  ) {
    let folder = prefix.isEmpty || prefix.hasSuffix("/") ? prefix : prefix + "/"
    guard case .object(let targetBucket, let targetKey) = target else { return }
    let targetFolder =
      targetKey.isEmpty || targetKey.hasSuffix("/") ? targetKey : targetKey + "/"
    do throws(StorageFailure) {
      for object in try objects(in: bucket, under: folder, storage) {
        copyOne(
          .object(bucket: bucket, key: object.key),
          to: .object(
            bucket: targetBucket, key: targetFolder + object.key.withoutPrefix(folder)),
          call, storage)
      }
    } catch {
      fail("fatal error: \(error.text)")
    }
  }

  private mutating func copyOne(
    _ source: StoragePath, to target: StoragePath, _ call: StorageCall, _ storage: Storage
  ) {
    do throws(StorageFailure) {
      guard try canRead(source, as: "copy", call, storage) else { return }
      let found = try contents(of: source, storage)
      put(
        found.bytes, from: source, to: target, kind: "copy", type: found.type, call, storage)
    } catch {
      fail(Self.missingSource(error, source))
    }
  }

  /// What S3 says of a source before anything is read from it.
  private mutating func look(
    at source: StoragePath, _ storage: Storage
  ) throws(StorageFailure) -> Document {
    try ask(storage, "HeadObject", source.members)
  }

  /// Looks at a source, and passes over one that is archived, with the CLI's warning and its status
  /// for warnings. [CLI.s3] [S3.classes]
  private mutating func canRead(
    _ source: StoragePath, as kind: String, _ call: StorageCall, _ storage: Storage
  ) throws(StorageFailure) -> Bool {
    let kept = try look(at: source, storage)["StorageClass"]?.string
    guard kept == StorageClass.deepArchive.rawValue else { return true }
    let status = outcome.status
    fail(
      "warning: Skipping file \(source.shown). Object is of storage class GLACIER. Unable to perform "
        + "\(kind) operations on GLACIER objects. You must restore the object to be able to perform "
        + "the operation. See aws s3 \(kind) help for additional parameter options to ignore or force "
        + "these transfers.")
    // One that failed outright counts for more.
    if status != 1 { outcome.status = 2 }
    return false
  }

  private mutating func contents(
    of source: StoragePath, _ storage: Storage
  ) throws(StorageFailure) -> (bytes: [UInt8], type: String?) {
    let answer = try ask(storage, "GetObject", source.members)
    return (
      answer["Body"]?.string.flatMap(Base64.decode) ?? [], answer["ContentType"]?.string
    )
  }

  private mutating func put(
    _ bytes: [UInt8], from source: StoragePath, to target: StoragePath, kind: String,
    type: String?, _ call: StorageCall, _ storage: Storage
  ) {
    guard case .object(let bucket, let key) = target else { return }
    do throws(StorageFailure) {
      if !call.has("--dryrun") {
        var members: [(String, Document)] = [
          ("Bucket", .string(bucket)), ("Key", .string(key)),
          ("Body", .string(Base64.encode(bytes))),
        ]
        if let type = call.values.word("--content-type") ?? type {
          members.append(("ContentType", .string(type)))
        }
        if let kind = call.values.word("--storage-class") {
          members.append(("StorageClass", .string(kind)))
        }
        if let algorithm = call.values.word("--sse") {
          members.append(("ServerSideEncryption", .string(algorithm)))
        }
        if let id = call.values.word("--sse-kms-key-id") {
          members.append(("SSEKMSKeyId", .string(id)))
        }
        _ = try ask(storage, "PutObject", Document(members: members))
      }
      guard !call.isQuiet else { return }
      outcome.stdout +=
        (call.has("--dryrun") ? "(dryrun) " : "") + "\(kind): \(source.shown) to \(target.shown)\n"
    } catch {
      fail("\(kind) failed: \(source.shown) to \(target.shown) \(error.text)")
    }
  }
}
