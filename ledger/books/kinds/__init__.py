"""One file a kind. Importing this package registers every kind in it; a new kind is a new file and nothing else."""

from importlib import import_module
from pkgutil import iter_modules

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")
