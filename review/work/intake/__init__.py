"""What comes in: papers, batches counted by hand, and the reckoning between what was counted and what was read."""
