"""infra/template.yaml: what it must say, whatever else it says."""

from __future__ import annotations

import importlib
import itertools
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from commands.target import ROOT
from datasources import keys
from local.stream.delivery import BATCH, RETRIES
from local.stream.records import is_wanted
from settings import Settings, StreamSettings, database_url
from tests.doubles.people import ANDREW, BAYKO, GROUP
from tests.infra import template
from tests.infra.deployment import Deployment
from tests.infra.template import properties

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient
    from mypy_boto3_dynamodbstreams.type_defs import RecordTypeDef as Record

OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
FUNCTIONS = ("StreamFunction", "PostConfirmationFunction")
PARTITIONS = (
    keys.messages(GROUP),
    keys.rows(ANDREW.uuid),
    keys.group(GROUP),
    keys.pair(ANDREW.uuid, BAYKO.uuid).pk,
    keys.sent(ANDREW.uuid, GROUP).pk,
    "MSG",
)


def resources(kind: str) -> dict[str, Any]:
    everything = template.read()["Resources"]
    return {name: each for name, each in everything.items() if each["Type"] == kind}


def test_cfn_lint_has_nothing_to_say() -> None:
    lint = subprocess.run(
        [Path(sys.executable).with_name("cfn-lint"), template.PATH],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (lint.returncode, lint.stdout, lint.stderr) == (0, "", "")


def _matches(pattern: object, value: object) -> bool:
    """Lambda's event filtering, as far as our pattern goes.

    https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
    """
    if isinstance(pattern, dict):
        return isinstance(value, dict) and all(
            name in value and _matches(part, value[name]) for name, part in pattern.items()
        )
    assert isinstance(pattern, list)
    return any(
        isinstance(value, str) and value.startswith(each["prefix"])
        if isinstance(each, dict)
        else value == each
        for each in pattern
    )


@pytest.mark.parametrize(
    ("event", "pk"), list(itertools.product(("INSERT", "MODIFY", "REMOVE"), PARTITIONS))
)
def test_the_filter_lets_new_messages_through_and_nothing_else(event: Any, pk: str) -> None:
    record: Record = {
        "eventName": event,
        "dynamodb": {"Keys": {"pk": {"S": pk}, "sk": {"S": "HEAD"}}, "SequenceNumber": "1"},
    }
    (one,) = properties("StreamMapping")["FilterCriteria"]["Filters"]
    assert _matches(json.loads(one["Pattern"]), record) == is_wanted(record)
    assert is_wanted(record) == ((event, pk) == ("INSERT", keys.messages(GROUP)))


def test_the_mapping_misses_nothing_and_gives_up_in_the_end() -> None:
    mapping = properties("StreamMapping")
    assert mapping["StartingPosition"] == "TRIM_HORIZON"
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["BisectBatchOnFunctionError"] is True
    assert mapping["ParallelizationFactor"] == 1
    assert mapping["MaximumRetryAttempts"] == RETRIES, "a laptop gives up as AWS does"
    # Records that waited during an outage are not given up, and none is trimmed unseen.
    assert 6 * 60 * 60 <= mapping["MaximumRecordAgeInSeconds"] < 24 * 60 * 60
    assert mapping["DestinationConfig"] == {
        "OnFailure": {"Destination": {"Fn::GetAtt": "DeadLetters.Arn"}}
    }
    # The queue keeps them for longer than the stream does.
    assert properties("DeadLetters")["MessageRetentionPeriod"] == 14 * 24 * 60 * 60


def test_the_mapping_batches_as_the_local_runner_does() -> None:
    assert properties("StreamMapping")["BatchSize"] == BATCH


@pytest.mark.parametrize("function", FUNCTIONS)
def test_handlers_exist(function: str) -> None:
    module, _, name = properties(function)["Handler"].rpartition(".")
    assert callable(getattr(importlib.import_module(module), name))


def test_functions_get_the_variables_that_they_read() -> None:
    variables = {name: properties(name)["Environment"]["Variables"] for name in FUNCTIONS}
    url = "postgresql://somewhere/cruddur"
    stream = dict.fromkeys(variables["StreamFunction"], url) | {"MESSAGES_TABLE": "table"}
    read = StreamSettings.from_environment(stream)
    assert (read.messages_table, read.bus_url.reveal()) == ("table", url)
    registrations = dict.fromkeys(variables["PostConfirmationFunction"], url)
    assert database_url(registrations).reveal() == url


@pytest.mark.parametrize("function", FUNCTIONS)
def test_urls_with_passwords_come_from_the_secret_and_stay_encrypted(function: str) -> None:
    variables = properties(function)["Environment"]["Variables"]
    (name,) = (name for name in variables if name.endswith("_URL"))
    assert variables[name]["Fn::Sub"].startswith("{{resolve:secretsmanager:${DatabaseSecret}:")
    assert f":{name}:" in variables[name]["Fn::Sub"]
    assert properties(function)["KmsKeyArn"] == {"Fn::GetAtt": "EnvironmentKey.Arn"}


@pytest.mark.parametrize("name", ["MessagesTable", "UserPool"])
def test_what_people_wrote_outlives_the_stack(name: str) -> None:
    resource = template.read()["Resources"][name]
    assert resource["DeletionPolicy"] == resource["UpdateReplacePolicy"] == "Retain"
    assert template.read()["Parameters"]["DeletionProtection"]["Default"] == "true"
    protection = {**resource["Properties"], "": None}
    key = "DeletionProtectionEnabled" if name == "MessagesTable" else "DeletionProtection"
    assert protection[key]["Fn::If"][0] == "Protected"


def test_lost_minutes_can_be_restored() -> None:
    recovery = properties("MessagesTable")["PointInTimeRecoverySpecification"]
    assert recovery == {"PointInTimeRecoveryEnabled": True}


def test_logs_do_not_pile_up() -> None:
    groups = resources("AWS::Logs::LogGroup")
    assert all("RetentionInDays" in group["Properties"] for group in groups.values())
    for function in FUNCTIONS:
        assert properties(function)["LoggingConfig"]["LogGroup"]["Ref"] in groups


def test_the_user_pool_is_as_the_local_one(
    deployment: Deployment, cognito: CognitoIdentityProviderClient, settings: Settings
) -> None:
    local = cognito.describe_user_pool(UserPoolId=settings.user_pool_id)["UserPool"]
    deployed = deployment.aws.client("cognito-idp").describe_user_pool(
        UserPoolId=deployment.outputs["UserPoolId"]
    )["UserPool"]
    for trait in ("UsernameConfiguration", "AutoVerifiedAttributes", "SchemaAttributes"):
        assert deployed[trait] == local[trait]
    assert "AliasAttributes" not in deployed or not deployed["AliasAttributes"]


def test_apps_do_not_send_passwords_unless_asked_to() -> None:
    flows = properties("UserPoolClient")["ExplicitAuthFlows"]
    assert flows[:2] == ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
    assert flows[2]["Fn::If"][0] == "PasswordSignIn"
    assert template.read()["Parameters"]["AllowPasswordSignIn"]["Default"] == "false"


@pytest.mark.parametrize("alarm", sorted(resources("AWS::CloudWatch::Alarm")))
def test_every_alarm_reaches_somebody_and_is_explained(alarm: str) -> None:
    assert properties(alarm)["AlarmActions"] == [{"Ref": "AlarmTopicArn"}]
    assert re.search(rf"^\| `{alarm}` \|", OPERATIONS, re.MULTILINE)


def test_a_mapping_that_is_switched_off_is_told_by_its_silence() -> None:
    """It measures nothing then, and it measures zero on a quiet night."""
    assert properties("StreamMapping")["MetricsConfig"] == {"Metrics": ["EventCount"]}
    alarm = properties("StreamNotRead")
    assert alarm["MetricName"] == "PolledEventCount"
    (dimension,) = alarm["Dimensions"]
    assert dimension == {"Name": "EventSourceMappingUUID", "Value": {"Ref": "StreamMapping"}}
    assert (alarm["ComparisonOperator"], alarm["Threshold"]) == ("LessThanThreshold", 0)
    assert alarm["TreatMissingData"] == "breaching"


@pytest.mark.parametrize("name", sorted(template.read()["Parameters"]))
def test_every_parameter_is_explained(name: str) -> None:
    assert re.search(rf"\b{name}\b", OPERATIONS)
