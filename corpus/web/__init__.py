"""Forms as another program makes them: HTML tables printed by a browser. Needs Chromium and the extra `test`."""
