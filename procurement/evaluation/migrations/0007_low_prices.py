import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

from procurement.triggers import append_only, keeping_triggers

PROTECT = django.db.models.deletion.PROTECT


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0006_examination"),
        ("tenders", "0014_deadline_corrected"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PriceRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("asked", models.TextField(verbose_name="what was asked")),
                ("sent_at", models.DateTimeField(verbose_name="sent")),
                ("due_at", models.DateTimeField(verbose_name="to be answered by")),
                ("requested_at", models.DateTimeField(verbose_name="recorded")),
                (
                    "bid",
                    models.ForeignKey(
                        on_delete=PROTECT, related_name="price_requests", to="tenders.bid", verbose_name="bid"
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(on_delete=PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "verbose_name": "request about a low price",
                "verbose_name_plural": "requests about low prices",
                "ordering": ["bid", "pk"],
                "constraints": [
                    models.CheckConstraint(name="price_request_says_what_is_asked", condition=~Q(asked="")),
                    models.CheckConstraint(name="price_request_leaves_time", condition=Q(due_at__gt=F("sent_at"))),
                ],
            },
        ),
        migrations.CreateModel(
            name="PriceAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(verbose_name="what came")),
                ("received_at", models.DateTimeField(verbose_name="received")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded")),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=PROTECT,
                        related_name="answers",
                        to="evaluation.pricerequest",
                        verbose_name="request",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(on_delete=PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "verbose_name": "answer about a low price",
                "verbose_name_plural": "answers about low prices",
                "ordering": ["request", "pk"],
                "constraints": [
                    models.CheckConstraint(name="price_answer_says_what_came", condition=~Q(text="")),
                ],
            },
        ),
        append_only("evaluation_pricerequest"),
        append_only("evaluation_priceanswer"),
        *keeping_triggers(
            "evaluation_abnormallylowexplanation",
            migrations.RemoveConstraint(
                model_name="abnormallylowexplanation", name="explanation_has_request_and_answer"
            ),
            migrations.AddField(
                model_name="abnormallylowexplanation",
                name="reason",
                field=models.TextField(blank=True, default="", verbose_name="reason"),
                preserve_default=False,
            ),
            migrations.AlterField(
                model_name="abnormallylowexplanation",
                name="answer",
                field=models.TextField(blank=True, verbose_name="what the tenderer answered"),
            ),
            migrations.AddField(
                model_name="abnormallylowexplanation",
                name="asked",
                field=models.OneToOneField(
                    blank=True,
                    null=True,
                    on_delete=PROTECT,
                    related_name="conclusion",
                    to="evaluation.pricerequest",
                    verbose_name="request",
                ),
            ),
            migrations.AddConstraint(
                model_name="abnormallylowexplanation",
                constraint=models.CheckConstraint(
                    condition=~Q(request="")
                    & ((Q(asked__isnull=True) & ~Q(answer="")) | (Q(asked__isnull=False) & ~Q(reason=""))),
                    name="explanation_has_request_and_answer",
                ),
            ),
        ),
    ]
