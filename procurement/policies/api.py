"""Policies, schemes and their versions."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from procurement.people import permissions
from procurement.people.answers import Traced, handed_in
from procurement.people.permissions import Permission
from procurement.people.reader import reader
from procurement.policies import services
from procurement.policies.models import Policy, PolicyVersion


class VersionLineSerializer(serializers.ModelSerializer[PolicyVersion]):
    """A version without its document."""

    class Meta:
        model = PolicyVersion
        fields = ["id", "version", "state", "status", "sha256", "note", "drafted_at", "submitted_at", "approved_at"]


class PolicySerializer(serializers.ModelSerializer[Policy]):
    versions = VersionLineSerializer(many=True, read_only=True)

    class Meta:
        model = Policy
        fields = ["id", "kind", "identifier", "title", "versions"]


class PolicyVersionSerializer(serializers.ModelSerializer[PolicyVersion]):
    policy = serializers.SlugRelatedField("identifier", read_only=True)  # type: ignore[var-annotated]  # the stubs ask which model, the field does not
    kind = serializers.ChoiceField(source="policy.kind", choices=Policy.Kind.choices, read_only=True)
    title = serializers.CharField(source="policy.title", read_only=True)
    document = serializers.JSONField(read_only=True, help_text="As hashed: SHA-256 of its canonical JSON (RFC 8785).")

    class Meta:
        model = PolicyVersion
        fields = [
            "id", "policy", "kind", "title", "version", "state", "status", "sha256", "note",
            "drafted_at", "submitted_at", "approved_at", "retired_at", "document",
        ]  # fmt: skip


class DraftSerializer(serializers.Serializer[Any]):
    identifier = serializers.CharField(max_length=80)
    title = serializers.CharField(max_length=200)
    kind = serializers.ChoiceField(choices=Policy.Kind.choices)
    note = serializers.CharField(required=False, default="", allow_blank=True)
    document = serializers.JSONField(help_text="A policy of the specification (2) or a cash-back scheme (4).")


class ApprovalSerializer(serializers.Serializer[Any]):
    status = serializers.ChoiceField(choices=PolicyVersion.Status.choices)


class PolicyViewSet(viewsets.ReadOnlyModelViewSet[Policy]):
    """Policies and schemes, each with the versions the reader may see."""

    needs = {"list": Permission.READ_POLICY, "retrieve": Permission.READ_POLICY}
    serializer_class = PolicySerializer
    queryset = Policy.objects.none()
    lookup_value_regex = "[0-9]+"
    filterset_fields = ["kind", "identifier"]
    ordering_fields = ["identifier", "title"]

    def get_queryset(self) -> QuerySet[Policy]:
        visible = PolicyVersion.objects.visible_to(self.request.user).defer("document").order_by("-version")
        return (
            Policy.objects.visible_to(self.request.user)
            .order_by("title")
            .prefetch_related(Prefetch("versions", queryset=visible))
        )


class PolicyVersionViewSet(Traced, viewsets.ReadOnlyModelViewSet[PolicyVersion]):
    """Versions with their documents: drafted, submitted, approved by a second person, retired."""

    needs = {
        "list": Permission.READ_POLICY,
        "retrieve": Permission.READ_POLICY,
        "create": Permission.DRAFT_POLICY,
        "submit": Permission.SUBMIT_POLICY,
        "approve": Permission.APPROVE_POLICY,
        "retire": Permission.RETIRE_POLICY,
    }
    serializer_class = PolicyVersionSerializer
    queryset = PolicyVersion.objects.none()
    lookup_value_regex = "[0-9]+"
    filterset_fields = ["policy__identifier", "policy__kind", "state", "status"]
    ordering_fields = ["id", "drafted_at", "approved_at"]

    def get_queryset(self) -> QuerySet[PolicyVersion]:
        return PolicyVersion.objects.visible_to(self.request.user).select_related("policy")

    @extend_schema(request=DraftSerializer, responses={201: PolicyVersionSerializer})
    def create(self, request: Request) -> Response:
        """Draft a version; a document that cannot be used is answered with every problem and its pointer."""
        draft = handed_in(DraftSerializer, request)
        version = services.draft_version(**draft, by=reader(request), at=timezone.now())
        return Response(self.get_serializer(version).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=PolicyVersionSerializer)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: str) -> Response:
        """Hand a draft over for approval."""
        version = permissions.fetch(request.user, Permission.SUBMIT_POLICY, self.get_queryset(), pk)
        services.submit(version=version, by=reader(request), at=timezone.now())
        return Response(self.get_serializer(version).data)

    @extend_schema(request=ApprovalSerializer, responses=PolicyVersionSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str) -> Response:
        """Approve a submitted version as a second person, and set its status for good."""
        version = permissions.fetch(request.user, Permission.APPROVE_POLICY, self.get_queryset(), pk)
        chosen = handed_in(ApprovalSerializer, request)
        services.approve(version=version, **chosen, by=reader(request), at=timezone.now())
        return Response(self.get_serializer(version).data)

    @extend_schema(request=None, responses=PolicyVersionSerializer)
    @action(detail=True, methods=["post"])
    def retire(self, request: Request, pk: str) -> Response:
        """Withdraw an approved version from new procedures."""
        version = permissions.fetch(request.user, Permission.RETIRE_POLICY, self.get_queryset(), pk)
        services.retire(version=version, by=reader(request), at=timezone.now())
        return Response(self.get_serializer(version).data)
