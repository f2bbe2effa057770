"""A hospital tender: its lots, what they ask for, how they are judged, and the bids."""

from procurement.tenders.models.announcement import Announcement
from procurement.tenders.models.bid import Bid, BidLine, EnvironmentalEvidence, LineOrigin
from procurement.tenders.models.consortium import ConsortiumMember
from procurement.tenders.models.lot import Criterion, Item, Lot, Need
from procurement.tenders.models.profile import Profile
from procurement.tenders.models.proof import ProofDocument, ProofWithdrawal
from procurement.tenders.models.reference import ReferenceGrid, ReferenceImport, ReferenceRefusal
from procurement.tenders.models.stage import Stage
from procurement.tenders.models.stated import StatedAmount
from procurement.tenders.models.tender import Tender

__all__ = [
    "Announcement",
    "Bid",
    "BidLine",
    "ConsortiumMember",
    "Criterion",
    "EnvironmentalEvidence",
    "Item",
    "LineOrigin",
    "Lot",
    "Need",
    "Profile",
    "ProofDocument",
    "ProofWithdrawal",
    "ReferenceGrid",
    "ReferenceImport",
    "ReferenceRefusal",
    "Stage",
    "StatedAmount",
    "Tender",
]
