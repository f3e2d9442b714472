"""Key strings, built and parsed here and nowhere else.

    item               pk                    sk
    message            MSG#<group>           time text
    conversation row   GRP#<user>            time text
    head               GROUP#<group>         HEAD
    member             GROUP#<group>         MEMBER#<user>
    pair               PAIR#<user>#<user>    PAIR
    sent               SENT#<sender>         client message uuid
    rate               RATE#<sender>         time text of the start of a minute
    layout             LAYOUT                LAYOUT
    aside              ASIDE#<user, group>   <group>#<sk of what was set aside>

Head and members share a partition so that one Query reads the whole truth of a group. Nothing
but messages stands under `MSG#` and nothing but rows under `GRP#`: their sort keys are times.
"""

from __future__ import annotations

from datasources.table import Key

ROW_INDEX = "message-group-sk-index"
MESSAGE_PREFIX = "MSG#"
ROW_PREFIX = "GRP#"
GROUP_PREFIX = "GROUP#"
HEAD = "HEAD"
MEMBER_PREFIX = "MEMBER#"
PAIR_PREFIX = "PAIR#"
PAIR = "PAIR"
SENT_PREFIX = "SENT#"
RATE_PREFIX = "RATE#"
ASIDE_PREFIX = "ASIDE#"
LAYOUT = Key("LAYOUT", "LAYOUT")


def messages(group_uuid: str) -> str:
    return f"{MESSAGE_PREFIX}{group_uuid}"


def rows(user_uuid: str) -> str:
    return f"{ROW_PREFIX}{user_uuid}"


def group(group_uuid: str) -> str:
    return f"{GROUP_PREFIX}{group_uuid}"


def head(group_uuid: str) -> Key:
    return Key(group(group_uuid), HEAD)


def member(group_uuid: str, user_uuid: str) -> Key:
    return Key(group(group_uuid), f"{MEMBER_PREFIX}{user_uuid}")


def pair(one_uuid: str, other_uuid: str) -> Key:
    first, second = sorted((one_uuid, other_uuid))
    return Key(f"{PAIR_PREFIX}{first}#{second}", PAIR)


def sent(sender_uuid: str, client_message_uuid: str) -> Key:
    return Key(f"{SENT_PREFIX}{sender_uuid}", client_message_uuid)


def rate(sender_uuid: str, minute: str) -> Key:
    return Key(f"{RATE_PREFIX}{sender_uuid}", minute)


def aside(owner_uuid: str, group_uuid: str, sk: str) -> Key:
    """The key of a copy of what stood in a list of `owner_uuid`, or in the group's partition."""
    return Key(f"{ASIDE_PREFIX}{owner_uuid}", f"{group_uuid}#{sk}")


def uuid_in(pk: str) -> str:
    """Return the uuid behind the prefix of a partition key that has just one."""
    return pk.partition("#")[2]


def pair_in(pk: str) -> tuple[str, str]:
    """Return the two uuids of a pair item's partition key."""
    _, one_uuid, other_uuid = pk.split("#")
    return one_uuid, other_uuid
