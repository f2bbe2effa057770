"""Where a tender, or one of its lots, is in its life."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Stage(models.TextChoices):
    """draft → published → opened → evaluated → awarded, unsuccessful or without follow-up."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    OPENED = "opened", _("Opened")
    EVALUATED = "evaluated", _("Evaluated")
    AWARDED = "awarded", _("Awarded")
    UNSUCCESSFUL = "unsuccessful", _("Unsuccessful")
    WITHOUT_FOLLOW_UP = "without_follow_up", _("Without follow-up")


DECIDED = frozenset({Stage.AWARDED, Stage.UNSUCCESSFUL, Stage.WITHOUT_FOLLOW_UP})
# Between publication and decision only the published rules may be computed on the real bids.
OPEN = frozenset({Stage.PUBLISHED, Stage.OPENED, Stage.EVALUATED})
LIFE = tuple(Stage)  # in order of advance
