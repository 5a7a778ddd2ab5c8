"""A server and a place for another one, which can take over."""

import asyncio
import os
import shlex
import shutil
import time

from faults import Fault
from server import Server, ServerError, run

# How long a standby may take to have everything, in seconds.
CATCH_UP_SECONDS_MAX = 60


class Pair(Server):
    """The server that takes writes. It moves to the other folder when the standby is promoted, and
    so does the symbolic link that leads to its socket.
    """

    def __init__(self, folder, other_folder, programs, link):
        super().__init__(folder, programs, f"{folder}/socket")
        self._other = Server(other_folder, programs, f"{other_folder}/socket")
        self._link = link

    async def fail_over(self):
        """Makes a standby, has each commit wait for it, ends the server without a word and promotes
        the standby; what was acknowledged is there, too, then.
        """
        await self._copy()
        await self._other_starts()
        await self.sql(
            "ALTER SYSTEM SET synchronous_standby_names = '*'; SELECT pg_reload_conf();")
        await self._catch_up()
        await self.control("stop", "--mode=immediate")
        await self._other.control("promote")
        shutil.rmtree(self.folder / "data")
        mine, others = vars(self), vars(self._other)
        for name in others:
            mine[name], others[name] = others[name], mine[name]
        new_link = f"{self._link}.new"
        os.symlink(self.socket, new_link)
        os.replace(new_link, self._link)

    async def _copy(self):
        owner = self._other.folder.stat()
        await run(
            "setpriv", f"--reuid={owner.st_uid}", f"--regid={owner.st_gid}", "--clear-groups",
            self.programs / "pg_basebackup", "--pgdata=data", f"--host={self.socket_folder}",
            "--port=5432", "--username=postgres", "--checkpoint=fast", "--wal-method=stream",
            "--write-recovery-conf", "--no-sync", cwd=self._other.folder,
            environment={"LC_ALL": "C.UTF-8"})

    async def _other_starts(self):
        # The first three words are the program and where its data is.
        words = shlex.split((self.folder / "data/postmaster.opts").read_text())[3:]
        options = [word.replace(str(self.folder), str(self._other.folder)) for word in words]
        await self._other.control("start", f"--options={shlex.join(options)}")

    async def _catch_up(self):
        deadline = time.monotonic() + CATCH_UP_SECONDS_MAX
        position = None
        while time.monotonic() < deadline:
            rows = await self.sql(
                "SELECT sync_state = 'sync', pg_current_wal_lsn(), flush_lsn >="
                f" '{position or 'FFFFFFFF/FFFFFFFF'}' FROM pg_stat_replication;")
            if rows and rows[0][2] == "t":
                return
            # What was committed before the wait for the standby began must be there as well.
            if rows and rows[0][0] == "t" and position is None:
                position = rows[0][1]
            await asyncio.sleep(0.05)
        raise ServerError("the standby does not catch up")


async def failover(scene):
    """The server is gone for good, and its standby takes over."""
    await scene.server.fail_over()


FAILOVER = Fault(failover, "direct", True, True)
