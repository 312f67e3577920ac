"""The open benchmark: a frozen list of forms that anyone can make again, and a scorer for any system's output."""
