// SPDX-License-Identifier: Apache-2.0
// Made by Scripts/embed-service-models from Models/; do not edit.
// swift-format-ignore-file

// Amazon Web Services' published API model as shipped with botocore 1.43.11, without prose; see Models/NOTICE.md.

/// The API model of `sts` as JSON text.
let stsModelJSON: StaticString = #"""
{"metadata":{"apiVersion":"2011-06-15","auth":["aws.auth#sigv4","aws.auth#sigv4a"],"endpointPrefix":"sts","globalEndpoint":"sts.amazonaws.com","protocol":"query","protocols":["query"],"serviceAbbreviation":"AWS STS","serviceFullName":"AWS Security Token Service","serviceId":"STS","signatureVersion":"v4","uid":"sts-2011-06-15","xmlNamespace":"https://sts.amazonaws.com/doc/2011-06-15/"},
"operations":{
"GetCallerIdentity":{"name":"GetCallerIdentity","http":{"method":"POST","requestUri":"/"},"input":{"shape":"GetCallerIdentityRequest"},"output":{"shape":"GetCallerIdentityResponse","resultWrapper":"GetCallerIdentityResult"}},
"AssumeRole":{"name":"AssumeRole","http":{"method":"POST","requestUri":"/"},"input":{"shape":"AssumeRoleRequest"},"output":{"shape":"AssumeRoleResponse","resultWrapper":"AssumeRoleResult"},"errors":[{"shape":"MalformedPolicyDocumentException"},{"shape":"PackedPolicyTooLargeException"},{"shape":"RegionDisabledException"},{"shape":"ExpiredTokenException"}]}
},
"shapes":{
"AssumeRoleRequest":{"type":"structure","required":["RoleArn","RoleSessionName"],"members":{"RoleArn":{"shape":"arnType"},"RoleSessionName":{"shape":"roleSessionNameType"},"PolicyArns":{"shape":"policyDescriptorListType"},"Policy":{"shape":"unrestrictedSessionPolicyDocumentType"},"DurationSeconds":{"shape":"roleDurationSecondsType"},"Tags":{"shape":"tagListType"},"TransitiveTagKeys":{"shape":"tagKeyListType"},"ExternalId":{"shape":"externalIdType"},"SerialNumber":{"shape":"serialNumberType"},"TokenCode":{"shape":"tokenCodeType"},"SourceIdentity":{"shape":"sourceIdentityType"},"ProvidedContexts":{"shape":"ProvidedContextsListType"}}},
"AssumeRoleResponse":{"type":"structure","members":{"Credentials":{"shape":"Credentials"},"AssumedRoleUser":{"shape":"AssumedRoleUser"},"PackedPolicySize":{"shape":"nonNegativeIntegerType"},"SourceIdentity":{"shape":"sourceIdentityType"}}},
"AssumedRoleUser":{"type":"structure","required":["AssumedRoleId","Arn"],"members":{"AssumedRoleId":{"shape":"assumedRoleIdType"},"Arn":{"shape":"arnType"}}},
"Credentials":{"type":"structure","required":["AccessKeyId","SecretAccessKey","SessionToken","Expiration"],"members":{"AccessKeyId":{"shape":"accessKeyIdType"},"SecretAccessKey":{"shape":"accessKeySecretType"},"SessionToken":{"shape":"tokenType"},"Expiration":{"shape":"dateType"}}},
"ExpiredTokenException":{"type":"structure","members":{"message":{"shape":"expiredIdentityTokenMessage"}},"error":{"code":"ExpiredTokenException","httpStatusCode":400,"senderFault":true},"exception":true},
"GetCallerIdentityRequest":{"type":"structure","members":{}},
"GetCallerIdentityResponse":{"type":"structure","members":{"UserId":{"shape":"userIdType"},"Account":{"shape":"accountType"},"Arn":{"shape":"arnType"}}},
"MalformedPolicyDocumentException":{"type":"structure","members":{"message":{"shape":"malformedPolicyDocumentMessage"}},"error":{"code":"MalformedPolicyDocument","httpStatusCode":400,"senderFault":true},"exception":true},
"PackedPolicyTooLargeException":{"type":"structure","members":{"message":{"shape":"packedPolicyTooLargeMessage"}},"error":{"code":"PackedPolicyTooLarge","httpStatusCode":400,"senderFault":true},"exception":true},
"PolicyDescriptorType":{"type":"structure","members":{"arn":{"shape":"arnType"}}},
"ProvidedContext":{"type":"structure","members":{"ProviderArn":{"shape":"arnType"},"ContextAssertion":{"shape":"contextAssertionType"}}},
"ProvidedContextsListType":{"type":"list","member":{"shape":"ProvidedContext"},"max":5,"min":1},
"RegionDisabledException":{"type":"structure","members":{"message":{"shape":"regionDisabledMessage"}},"error":{"code":"RegionDisabledException","httpStatusCode":403,"senderFault":true},"exception":true},
"Tag":{"type":"structure","required":["Key","Value"],"members":{"Key":{"shape":"tagKeyType"},"Value":{"shape":"tagValueType"}}},
"accessKeyIdType":{"type":"string","max":128,"min":16,"pattern":"[\\w]*"},
"accessKeySecretType":{"type":"string","sensitive":true},
"accountType":{"type":"string"},
"arnType":{"type":"string","max":2048,"min":20,"pattern":"[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u0085\\u00A0-\\uD7FF\\uE000-\\uFFFD\\u10000-\\u10FFFF]+"},
"assumedRoleIdType":{"type":"string","max":193,"min":2,"pattern":"[\\w+=,.@:-]*"},
"contextAssertionType":{"type":"string","max":2048,"min":4},
"dateType":{"type":"timestamp"},
"expiredIdentityTokenMessage":{"type":"string"},
"externalIdType":{"type":"string","max":1224,"min":2,"pattern":"[\\w+=,.@:\\/-]*"},
"malformedPolicyDocumentMessage":{"type":"string"},
"nonNegativeIntegerType":{"type":"integer","min":0},
"packedPolicyTooLargeMessage":{"type":"string"},
"policyDescriptorListType":{"type":"list","member":{"shape":"PolicyDescriptorType"}},
"regionDisabledMessage":{"type":"string"},
"roleDurationSecondsType":{"type":"integer","max":43200,"min":900},
"roleSessionNameType":{"type":"string","max":64,"min":2,"pattern":"[\\w+=,.@-]*"},
"serialNumberType":{"type":"string","max":256,"min":9,"pattern":"[\\w+=/:,.@-]*"},
"sourceIdentityType":{"type":"string","max":64,"min":2,"pattern":"[\\w+=,.@-]*"},
"tagKeyListType":{"type":"list","member":{"shape":"tagKeyType"},"max":50},
"tagKeyType":{"type":"string","max":128,"min":1,"pattern":"[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+"},
"tagListType":{"type":"list","member":{"shape":"Tag"},"max":50},
"tagValueType":{"type":"string","max":256,"min":0,"pattern":"[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*"},
"tokenCodeType":{"type":"string","max":6,"min":6,"pattern":"[\\d]*"},
"tokenType":{"type":"string"},
"unrestrictedSessionPolicyDocumentType":{"type":"string","min":1,"pattern":"[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+"},
"userIdType":{"type":"string"}
},
"pagination":{

}}
"""#
