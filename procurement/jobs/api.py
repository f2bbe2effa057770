"""Jobs over the API: read one's own, and stop one; they are started where their subject is."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from procurement.jobs import services
from procurement.jobs.models import Job, Jobs
from procurement.people.permissions import Permission
from procurement.people.reader import reader


class JobSerializer(serializers.ModelSerializer[Job]):
    """How far a job is. `provenance` holds the hashes it is bound to, `result` names the rows it wrote."""

    title = serializers.CharField(read_only=True)
    provenance = serializers.DictField(read_only=True)
    result = serializers.DictField(read_only=True, allow_null=True)

    class Meta:
        model = Job
        fields = (
            "id", "task", "title", "state", "done", "total", "message", "attempts", "provenance",
            "result", "error", "created_at", "started_at", "heartbeat_at", "finished_at",
        )  # fmt: skip
        read_only_fields = fields


class JobViewSet(ReadOnlyModelViewSet[Job]):
    """The caller's own jobs, newest first."""

    needs = {"list": Permission.READ_JOB, "retrieve": Permission.READ_JOB, "cancel": Permission.CANCEL_JOB}
    queryset = Job.objects.all()
    serializer_class = JobSerializer
    filterset_fields = ("state", "task")
    ordering_fields = ("created_at", "finished_at")

    def get_queryset(self) -> Jobs:
        return Job.objects.visible_to(self.request.user)

    @extend_schema(request=None, responses=JobSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: Any = None) -> Response:
        """End a job at once; one that has ended is left alone."""
        job = self.get_object()
        services.cancel(job=job, by=reader(request))
        job.refresh_from_db()
        return Response(self.get_serializer(job).data)
