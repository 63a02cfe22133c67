"""Wrong and right solutions, one package for each assignment: what the graders are tested with."""
