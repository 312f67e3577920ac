"""The figure reader beside others on the same crops, each with its best settings; nothing but tests imports it."""
