"""Makes a Dask worker of these tests one on another machine: it finds no paper where the run has it."""

from qagaz.cluster import outpost

outpost.sees = lambda _source: False
