"""The event is what AWS sends."""

from __future__ import annotations

import json

from local.stream.records import make_event
from tests.local.stream.fake_stream import ARN, record


def test_an_event_has_the_shape_of_aws() -> None:
    (first,) = make_event([record(7)], ARN)["Records"]
    assert first == {
        "eventID": "id-7",
        "eventName": "INSERT",
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": "us-east-1",
        "dynamodb": {
            "ApproximateCreationDateTime": 1795305600,
            "Keys": {"pk": {"S": "MSG#g"}, "sk": {"S": "7"}},
            "NewImage": {
                "pk": {"S": "MSG#g"},
                "sk": {"S": "7"},
                "message": {"S": "body 7"},
            },
            "SequenceNumber": "7",
            "SizeBytes": 100,
            "StreamViewType": "NEW_IMAGE",
        },
        "eventSourceARN": ARN,
    }


def test_bytes_come_as_base64() -> None:
    given = record(1)
    given["dynamodb"]["NewImage"] = {"photo": {"B": b"\x00\xff"}}
    event = make_event([given], ARN)
    assert event["Records"][0]["dynamodb"]["NewImage"] == {"photo": {"B": "AP8="}}
    json.dumps(event)
