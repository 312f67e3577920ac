"""What a form looks like and which rules its figures obey: forms as data, and the words qagaz speaks."""
