"""`make bench`: every figure as a ratio against its yardstick, both measured in one run on one machine."""

import platform

from tests.benchmarks import checkout, start


def main() -> None:
    """Measure and print."""
    print(f"Python {platform.python_version()}, {platform.machine()}\n")
    print("| what | ours | yardstick | ratio |\n|---|---|---|---|")
    for line in [*checkout.lines(), *start.lines()]:
        print(line)


if __name__ == "__main__":
    main()
