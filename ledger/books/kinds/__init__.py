"""One file per kind. Importing this package registers them all. docs/how-to/add-a-kind.md says what else a new kind needs."""

from importlib import import_module
from pkgutil import iter_modules

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")
