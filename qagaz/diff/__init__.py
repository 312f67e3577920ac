"""What a new version or setting changed: two runs held against each other, figure by figure."""
