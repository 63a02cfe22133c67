"""What other tools read: the gradebooks of learning platforms, and graders that run on them."""
