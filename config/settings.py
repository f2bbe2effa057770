"""Django settings: one file; what differs between installations comes from the environment (see .env.example)."""

import os
from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config import environment

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("BAREME_VAR") or BASE_DIR / "var")
VAR_DIR.mkdir(parents=True, exist_ok=True)

DEBUG = environment.flag("DEBUG", default=False)
TESTING = "PYTEST_VERSION" in os.environ
# Plain HTTP is for the demonstration on one's own machine; a hospital serves HTTPS.
HTTPS = environment.flag("HTTPS", default=not (DEBUG or TESTING))


def _secret_key() -> str:
    """SECRET_KEY, else the file the set-up wrote for this machine; never a value known from the repository."""
    if key := environment.secret("SECRET_KEY", VAR_DIR / "secret_key"):
        return key
    if DEBUG or TESTING:
        return "a key for development and tests only, refused elsewhere"
    raise ImproperlyConfigured(
        "SECRET_KEY is missing: set it to a long random text, or run `make demo`, which writes var/secret_key."
    )


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = environment.words("CSRF_TRUSTED_ORIGINS", "")

INSTALLED_APPS = [
    "procurement.people",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "knox",
    "rest_framework",
    "procurement.ledger",
    "procurement.jobs",
    "procurement.registry",
    "procurement.policies",
    "procurement.tenders",
    "procurement.evaluation",
    "procurement.cashback",
    "procurement.simulation",
    "procurement.audit",
    "procurement.interchange",
]

MIDDLEWARE = [
    "procurement.people.middleware.HeadMiddleware",
    # First those that only add headers: they stand on every answer, on a redirection or a file as on a page.
    "procurement.people.middleware.ConfidentialMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "procurement.people.middleware.LoggedInMiddleware",
    "procurement.people.middleware.ReadersLanguageMiddleware",
    "procurement.people.middleware.OwnPasswordMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "procurement.people.middleware.RefusalMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

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
                "procurement.people.navigation.rooms",
            ],
            "builtins": ["procurement.people.templatetags.reading"],
        },
    },
]

# Database ------------------------------------------------------------------------------------------------
DATABASES = {"default": environment.database(os.environ.get("DATABASE_URL", ""), VAR_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# People --------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
if TESTING:  # the strength of the hash is Django's to test, and slow on purpose
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGIN_URL = "people:login"
LOGIN_REDIRECT_URL = "people:home"
LOGOUT_REDIRECT_URL = "people:login"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "procurement.people.lockout.locked_out"
AXES_CLIENT_IP_CALLABLE = "procurement.people.addresses.client_address"
AXES_DISABLE_ACCESS_LOG = True  # the record says who came in
AXES_ENABLED = not TESTING
AXES_VERBOSE = False

# The record ----------------------------------------------------------------------------------------------
# The key that signs anchors: tests bring their own, and must not sign with that of this machine's demonstration.
ANCHOR_KEY = environment.seed("BAREME_ANCHOR_KEY", None if TESTING else VAR_DIR / "anchor_key")
ANCHOR_FORMER_KEYS = environment.fingerprints("BAREME_ANCHOR_FORMER_KEYS")
ANCHORS = environment.place("BAREME_ANCHORS", VAR_DIR / "anchors.jsonl")
TIMESTAMP_URL = environment.address("BAREME_TIMESTAMP_URL")
TIMESTAMP_CERTIFICATES = environment.file("BAREME_TIMESTAMP_CERTIFICATES")

# Language and time ---------------------------------------------------------------------------------------
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Paris"

# Files ---------------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)  # whitenoise warns about a folder that `collectstatic` has not made yet
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR_DIR / "media"},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = TESTING
WHITENOISE_ALLOW_ALL_ORIGINS = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024**2  # bytes of a form; the longest is the document of a policy
DOCUMENTS = environment.folder("BAREME_DOCUMENTS", VAR_DIR / "documents")  # files of proof documents
ARCHIVES = environment.folder("BAREME_ARCHIVES", VAR_DIR / "archives")  # snapshots of past lots and what they gave
FILE_UPLOAD_HANDLERS = ["procurement.parsing.NoFiles"]  # no form takes one

# Safety --------------------------------------------------------------------------------------------------
SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_SECURE = HTTPS
# A browser takes a cookie of this name from this very host alone, over HTTPS; not from a neighbour under one domain.
COOKIE_PREFIX = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}language"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # what was done is no cookie's business
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"  # a link in a letter opens the page it names
SESSION_COOKIE_AGE = 12 * 3600  # a working day: machines of a hospital are shared
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True  # pages carry the token themselves
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
BEHIND_PROXY = environment.flag("BEHIND_PROXY", default=False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# API -----------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "procurement.people.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["procurement.people.api_access.RoleMay"],
    "DEFAULT_THROTTLE_CLASSES": ["procurement.people.api_access.NotTooOften"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    # Bounds the size and the depth of what is sent, even before a log-in; the framework's own parser does not.
    "DEFAULT_PARSER_CLASSES": ["procurement.parsing.DocumentParser"],
    "DEFAULT_FILTER_BACKENDS": [
        "django_filters.rest_framework.DjangoFilterBackend",
        "rest_framework.filters.OrderingFilter",
    ],
    "DEFAULT_METADATA_CLASS": None,  # the schema describes the API; OPTIONS would look rows up to describe theirs
    "DEFAULT_PAGINATION_CLASS": "procurement.people.answers.Pages",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "procurement.people.answers.refusal",
    "PAGE_SIZE": 25,
    "COERCE_DECIMAL_TO_STRING": True,
}
KNOX_TOKEN_MODEL = "people.Token"  # noqa: S105 – the name of a model
MIGRATION_MODULES = {"knox": None}  # it would create its own table of tokens beside ours
REST_KNOX = {"TOKEN_TTL": timedelta(days=90), "TOKEN_LIMIT_PER_USER": 10, "AUTH_HEADER_PREFIX": "Token"}
SPECTACULAR_SETTINGS = {
    "TITLE": "Barème",
    "DESCRIPTION": "Hospital tenders scored exactly, with and without a European preference.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",  # whose schemas are JSON Schema 2020-12, as those of the scoring documents
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    # Nouns are opened one by one: with 131 operations and more open at once, Swagger UI takes most of them away again.
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "docExpansion": "none", "defaultModelsExpandDepth": 0},
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {  # fields of one name and several sets of values
        "BundleKindEnum": "procurement.audit.bundles.Kind",
        "PolicyKindEnum": "procurement.policies.models.Policy.Kind",
        "ProofKindEnum": "procurement.tenders.models.ProofDocument.Kind",
        "ExclusionGroundEnum": "procurement.tenders.models.Bid.Exclusion",
        "OriginBasisEnum": "procurement.registry.models.Supplier.OriginBasis",
        "JobStateEnum": "procurement.jobs.models.State",
        "VersionStateEnum": "procurement.policies.models.PolicyVersion.State",
        "VersionStatusEnum": "procurement.policies.models.PolicyVersion.Status",
    },
}

# Compiled kernels of the archive, in a folder that workers may write to; numba reads the name when it is loaded.
os.environ["NUMBA_CACHE_DIR"] = os.environ.get("NUMBA_CACHE_DIR") or str(VAR_DIR / "kernels")

# Background work -----------------------------------------------------------------------------------------
# The row of a job is the truth and its message a wake-up (procurement/jobs): a lost or doubled message is harmless.
REDIS_URL, REDIS_PREFIX = environment.redis("REDIS_URL"), os.environ.get("REDIS_PREFIX", "")
# Counters of requests (procurement/people/bounds.py), which tests keep to themselves.
CACHES = {"default": environment.cache("" if TESTING else REDIS_URL, REDIS_PREFIX)}
CELERY_BROKER_URL = REDIS_URL or "embedded://localhost"
CELERY_BROKER_TRANSPORT_OPTIONS = (
    # Longer than any job: Redis would hand a running job's message to a second worker.
    {
        "visibility_timeout": 12 * 3600,
        "unacked_restore_interval": 2,
        "unacked_restore_throttle": 1,
        "global_keyprefix": REDIS_PREFIX,
    }
    if REDIS_URL
    else {"folder": str(VAR_DIR / "broker")}
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_DEFAULT_QUEUE = "jobs"
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": environment.level("LOG_LEVEL")},
}
