// SPDX-License-Identifier: Apache-2.0
// Made by Scripts/embed-service-models from Models/; do not edit.
// swift-format-ignore-file

// Amazon Web Services' published API model as shipped with botocore 1.43.11, without prose; see Models/NOTICE.md.

/// The API model of `cloudtrail` as JSON text.
let cloudtrailModelJSON: StaticString = #"""
{"metadata":{"apiVersion":"2013-11-01","endpointPrefix":"cloudtrail","jsonVersion":"1.1","protocol":"json","protocols":["json"],"serviceAbbreviation":"CloudTrail","serviceFullName":"AWS CloudTrail","serviceId":"CloudTrail","signatureVersion":"v4","targetPrefix":"com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101","uid":"cloudtrail-2013-11-01","auth":["aws.auth#sigv4"]},
"operations":{
"LookupEvents":{"name":"LookupEvents","http":{"method":"POST","requestUri":"/"},"input":{"shape":"LookupEventsRequest"},"output":{"shape":"LookupEventsResponse"},"errors":[{"shape":"InvalidLookupAttributesException"},{"shape":"InvalidTimeRangeException"},{"shape":"InvalidMaxResultsException"},{"shape":"InvalidNextTokenException"},{"shape":"InvalidEventCategoryException"},{"shape":"UnsupportedOperationException"},{"shape":"OperationNotPermittedException"}],"idempotent":true}
},
"shapes":{
"Date":{"type":"timestamp"},
"Event":{"type":"structure","members":{"EventId":{"shape":"String"},"EventName":{"shape":"String"},"ReadOnly":{"shape":"String"},"AccessKeyId":{"shape":"String"},"EventTime":{"shape":"Date"},"EventSource":{"shape":"String"},"Username":{"shape":"String"},"Resources":{"shape":"ResourceList"},"CloudTrailEvent":{"shape":"String"}}},
"EventCategory":{"type":"string","enum":["insight"]},
"EventsList":{"type":"list","member":{"shape":"Event"}},
"InvalidEventCategoryException":{"type":"structure","members":{},"exception":true},
"InvalidLookupAttributesException":{"type":"structure","members":{},"exception":true},
"InvalidMaxResultsException":{"type":"structure","members":{},"exception":true},
"InvalidNextTokenException":{"type":"structure","members":{},"exception":true},
"InvalidTimeRangeException":{"type":"structure","members":{},"exception":true},
"LookupAttribute":{"type":"structure","required":["AttributeKey","AttributeValue"],"members":{"AttributeKey":{"shape":"LookupAttributeKey"},"AttributeValue":{"shape":"LookupAttributeValue"}}},
"LookupAttributeKey":{"type":"string","enum":["EventId","EventName","ReadOnly","Username","ResourceType","ResourceName","EventSource","AccessKeyId"]},
"LookupAttributeValue":{"type":"string","max":2000,"min":1},
"LookupAttributesList":{"type":"list","member":{"shape":"LookupAttribute"}},
"LookupEventsRequest":{"type":"structure","members":{"LookupAttributes":{"shape":"LookupAttributesList"},"StartTime":{"shape":"Date"},"EndTime":{"shape":"Date"},"EventCategory":{"shape":"EventCategory"},"MaxResults":{"shape":"MaxResults"},"NextToken":{"shape":"NextToken"}}},
"LookupEventsResponse":{"type":"structure","members":{"Events":{"shape":"EventsList"},"NextToken":{"shape":"NextToken"}}},
"MaxResults":{"type":"integer","max":50,"min":1},
"NextToken":{"type":"string"},
"OperationNotPermittedException":{"type":"structure","members":{},"exception":true},
"Resource":{"type":"structure","members":{"ResourceType":{"shape":"String"},"ResourceName":{"shape":"String"}}},
"ResourceList":{"type":"list","member":{"shape":"Resource"}},
"String":{"type":"string"},
"UnsupportedOperationException":{"type":"structure","members":{},"exception":true}
},
"pagination":{
"LookupEvents":{"input_token":"NextToken","output_token":"NextToken","limit_key":"MaxResults","result_key":"Events"}
}}
"""#
