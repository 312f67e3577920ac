"""A picture of a page → its sheet: upright, flat, rulings traced, ink cut out."""
