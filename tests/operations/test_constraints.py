"""What the database itself refuses, whoever writes: every constraint of every model, written past all validators."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import F, Model

from charging.core.states import State
from charging.models import (
    ChargingSession,
    Client,
    Command,
    ConnectedCar,
    Driver,
    Finding,
    LearnedPower,
    Location,
    OutboxMessage,
    Plan,
    PlanWindow,
    Policy,
    Price,
    PriceArea,
    PriceCall,
    PriceDocument,
    Reading,
    SmartOverride,
    StateEvent,
    Tariff,
    TariffRate,
    Vehicle,
    VehicleView,
    WizardEvent,
)
from charging.models.sessions import COSTS
from onboarding.models import OnboardingDraft
from tests import factories
from tests.connections import make_connection
from tests.factories import NOW
from tests.operations.api_constraints import API_CHECKS, API_UNIQUE, make_api_rows
from tests.operations.connection_constraints import CONNECTION_CHECKS, CONNECTION_ROWS, make_service_rows
from tests.operations.tariff_constraints import TARIFF_CHECKS
from tests.wizard_rows import make_wizard_event

pytestmark = pytest.mark.django_db

NAN, INFINITY = math.nan, math.inf
A_DAY = timedelta(days=1)
Updates = tuple[type[Model], tuple[dict[str, Any], ...]]

CHECKS: dict[str, Updates] = {
    "client_has_a_name": (Client, ({"name": ""},)),
    "driver_has_an_external_id": (Driver, ({"external_id": ""},)),
    "driver_clock_speed_known": (Driver, ({"clock_speed": 0}, {"clock_speed": 2}, {"clock_speed": 601})),
    "learned_power_in_range": (LearnedPower, ({"power_kw": 0}, {"power_kw": 500.5}, {"power_kw": NAN})),
    "learned_power_from_a_session": (LearnedPower, ({"session_count": 0},)),
    "location_has_a_name": (Location, ({"name": ""},)),
    "location_has_a_time_zone": (Location, ({"timezone_name": ""},)),
    "location_latitude_in_range": (
        Location,
        ({"latitude": 90.001}, {"latitude": -90.001}, {"latitude": INFINITY}, {"latitude": NAN}),
    ),
    "location_longitude_in_range": (
        Location,
        ({"longitude": 180.001}, {"longitude": -180.001}, {"longitude": -INFINITY}, {"longitude": NAN}),
    ),
    "location_radius_in_range": (Location, ({"radius_meters": 49}, {"radius_meters": 501})),
    "policy_minimum_in_range": (
        Policy,
        ({"minimum_charge_limit": -0.5}, {"minimum_charge_limit": 100.5}, {"minimum_charge_limit": NAN}),
    ),
    "policy_enabled_needs_a_deadline": (Policy, ({"deadline": None},)),
    "policy_weekdays_need_a_deadline": (
        Policy,
        ({"is_enabled": False, "deadline": None, "deadline_sunday": time(9)},),
    ),
    "policy_max_windows_in_range": (Policy, ({"max_windows": 0}, {"max_windows": 13})),
    "policy_min_window_in_range": (Policy, ({"min_window_minutes": 4}, {"min_window_minutes": 241})),
    "price_area_has_a_code": (PriceArea, ({"code": ""},)),
    "price_area_currency_is_iso_4217": (PriceArea, ({"currency": "eur"}, {"currency": ""}, {"currency": "E1R"})),
    "price_area_unit_known": (PriceArea, ({"market_time_unit_minutes": 0}, {"market_time_unit_minutes": 5})),
    "price_document_unit_known": (PriceDocument, ({"market_time_unit_minutes": 0}, {"market_time_unit_minutes": 5})),
    "price_period_not_empty": (Price, ({"end": F("start")}, {"end": NOW - timedelta(days=1)})),
    "plan_end_whole_or_absent": (
        Plan,
        ({"ended_at": NOW}, {"final_state": State.FINISHED}, {"ended_at": NOW, "final_state": State.STARTED}),
    ),
    "window_not_empty": (PlanWindow, ({"end": F("start")},)),
    "window_energy_in_range": (PlanWindow, ({"energy_kwh": -0.1}, {"energy_kwh": INFINITY}, {"energy_kwh": NAN})),
    "window_cost_in_range": (PlanWindow, ({"cost": 1_000_001}, {"cost": -1_000_001})),
    "plan_energy_in_range": (Plan, ({"energy_kwh": -0.1}, {"energy_kwh": INFINITY}, {"energy_kwh": NAN})),
    "plan_cost_in_range": (Plan, ({"non_smart_cost": 1_000_001}, {"non_smart_cost": -1_000_001})),
    "plan_smart_cost_in_range": (Plan, ({"smart_cost": 1_000_001}, {"smart_cost": -1_000_001})),
    "price_is_a_number_in_range": (Price, ({"price_per_kwh": 1001}, {"price_per_kwh": -1001})),
    "stop_is_a_hold_with_lease": (Command, ({"kind": "STOP"}, {"kind": "STOP", "hold_until": NOW})),
    "override_until_percent_in_range": (
        SmartOverride,
        ({"until_percent": 0}, {"until_percent": 100.5}, {"until_percent": INFINITY}),
    ),
    "state_event_changes_the_state": (StateEvent, ({"to_state": State.DISABLED},)),
    "reading_soc_in_range": (Reading, ({"soc_percent": -0.1}, {"soc_percent": 100.1}, {"soc_percent": INFINITY})),
    "view_soc_in_range": (VehicleView, ({"soc_percent": -0.1}, {"soc_percent": 100.1}, {"soc_percent": INFINITY})),
    "view_latitude_in_range": (VehicleView, ({"latitude": 90.1}, {"latitude": -90.1}, {"latitude": INFINITY})),
    "view_longitude_in_range": (VehicleView, ({"longitude": 180.1}, {"longitude": -180.1}, {"longitude": INFINITY})),
    "finding_cause_known": (Finding, ({"cause": "ghost"}, {"cause": ""})),
    "finding_status_known": (Finding, ({"status": "sure"}, {"status": ""})),
    "finding_answer_known": (Finding, ({"answer": "perhaps", "answered_at": NOW},)),
    "finding_answer_whole_or_absent": (Finding, ({"answer": "on_purpose"}, {"answered_at": NOW})),
    "wizard_happening_known": (WizardEvent, ({"happened": "dreamt"},)),
    "wizard_device_known": (WizardEvent, ({"device": "toaster"},)),
    "finding_merged_is_gone": (Finding, ({"merged_into": F("pk")},)),
    "finding_percent_in_range": (Finding, ({"percent": -0.5}, {"percent": 100.5}, {"percent": INFINITY})),
    "finding_seen_in_order": (Finding, ({"last_seen_at": F("first_seen_at") - timedelta(seconds=1)},)),
    "session_ends_after_it_begins": (ChargingSession, ({"unplugged_at": F("plugged_in_at")},)),
    "session_energy_in_range": (ChargingSession, ({"energy_kwh": 2000.5}, {"energy_kwh": INFINITY})),
    "session_parts_within_the_whole": (
        ChargingSession,
        ({"protective_energy_kwh": 20.0, "override_energy_kwh": 20.0}, {"override_energy_kwh": -0.1}),
    ),
    "session_energy_has_a_source": (ChargingSession, ({"energy_source": ""},)),
    "session_soc_from_in_range": (ChargingSession, ({"soc_from_percent": -0.1}, {"soc_from_percent": 100.1})),
    "session_soc_to_in_range": (ChargingSession, ({"soc_to_percent": -0.1}, {"soc_to_percent": 100.1})),
    **{
        f"session_{name}_in_a_currency": (
            ChargingSession,
            (
                {name: 1_000_001},
                {name: -1_000_001},
                {**dict.fromkeys(COSTS), name: 1, "currency": "", "has_plan": True},
            ),
        )
        for name in COSTS
    },
    "session_saving_is_a_difference": (
        ChargingSession,
        ({"has_plan": False}, {"cost": None}, {"cost_charged_at_once": None}),
    ),
    "vehicle_state_known": (Vehicle, ({"state": "HUNGRY"}, {"state": ""})),
    "vehicle_vendor_known": (Vehicle, ({"vendor": "SPACESHIP"}, {"vendor": ""})),
    "vehicle_battery_capacity_in_range": (
        Vehicle,
        ({"battery_capacity_kwh": 0}, {"battery_capacity_kwh": 1000.5}, {"battery_capacity_kwh": NAN}),
    ),
    "vehicle_power_in_range": (Vehicle, ({"max_power_kw": 0}, {"max_power_kw": 500.5}, {"max_power_kw": NAN})),
    "vehicle_hold_whole_or_absent": (Vehicle, ({"hold_until": NOW}, {"hold_renew_by": NOW})),
    **API_CHECKS,
    **CONNECTION_CHECKS,
    **TARIFF_CHECKS,
}
"""By constraint: updates of a whole story that break it, and it alone."""


def copy_of(row: Model, **changes: Any) -> None:
    """Stores the row once more, under a new key."""
    row.pk = None
    for name, value in changes.items():
        setattr(row, name, value)
    row.save(force_insert=True)


def second_draft(**values: Any) -> None:
    drafts = {"driver": Driver.objects.get(), "created_at": NOW, "updated_at": NOW} | values
    OnboardingDraft.objects.create(**drafts)
    OnboardingDraft.objects.create(**drafts)


def second_built_in_client() -> None:
    factories.make_client(is_built_in=True)
    factories.make_client(is_built_in=True)


UNIQUE: dict[str, Callable[[], object]] = {
    "one_built_in_client": second_built_in_client,
    "one_driver_per_client_and_external_id": lambda: factories.make_driver(
        client=Client.objects.get(), external_id=Driver.objects.get().external_id
    ),
    "one_command_per_generation": lambda: factories.make_command(
        vehicle=Vehicle.objects.get(), generation=Command.objects.get().generation, status="FAILED"
    ),
    "one_open_command_per_vehicle": lambda: factories.make_command(vehicle=Vehicle.objects.get(), status="UNKNOWN"),
    "one_state_event_per_seq": lambda: copy_of(StateEvent.objects.get()),
    "one_outbox_message_per_seq": lambda: copy_of(
        OutboxMessage.objects.get(), public_id="8f7bb3cb-52cd-4a7e-8bb0-000000000001"
    ),
    "one_active_override_per_vehicle": lambda: factories.make_override(vehicle=Vehicle.objects.get()),
    "one_mail_per_subject": lambda: [
        Vehicle.objects.get().alert_mails.create(subject="finding 1", sent_at=NOW) for _ in range(2)
    ],
    "one_open_finding_per_cause": lambda: factories.make_finding(vehicle=Vehicle.objects.get()),
    "one_running_plan_per_vehicle": lambda: factories.make_plan(vehicle=Vehicle.objects.get()),
    "one_session_per_plug_in": lambda: factories.make_session(
        vehicle=Vehicle.objects.get(), plugged_in_at=ChargingSession.objects.get().plugged_in_at
    ),
    "one_open_session_per_vehicle": lambda: [
        factories.make_session(vehicle=Vehicle.objects.get(), plugged_in_at=NOW + n * A_DAY, unplugged_at=None)
        for n in (1, 2)
    ],
    "one_window_per_start": lambda: copy_of(PlanWindow.objects.get()),
    "one_price_document_per_version": lambda: copy_of(PriceDocument.objects.get()),
    "one_price_call_per_area_and_day": lambda: copy_of(
        PriceCall.objects.create(area=PriceArea.objects.get(code="NO2"), delivery_date=NOW.date())
    ),
    "one_price_per_start": lambda: copy_of(Price.objects.get()),
    "one_reading_per_event": lambda: copy_of(Reading.objects.get()),
    "one_tariff_per_client_and_id": lambda: copy_of(Tariff.objects.get()),
    "one_rate_per_tariff_and_name": lambda: copy_of(TariffRate.objects.get()),
    "one_learned_power_per_car_and_place": lambda: copy_of(LearnedPower.objects.get()),
    "one_draft_per_driver_and_vehicle": lambda: second_draft(vehicle=Vehicle.objects.get()),
    "one_draft_without_a_vehicle": lambda: second_draft(vehicle=None),
    **API_UNIQUE,
    **CONNECTION_ROWS,
}
"""By constraint: what stores a second row where one is allowed."""


@pytest.fixture
def story() -> Vehicle:
    """One row of everything that has a constraint, all of them right."""
    vehicle = factories.make_parked_car(state=State.STOPPED)
    factories.make_prices(area=factories.make_price_area(), day_start=NOW, prices=["0.05"])
    factories.make_command(vehicle=vehicle)
    factories.make_override(vehicle=vehicle)
    factories.make_terms(location=Location.objects.get(), rates={"night": "0.80"})
    factories.make_learned_power(vehicle=vehicle)
    factories.make_finding(vehicle=vehicle)
    make_wizard_event()
    factories.make_session(vehicle=vehicle)
    Reading.objects.create(
        vehicle=vehicle, event_id="1", observed_at=NOW, received_at=NOW, power_delivery="UNKNOWN", soc_percent=38.0
    )
    StateEvent.objects.create(
        vehicle=vehicle, seq=1, at=NOW, event="policy on", rule="policy on", trigger="policy",
        from_state=State.DISABLED, to_state=State.CONSIDERING,
    )  # fmt: skip
    make_api_rows(vehicle)
    make_service_rows(connection := make_connection(driver=vehicle.driver))
    ConnectedCar.objects.create(vehicle=vehicle, connection=connection)
    return vehicle


def assert_names(fault: IntegrityError, name: str, *, kinds: tuple[str, ...]) -> None:
    """PostgreSQL names the constraint; SQLite only those that check, and stores what is not a number as nothing."""
    said = str(fault)
    assert name in said or (connection.vendor == "sqlite" and any(kind in said for kind in kinds))


CHECK_CASES = [
    pytest.param(name, model, values, id=f"{name}: {' '.join(str(value) for value in values.values())}")
    for name, (model, updates) in CHECKS.items()
    for values in updates
]


@pytest.mark.parametrize(("name", "model", "values"), CHECK_CASES)
def test_the_database_refuses_a_wrong_value(
    name: str, model: type[Model], values: dict[str, Any], story: Vehicle
) -> None:
    with pytest.raises(IntegrityError) as fault, transaction.atomic():
        model._default_manager.update(**values)

    is_nan = any(value is NAN for value in values.values())
    assert_names(fault.value, name, kinds=("NOT NULL",) if is_nan else ())


@pytest.mark.parametrize(("name", "store_second"), UNIQUE.items(), ids=UNIQUE)
def test_the_database_refuses_a_second_row(name: str, store_second: Callable[[], object], story: Vehicle) -> None:
    with pytest.raises(IntegrityError) as fault, transaction.atomic():
        store_second()

    assert_names(fault.value, name, kinds=("UNIQUE constraint failed",))


@pytest.mark.parametrize("name", ["latitude", "longitude", "soc_percent"])
def test_what_is_not_a_number_is_never_a_reading(name: str, story: Vehicle) -> None:
    before = VehicleView.objects.values_list(name, flat=True).get()

    try:
        with transaction.atomic():
            VehicleView.objects.update(**{name: NAN})
    except IntegrityError:
        expected = before
    else:
        expected = None

    assert VehicleView.objects.values_list(name, flat=True).get() == expected


def test_every_constraint_of_every_model_has_its_test() -> None:
    models = [model for label in ("charging", "onboarding") for model in apps.get_app_config(label).get_models()]

    names = [constraint.name for model in models for constraint in model._meta.constraints]

    assert sorted(names) == sorted([*CHECKS, *UNIQUE])
