"""What the pages of the studio say and draw, made of the documents that workers left."""
