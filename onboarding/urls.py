"""Addresses of the home page and the wizard."""

from django.urls import path

from onboarding import (
    car_views,
    check_views,
    connect_views,
    link_views,
    mqtt_views,
    place_views,
    ready_views,
    start_views,
    views,
)

urlpatterns = [
    path("", start_views.home, name="home"),
    path("link/leave/<str:key>/", link_views.leave, name="link_leave"),
    path("link/<str:token>/", link_views.enter, name="link"),
    path("setup/", start_views.resume, name="setup"),
    path("setup/start/", start_views.start, name="setup_start"),
    path("setup/try/", start_views.try_simulated, name="setup_try"),
    path("setup/how/", start_views.how, name="setup_how"),
    path("setup/add-car/", car_views.add, name="setup_add_car"),
    path("setup/which-car/", car_views.which_car, name="setup_which_car"),
    path("setup/car/", views.car, name="setup_car"),
    path("setup/car/home-assistant/", connect_views.home_assistant, name="setup_home_assistant"),
    path("setup/car/home-assistant/<uuid:public_id>/", connect_views.entities, name="setup_entities"),
    path("setup/car/mqtt/", mqtt_views.mqtt, name="setup_mqtt"),
    path("setup/car/mqtt/<uuid:public_id>/", mqtt_views.topics, name="setup_topics"),
    path("setup/minimum/", views.minimum, name="setup_minimum"),
    path("setup/other-control/", views.other_control, name="setup_other_control"),
    path("setup/other-control/two-services/", views.two_services, name="setup_two_services"),
    path("setup/ready-by/", views.ready_by, name="setup_ready_by"),
    path("setup/places/", place_views.places, name="setup_places"),
    path("setup/places/add/", place_views.place, name="setup_place_add"),
    path("setup/places/<uuid:public_id>/", place_views.place, name="setup_place"),
    path("setup/places/<uuid:public_id>/remove/", place_views.remove_place, name="setup_place_remove"),
    path("setup/check/", check_views.check, name="setup_check"),
    path("setup/ready/", ready_views.ready, name="setup_ready"),
    path("setup/first-plan/", ready_views.first_plan, name="setup_first_plan"),
    path("setup/keep/", ready_views.keep_account, name="setup_keep"),
    path("fragments/charger-steps/", views.charger_steps, name="charger_steps"),
    path("fragments/ready-by-preview/", views.ready_by_preview, name="ready_by_preview"),
    path("fragments/place-point/", place_views.point_fragment, name="place_point"),
    path("fragments/setup-ready/", ready_views.ready_fragment, name="setup_ready_fragment"),
]
