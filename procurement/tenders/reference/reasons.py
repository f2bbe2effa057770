"""How a published grid was repaired, or why it was refused: keys kept in the database, sentences for the reader."""

from django.utils.translation import gettext_lazy as _

REPAIRS = {
    "lots-named": _("each criterion names its lots, and those of each total 100"),
    "lots-in-order": _("in its order the list falls into grids of 100, each with a price or a cost"),
    "sub-criteria-named": _("criteria named after another are its parts: without the criteria they are parts of, 100"),
    "sub-criteria-in-order": _("in one way only, criteria followed by their parts can be left out to come to 100"),
    "lots-and-sub-criteria": _(
        "each criterion names its lots, and those of each total 100 without criteria beside their parts"
    ),
}
REASONS = {
    "no-notice-number": _("the row names no notice"),
    "field-too-long": _("a field of the notice is longer than those of notices are"),
    "too-many-criteria": _("the notice has more than 500 criteria"),
    "no-words": _("a criterion of the notice has no words"),
    "weight-not-whole": _("a weight of the notice is not a whole number from 0 to 100"),
    "notice-twice": _("the rows of the notice disagree on its buyer, place, month or procedure"),
    "known-notice": _("another file brought the notice before: nothing is replaced"),
    "some-lots-named": _("some criteria name their lot and some do not"),
    "lot-does-not-total-100": _(
        "the criteria of a named lot total neither 100 nor that without criteria beside their parts"
    ),
    "parts-do-not-add-up": _("parts of a criterion do not add up to it (they may be percentages of it)"),
    "several-ways": _("leaving out criteria followed by their parts comes to 100 in several ways"),
    "no-way": _("no rule brings the weights to 100"),
}
