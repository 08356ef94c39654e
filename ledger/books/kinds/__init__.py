"""One file a kind. Importing this package registers every kind in it. What a new kind needs besides its file is in
docs/how-to/add-a-kind.md."""

from importlib import import_module
from pkgutil import iter_modules

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")
