"""The queue of doubts: stored, listed, settled by people, delivered."""
