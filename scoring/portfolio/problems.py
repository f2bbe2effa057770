"""What the portfolio refuses, in one sentence each."""


class BadSnapshot(ValueError):
    """A file is not the archive snapshot that was asked for."""


class BadScenario(ValueError):
    """A scenario names something its policy does not have, or makes of it what is no policy."""
