"""The bytes: which addresses may be asked, how they are asked for, and what an answer is."""
