"""From a file to what stands in every cell of the form: pages, rulings, rows, readings."""
