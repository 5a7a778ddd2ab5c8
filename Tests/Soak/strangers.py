"""Addresses of clients that nobody has seen before, as a proxy writes them."""

import itertools
import random

# Of IPv4 there are those from 11.0.0.0 to 99.255.255.255.
IPV4_FIRST = 11 << 24
IPV4_COUNT = 89 << 24
# Of IPv6 there is one in each of the networks 2001:db8:*:*::/64: for a limit, each is a client.
IPV6_COUNT = 1 << 32
# A prime that divides neither count: its multiples meet again only after all have been there.
STEP = 1_000_000_007


def strangers(seed, first):
    """The addresses in the order of a seed, from that of a number on: of IPv4 and of IPv6 by turns,
    and none twice among the first 2 × IPV4_COUNT.
    """
    choice = random.Random(f"{seed} strangers")
    ipv4_begin, ipv6_begin = choice.randrange(IPV4_COUNT), choice.randrange(IPV6_COUNT)
    for number in itertools.count(first):
        index, is_ipv6 = divmod(number, 2)
        if is_ipv6:
            network = (ipv6_begin + index * STEP) % IPV6_COUNT
            yield b"2001:db8:%x:%x::1" % divmod(network, 1 << 16)
        else:
            host = IPV4_FIRST + (ipv4_begin + index * STEP) % IPV4_COUNT
            yield b"%d.%d.%d.%d" % tuple(host.to_bytes(4, "big"))
