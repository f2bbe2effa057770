"""The sentences of `texts.yaml`."""

from pathlib import Path

from procurement.evaluation.french import speaker

say = speaker(Path(__file__).parent / "texts.yaml")
