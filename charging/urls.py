"""The addresses of the driver's pages."""

from django.urls import include, path

from charging.api.vehicle_answers import last_known
from charging.views import (
    account,
    actions,
    car_place,
    car_removal,
    dashboard,
    day_pages,
    finding_pages,
    guide_pages,
    health,
    history,
    installed_app,
    language,
    last_month_page,
    places,
    policy_pages,
    prices,
    savings,
    simulation,
    tariffs,
)
from charging.views import settings as settings_pages

car = [
    path("", dashboard.car, name="car"),
    path("check-now/", actions.check_now, name="car_check_now"),
    path("charge-now/", actions.charge_now, name="car_charge_now"),
    path("smart-charging/", actions.end_override, name="car_end_override"),
    path("was-me/", actions.was_me, name="car_was_me"),
    path("pause/", actions.pause, name="car_pause"),
    path("turn-on/", actions.turn_on, name="car_turn_on"),
    path("ready-by/", policy_pages.ready_by, name="car_ready_by"),
    path("ready-by/days/", day_pages.days, name="car_days"),
    path("minimum/", policy_pages.minimum, name="car_minimum"),
    path("savings/", savings.savings, name="car_savings"),
    path("savings/last-month/", last_month_page.what_saved, name="car_last_month"),
    path("repairs/", finding_pages.repair_list, name="car_repairs"),
    path("findings/<int:pk>/", finding_pages.finding, name="car_finding"),
    path("findings/<int:pk>/answer/", finding_pages.finding_answer, name="car_finding_answer"),
    path("simulation/", simulation.control, name="car_simulation"),
    path("health/", health.car_health, name="car_health"),
    path("remove/", car_removal.remove, {"last_known": last_known}, name="car_remove"),
    path("place/", car_place.place, name="car_place"),
    path("test-charge/", health.run_test, name="car_test_charge"),
]

urlpatterns = [
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path("car/<uuid:public_id>/", include(car)),
    path("fragments/car/<uuid:public_id>/health/", health.health_fragment, name="health_fragment"),
    path("fragments/car/<uuid:public_id>/<slug:part>/", dashboard.fragment, name="car_fragment"),
    path("places/", places.places, name="places"),
    path("places/<uuid:public_id>/remove/", places.remove, name="place_remove"),
    path("places/<uuid:public_id>/tariff/", tariffs.tariff, name="place_tariff"),
    path("history/", history.history, name="history"),
    path("history/sessions.csv", history.history_csv, name="history_csv"),
    path("prices/", prices.prices, name="prices"),
    path("health/", health.health, name="health"),
    path("settings/", settings_pages.settings, name="settings"),
    path("account/keep/", account.keep_account, name="keep_account"),
    path("help/", account.help_page, name="help"),
    path("guides/", guide_pages.guide_list, name="guides"),
    path("guides/<slug:kind>/<slug:brand>/", guide_pages.guide, name="guide"),
    path("theme/", account.set_theme, name="set_theme"),
    path("language/", language.set_language, name="set_language"),
    path("manifest.webmanifest", installed_app.manifest, name="manifest"),
    path("service-worker.js", installed_app.service_worker, name="service_worker"),
    path("offline/", installed_app.offline, name="offline"),
]
