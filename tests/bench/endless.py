"""A benchmark that goes on until it is ended, on the stores whose settings come by stdin."""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path

from bench.issuer import Issuer
from bench.run import compare
from bench.town import load_town
from bench.world import World, interrupt
from local.data_directory import DataDirectory

if __name__ == "__main__":
    signal.signal(signal.SIGTERM, interrupt)
    data = DataDirectory(Path(sys.argv[1]))
    with data.claim(), Issuer() as issuer:
        environment = {**json.load(sys.stdin), **issuer.settings}
        world = World(data, issuer, environment)
        town = load_town(world, history=25, size=3)
        compare(world, town, ["ours", "floor"], ["messages"], rounds=1, seconds=600, warm_up=0.1)
