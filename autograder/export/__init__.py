"""Writes assignments and grades in the formats of other tools: notebook graders, platforms, gradebooks."""
