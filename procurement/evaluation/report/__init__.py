"""The report of presentation of a decided lot (CCP R2184-1 to R2184-3), made of the decision and what led to it."""
