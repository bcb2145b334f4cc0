import pytest

pytest.register_assert_rewrite("tests.adapters.gateway_contract")
