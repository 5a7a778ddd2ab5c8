"""Compares what valgrind found at the end of a short and of a long conversation: what a request leaks,
there is more of in the second. Arguments: both reports, and by how many rounds the second one is
longer.

It prints lines as Tests/Clients/checks.py describes them.
"""

import pathlib
import re
import sys

from checks import at_most, check

# A record of blocks that nobody can release any more, and the calls by which they were made;
# valgrind's manual, section 4.2.9.
RECORD = re.compile(
    r"== [\d,]+(?: \([^)]*\))? bytes in ([\d,]+) blocks are"
    r" (?:definitely|indirectly|possibly) lost .*\n"
    r"((?:==\d+==    .+\n)*)")
BORDERS = re.compile(
    r"lib(?:pq|argon2|idn2|unistring|z|hiredis|crypt|ssl|crypto|ldap|gssapi_krb5)[-.]")

SAMPLE = """\
==1== 32 bytes in {} blocks are definitely lost in loss record 1 of 2
==1==    at 0x1: malloc (in /usr/libexec/valgrind/vgpreload_memcheck-amd64-linux.so)
==1==    by 0x2: PQmakeEmptyPGresult (in /usr/lib/x86_64-linux-gnu/libpq.so.5.15)
==1==
==1== 1,032 (32 direct, 1,000 indirect) bytes in 1 blocks are definitely lost in loss record 2 of 2
==1==    at 0x1: malloc (in /usr/libexec/valgrind/vgpreload_memcheck-amd64-linux.so)
==1==    by 0x2: swift_weakInit (in /tmp/program)
==1==
"""


def lost(text):
    """How many blocks are lost that were made beyond a border to C, and how many others."""
    found = {True: 0, False: 0}
    for blocks, calls in RECORD.findall(text):
        found[bool(BORDERS.search(calls))] += int(blocks.replace(",", ""))
    return found[True], found[False]


def main(short_path, long_path, rounds):
    """Compares and reports."""
    check("a sample: blocks that are lost", [(1, 1), (3, 1)],
          [lost(SAMPLE.format(blocks)) for blocks in (1, 3)])
    texts = [pathlib.Path(path).read_text() for path in (short_path, long_path)]
    check("reports that are complete", [True, True], ["ERROR SUMMARY" in text for text in texts])
    short, long = map(lost, texts)
    print(f"blocks that are lost: beyond the borders {short[0]} and {long[0]},"
          f" others {short[1]} and {long[1]}")
    check("beyond the borders to C: blocks more that are lost", at_most(0), long[0] - short[0])
    # valgrind does not see where Swift keeps some of its references, and counts a few as lost.
    check("elsewhere: blocks more that are lost", at_most(int(rounds) - 1), long[1] - short[1])


main(*sys.argv[1:])
