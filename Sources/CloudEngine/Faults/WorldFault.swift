// SPDX-License-Identifier: GPL-3.0-or-later

import Documents
import PersistentCollections
import Simulation

/// Something that goes wrong because a world says so, and that nobody could ask a service for.
///
/// It travels as a request, so that it is journalled and replayed like one; no way in for programs
/// or people can make it, because no service's model has it. It leaves no trace in the audit trail.
package enum WorldFault: Hashable, Sendable {
  /// Nothing in a Region answers, and nothing there goes on, until it is up again.
  case regionDown(String)
  case regionUp(String)
  /// The next job about a table comes to nothing, with these words.
  case jobFails(FailingJob, tableARN: String, message: String)
  /// The standing credentials of somebody are refused from now on, or accepted again.
  case credentialsExpire(Caller)
  case credentialsRenewed(Caller)

  /// The jobs that can be made to fail.
  package enum FailingJob: String, CaseIterable, Hashable, Sendable, Codable {
    case backup, copy, restore
  }

  static let service = "rewind"

  /// The fault as a request, as the journal keeps it.
  package var request: ServiceRequest {
    let nobody = Caller(account: "000000000000", region: "us-east-1")
    let (name, input, caller): (String, Document, Caller) =
      switch self {
      case .regionDown(let region): ("RegionDown", ["Region": .string(region)], nobody)
      case .regionUp(let region): ("RegionUp", ["Region": .string(region)], nobody)
      case .jobFails(let kind, let arn, let message):
        (
          "JobFails",
          [
            "Kind": .string(kind.rawValue), "TableArn": .string(arn), "Message": .string(message),
          ], nobody
        )
      case .credentialsExpire(let caller): ("CredentialsExpire", .emptyObject, caller)
      case .credentialsRenewed(let caller): ("CredentialsRenewed", .emptyObject, caller)
      }
    return ServiceRequest(service: Self.service, operation: name, input: input, caller: caller)
  }

  /// The fault that a request stands for; nil for every request of a service.
  init?(_ request: ServiceRequest) {
    guard request.service == Self.service else { return nil }
    let region = request.input["Region"]?.string
    switch request.operation {
    case "RegionDown":
      guard let region else { return nil }
      self = .regionDown(region)
    case "RegionUp":
      guard let region else { return nil }
      self = .regionUp(region)
    case "JobFails":
      guard let kind = request.input["Kind"]?.string.flatMap(FailingJob.init),
        let arn = request.input["TableArn"]?.string, let text = request.input["Message"]?.string
      else { return nil }
      self = .jobFails(kind, tableARN: arn, message: text)
    case "CredentialsExpire": self = .credentialsExpire(request.caller)
    case "CredentialsRenewed": self = .credentialsRenewed(request.caller)
    default: return nil
    }
  }
}

/// What is wrong in a cloud because its world says so; nil in one where nothing is.
struct WorldFaults: Codable, Sendable {
  /// The Regions that are down, and since when.
  var regions: OrderedMap<String, Instant> = OrderedMap()
  /// What fell due in them, in order; it happens once they are up.
  var parked: AppendLog<Occurrence> = AppendLog()
  /// The words of the jobs to fail, by what they do and the table's ARN.
  var jobs: OrderedMap<String, String> = OrderedMap()
  /// The ARNs of those whose standing credentials have expired.
  var expired: OrderedMap<String, Instant> = OrderedMap()

  static func job(_ kind: WorldFault.FailingJob, _ tableARN: String) -> String {
    kind.rawValue + " " + tableARN
  }
}

extension Cloud {
  /// Lets something go wrong, or be well again.
  mutating func happen(_ fault: WorldFault) {
    var faults = faults ?? WorldFaults()
    switch fault {
    case .regionDown(let region):
      if faults.regions[region] == nil { faults.regions[region] = now }
    case .regionUp(let region):
      self.faults = faults
      return regionComesUp(region)
    case .jobFails(let kind, let arn, let message):
      faults.jobs[WorldFaults.job(kind, arn)] = message
    case .credentialsExpire(let caller): faults.expired[caller.arn] = now
    case .credentialsRenewed(let caller): faults.expired[caller.arn] = nil
    }
    self.faults = faults
  }

  /// Refuses a request that cannot get through: nobody answers, or the credentials have expired.
  ///
  /// A Region that is down answers nobody, nor does it give out what it holds to a request made in
  /// another one. Credentials that STS issues later are good. [FAULT.region], [FAULT.credentials]
  func checkReach(of request: ServiceRequest) throws(ServiceError) {
    guard let faults else { return }
    let caller = request.caller
    let sources = ["SourceTableArn", "BackupArn"].compactMap { request.input[$0]?.string }
    let regions = [caller.region] + sources.compactMap { ARN($0)?.region }
    if regions.contains(where: { faults.regions[$0] != nil }) {
      throw .regionUnavailable(to: request.service)
    }
    if caller.principal.issuedKey == nil, faults.expired[caller.arn] != nil {
      throw .tokenExpired(for: request.service)
    }
  }

  /// True while nothing in a Region answers.
  func isDown(_ region: String) -> Bool { faults?.regions[region] != nil }

  /// The words with which a job is to fail, if it is; it does so once.
  mutating func takeFailure(of kind: WorldFault.FailingJob, on resourceARN: String) -> String? {
    guard faults != nil else { return nil }
    return faults?.jobs.removeValue(forKey: WorldFaults.job(kind, resourceARN))
  }

  /// Puts what falls due in a Region that is down aside.
  ///
  /// - Returns: Whether it was put aside.
  mutating func park(_ occurrence: Occurrence) -> Bool {
    guard let place = occurrence.place, isDown(place.region) else { return false }
    faults?.parked.append(occurrence)
    return true
  }

  /// What fell due meanwhile happens now, in order, and other Regions' writes arrive.
  private mutating func regionComesUp(_ region: String) {
    guard faults?.regions.removeValue(forKey: region) != nil else { return }
    let parked = faults?.parked ?? AppendLog()
    faults?.parked = AppendLog()
    for occurrence in parked where !park(occurrence) { happen(occurrence) }
    let tables = places.filter { $0.key.region == region }.flatMap { place in
      place.value.tables.values.filter { $0.replication != nil }.map(\.identity)
    }
    for table in tables where canUseDataKey(of: table) { deliverWaiting(to: table) }
  }
}

extension ServiceError {
  /// What a service says that cannot serve anybody. [FAULT.region]
  fileprivate static func regionUnavailable(to service: String) -> ServiceError {
    ServiceError(
      code: service == "backup" ? "ServiceUnavailableException" : "ServiceUnavailable",
      message: "The request has failed due to a temporary failure of the server.", status: 503)
  }

  /// What is said of credentials whose time is over. [FAULT.credentials]
  fileprivate static func tokenExpired(for service: String) -> ServiceError {
    let isQuery = ["sts", "sns", "s3api"].contains(service)
    return ServiceError(
      code: isQuery ? "ExpiredToken" : "ExpiredTokenException",
      message: "The security token included in the request is expired",
      status: isQuery ? 403 : 400)
  }
}
