"""What the portfolio refuses, in one sentence each."""

from typing import Any

from scoring.problems import Phrase


class Unfit(ValueError):
    """Something that was asked for or handed in cannot be used.

    `phrase` is the sentence as a template and its values: the portal says it in the reader's language.
    """

    def __init__(self, template: str, **values: Any) -> None:
        self.phrase = Phrase(template, values)
        super().__init__(str(self.phrase))

    def as_json(self) -> dict[str, Any]:
        """The phrase as a document holds it (`Phrase.as_json`)."""
        return self.phrase.as_json()


class BadSnapshot(Unfit):
    """A file is not the archive snapshot that was asked for, or a lot does not fit one."""


class BadScenario(Unfit):
    """A scenario names something its policy does not have, or makes of it what is no policy."""


class BadParts(Unfit):
    """Parts of a sweep do not make a whole."""
