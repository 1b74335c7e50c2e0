"""HTTP for the embedded server: h11, able to cut a connection when a fault wants it."""

import asyncio
from typing import Any

from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState


class CuttableProtocol(H11Protocol):
    """Puts a function into every request's state, under `cut`, that ends the connection at once."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, {**app_state, "cut": self.cut}, _loop)

    def cut(self) -> None:
        """Reset the connection; nothing that is still unsent is sent."""
        self.transport.abort()
