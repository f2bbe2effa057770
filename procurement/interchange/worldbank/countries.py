"""The country a World Bank page names, as ISO 3166-1 alpha-2."""

from functools import cache
from importlib.resources import files

import yaml
from babel import Locale

from scoring.countries import COUNTRIES


def alpha2(name: str) -> str:
    """The code of a country's name; "" for a blank, a region or anything that is no country of ISO 3166-1."""
    return _codes().get(_folded(name), "")


@cache
def _codes() -> dict[str, str]:
    cldr = {_folded(name): code for code, name in Locale("en").territories.items() if code in COUNTRIES}
    text = files(__package__).joinpath("country_names.yaml").read_text(encoding="utf-8")
    return cldr | {_folded(name): code for name, code in yaml.safe_load(text).items()}


def _folded(name: str) -> str:
    return " ".join(name.replace(",", " ").split()).casefold()
