// SPDX-License-Identifier: GPL-3.0-or-later

package import CloudEngine
internal import CommandLanguage
internal import ContentFormat
internal import Documents
internal import ItemModel
internal import TableStore

extension Incident {
  /// The requests that an incident makes which is no command and no words.
  ///
  /// What they name is looked up in the cloud as it is; a request may be refused, as anybody's.
  package func requests(in cloud: Cloud, _ world: StartWorld) -> [ServiceRequest] {
    switch event {
    case .scramble(let table)?: spoiling(table, in: cloud, world)
    case .regionDown(let region)?: [WorldFault.regionDown(region).request]
    case .regionUp(let region)?: [WorldFault.regionUp(region).request]
    case .keyOff(let key)?: request("DisableKey", ofKey: key, in: cloud, world)
    case .keyDeletion(let key)?:
      request("ScheduleKeyDeletion", ofKey: key, ["PendingWindowInDays": 7], in: cloud, world)
    case .emptyVault(let vault)?: deletions(of: vault, in: cloud, world)
    case .failJob(let job)?: failure(of: job, world)
    case .expire(let who)?:
      caller(who, world).map { [WorldFault.credentialsExpire($0).request] } ?? []
    case .renew(let who)?:
      caller(who, world).map { [WorldFault.credentialsRenewed($0).request] } ?? []
    case .say?, .run?, .end?, nil: []
    }
  }

  private func caller(_ who: String, _ world: StartWorld) -> Caller? {
    guard let profile = try? world.profile(who) else { return nil }
    return Caller(
      account: profile.account, region: profile.region ?? AccountDescription().region,
      principal: profile.principal)
  }

  /// Who does it at a place: the platform unless `as` says otherwise.
  private func caller(at place: Place, _ world: StartWorld) -> Caller {
    let somebody = runAs.flatMap { try? world.profile($0) }
    return Caller(
      account: somebody?.account ?? place.account, region: place.region,
      principal: somebody?.principal ?? StartWorld.platform)
  }

  private func spoiling(
    _ name: String, in cloud: Cloud, _ world: StartWorld
  ) -> [ServiceRequest] {
    guard let table = world.description.tables.first(where: { $0.name == name }),
      let place = try? world.description.place(table.value.place),
      let image = cloud[place].table(named: name)?.image
    else { return [] }
    let caller = Caller(
      account: place.account, region: place.region, principal: StartWorld.platform)
    let keys = image.keySchema
    return image.items.map { item in
      var spoiled = keys.keyAttributes(of: item)
      for (name, value) in item.attributes where !keys.contains(name: name) {
        spoiled[name] = value.spoiled
      }
      return ServiceRequest(
        service: "dynamodb", operation: "PutItem",
        input: ["TableName": .string(name), "Item": spoiled.json], caller: caller)
    }
  }

  /// A request about a key, which takes no alias as a learner's would not.
  private func request(
    _ operation: String, ofKey text: String, _ members: Document = .emptyObject, in cloud: Cloud,
    _ world: StartWorld
  ) -> [ServiceRequest] {
    guard let named = try? world.description.placed(text) else { return [] }
    let key = CloudReader(cloud, named.place).ask(
      "DescribeKey", ["KeyId": .string(named.name)], service: "kms")
    guard let id = key?["KeyMetadata"]?["KeyId"] else { return [] }
    return [
      ServiceRequest(
        service: "kms", operation: operation,
        input: Document(members: [("KeyId", id)] + members.members.map { ($0.name, $0.value) }),
        caller: caller(at: named.place, world))
    ]
  }

  private func deletions(
    of text: String, in cloud: Cloud, _ world: StartWorld
  ) -> [ServiceRequest] {
    guard let named = try? world.description.placed(text) else { return [] }
    let listing = CloudReader(cloud, named.place).ask(
      "ListRecoveryPointsByBackupVault", ["BackupVaultName": .string(named.name)],
      service: "backup")
    let caller = caller(at: named.place, world)
    return (listing?["RecoveryPoints"]?.array ?? []).compactMap { point in
      point["RecoveryPointArn"].map { arn in
        ServiceRequest(
          service: "backup", operation: "DeleteRecoveryPoint",
          input: ["BackupVaultName": .string(named.name), "RecoveryPointArn": arn],
          caller: caller)
      }
    }
  }

  private func failure(of job: JobToFail, _ world: StartWorld) -> [ServiceRequest] {
    let table = world.description.tables.first { $0.name == job.of }
    guard let place = try? world.description.place(table?.value.place) else { return [] }
    return [
      WorldFault.jobFails(
        job.failing, tableARN: ARN.table(job.of, in: place), message: job.says
      ).request
    ]
  }
}

extension WorldDescription {
  /// A place and a name in it, written `account/region/NAME` with as much of the place as is needed.
  ///
  /// The name may have slashes where it is an alias.
  ///
  /// - Throws: `ContentProblem` for an account that does not exist.
  func placed(_ text: String) throws(ContentProblem) -> (place: Place, name: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    let count = parts.count > 1 && parts[parts.count - 2] == "alias" ? 2 : 1
    let before = parts.dropLast(count).joined(separator: "/")
    let name = parts.suffix(count).joined(separator: "/")
    return (try place(before.isEmpty ? nil : before), name)
  }
}

extension AttributeValue {
  /// Nonsense of the same type.
  fileprivate var spoiled: AttributeValue {
    switch self {
    case .string: .string("#REF!")
    case .number: .number(DecimalNumber(0))
    case .bool(let value): .bool(!value)
    default: .null
    }
  }
}
