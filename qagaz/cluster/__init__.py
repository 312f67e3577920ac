"""Papers read on several machines: a run's crowd of workers on a Dask scheduler."""
