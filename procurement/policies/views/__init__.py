"""The pages of policies and schemes, and of the law they rest on."""

from procurement.policies.views.drafting import change, draft
from procurement.policies.views.law import law, parameter
from procurement.policies.views.life import approve, retire, send_back, submit
from procurement.policies.views.reading import document, policies, policy, version

__all__ = [
    "approve",
    "change",
    "document",
    "draft",
    "law",
    "parameter",
    "policies",
    "policy",
    "retire",
    "send_back",
    "submit",
    "version",
]
