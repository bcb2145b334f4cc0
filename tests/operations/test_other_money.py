"""What already runs when a driver comes to pay in another currency: a plan and a plug-in, and what is over."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from charging.core.states import State
from charging.models import Location, Plan, Vehicle
from charging.operations.evaluation import evaluate
from charging.operations.sessions import keep_sessions
from charging.operations.tariffs import OwnTerms, set_terms
from tests.factories import NOW, make_location, make_parked_car, make_price_area, make_prices
from tests.operations.plug_in_story import charge_at_night, make_planned_story, minute

pytestmark = pytest.mark.django_db

KRONER = Decimal("11.70")
IN_KRONER = OwnTerms(currency="NOK", exchange_rate=KRONER)


class TestWhatAlreadyRuns:
    def planned(self) -> tuple[Vehicle, Plan]:
        """A car whose plan was just made, in euros."""
        vehicle = make_parked_car(state=State.CONSIDERING)
        prices = ["0.30"] * 16 + ["0.10"] * 80
        make_prices(area=make_price_area(), day_start=NOW - timedelta(minutes=4), prices=prices)
        evaluate(vehicle=vehicle, now=NOW, trigger="test")
        plan = Plan.objects.get()
        assert plan.currency == "EUR"
        return vehicle, plan

    def test_a_plan_is_told_in_the_currency_that_is_paid_from_now_on(self) -> None:
        vehicle, before = self.planned()
        hours = list(before.windows.values_list("start", "end"))
        set_terms(location=Location.objects.get(), terms=IN_KRONER, at_wall=NOW)

        evaluate(vehicle=vehicle, now=NOW + timedelta(minutes=1), trigger="test")

        after = Plan.objects.get()
        assert (after.pk, after.currency, after.change_count) == (before.pk, "NOK", 0)
        assert list(after.windows.values_list("start", "end")) == hours
        assert after.smart_cost is not None
        assert before.smart_cost is not None
        assert after.smart_cost == pytest.approx(before.smart_cost * KRONER, abs=Decimal("0.01"))
        assert after.non_smart_cost == pytest.approx(before.non_smart_cost * KRONER, rel=Decimal("0.01"))
        assert sum(window.cost for window in after.windows.all()) == pytest.approx(
            after.smart_cost, abs=Decimal("0.01")
        )

    def test_nothing_is_written_twice(self) -> None:
        vehicle, _before = self.planned()
        set_terms(location=Location.objects.get(), terms=IN_KRONER, at_wall=NOW)
        evaluate(vehicle=vehicle, now=NOW + timedelta(minutes=1), trigger="test")
        stored = Plan.objects.values().get()

        evaluate(vehicle=vehicle, now=NOW + timedelta(minutes=2), trigger="test")

        assert Plan.objects.values().get() == stored

    def test_without_any_price_a_plan_stays_in_the_money_that_it_was_made_in(self) -> None:
        vehicle, before = self.planned()
        set_terms(location=Location.objects.get(), terms=OwnTerms(currency="NOK"), at_wall=NOW)

        evaluate(vehicle=vehicle, now=NOW + timedelta(minutes=1), trigger="test")

        after = Plan.objects.get(pk=before.pk)
        assert (after.currency, after.non_smart_cost) == ("EUR", before.non_smart_cost)

    def test_a_plan_that_goes_on_at_another_place_is_told_in_the_money_of_that_place(self) -> None:
        vehicle, before = self.planned()
        home = Location.objects.get()
        away = make_location(driver=home.driver, name="Cottage")
        set_terms(location=away, terms=IN_KRONER, at_wall=NOW)
        vehicle.view.location = away
        vehicle.view.plugged_in_at = NOW + timedelta(minutes=1)
        vehicle.view.save()

        evaluate(vehicle=vehicle, now=NOW + timedelta(minutes=5), trigger="test")

        after = Plan.objects.get(pk=before.pk)
        assert (after.ended_at, after.currency) == (None, "NOK")
        assert after.non_smart_cost == pytest.approx(before.non_smart_cost * KRONER, rel=Decimal("0.01"))

    def test_a_plan_that_is_over_keeps_its_money(self) -> None:
        vehicle, before = self.planned()
        Plan.objects.update(ended_at=NOW, final_state=State.ENDED_DISABLED)
        set_terms(location=Location.objects.get(), terms=IN_KRONER, at_wall=NOW)

        evaluate(vehicle=vehicle, now=NOW + timedelta(minutes=1), trigger="test")

        after = Plan.objects.get(pk=before.pk)
        assert (after.currency, after.non_smart_cost) == ("EUR", before.non_smart_cost)

    def test_a_plug_in_is_told_in_the_currency_that_is_paid_while_it_lasts(self) -> None:
        story = make_planned_story()
        story.charge((0, 15), 10.0)
        keep_sessions(vehicle=story.vehicle, at=minute(0), now=minute(15))
        before = story.session()
        Plan.objects.update(currency="EUR")

        set_terms(location=story.home, terms=IN_KRONER, at_wall=minute(16))
        keep_sessions(vehicle=story.vehicle, at=minute(0), now=minute(17))

        after = story.session()
        assert before.cost is not None
        assert (before.currency, after.currency) == ("EUR", "NOK")
        assert after.cost == before.cost * KRONER
        assert (before.planned_cost, after.planned_cost) == (Decimal("1.05"), None)

    def test_a_plug_in_that_is_over_keeps_its_money(self) -> None:
        story = make_planned_story()
        charge_at_night(story)
        story.unplug(100)
        before = story.session()

        set_terms(location=story.home, terms=IN_KRONER, at_wall=minute(110))
        keep_sessions(vehicle=story.vehicle, at=minute(0), now=minute(115))

        after = story.session()
        assert before.cost is not None
        names = ("currency", "cost", "cost_charged_at_once", "saving", "planned_cost", "quarters")
        assert [getattr(after, name) for name in names] == [getattr(before, name) for name in names]
