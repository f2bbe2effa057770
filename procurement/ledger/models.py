"""The record: one line for every write that matters, chained by hash, never changed."""

from datetime import UTC

from django.db import models
from django.utils.translation import gettext_lazy as _

from procurement.ledger.merkle import Frontier

FIRST = "0" * 64  # what the first line names as its previous hash


class Line(models.Model):
    """One thing somebody did. Actor and object are text ids, so that the record outlives what it speaks of.

    `reason` is empty or a commitment (64 hex digits) to a text kept as a `Disclosure`, where it can be erased; lines
    written before commitments hold the text itself.
    """

    sequence = models.PositiveBigIntegerField(_("sequence"), unique=True)
    at = models.DateTimeField(_("time"))
    actor = models.CharField(_("actor"), max_length=120)
    role = models.CharField(_("role"), max_length=40)
    action = models.CharField(_("action"), max_length=80)
    object = models.CharField(_("object"), max_length=200)
    before = models.CharField(_("digest before"), max_length=64, blank=True)
    after = models.CharField(_("digest after"), max_length=64, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    previous = models.CharField(_("previous hash"), max_length=64)
    hash = models.CharField(_("hash"), max_length=64)  # of its sequence too: lines in order cannot share one

    class Meta:
        verbose_name = _("line of the record")
        verbose_name_plural = _("lines of the record")
        ordering = ["sequence"]
        indexes = [models.Index(fields=["object", "sequence"]), models.Index(fields=["action", "sequence"])]
        constraints = [
            models.CheckConstraint(name="line_names_its_action", condition=~models.Q(action="")),
            models.CheckConstraint(name="line_names_its_actor", condition=~models.Q(actor="")),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.action} {self.object}"

    def content(self) -> dict[str, str | int]:
        """What the hash covers: every field but the hash itself; time in UTC to the microsecond."""
        return {
            "sequence": self.sequence,
            "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "actor": self.actor,
            "role": self.role,
            "action": self.action,
            "object": self.object,
            "before": self.before,
            "after": self.after,
            "reason": self.reason,
            "previous": self.previous,
        }


class Disclosure(models.Model):
    """The text a line commits to as its reason, outside the chain: deleted by its erasure, and changed by nothing.

    The commitment is the SHA-256, in hex, of the 16 bytes of the salt and the UTF-8 text: without the salt nobody
    finds a short text by trying.
    """

    commitment = models.CharField(_("commitment"), max_length=64, primary_key=True)
    salt = models.CharField(_("salt"), max_length=32)
    text = models.TextField(_("text"))

    class Meta:
        verbose_name = _("text of a reason")
        verbose_name_plural = _("texts of reasons")

    def __str__(self) -> str:
        return self.commitment


class Anchor(models.Model):
    """The chain as it stood at one moment, signed: nobody without the key can rewrite a line before it unseen."""

    size = models.PositiveBigIntegerField(_("lines"), unique=True)
    chain = models.CharField(_("hash of the first line"), max_length=64)
    head = models.CharField(_("hash of the last line"), max_length=64)
    root = models.CharField(_("root of the tree of lines"), max_length=64)
    at = models.DateTimeField(_("time"))
    signature = models.CharField(_("signature"), max_length=128)
    key = models.CharField(_("public key"), max_length=64)
    timestamp = models.TextField(_("time stamp"), blank=True)  # base64 of the authority's answer (RFC 3161)
    frontier = models.TextField(_("frontier"))  # hex of `merkle.Frontier.hashes`: where the next anchor goes on

    class Meta:
        verbose_name = _("anchor of the record")
        verbose_name_plural = _("anchors of the record")
        ordering = ["size"]

    def __str__(self) -> str:
        return f"{self.size} {self.root}"

    def document(self) -> dict[str, str | int]:
        """What is signed (docs/bundle.md)."""
        return {
            "schema": "bareme-anchor/1",
            "chain": self.chain,
            "size": self.size,
            "head": self.head,
            "root": self.root,
            "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
        }

    def tree(self) -> Frontier:
        """The tree to go on from. Raises ValueError when the frontier has not the hashes of this size."""
        hashes = bytes.fromhex(self.frontier)
        return Frontier(self.size, [hashes[start : start + 32] for start in range(0, len(hashes), 32)])


class Block(models.Model):
    """The root of 256 lines in a row, kept when they are anchored: a proof then reads the lines of few blocks."""

    number = models.PositiveBigIntegerField(_("number"), primary_key=True)  # block 0 holds lines 1 to 256
    root = models.CharField(_("root of the lines"), max_length=64)

    class Meta:
        verbose_name = _("block of the record")
        verbose_name_plural = _("blocks of the record")
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number} {self.root}"
