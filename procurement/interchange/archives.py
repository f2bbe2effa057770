"""The foreign archives that can be imported: one line per source, in the order they are offered."""

from procurement.interchange.worldbank import archive as worldbank

ARCHIVES = {
    worldbank.SOURCE: worldbank.read,
}
