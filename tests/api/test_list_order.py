"""The first page of a list costs the same however long the list is: an index has its order, nothing is sorted."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api.callers import make_caller
from tests.factories import make_driver, make_location, make_vehicle

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["vehicles", "users", "locations", "charging-locations"])
def test_no_list_is_sorted_for_its_first_page(path: str) -> None:
    alice = make_driver()
    make_location(driver=alice)
    make_vehicle(driver=alice)
    caller = make_caller(alice.client)

    with CaptureQueriesContext(connection) as queries:
        assert caller.get(f"/api/{path}").status_code == 200

    (listed,) = [query["sql"] for query in queries if "LIMIT 51" in query["sql"]]
    with connection.cursor() as cursor:
        for way in ("seqscan", "sort", "bitmapscan", "hashjoin", "mergejoin"):
            cursor.execute("SELECT set_config(%s, 'off', true)", [f"enable_{way}"])
        cursor.execute(f"EXPLAIN {listed}")
        steps = "\n".join(row[0] for row in cursor.fetchall())
    assert "in_order" in steps or "oldest_first" in steps
    assert "Sort" not in steps
