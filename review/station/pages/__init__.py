"""One module for each page of the station: what it shows, and what is done there."""
