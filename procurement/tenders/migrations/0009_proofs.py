import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from procurement.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("tenders", "0008_announcements"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="environmentalevidence",
            name="expires_on",
            field=models.DateField(blank=True, null=True, verbose_name="valid until"),
        ),
        migrations.CreateModel(
            name="ProofDocument",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("origin_declaration", "Declaration of origin"),
                            ("origin_certificate", "Certificate of origin, EUR.1 or A.TR"),
                            ("technical_file", "Technical file"),
                            ("environmental_declaration", "Environmental declaration"),
                            ("ecolabel", "Ecolabel"),
                            ("constitution", "Statement of constitution of the operator"),
                            ("other", "Other document"),
                        ],
                        max_length=30,
                        verbose_name="kind of document",
                    ),
                ),
                ("about", models.CharField(max_length=120, verbose_name="what it proves")),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("issued_on", models.DateField(verbose_name="issued on")),
                ("expires_on", models.DateField(blank=True, null=True, verbose_name="valid until")),
                ("original_name", models.CharField(max_length=200, verbose_name="name of the file")),
                (
                    "media_type",
                    models.CharField(
                        choices=[("application/pdf", "PDF"), ("image/png", "PNG"), ("image/jpeg", "JPEG")],
                        max_length=20,
                        verbose_name="type of the file",
                    ),
                ),
                ("size", models.PositiveIntegerField(verbose_name="size in bytes")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256 of the file")),
                ("added_at", models.DateTimeField(verbose_name="added")),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "bid",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proofs",
                        to="tenders.bid",
                        verbose_name="bid",
                    ),
                ),
            ],
            options={
                "verbose_name": "proof document",
                "verbose_name_plural": "proof documents",
                "ordering": ["bid", "pk"],
            },
        ),
        migrations.CreateModel(
            name="ProofWithdrawal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.TextField(verbose_name="reason")),
                ("withdrawn_at", models.DateTimeField(verbose_name="withdrawn")),
                (
                    "proof",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="withdrawal",
                        to="tenders.proofdocument",
                        verbose_name="proof document",
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "withdrawal of a proof document",
                "verbose_name_plural": "withdrawals of proof documents",
                "ordering": ["proof"],
            },
        ),
        migrations.AddConstraint(
            model_name="proofdocument",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("expires_on__isnull", True), ("expires_on__gte", models.F("issued_on")), _connector="OR"
                ),
                name="proof_expires_after_its_issue",
            ),
        ),
        migrations.AddConstraint(
            model_name="proofdocument",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("about", ""), _negated=True), models.Q(("title", ""), _negated=True)),
                name="proof_says_what_it_proves",
            ),
        ),
        migrations.AddConstraint(
            model_name="proofdocument",
            constraint=models.CheckConstraint(
                condition=models.Q(("size__gt", 0), models.Q(("sha256", ""), _negated=True)), name="proof_has_its_file"
            ),
        ),
        migrations.AddConstraint(
            model_name="proofwithdrawal",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="proof_withdrawal_has_a_reason"
            ),
        ),
        append_only("tenders_proofdocument"),
        append_only("tenders_proofwithdrawal"),
    ]
