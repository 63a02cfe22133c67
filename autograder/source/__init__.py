"""Source text of strangers, read and never run: in this process what is small, the rest in a child."""
