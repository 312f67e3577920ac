"""Quality assurance: the machine's figures beside those that people typed, who is wrong, and what rate that proves."""
