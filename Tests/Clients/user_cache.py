"""What is promised of users in Redis."""


def life_max(seconds):
    """How long after a commit something may be left that was read before it, with a USER_CACHE_TTL of so
    many seconds; docs/architecture.md.
    """
    return 1.05 * seconds + 0.01
