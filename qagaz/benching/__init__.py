"""What a form costs: time by stage and kind, with many processes and with one, memory, beside other programs."""
