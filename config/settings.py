"""All settings of Readyby. What an operator may change is an environment variable, described where it is read."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

import django_stubs_ext
from environs import Env

from config.celery import BROKER_TRANSPORT_OPTIONS, beat_schedule
from config.content_security import content_security_policy
from config.database import with_waits
from config.languages import LANGUAGES
from config.logs import logging_settings
from config.oauth import OAUTH2
from config.secret_key import load_or_create_secret_key

# Django's generic classes take their types in brackets at run time too: admin.ModelAdmin[Vehicle].
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
env = Env()

# READYBY_DATA_DIR: folder of the database, the secret key and the lock of an embedded installation.
DATA_DIR = Path(env.str("READYBY_DATA_DIR", "") or BASE_DIR / "var").resolve()
# READYBY_SECRET_KEY: signs sessions and encrypts vendor tokens; left out, the first start makes one in the data folder.
SECRET_KEY = env.str("READYBY_SECRET_KEY", "") or load_or_create_secret_key(DATA_DIR / "secret_key")
# READYBY_OLD_SECRET_KEYS: comma-separated former keys that are still accepted while a key is being changed.
SECRET_KEY_FALLBACKS: list[str] = env.list("READYBY_OLD_SECRET_KEYS", [])
# READYBY_ERASED_KEYS: former keys that open nothing any more and only tell who was erased while they were in use.
READYBY_ERASED_KEYS: list[str] = env.list("READYBY_ERASED_KEYS", [])
# READYBY_DEBUG: Django's debug pages; never on a machine others can reach.
DEBUG = env.bool("READYBY_DEBUG", False)
# READYBY_NOW: ISO instant, with its offset, at which every clock starts (tests, screenshots); empty: the real time.
READYBY_NOW = env.datetime("READYBY_NOW", None)
# READYBY_NOW_SINCE: the real instant at which that was, for several processes with one clock; empty: their own start.
READYBY_NOW_SINCE = env.datetime("READYBY_NOW_SINCE", None)
# READYBY_FAILPOINT: for tests, where this process fails once, as in sending:sent:kill; refused without READYBY_DEBUG.
READYBY_FAILPOINT = env.str("READYBY_FAILPOINT", "")
# READYBY_LIVE_PRICES: fetch day-ahead prices from the internet; off, the recorded sample prices are used.
READYBY_LIVE_PRICES = env.bool("READYBY_LIVE_PRICES", False)
# READYBY_ENTSOE_TOKEN: security token of the ENTSO-E Transparency Platform; left out, that source is not asked.
READYBY_ENTSOE_TOKEN = env.str("READYBY_ENTSOE_TOKEN", "")
# READYBY_NORD_POOL: also ask the Nord Pool Data Portal; its terms restrict automatic use, so that is yours to decide.
READYBY_NORD_POOL = env.bool("READYBY_NORD_POOL", False)
# READYBY_OCTOPUS_PRODUCT: the Agile product of Octopus Energy that prices Great Britain; empty: it is not asked.
READYBY_OCTOPUS_PRODUCT = env.str("READYBY_OCTOPUS_PRODUCT", "AGILE-24-10-01")
# READYBY_EXCHANGE_RATES: what a euro is in other currencies, proposed to drivers there, as in NOK=11.70,SEK=11.10.
READYBY_EXCHANGE_RATES: dict[str, Decimal] = env.dict("READYBY_EXCHANGE_RATES", {}, subcast_values=Decimal)
# READYBY_OPERATOR_NAME: who runs this server, told to drivers on the start page.
READYBY_OPERATOR_NAME = env.str("READYBY_OPERATOR_NAME", "")
# READYBY_OPERATOR_CONTACT: where drivers may ask; an email address is also told when a webhook fails.
READYBY_OPERATOR_CONTACT = env.str("READYBY_OPERATOR_CONTACT", "")

# READYBY_API_CALLS_PER_MINUTE: calls of the API one client may make in a minute, over all processes; 0: any number.
READYBY_API_CALLS_PER_MINUTE = env.int("READYBY_API_CALLS_PER_MINUTE", 1200)
# READYBY_ACCOUNT_CALLS_PER_HOUR: questions to one driver's account in an hour, as in home_assistant=240; 0: any number.
READYBY_ACCOUNT_CALLS_PER_HOUR = {"home_assistant": 240, "mqtt": 240, "enode": 120} | env.dict(
    "READYBY_ACCOUNT_CALLS_PER_HOUR", {}, subcast_values=int
)
# READYBY_VENDOR_CALLS_PER_HOUR: the same for all accounts of a kind together; left out: any number.
READYBY_VENDOR_CALLS_PER_HOUR: dict[str, int] = env.dict("READYBY_VENDOR_CALLS_PER_HOUR", {}, subcast_values=int)
# READYBY_WEBHOOK_PRIVATE: send webhooks to private addresses too, on any port and without TLS, for your own receivers.
READYBY_WEBHOOK_PRIVATE = env.bool("READYBY_WEBHOOK_PRIVATE", False)

# READYBY_PLAN_UNIT_MINUTES: the grid that plans live on; 5 is enough, 1 is exact to the minute.
READYBY_PLAN_UNIT_MINUTES = env.int("READYBY_PLAN_UNIT_MINUTES", 5)
# READYBY_START_COST: what one more start of charging must save, in the currency of the market's prices.
READYBY_START_COST = env.decimal("READYBY_START_COST", Decimal("0.02"))
# READYBY_KEEP_READINGS_DAYS: how long single readings of cars are kept.
READYBY_KEEP_READINGS_DAYS = env.int("READYBY_KEEP_READINGS_DAYS", 90)
# READYBY_KEEP_DECISIONS_DAYS: how long decisions are kept with the facts that they rest on.
READYBY_KEEP_DECISIONS_DAYS = env.int("READYBY_KEEP_DECISIONS_DAYS", 90)
# READYBY_KEEP_POSITIONS_HOURS: how long the newest position of a car is kept; at which place it was stays known.
READYBY_KEEP_POSITIONS_HOURS = env.int("READYBY_KEEP_POSITIONS_HOURS", 24)
# READYBY_KEEP_COMMANDS_DAYS: how long commands to cars, and what operators changed, are kept.
READYBY_KEEP_COMMANDS_DAYS = env.int("READYBY_KEEP_COMMANDS_DAYS", 365)
# READYBY_KEEP_AUDIT_DAYS: how long it is kept who signed in, failed to, or acted as an operator; 90 or more.
READYBY_KEEP_AUDIT_DAYS = env.int("READYBY_KEEP_AUDIT_DAYS", 365)
# READYBY_MAX_STARTS: how often charging may be started in one plug-in, unless the deadline needs one more.
READYBY_MAX_STARTS = env.int("READYBY_MAX_STARTS", 3)

# READYBY_BROKER_URL: memory:// is the one-process (embedded) mode; redis:// or amqp:// is the server mode.
CELERY_BROKER_URL = env.str("READYBY_BROKER_URL", "memory://")
IS_EMBEDDED = urlsplit(CELERY_BROKER_URL).scheme == "memory"

# READYBY_LOCAL_GATEWAYS: drivers may connect to addresses of the local network; left out, in embedded mode only.
READYBY_LOCAL_GATEWAYS = env.bool("READYBY_LOCAL_GATEWAYS", IS_EMBEDDED)
# READYBY_ENODE_URL: where Enode's API is, as in https://enode-api.production.enode.io; left out, nobody connects by it.
READYBY_ENODE_URL = env.str("READYBY_ENODE_URL", "")
# READYBY_ENODE_TOKEN_URL: where its access tokens are; a path is of the same host, Enode's own are at another one.
READYBY_ENODE_TOKEN_URL = env.str("READYBY_ENODE_TOKEN_URL", "/oauth2/token")
# READYBY_ENODE_CLIENT_ID: your client id there.
READYBY_ENODE_CLIENT_ID = env.str("READYBY_ENODE_CLIENT_ID", "")
# READYBY_ENODE_CLIENT_SECRET: the secret that belongs to it.
READYBY_ENODE_CLIENT_SECRET = env.str("READYBY_ENODE_CLIENT_SECRET", "")
# READYBY_ENODE_WEBHOOK_SECRET: what its webhooks are signed with, 16 bytes or more; left out, none are taken.
READYBY_ENODE_WEBHOOK_SECRET = env.str("READYBY_ENODE_WEBHOOK_SECRET", "")

INSTALLED_APPS = [
    "config.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "template_partials",
    "leaflet",
    "csp",
    "oauth2_provider",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "django_structlog",
    "onboarding",
    "charging",
]

MIDDLEWARE = [
    "config.probes.probes_first",
    "config.in_clear.refused_in_clear",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.sessions.kept_nowhere",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "config.sessions.staff_signs_in_again",
    "axes.middleware.AxesMiddleware",
    "charging.views.view_as.view_as",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "charging.views.context.page_context",
            ],
        },
    },
]

# DATABASE_URL: postgres://user:password@host/name; left out, SQLite in the data folder.
DATABASES = {"default": with_waits(env.dj_db_url("DATABASE_URL", f"sqlite:///{DATA_DIR / 'readyby.sqlite3'}"))}
# Each process counts attempts there; with the few entries of the default, counters would push each other out.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 20_000}}}

LANGUAGE_CODE = LANGUAGES[0][0]
FORMAT_MODULE_PATH = ["config.formats"]
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
# READYBY_STATIC_DIR: where collectstatic puts the pages' files; left out, `static` in the data folder.
STATIC_ROOT = Path(env.str("READYBY_STATIC_DIR", "") or DATA_DIR / "static").resolve()
# One process serves straight from the installed packages; servers run collectstatic and get hashed file names.
WHITENOISE_USE_FINDERS = IS_EMBEDDED
STATIC_STORAGE = "django.contrib.staticfiles.storage.StaticFilesStorage"
if not IS_EMBEDDED:
    STATIC_STORAGE = "whitenoise.storage.CompressedManifestStaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": STATIC_STORAGE},
}

# READYBY_ALLOWED_HOSTS: comma-separated host names this installation answers to.
ALLOWED_HOSTS: list[str] = env.list("READYBY_ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
# READYBY_HTTPS: the site is reached by https only; turns on redirects, HSTS and secure cookies.
IS_HTTPS = env.bool("READYBY_HTTPS", False)
# READYBY_BEHIND_PROXY: a proxy in front sets X-Forwarded-Proto, and removes the one a visitor sends.
IS_BEHIND_PROXY = env.bool("READYBY_BEHIND_PROXY", False)
# READYBY_TRUSTED_PROXIES: how many proxies in front add to X-Forwarded-For; 1 behind a proxy, else 0: it is not read.
READYBY_TRUSTED_PROXIES = env.int("READYBY_TRUSTED_PROXIES", int(IS_BEHIND_PROXY))
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if IS_HTTPS else []
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_BEHIND_PROXY else None
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = IS_HTTPS
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IS_HTTPS
# Of a request no more is read than the largest that the API takes, a batch of readings; its other bodies end at 64 kB.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_NAME = "readyby_session"
CSRF_COOKIE_NAME, LANGUAGE_COOKIE_SAMESITE = "readyby_csrf", "Lax"
CSRF_FAILURE_VIEW = "onboarding.csrf.csrf_failure"
X_FRAME_OPTIONS = "DENY"

# READYBY_TILE_URL: map tiles; {s}, {z}, {x}, {y} as in Leaflet. Empty: maps show no background and ask nobody.
TILE_URL = env.str("READYBY_TILE_URL", "https://tile.openstreetmap.org/{z}/{x}/{y}.png")
# READYBY_TILE_ATTRIBUTION: the line of thanks the tile provider asks for.
TILE_ATTRIBUTION = env.str("READYBY_TILE_ATTRIBUTION", "&copy; OpenStreetMap contributors")
# READYBY_GEOCODER: photon or nominatim finds addresses by sending them there; empty: only bundled towns are found.
READYBY_GEOCODER = env.str("READYBY_GEOCODER", "")
# READYBY_GEOCODER_URL: address of your own geocoder of that kind; empty: the public one of its project.
READYBY_GEOCODER_URL = env.str("READYBY_GEOCODER_URL", "")
TILE_ORIGINS = [f"{urlsplit(TILE_URL).scheme}://{urlsplit(TILE_URL).netloc}".replace("{s}", "*")] if TILE_URL else []
LEAFLET_CONFIG = {
    "TILES": [("Map", TILE_URL, {"attribution": TILE_ATTRIBUTION})] if TILE_URL else [],
    "RESET_VIEW": False,
    "NO_GLOBALS": False,
}
CONTENT_SECURITY_POLICY = content_security_policy(TILE_ORIGINS)

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
AXES_CLIENT_IP_CALLABLE = "charging.views.client_address.client_address"
AXES_USERNAME_CALLABLE = "config.login_name.login_name"
AXES_DISABLE_ACCESS_LOG = True

# READYBY_EMAIL_URL: smtp+tls://user:password@host:587; left out, mails are printed and addresses need no confirmation.
EMAIL_URL = env.str("READYBY_EMAIL_URL", "")
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
if EMAIL_URL:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = urlsplit(EMAIL_URL).hostname or "localhost"
    EMAIL_PORT = urlsplit(EMAIL_URL).port or 587
    EMAIL_HOST_USER = urlsplit(EMAIL_URL).username or ""
    EMAIL_HOST_PASSWORD = urlsplit(EMAIL_URL).password or ""
    EMAIL_USE_TLS = urlsplit(EMAIL_URL).scheme == "smtp+tls"
    EMAIL_USE_SSL = urlsplit(EMAIL_URL).scheme == "smtp+ssl"
    EMAIL_TIMEOUT = 10
# READYBY_SERVER_URL: where drivers reach this server, for the links in mails; empty: mails have none.
READYBY_SERVER_URL = env.str("READYBY_SERVER_URL", "")
# READYBY_EMAIL_FROM: the sender of mails.
DEFAULT_FROM_EMAIL = env.str("READYBY_EMAIL_FROM", "readyby@localhost")
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_ADAPTER = "config.account_adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_FORMS = {"login": "onboarding.account_forms.SignInForm", "signup": "onboarding.account_forms.SignUpForm"}
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if EMAIL_URL else "none"
ACCOUNT_REAUTHENTICATION_REQUIRED = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_ADAPTER = "config.mfa_adapter.SealedMFAAdapter"
MFA_FORMS = {
    name: f"config.second_factor.Counted{form}Form"
    for name, form in (("authenticate", "Authenticate"), ("reauthenticate", "Reauthenticate"))
}

OAUTH2_PROVIDER_APPLICATION_MODEL = "oauth2_provider.Application"
OAUTH2_PROVIDER = OAUTH2

# The command `quickstart` starts this one process; named here, since charging may not import config.
EMBEDDED_PROCESS = "config.embedded.run_one_process"
CELERY_BEAT_SCHEDULE = beat_schedule(is_embedded=IS_EMBEDDED, has_live_prices=READYBY_LIVE_PRICES)
CELERY_BROKER_TRANSPORT_OPTIONS = BROKER_TRANSPORT_OPTIONS.get(urlsplit(CELERY_BROKER_URL).scheme, {})

# READYBY_METRICS_TOKEN: the bearer token that Prometheus shows at /metrics; left out, there is no such page.
READYBY_METRICS_TOKEN = env.str("READYBY_METRICS_TOKEN", "")
# READYBY_LOG_LEVEL: DEBUG, INFO, WARNING or ERROR.
# READYBY_LOG_JSON: one JSON object a line instead of plain text.
LOGGING = logging_settings(
    level=env.str("READYBY_LOG_LEVEL", "INFO"), is_json=env.bool("READYBY_LOG_JSON", not IS_EMBEDDED)
)
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_CELERY_ENABLED = False
