"""What the portfolio refuses, in one sentence each."""

from typing import Any

from scoring.problems import Phrase


class BadSnapshot(ValueError):
    """A file is not the archive snapshot that was asked for."""


class BadScenario(ValueError):
    """A scenario names something its policy does not have, or makes of it what is no policy.

    `phrase` is the sentence as a template and its values: the portal says it in the reader's language.
    """

    def __init__(self, template: str, **values: Any) -> None:
        self.phrase = Phrase(template, values)
        super().__init__(str(self.phrase))

    def as_json(self) -> dict[str, Any]:
        """The phrase as a document holds it: {"template", "values"}, whole numbers and texts."""
        values = {name: value if isinstance(value, int) else str(value) for name, value in self.phrase.values.items()}
        return {"template": self.phrase.template, "values": values}


class BadParts(ValueError):
    """Parts of a sweep do not make a whole."""
