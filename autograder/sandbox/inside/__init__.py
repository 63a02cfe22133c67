"""The only files of this project that lie beside student code. Standard library and numpy, no secrets.

They import one another relatively, and nothing else of the project: the zygote runs them as a package
of their own, on a search path where the rest does not exist.
"""
