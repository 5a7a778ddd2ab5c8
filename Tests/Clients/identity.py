"""Whom a program speaks for: an administrator, whose token the scripts have got."""

import os

ADMINISTRATOR = {"Authorization": os.environ["AUTHORIZATION"]}
# That of users who are to log in themselves.
PASSWORD = "seven quiet otters swim"
