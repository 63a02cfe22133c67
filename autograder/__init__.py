"""Deep Learning Clinic: grades deep-learning homework in isolation and names the mistake."""

__version__ = "0.2.0"
