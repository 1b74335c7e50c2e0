"""Run many seeds and sort what fails: `python -m tests.sim.run FIRST COUNT`."""

import sys
import time

from tests.sim.play import kind_of, why_of
from tests.sim.script import script


def main(first: int, count: int) -> None:
    kinds: dict[str, list[tuple[int, str]]] = {}
    start = time.process_time()
    for seed in range(first, first + count):
        if why := why_of(script(seed)):
            kinds.setdefault(kind_of(why), []).append((seed, why))
    spent = time.process_time() - start
    print(f"{count} seeds, {count / spent:.1f} a second, {sum(map(len, kinds.values()))} fail")  # noqa: T201 - a tool for people
    for kind, found in sorted(kinds.items(), key=lambda item: -len(item[1])):
        print(f"{len(found):4} {kind}: {[seed for seed, _ in found[:8]]} {found[0][1][:300]}")  # noqa: T201 - a tool for people


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
