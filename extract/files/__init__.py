"""Files → stored pages: PDF, pictures, folders of pictures."""
