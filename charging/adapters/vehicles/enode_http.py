"""Asking a server that speaks Enode's API, with client credentials that its operator and ours have agreed on.

Address and credentials come from the settings of this installation, never from a driver. Neither a secret nor what was
answered is ever part of the text of an error.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import SplitResult, quote, urlencode, urlsplit

from charging.adapters.outside_address import Resolve, resolve
from charging.adapters.vehicles.conversation import Conversation, conversation, error_of, json_of
from charging.adapters.vehicles.enode_tokens import TOKENS, Tokens, key_of
from charging.adapters.vehicles.gateway import GatewayError
from charging.adapters.vehicles.home_assistant_http import is_allowed
from charging.core.trouble import Trouble

WITHIN = timedelta(seconds=10)
"""For everything that one reading, one command or one page asks."""

LONGEST_LIFE_SECONDS = 30 * 24 * 3600
HEADERS = (("Accept", "application/json"), ("User-Agent", "Readyby"))
ANSWERED = frozenset({200, 201, 204, 400, 403, 404, 409, 422})
"""What says something of the thing that was asked for; all else is trouble."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer that makes sense: its status, and its JSON; None for one without a body or with one of no use."""

    status: int
    content: Any

    @property
    def is_success(self) -> bool:
        return self.status < 300


@dataclass(frozen=True, slots=True)
class EnodeApi:
    """One server, at `address` up to before `/vehicles`, and the credentials for it."""

    address: str
    token_address: str
    client_id: str
    client_secret: str = field(repr=False)
    resolve_name: Resolve = field(default=resolve, repr=False)
    within: timedelta = WITHIN
    tokens: Tokens = field(default=TOKENS, repr=False)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Several questions over one connection, all of them within the time. Raises GatewayError.

        Without encryption only local addresses are connected to: on the internet everybody would read the secret.
        """
        parts, token_parts = urlsplit(self.address), urlsplit(self.token_address)
        is_encrypted = parts.scheme == token_parts.scheme == "https"
        with conversation(
            is_allowed=lambda address: is_allowed(address, is_encrypted=is_encrypted, allows_local=True),
            resolve_name=self.resolve_name,
            within=self.within,
        ) as line:
            yield Session(self, parts, token_parts, line)


@dataclass(frozen=True, slots=True)
class Session:
    """An open connection."""

    api: EnodeApi
    parts: SplitResult
    token_parts: SplitResult
    line: Conversation = field(repr=False)

    def get(self, path: str, **query: str) -> Reply:
        """Returns what is there. Raises GatewayError."""
        return self.ask("GET", path + (f"?{urlencode(query)}" if query else ""))

    def ask(self, method: str, path: str, body: Mapping[str, Any] | None = None, *, key: str = "") -> Reply:
        """Returns what came of it; a call with the same `key` has its effect once, where the server knows such keys.

        Raises GatewayError: NOT_ALLOWED where our credentials are refused, which no driver can mend.
        """
        is_known = self.api.tokens.get(self._token_key) is not None
        try:
            return self._ask(method, path, body, key)
        except _TokenRefused as refused:
            self.api.tokens.forget(self._token_key)
            if not is_known:
                raise GatewayError("Our access is refused.", kind=Trouble.NOT_ALLOWED) from refused
        try:
            return self._ask(method, path, body, key)
        except _TokenRefused as refused:
            self.api.tokens.forget(self._token_key)
            raise GatewayError("Our access is refused.", kind=Trouble.NOT_ALLOWED) from refused

    @property
    def _token_key(self) -> str:
        return key_of(self.api.token_address, self.api.client_id, self.api.client_secret)

    def _ask(self, method: str, path: str, body: Mapping[str, Any] | None, key: str) -> Reply:
        headers = [*HEADERS, ("Host", self.parts.netloc), ("Authorization", f"Bearer {self._token()}")]
        headers += [("Idempotency-Key", key)] if key else []
        headers += [("Content-Type", "application/json")] if body is not None else []
        content = json.dumps(body).encode() if body is not None else b""
        target = self.parts.path.rstrip("/") + path
        with self.line.ask(method, self.parts, target, headers, content) as got:
            if got.status == 401:
                raise _TokenRefused
            if got.status not in ANSWERED:
                raise error_of(got)
            if got.status == 204:
                return Reply(204, None)
            if got.status >= 400:
                return Reply(got.status, _json_or_none(got))
            return Reply(got.status, json_of(got))

    def _token(self) -> str:
        known = self.api.tokens.get(self._token_key)
        if known is not None:
            return known
        secrets = ":".join(quote(part, safe="") for part in (self.api.client_id, self.api.client_secret)).encode()
        headers = [
            *HEADERS,
            ("Host", self.token_parts.netloc),
            ("Authorization", f"Basic {base64.b64encode(secrets).decode()}"),
            ("Content-Type", "application/x-www-form-urlencoded"),
        ]
        target = self.token_parts.path or "/"
        with self.line.ask("POST", self.token_parts, target, headers, b"grant_type=client_credentials") as got:
            if got.status in {400, 401, 403}:
                raise GatewayError("Our client id or secret is refused.", kind=Trouble.NOT_ALLOWED)
            if got.status != 200:
                raise error_of(got)
            return self._kept(json_of(got))

    def _kept(self, content: Any) -> str:
        told = content if isinstance(content, dict) else {}
        token, lives = told.get("access_token"), told.get("expires_in")
        if not isinstance(token, str) or not (token.isascii() and token.isprintable() and token.strip()):
            raise GatewayError("There is no access token in the answer.")
        whole = lives if isinstance(lives, int) and not isinstance(lives, bool) else 0
        seconds = float(min(max(whole, 0), LONGEST_LIFE_SECONDS))
        self.api.tokens.keep(self._token_key, token, seconds)
        return token


class _TokenRefused(Exception):  # noqa: N818 - it is asked for another one
    """401: the token is over, or was taken back."""


def _json_or_none(got: Any) -> Any:
    """What a refusal says, where it says anything."""
    try:
        return json_of(got)
    except GatewayError:
        return None
