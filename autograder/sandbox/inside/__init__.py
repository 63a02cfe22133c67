"""The only files of this project that lie beside student code. Standard library and numpy, no secrets.

They import one another relatively, and nothing else of the project: the zygote runs them as a package
of their own, on a search path where the rest does not exist.

`compiling`, `device` and `nothing` are the workers' half of `autograder.speed`. They need torch or Triton,
lie here since a worker finds nothing else, and are loaded only where they are asked for.
"""
