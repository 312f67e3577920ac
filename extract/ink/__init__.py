"""What ink stands on a page: cells, strokes, marks, sheets scanned twice."""
