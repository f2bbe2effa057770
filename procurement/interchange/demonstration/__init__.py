"""An invented hospital group with its people, suppliers and procedures, carried through the same services as real ones.

`people.yaml`, `suppliers.yaml` and one file per procedure in `tenders/`; the marks are simulated and say so.
"""
