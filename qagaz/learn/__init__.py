"""Learning from what people settled: data, calibration, the figure net, and what may not be installed."""
