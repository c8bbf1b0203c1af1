"""A mapping proposed for a file: by what its columns are called and by what stands in them; the rest are questions."""
