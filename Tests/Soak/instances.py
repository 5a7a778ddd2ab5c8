"""Instances of the service, which are started, ended and started again with other settings."""

import asyncio
import os
import signal

from exchange import BrokenError, Exchange

# How long an instance may take until it is ready, and until it has ended, in seconds.
START_SECONDS_MAX = 60
END_SECONDS_MAX = 60


class Instance:
    """A service on a port of its own; what it logs goes through a pipe to a reader."""

    def __init__(self, name, program, port, folder, settings):
        self.name, self.port = name, port
        self.folder = folder
        self._program = program
        self._settings = {**settings, "PORT": str(port), "HOST": "127.0.0.1"}
        self._service = self._reader = None

    @property
    def process(self):
        """Its process; None when there is none."""
        is_there = self._service is not None and self._service.returncode is None
        return self._service.pid if is_there else None

    @property
    def reader(self):
        """The process that reads the log."""
        return self._reader.pid

    async def start(self, *wrapper, log=None, **settings):
        """Starts it, by another program if one is named, and returns when it is ready. The log goes
        to the file `log`, or to the reader.
        """
        if log is None:
            reading, writing = os.pipe()
            with open(self.folder / f"{self.name}.log", "ab") as file:
                self._reader = await asyncio.create_subprocess_exec(
                    "setpriv", "--pdeathsig", "TERM", "cat", stdin=reading, stdout=file)
            os.close(reading)
        else:
            writing = os.open(log, os.O_WRONLY)
        self._service = await asyncio.create_subprocess_exec(
            "setpriv", "--pdeathsig", "TERM", *wrapper, self._program, "serve", cwd=self.folder,
            env={**os.environ, **self._settings, **settings}, stdin=asyncio.subprocess.DEVNULL,
            stdout=writing, stderr=writing)
        os.close(writing)
        await self._become_ready()

    async def restart(self, *wrapper, **settings):
        """Ends it as an operator does and starts it again."""
        await self.end()
        await self.start(*wrapper, **settings)

    async def end(self, number=signal.SIGTERM):
        """Sends a signal and returns the exit status when it has ended; None if there was nothing to
        end.
        """
        if self.process is None:
            return None
        self._service.send_signal(number)
        try:
            async with asyncio.timeout(END_SECONDS_MAX):
                status = await self._service.wait()
        except TimeoutError:
            self._service.kill()
            status = await self._service.wait()
        if self._reader:
            # It ends when nobody can write any more.
            await self._reader.wait()
            self._reader = None
        return status

    async def _become_ready(self):
        exchange, deadline = Exchange(self.port), asyncio.get_running_loop().time()
        deadline += START_SECONDS_MAX
        while True:
            try:
                if (await exchange.ask("GET", "/health/ready")).status == 200:
                    break
            except BrokenError:
                pass
            if self.process is None or asyncio.get_running_loop().time() > deadline:
                raise RuntimeError(f"{self.name} does not become ready, see its log.")
            await asyncio.sleep(0.05)
        exchange.close()
