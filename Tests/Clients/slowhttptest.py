"""The modes of slowhttptest(1), as its arguments."""


def modes(url, authorization):
    """By name; the value of Authorization is for those that ask for users."""
    # There is no option for the field; the one for cookies takes a line more.
    token = ["-j", f"a=b\r\nAuthorization: {authorization}"]
    return {
        "slow headers": ["-H", "-u", f"{url}/users", "-x", 24],
        "slow bodies": ["-B", "-u", f"{url}/users", "-t", "POST", "-s", 65536, "-x", 24,
                        "-f", "application/json"],
        "slow reading": ["-X", "-u", f"{url}/users?limit=100", "-w", 512, "-y", 1024, "-n", 2,
                         "-z", 16, "-k", 10, *token],
        "ranges": ["-R", "-u", f"{url}/users?limit=10", "-t", "GET", "-a", 5, "-b", 1500, *token],
    }
