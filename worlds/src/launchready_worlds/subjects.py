"""Ids of the subjects that findings are about, as an auditor's verdict spells them."""

from typing import Final

from launchready_worlds.addresses import APEX, APP, BOOKING_URL, DOMAIN, WWW

PRODUCT: Final = "product"
BUSINESS: Final = f"domain:{DOMAIN}"
HOST_APEX: Final = f"host:{APEX}"
HOST_WWW: Final = f"host:{WWW}"
HOST_APP: Final = f"host:{APP}"
HOSTS: Final = (HOST_APEX, HOST_WWW, HOST_APP)
HEALTH: Final = f"endpoint:https://{APP}/healthz"
READY: Final = f"endpoint:https://{APP}/readyz"
VERSION: Final = f"endpoint:https://{APP}/version"
ENVIRONMENT: Final = f"endpoint:https://{APP}/launchready/environment"
LOGIN: Final = f"endpoint:https://{APP}/login"
PAGE: Final = f"endpoint:https://{APEX}/"
LINK: Final = f"link:{BOOKING_URL}"
REPOSITORY: Final = "repository"
JOURNEY: Final = "journey:signup"
CHAT: Final = "chat"
