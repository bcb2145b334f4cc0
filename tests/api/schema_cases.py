"""Requests made from the OpenAPI document: all that its limits suggest, and as many drawn ones as are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import schemathesis
from django.core.wsgi import get_wsgi_application
from django.db import transaction
from hypothesis import HealthCheck, given, seed, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import FailureGroup
from schemathesis.core.parameters import ParameterLocation
from schemathesis.specs.openapi import checks

from charging.api.documentation import openapi_document

LABELS = sorted(f"{method.upper()} {path}" for path, calls in openapi_document()["paths"].items() for method in calls)
MODES = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
    checks.unsupported_method,
]
CURSORS = frozenset({"after", "before"})
REAL_IDS_OF = 4
"""One in so many requests keeps made-up ids and cursors; the others name what exists and ask for the first page."""

# Tokens have tests of their own: here every request has one. NUL characters are among what is drawn.
CONFIG = {"generation": {"with-security-parameters": False, "allow-x00": True}}


@cache
def document() -> Any:
    """The document as schemathesis reads it, answered by this process itself."""
    loaded = schemathesis.openapi.from_dict(openapi_document(), config=SchemathesisConfig.from_dict(CONFIG))
    loaded.app = get_wsgi_application()
    return loaded


def operation_of(label: str) -> Any:
    return document().find_operation_by_label(label)


def covering(label: str) -> Iterator[Case[Any]]:
    """Every limit in the document kept and broken, one at a time."""
    generation = document().config.generation
    found: Iterator[Case[Any]] = document().iter_coverage_cases(
        operation_of(label), generation_modes=MODES, generation_config=generation
    )
    return found


def drawn(label: str, *, count: int, number: int, ask: Callable[[Case[Any]], None]) -> None:
    """Asks with up to `count` requests drawn from the seed `number`; half of them break the document where they can."""
    for mode in MODES if can_be_broken(label) else MODES[:1]:
        as_many = settings(max_examples=count // 2, database=None, suppress_health_check=list(HealthCheck))
        seed(number)(as_many(given(case=operation_of(label).as_strategy(generation_mode=mode))(ask)))()


def can_be_broken(label: str) -> bool:
    """Whether the call takes anything that could be wrong."""
    operation = operation_of(label)
    return bool(operation.body or list(operation.iter_parameters()))


@dataclass
class Asker:
    """Sends requests as a client does, judges the answers, and leaves the database as it was."""

    token: str
    ids: dict[str, str]
    count: int = 0
    failures: list[str] = field(default_factory=list)

    def ask(self, case: Case[Any]) -> None:
        self.count += 1
        self._name_what_exists(case)
        headers = {"Authorization": f"Bearer {self.token}"}
        with transaction.atomic():
            answer = case.call(headers=headers)
            transaction.set_rollback(True)
        try:
            case.validate_response(answer, checks=CHECKS, headers=headers)
        except FailureGroup as failure:
            self.failures.append(str(failure))

    def _name_what_exists(self, case: Case[Any]) -> None:
        if case.meta is None or not self.count % REAL_IDS_OF:
            return
        if case.path_parameters and not case.meta.is_negative_at(ParameterLocation.PATH):
            case.path_parameters = {name: self.ids.get(name, value) for name, value in case.path_parameters.items()}
        if case.query and not case.meta.is_negative_at(ParameterLocation.QUERY):
            case.query = {name: value for name, value in case.query.items() if name not in CURSORS}
