"""Files made to break readers: mutations of own forms, hand-made bombs, odd names and files of other kinds."""
