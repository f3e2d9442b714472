"""What only Redis does to a line: it restarts, has users with rights, and speaks TLS."""

from __future__ import annotations

import asyncio
import datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from datasources.broker_bus import BrokerPublisher
from datasources.brokers import line_to
from datasources.bus import News
from domain.errors import StoreUnavailable
from domain.records import Ring
from local.ports import free_ports
from tests.datasources.buses import (
    LONG,
    channel,
    heard,
    interrupted,
    people,
    publishing,
    running,
)
from tests.faults.proxy import Proxy
from tests.stores.redis_server import RedisServer


async def test_everybody_is_heard_again_after_the_server_was_killed(
    redis_server: RedisServer,
) -> None:
    andrew, group, *others = people(300)
    connect = line_to(redis_server.url)
    async with (
        running(connect) as bus,
        publishing(connect) as publisher,
        asyncio.TaskGroup() as listeners,
    ):
        leave = asyncio.Event()

        async def listen(person: str) -> None:
            async with bus.listen(person):
                await leave.wait()

        for person in others:
            listeners.create_task(listen(person))
        async with bus.listen(andrew) as bell:
            await publisher.publish([Ring(andrew, group, 1)])
            assert (await bell.wait(LONG)).groups == {group: 1}
            redis_server.kill()
            with pytest.raises(StoreUnavailable):
                await publisher.publish([Ring(andrew, group, 2)])
            redis_server.start()  # in this thread: with the one that started it, it ends
            await interrupted(bell)
            await publisher.publish([Ring(andrew, group, 3)])
            assert await bell.wait(LONG) == News({group: 3}, missed=False)
            with redis_server.admin() as admin:
                everybody = {channel(person) for person in (andrew, *others)}
                assert set(admin.pubsub_channels()) == everybody
        leave.set()


async def test_rings_that_arrive_in_pieces_and_between_answers_are_heard(
    redis_server: RedisServer,
) -> None:
    andrew, *others = people(40)
    groups = people(300)
    connect = line_to(redis_server.url)
    async with (
        Proxy(redis_server.url) as proxy,
        running(line_to(proxy.url)) as bus,
        publishing(connect) as publisher,
        bus.listen(andrew) as bell,
    ):
        proxy.chunk = 7

        async def come_and_go(person: str) -> None:
            async with bus.listen(person):
                pass

        await asyncio.gather(
            publisher.publish([Ring(andrew, group, 1) for group in groups]),
            *map(come_and_go, others),
        )
        assert await heard(bell, len(groups)) == set(groups)


async def test_a_user_with_the_rights_that_operations_tell_can_do_it_all(
    redis_server: RedisServer,
) -> None:
    andrew, group = people(2)
    rules = ["on", ">hunter2", "resetchannels", "&cruddur_user_*", "-@all"]
    rights = ["+subscribe", "+unsubscribe", "+publish", "+ping", "+client|setname"]
    with redis_server.admin() as admin:
        admin.execute_command("ACL", "SETUSER", "cruddur", *rules, *rights)
    url = redis_server.url.replace(f":{redis_server.password}@", "cruddur:hunter2@")
    async with running(line_to(url)) as bus, bus.listen(andrew) as bell:
        async with publishing(line_to(url)) as publisher:
            await publisher.publish([Ring(andrew, group, 1)])
        assert await bell.wait(LONG) == News({group: 1}, missed=False)
        with redis_server.admin() as admin:
            admin.execute_command("ACL", "DELUSER", "cruddur")  # and its connections


async def test_tls_is_spoken_and_a_stranger_is_refused(tmp_path: Path) -> None:
    certificate = _certificate(tmp_path)
    (port,) = free_ports(None, avoid=1)
    options = [
        f"tls-port {port}",
        f"tls-cert-file {certificate}",
        f"tls-key-file {certificate}",
        "tls-auth-clients no",
    ]
    andrew, group = people(2)
    with RedisServer(tmp_path, *options) as server:
        stranger = f"rediss://:{server.password}@localhost:{port}"
        url = f"{stranger}?ssl_ca_certs={certificate}"
        async with running(line_to(url)) as bus, bus.listen(andrew) as bell:
            async with publishing(line_to(url)) as publisher:
                await publisher.publish([Ring(andrew, group, 1)])
            assert await bell.wait(LONG) == News({group: 1}, missed=False)
        with pytest.raises(StoreUnavailable):
            await BrokerPublisher(line_to(stranger)).publish([Ring(andrew, group, 1)])


def test_an_option_that_does_not_exist_is_told_at_once() -> None:
    with pytest.raises(TypeError, match="nonsense"):
        line_to("redis://:hunter2@127.0.0.1:6379?nonsense=1")


def _certificate(folder: Path) -> Path:
    """A file with a key and a certificate for localhost that it signed itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(minutes=5))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "server.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return file
