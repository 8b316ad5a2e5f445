"""What stands between a host and the server in real networks, and can break: a TCP proxy."""

import contextlib
import socket
import threading
from enum import Enum, auto

_CHUNK = 1 << 16
_LOOK_SECONDS = 0.1


class Way(Enum):
    """What becomes of connections."""

    OPEN = auto()
    HANGING = auto()
    REFUSING = auto()


class Proxy:
    """Passes connections on to a port of this machine, until told otherwise; what is open then is cut."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._way = Way.OPEN
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def turn(self, way: Way) -> None:
        """Treat connections so from now on."""
        with self._lock:
            self._way = way
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
                connection.close()
            self._open.clear()

    def close(self) -> None:
        """Cut every connection and listen no more."""
        self.turn(Way.REFUSING)
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)

    def _listen(self) -> None:
        while True:
            try:
                came, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                self._open.add(came)
                way = self._way
            if way is Way.REFUSING:
                came.close()
            elif way is Way.OPEN:
                threading.Thread(target=self._pass_on, args=(came,), daemon=True).start()

    def _pass_on(self, came: socket.socket) -> None:
        try:
            going = socket.create_connection(("127.0.0.1", self._target))
        except OSError:
            came.close()
            return
        with self._lock:
            self._open.add(going)
        back = threading.Thread(target=_copy, args=(going, came), daemon=True)
        back.start()
        _copy(came, going)
        back.join()
        for ended in (came, going):
            ended.close()
            with self._lock:
                self._open.discard(ended)


def _copy(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(_CHUNK):
            target.sendall(data)
    for ended in (source, target):
        with contextlib.suppress(OSError):
            ended.shutdown(socket.SHUT_RDWR)
