"""mutants.py DIRECTORY COUNT SEED - adds COUNT changed copies of the files in DIRECTORY; the same ones for the same SEED.

libFuzzer's own changes depend on addresses and on time, so what it tries differs from run to run, even with -seed.
"""
import os
import random
import sys

LIMIT = 4096  # bytes of a mutant


def position(rng, data):
    return rng.randrange(len(data) + 1)


def piece(rng, data):
    """A short stretch of data."""
    begin = position(rng, data)
    return data[begin:begin + rng.choice((1, 2, 4, 8, 16, 32, 64))]


def erase(rng, data, _):
    begin = position(rng, data)
    return data[:begin] + data[begin + rng.choice((1, 1, 2, 4, 8, 32)):]


def truncate(rng, data, _):
    return data[:position(rng, data)]


def insert_byte(rng, data, _):
    at = position(rng, data)
    return data[:at] + bytes([rng.choice((rng.randrange(256), rng.randrange(32, 127), 0, 255, 10, 39))]) + data[at:]


def flip(rng, data, _):
    at = rng.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1:]


def repeat(rng, data, _):
    at = position(rng, data)
    return data[:at] + piece(rng, data) * rng.choice((2, 3, 10, 100)) + data[at:]


def move(rng, data, _):
    at = position(rng, data)
    return data[:at] + piece(rng, data) + data[at:]


def insert_other(rng, data, other):
    at = position(rng, data)
    return data[:at] + piece(rng, other) + data[at:]


def cross(rng, data, other):
    return data[:position(rng, data)] + other[position(rng, other):]


CHANGES = (erase, truncate, insert_byte, flip, repeat, move, insert_other, cross)


def mutant(rng, seeds):
    data = rng.choice(seeds)
    for _ in range(rng.choice((1, 1, 2, 3, 5))):
        data = rng.choice(CHANGES)(rng, data or b" ", rng.choice(seeds))
    return data[:LIMIT]


def main():
    directory, count, seed = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    seeds = []
    for name in sorted(os.listdir(directory)):
        with open(os.path.join(directory, name), "rb") as file:
            seeds.append(file.read())
    rng, seeds = random.Random(seed), seeds or [bytes(range(32))]
    for number in range(count):
        with open(os.path.join(directory, f"mutant-{number:06}"), "wb") as file:
            file.write(mutant(rng, seeds))


main()
