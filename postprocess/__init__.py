"""From what stands in a cell to what it means: amounts in thousand tenge, identifiers, countries, regions."""
