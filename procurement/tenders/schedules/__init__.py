"""The price schedule of a lot as a spreadsheet: written empty for tenderers, read back filled, never trusted."""

from procurement.tenders.schedules.reading import Offered, read_schedule
from procurement.tenders.schedules.workbook import XLSX, empty_schedule, file_name

__all__ = ["XLSX", "Offered", "empty_schedule", "file_name", "read_schedule"]
